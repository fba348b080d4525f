"""Cases as rows of a list: standing and next step, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from cases import wording
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import Standing
from cases.models import Case
from cases.operations.next_reminder import standing_of
from cases.web.day_strip import StripDay, day_strip


@dataclass(frozen=True)
class CaseListRow:
    case: Case
    standing: Standing
    headline: str
    step: str
    days: list[StripDay]


def case_list_rows(cases: Iterable[Case], now: datetime, calendar: WorkingCalendar) -> list[CaseListRow]:
    """The rows of these cases, in their order."""
    page_cases = list(cases)
    prefetch_related_objects(page_cases, "escalations")  # asks only for those that have not been asked for
    return [_case_list_row(case, now, calendar) for case in page_cases]


def _case_list_row(case: Case, now: datetime, calendar: WorkingCalendar) -> CaseListRow:
    standing = standing_of(case, now, calendar)
    days: list[StripDay] = []
    if case.reply_by and case.submitted_at:
        days = day_strip(case.submitted_at, case.reply_by, now=now, calendar=calendar).glance
    return CaseListRow(case, standing, wording.headline(standing), wording.next_step(standing, case), days)
