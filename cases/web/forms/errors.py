"""Which field of a form a named error is shown at; a form that calls it otherwise says so in `error_field_names`."""

from cases.documents.dossier import NoCases
from cases.domain import corrections, costs, errors, number_count, refunds, roles
from cases.domain.file_types import FileRefused
from cases.domain.statement_months import InvalidMonth, MonthNotBegun
from cases.formats.channel_urls import refusals as channel_refusals
from cases.formats.dossier_manifest import InvalidPublicKey
from cases.formats.message_exports import TooManyMessages
from cases.formats.message_records import MessageFileTooLarge, MessageFileUnreadable
from cases.formats.tables.refusals import TableRefused
from cases.operations.batches import NothingToSubmit
from cases.operations.card_columns import ChoicesMissing, TitleTaken, ValuesDoNotFit
from cases.operations.card_views import ViewNameMissing

#: Subclasses are shown where their base is.
_FIELDS: dict[type[errors.CaseError], str] = {
    TitleTaken: "title",
    ChoicesMissing: "choices",
    ValuesDoNotFit: "kind",
    ViewNameMissing: "name",
    errors.OpenCaseExists: "number",
    errors.NumberRefused: "number",
    errors.NumberTaken: "number",
    errors.InTheFuture: "happened_at",
    errors.BeforeSubmission: "happened_at",
    errors.AfterReply: "happened_at",
    errors.BeforeReturn: "happened_at",
    costs.BeforeConfirmation: "happened_at",
    corrections.AfterRecording: "happened_at",
    corrections.SameCase: "target",
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
    MessageFileUnreadable: "upload",
    TooManyMessages: "upload",
    MessageFileTooLarge: "upload",
    NothingToSubmit: "numbers",
    NoCases: "references",
    InvalidPublicKey: "key",
    channel_refusals.AddressRefused: "address",
    channel_refusals.WebAddressRefused: "address",
    channel_refusals.ServerRefused: "address",
    channel_refusals.TopicRefused: "address",
    channel_refusals.SecretRefused: "secret",
    channel_refusals.DeviceKeyRefused: "key",
    channel_refusals.TokenRefused: "token",
    channel_refusals.ChatRefused: "chat",
    channel_refusals.RoomRefused: "room",
    roles.LastManager: "role",
    roles.TeamNameMismatch: "typed",
    roles.MemberInvited: "email",
    roles.AccountTaken: "email",
}


def field_of(error: errors.CaseError) -> str | None:
    """The form field that an error belongs to, if any."""
    return next((_FIELDS[base] for base in type(error).__mro__ if base in _FIELDS), None)
