"""At which field an answer of the API names an error, and so whether it is 422 or 409."""

import pytest

from cases.api.error_fields import field_of
from cases.api.problem_details import error_details, status_of
from cases.documents.dossier import NoCases
from cases.domain import costs, errors
from cases.domain.file_types import FileEmpty, FileTooLarge
from cases.domain.statement_months import MonthNotBegun
from cases.formats.tables.refusals import NoNumberColumn


@pytest.mark.parametrize(
    ("error", "field", "status"),
    [
        (errors.PromisedDayMissing(), "promised_on", 422),
        (errors.ReturnReasonMissing(), "reason", 422),
        (errors.PromiseInThePast(), "promised_on", 422),
        (errors.PromiseFarAhead(days=15), "accept_far", 422),
        (errors.EffectiveDayMissing(), "effective_on", 422),
        (errors.EffectiveDayInThePast(), "effective_on", 422),
        (errors.InTheFuture(), "happened_at", 422),
        (errors.ReasonMissing(), "words", 422),
        (errors.AnswerWithoutDay(), "asked_on", 422),
        (errors.NotAMember(), "handler", 422),
        (errors.OpenCaseExists(reference="XK-7QF2M4ZP"), "number", 409),
        (FileEmpty(name="a.pdf"), "uploads", 422),
        (FileTooLarge(name="a.pdf", limit=20), "uploads", 413),
        (errors.UnknownProvince(provinces="浙江"), "province", 422),
        (errors.IdentityNumber(tail="…1234", part="address"), "address", 422),
        (errors.IdentityNumber(tail="…1234", part=""), None, 422),
        (errors.ChangedMeanwhile(), None, 412),
        (errors.NotVerified(), None, 409),
        (costs.AmountRefused(), "amount", 422),
        (costs.NothingToRefund(), None, 409),
        (MonthNotBegun(), "month", 422),
        (NoNumberColumn(), "upload", 422),
        (NoCases(), "references", 422),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_field_and_status(error: errors.CaseError, field: str | None, status: int) -> None:
    assert field_of(error) == field
    assert status_of(error) == status


def test_an_endpoint_calls_a_field_otherwise() -> None:
    details = error_details(errors.InTheFuture(), {"happened_at": "submitted_at"})
    assert [(error["field"], error["code"]) for error in details["errors"]] == [("submitted_at", "in_the_future")]
    assert error_details(errors.ReasonMissing(), {"happened_at": "submitted_at"})["errors"][0]["field"] == "words"
