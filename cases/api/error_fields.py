"""Which field of what a program sent a named error belongs to; without one it is 409, with one 422."""

from collections.abc import Mapping

from cases.documents.dossier import NoCases
from cases.domain import card_columns, corrections, costs, errors, number_count, refunds
from cases.domain.file_types import FileRefused
from cases.domain.statement_months import InvalidMonth, MonthNotBegun
from cases.formats.tables.refusals import TableRefused
from cases.operations.batches import NothingToSubmit

#: Subclasses are at the field of their base. What an endpoint calls otherwise stands in its `request.error_fields`.
_FIELDS: dict[type[errors.CaseError], str] = {
    card_columns.ValueRefused: "custom",
    card_columns.UnknownColumn: "custom",
    errors.OpenCaseExists: "number",
    errors.NumberRefused: "number",
    errors.NumberTaken: "number",
    errors.InTheFuture: "happened_at",
    errors.BeforeSubmission: "happened_at",
    errors.AfterReply: "happened_at",
    errors.BeforeReturn: "happened_at",
    costs.BeforeConfirmation: "happened_at",
    corrections.AfterRecording: "happened_at",
    corrections.SameCase: "case",
    errors.PromisedDayMissing: "promised_on",
    errors.PromiseInThePast: "promised_on",
    errors.PromiseFarAhead: "accept_far",
    errors.EffectiveDayMissing: "effective_on",
    errors.EffectiveDayInThePast: "effective_on",
    errors.ReturnReasonMissing: "reason",
    errors.ReasonMissing: "words",
    errors.DayInTheFuture: "day",
    errors.AnswerWithoutDay: "asked_on",
    errors.SnoozeInThePast: "until",
    errors.NotAMember: "handler",
    errors.UnknownProvince: "province",
    errors.AppealTooEarly: "anyway",
    errors.AppealExpired: "anyway",
    FileRefused: "uploads",
    number_count.CountsOfAnotherMethod: "count_before",
    number_count.CountNotLower: "count_after",
    costs.AmountRefused: "amount",
    costs.BeforeCharge: "on",
    refunds.AccountNumberRefused: "account_ending",
    refunds.RefundDueBeforeCancellation: "due_on",
    refunds.ReceivedBeforeRequest: "day",
    refunds.NotTheWholeRefund: "amount",
    InvalidMonth: "month",
    MonthNotBegun: "month",
    TableRefused: "upload",
    NothingToSubmit: "numbers",
    NoCases: "references",
}


def field_of(error: errors.CaseError, names: Mapping[str, str] | None = None) -> str | None:
    """The field that an error belongs to, if any; `names`: what this endpoint calls a field instead."""
    if isinstance(error, errors.IdentityNumber):
        return error.part or None
    own: str | None = getattr(error, "field", None)  # of the API's own errors
    field = own or next((_FIELDS[base] for base in type(error).__mro__ if base in _FIELDS), None)
    return (names or {}).get(field, field) if field else None
