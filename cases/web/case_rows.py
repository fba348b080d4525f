"""Cases as rows of a list: standing and next step, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from cases import wording
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import Standing
from cases.domain.settlement import OpenMatter
from cases.models import Case
from cases.operations.next_reminder import standing_of
from cases.selectors.settlement import open_matters_of
from cases.web.day_strip import StripDay, day_strip
from cases.wording.settlement import settlement_headline


@dataclass(frozen=True)
class CaseListRow:
    case: Case
    standing: Standing
    headline: str
    step: str
    days: list[StripDay]


def case_list_rows(
    cases: Iterable[Case], now: datetime, calendar: WorkingCalendar, *, with_money: bool = False
) -> list[CaseListRow]:
    """The rows of these cases, in their order; `with_money`: confirmed ones say what is open, for three queries."""
    page_cases = list(cases)
    prefetch_related_objects(page_cases, "escalations")  # asks only for those that have not been asked for
    matters = open_matters_of(page_cases) if with_money else {}
    return [_case_list_row(case, matters.get(case.pk), now, calendar) for case in page_cases]


def _case_list_row(
    case: Case, matters: Sequence[OpenMatter] | None, now: datetime, calendar: WorkingCalendar
) -> CaseListRow:
    """`matters`: what is open of a confirmed case, None for another."""
    standing = standing_of(case, now, calendar)
    headline = wording.headline(standing) if matters is None else settlement_headline(matters)
    days: list[StripDay] = []
    if case.reply_by and case.submitted_at:
        days = day_strip(case.submitted_at, case.reply_by, now=now, calendar=calendar).glance
    return CaseListRow(case, standing, headline, wording.next_step(standing, case), days)
