"""Which days count in China: the State Council's schedule, make-up days, and days entered by hand.

All dates are dates in Asia/Shanghai. The schedule comes from the `holidays` package and is read once, when this
module is imported, into plain immutable data: no object of the package is kept, because its objects load years
lazily (not safe between threads) and share their sets between copies.

Rules: domain.md, 'Working days'; Civil Code of the PRC, articles 201 and 203.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from cases.domain.errors import CaseError, gettext_noop

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)

FIRST_YEAR = 2004
#: How far the package is read. Years after the last published one are its guesses; they are used only where an
#: administrator has marked a year complete (and for the one year after the last published).
LAST_LOADED_YEAR = 2050


class YearNotCovered(CaseError):
    """A day outside the years that the working calendar can speak about; params: first, last, year."""

    code = "year_not_covered"
    message = gettext_noop(
        "The working calendar covers %(first)s to %(last)s; %(year)s lies outside it. "
        "Check the date, or have an administrator enter that year's schedule."
    )


def local(moment: datetime) -> datetime:
    """The same instant on the clock of Asia/Shanghai. A naive moment is a ValueError: nobody knows when it is."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a moment without a time zone: {moment.isoformat()}")
    return moment.astimezone(SHANGHAI)


def start_of_day(day: date) -> datetime:
    """00:00 of the day, Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of_day(day: date) -> datetime:
    """24:00 of the day, which is 00:00 of the next one, Asia/Shanghai (Civil Code, article 203)."""
    return start_of_day(day + ONE_DAY)


class DayKind(StrEnum):
    """Why a day counts or does not."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    #: A weekend day on which China works, in exchange for a day off elsewhere (调休).
    MAKE_UP = "make_up"
    #: A day off, and a working day, entered by hand.
    CLOSED = "closed"
    OPENED = "opened"


_WORKING_KINDS = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP, DayKind.OPENED})


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar. `names`: English msgids of the festivals of a HOLIDAY, the name given by hand to
    a CLOSED or OPENED day, otherwise empty."""

    date: date
    kind: DayKind
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.names[0] if self.names else ""

    @property
    def working(self) -> bool:
        return self.kind in _WORKING_KINDS


@dataclass(frozen=True, slots=True)
class Override:
    """What an administrator entered for a day: it works or it does not, and what to call that."""

    working: bool
    name: str = ""


class WorkingCalendar:
    """China's working days, with the days and complete years that administrators entered. Immutable."""

    __slots__ = ("_last_year", "_overrides", "_published")
    first_year = FIRST_YEAR

    def __init__(
        self, overrides: Mapping[date, Override] | None = None, complete_years: Collection[int] = ()
    ) -> None:
        raise NotImplementedError

    @property
    def last_year(self) -> int:
        """The year after the last published one."""
        raise NotImplementedError

    def published(self, year: int) -> bool:
        raise NotImplementedError

    def day(self, day: date) -> Day:
        raise NotImplementedError

    def is_working(self, day: date) -> bool:
        raise NotImplementedError

    def nth_working_day(self, after: date, n: int) -> date:
        raise NotImplementedError

    def next_working_day(self, day: date) -> date:
        raise NotImplementedError

    def working_days(self, first: date, last: date) -> int:
        raise NotImplementedError

    def provisional(self, first: date, last: date) -> bool:
        raise NotImplementedError

    def festivals(self, first: date, last: date) -> tuple[str, ...]:
        raise NotImplementedError
