"""Months as statements name them: from midnight to midnight in Shanghai."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from cases.domain.business_days import local, start_of_day
from cases.domain.errors import CaseError, gettext_noop


class InvalidMonth(CaseError):
    code = "no_month"
    message = gettext_noop("Enter a month, like 2026-09.")


class MonthNotBegun(CaseError):
    code = "month_not_over"  # as published when the running month had no statement either
    message = gettext_noop("This month has not begun yet. Enter this month or an earlier one.")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """The month of an aware moment, in Shanghai."""
        day = local(moment)
        return cls(day.year, day.month)

    @classmethod
    def of_ordinal(cls, ordinal: int) -> "Month":
        """The month that has this ordinal."""
        return cls(ordinal // 12, ordinal % 12 + 1)

    @property
    def ordinal(self) -> int:
        """Counts months: the next month has the next one."""
        return self.year * 12 + self.number - 1

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def start(self) -> datetime:
        return start_of_day(self.first)

    @property
    def end(self) -> datetime:
        """The midnight with which the next month begins."""
        return self.next.start

    @property
    def previous(self) -> "Month":
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def next(self) -> "Month":
        return Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)


#: No team's cases are older.
EARLIEST_MONTH = Month(2000, 1)


def parse_month(text: str, now: datetime) -> Month:
    """The month that '2026-09' names; raises InvalidMonth, or MonthNotBegun where it begins after `now`."""
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", text.strip(), re.ASCII)
    month = Month(int(match[1]), int(match[2])) if match else None
    if month is None or not 1 <= month.number <= 12 or month < EARLIEST_MONTH:
        raise InvalidMonth()
    if month > Month.of(now):
        raise MonthNotBegun()
    return month
