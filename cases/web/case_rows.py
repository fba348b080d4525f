"""Cases as rows of a list: where each stands and the one next step, without a query per row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from cases import wording
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import Standing
from cases.models import Case
from cases.operations.next_reminder import standing_of
from cases.web.day_strip import StripDay, strip


@dataclass(frozen=True)
class Row:
    case: Case
    standing: Standing
    headline: str
    step: str
    days: list[StripDay]


def rows(cases: Iterable[Case], now: datetime, calendar: WorkingCalendar) -> list[Row]:
    """The cases of a page, in their order."""
    listed = list(cases)
    prefetch_related_objects(listed, "escalations")  # asks only for those that have not been asked for
    return [_row(case, now, calendar) for case in listed]


def _row(case: Case, now: datetime, calendar: WorkingCalendar) -> Row:
    its = standing_of(case, now, calendar)
    days: list[StripDay] = []
    if case.reply_by and case.submitted_at:
        days = strip(case.submitted_at, case.reply_by, until=now, calendar=calendar).glance
    return Row(case, its, wording.headline(its), wording.next_step(its, case), days)
