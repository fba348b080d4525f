"""Letters of cases that a table brought in after the carrier had answered: how late is said only where it is known."""

from datetime import datetime
from typing import Any

import pytest

from cases.documents.letter_context import load_letter_context
from cases.documents.letter_texts import letter_text
from cases.models import Carrier, Case, Team, User
from cases.models.choices import EscalationKind
from cases.operations import NewCase, open_case
from cases.operations.take_over import TakeOver
from cases.selectors import working_calendar
from tests.helpers import at, on
from tests.moments import NOW

LATE = "2．按通常的办理时间（自提交次日起5个工作日）计算，至2026年9月8日已届满，贵公司未在此期间办结。"


@pytest.fixture
def written(team: Team, manager: User, mobile: Carrier) -> Any:
    def write(status: str, submitted_at: datetime | None = None, **fields: Any) -> list[str]:
        take_over = TakeOver(status=status, submitted_at=submitted_at, **fields)
        new_case = NewCase("13800138000", mobile, "other", "hotline", take_over=take_over)
        case = Case.objects.get(pk=open_case(team, new_case, by=manager, now=NOW).pk)
        context = load_letter_context(case, at("2026-11-09T10:00"), working_calendar(), signer="李娜")
        text = letter_text(EscalationKind.COMPLAINT, context).split("二、")[0]
        return [line for line in text.splitlines() if "届满" in line or "应于" in line or "逾期" in line]

    return write


def test_returned_late_on_a_known_day(written: Any) -> None:
    known = {"returned_on": on("2026-09-29"), "return_reason": "papers"}
    assert written("returned", at("2026-09-01T15:00"), **known) == [LATE]


def test_returned_nobody_knows_when(written: Any) -> None:
    assert written("returned", at("2026-09-01T15:00"), return_reason="papers") == []


def test_under_review(written: Any) -> None:
    assert written("under_review", at("2026-09-01T15:00")) == [LATE]
