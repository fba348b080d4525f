"""Which days count in China: the State Council's schedule, make-up days, and days entered by hand.

All dates are dates in Asia/Shanghai. The schedule comes from the `holidays` package and is read once, when
this module is imported, into plain data that nothing changes: no object of the package is kept, because such
an object loads years lazily (unsafe between threads) and shares its make-up days with its copies.

Rules: domain.md, 'Working days'; Civil Code of the PRC, articles 201 and 203.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

import holidays

from cases.domain.errors import CaseError, gettext_noop

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
_SATURDAY = 5

#: The first year whose schedule the package knows whole.
FIRST_YEAR = 2004
#: How far the package is read. After the last published year it guesses, silently: such a year is covered
#: only as the one that follows the last published, or when it or a later one was marked complete by hand.
LAST_LOADED_YEAR = 2040

PUBLIC_HOLIDAY = gettext_noop("Public holiday")
#: How the package's English names begin, and our names for the same festivals.
_FESTIVAL_OF_PREFIX: Mapping[str, str] = {
    "New Year's Day": gettext_noop("New Year’s Day"),
    "Chinese New Year": gettext_noop("Spring Festival"),
    "Tomb-Sweeping Day": gettext_noop("Qingming Festival"),
    "Labor Day": gettext_noop("Labour Day"),
    "Dragon Boat Festival": gettext_noop("Dragon Boat Festival"),
    "Mid-Autumn Festival": gettext_noop("Mid-Autumn Festival"),
    "National Day": gettext_noop("National Day"),
    "70th Anniversary of the Victory": gettext_noop("Victory Day"),
}
#: Every name that a HOLIDAY can bear: the msgids that a catalogue translates.
FESTIVALS = frozenset(_FESTIVAL_OF_PREFIX.values()) | {PUBLIC_HOLIDAY}


class YearNotCovered(CaseError):
    """A day outside the years that the working calendar can speak about; params: first, last, year."""

    code = "year_not_covered"
    message = gettext_noop(
        "The working-day calendar covers %(first)s to %(last)s, not %(year)s. Check the date. If it is right, ask the "
        "system administrator to add the holiday schedule for that year."
    )


def local(moment: datetime) -> datetime:
    """The same instant on the clock of Asia/Shanghai; ValueError for a naive moment, which is no instant."""
    if moment.tzinfo is SHANGHAI:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"a moment without a time zone: {moment.isoformat()}")
    return moment.astimezone(SHANGHAI)


def local_iso(moment: datetime) -> str:
    """The moment in ISO 8601 by the clock of Asia/Shanghai; ValueError for a naive one."""
    return local(moment).isoformat()


def start_of_day(day: date) -> datetime:
    """00:00 of the day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of_day(day: date) -> datetime:
    """24:00 of the day, which is 00:00 of the next, in Asia/Shanghai (Civil Code, article 203)."""
    return start_of_day(day + ONE_DAY)


class DayKind(StrEnum):
    """Why a day counts or does not."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # a weekend day that works, in exchange for a day off elsewhere
    CLOSED = "closed"  # a day off entered by hand
    OPENED = "opened"  # a working day entered by hand


_WORKING_KINDS = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP, DayKind.OPENED})


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar.

    `names` are the festivals of a HOLIDAY (English msgids; one, or two where festivals meet), or the name
    given to a day that was entered by hand; otherwise empty.
    """

    date: date
    kind: DayKind
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The first of the names, or the empty string."""
        return self.names[0] if self.names else ""

    @property
    def working(self) -> bool:
        """Whether offices in China work on this day."""
        return self.kind in _WORKING_KINDS


@dataclass(frozen=True, slots=True)
class Override:
    """What an administrator entered for a day: whether it works, and what to call that."""

    working: bool
    name: str = ""


def add_months(day: date, months: int) -> date:
    """The day of the same number N months later, or earlier; at the end of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included; none when last lies before first."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _festivals_in(package_name: str) -> tuple[str, ...]:
    """Our names for the festivals in one of the package's; none in that of a day off for a make-up day."""
    parts = [part.strip() for part in package_name.split(";")]
    return tuple(
        festival for part in parts for prefix, festival in _FESTIVAL_OF_PREFIX.items() if part.startswith(prefix)
    )


def _name_run(run: list[date], festivals: Mapping[date, tuple[str, ...]]) -> Iterator[Day]:
    """The days of one unbroken run of days off.

    From its first to its last public holiday the run is one holiday, weekends in it included, as the State
    Council's notices count it; a day without a festival of its own bears that of the nearest day that has one
    (the earlier of two as near). Weekend days at the edges stay weekend.
    """
    public_holidays = [day for day in run if day in festivals]
    named_days = [day for day in public_holidays if festivals[day]]
    for day in run:
        if not public_holidays or not public_holidays[0] <= day <= public_holidays[-1]:
            yield Day(day, DayKind.WEEKEND)
        elif not named_days:
            yield Day(day, DayKind.HOLIDAY, (PUBLIC_HOLIDAY,))
        else:
            nearest = min(named_days, key=lambda other: abs(other - day))
            yield Day(day, DayKind.HOLIDAY, festivals[nearest])


def _read_schedule() -> dict[date, Day]:
    """Every day of the loaded years, as the package has it."""
    package = holidays.country_holidays(
        "CN",
        years=range(FIRST_YEAR, LAST_LOADED_YEAR + 1),
        expand=False,
        language="en_US",
        categories=holidays.PUBLIC,
    )
    festivals = {day: _festivals_in(name) for day, name in package.items()}
    # The package's class shares this set, and it holds days of years before those that were asked for.
    make_ups = frozenset(package.weekend_workdays)

    def is_off(day: date) -> bool:
        return day in festivals or (day.weekday() >= _SATURDAY and day not in make_ups)

    schedule: dict[date, Day] = {}
    for off, run in groupby(days_between(date(FIRST_YEAR, 1, 1), date(LAST_LOADED_YEAR, 12, 31)), is_off):
        if off:
            schedule.update((day.date, day) for day in _name_run(list(run), festivals))
        else:
            for day in run:
                schedule[day] = Day(day, DayKind.MAKE_UP if day in make_ups else DayKind.WORKDAY)
    return schedule


_SCHEDULE: Mapping[date, Day] = MappingProxyType(_read_schedule())
#: Those of them that work, in order: the n-th is found by halving, and not by walking.
_WORKING_DATES = tuple(day.date for day in _SCHEDULE.values() if day.working)
#: A year counts as published when a make-up day dated in it is known: every schedule has some, no guess has.
_PUBLISHED_YEARS = frozenset(day.date.year for day in _SCHEDULE.values() if day.kind is DayKind.MAKE_UP)


class WorkingCalendar:
    """China's working days, with what administrators entered by hand. A value: it never changes."""

    __slots__ = ("_overrides", "_published", "_working_dates", "last_year")

    first_year: ClassVar[int] = FIRST_YEAR
    #: The year after the last published one.
    last_year: int

    def __init__(self, overrides: Mapping[date, Override] | None = None, published_years: Collection[int] = ()) -> None:
        """Take the days entered by hand, which win over everything, and the years marked complete by hand.

        A complete year outside FIRST_YEAR..LAST_LOADED_YEAR has no effect: the package has no festival of it.
        """
        loaded = range(FIRST_YEAR, LAST_LOADED_YEAR + 1)
        self._overrides = dict(overrides or {})
        self._published = _PUBLISHED_YEARS.union(year for year in published_years if year in loaded)
        self.last_year = min(max(self._published) + 1, LAST_LOADED_YEAR)
        self._working_dates = self._apply_overrides()

    def _apply_overrides(self) -> Sequence[date]:
        """The working days of the covered years, in order, as the days entered by hand leave them."""
        dates = _WORKING_DATES[: bisect_right(_WORKING_DATES, self.last_date)]
        if not self._overrides:
            return dates
        opened_days = {day for day, override in self._overrides.items() if override.working and self._covers(day)}
        return sorted(opened_days.union(dates).difference(self._overrides.keys() - opened_days))

    @classmethod
    def of_dates(cls, working_dates: Collection[date], published: Collection[int], last_year: int) -> Self:
        """The calendar with exactly these working days and published years, whatever the package says."""
        calendar = cls()
        calendar._published, calendar.last_year = frozenset(published), last_year
        calendar._working_dates = sorted(working_dates)
        working = frozenset(working_dates)
        calendar._overrides = {
            day: Override(day in working)
            for day in days_between(date(FIRST_YEAR, 1, 1), calendar.last_date)
            if (day in working) != _SCHEDULE[day].working
        }
        return calendar

    def _covers(self, day: date) -> bool:
        return self.first_year <= day.year <= self.last_year

    @property
    def corrections(self) -> tuple[frozenset[tuple[date, bool]], frozenset[int]]:
        """What tells this calendar from others: the days entered by hand, each with whether it works; the published
        years."""
        return frozenset((day, override.working) for day, override in self._overrides.items()), self._published

    @property
    def working_dates(self) -> Sequence[date]:
        """Every working day that it covers, in order."""
        return self._working_dates

    def is_published(self, year: int) -> bool:
        """Whether the year's schedule is published: the package has it, or somebody marked it complete."""
        return year in self._published

    def day(self, day: date) -> Day:
        """What the day is, and why; YearNotCovered outside first_year..last_year."""
        if not self._covers(day):
            raise self._year_not_covered(day.year)
        override = self._overrides.get(day)
        if override is None:
            return _SCHEDULE[day]
        kind = DayKind.OPENED if override.working else DayKind.CLOSED
        return Day(day, kind, (override.name,) if override.name else ())

    def _year_not_covered(self, year: int) -> YearNotCovered:
        return YearNotCovered(first=self.first_year, last=self.last_year, year=year)

    def is_working(self, day: date) -> bool:
        """Whether offices in China work on the day; YearNotCovered as `day`."""
        return self.day(day).working

    def nth_working_day(self, after: date, n: int) -> date:
        """The n-th working day after a day, which does not count itself (Civil Code, article 201).

        ValueError when n < 1; YearNotCovered when the count runs out of the covered years.
        """
        if n < 1:
            raise ValueError(f"there is no working day number {n}")
        return next(self.nth_working_days(after, (n,)))[1]

    def nth_working_days(self, after: date, numbers: Iterable[int]) -> Iterator[tuple[int, date]]:
        """Each of these numbers (from 1) with the working day after a day that bears it; as `nth_working_day`."""
        first = after + ONE_DAY
        if not self._covers(first):  # the count begins within the covered years
            raise self._year_not_covered(first.year)
        days = self._working_dates
        offset = bisect_left(days, first) - 1
        for n in numbers:
            if offset + n >= len(days):
                raise self._year_not_covered(self.last_year + 1)
            yield n, days[offset + n]

    def next_working_day(self, day: date) -> date:
        """The day itself when it works, or else the next that does (Civil Code, article 203, last day)."""
        if not self._covers(day):
            raise self._year_not_covered(day.year)
        index = bisect_left(self._working_dates, day)
        if index == len(self._working_dates):
            raise self._year_not_covered(self.last_year + 1)
        return self._working_dates[index]

    @property
    def last_date(self) -> date:
        """The last day of the last year that it covers."""
        return date(self.last_year, 12, 31)

    def count_working_days(self, first: date, last: date) -> int:
        """How many working days lie in first..last, both included; 0 when last lies before first.

        YearNotCovered when one of them is outside the covered years.
        """
        if last < first:
            return 0
        for end in (first, last):
            if not self._covers(end):
                raise self._year_not_covered(end.year)
        return bisect_right(self._working_dates, last) - bisect_left(self._working_dates, first)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a schedule still to be published could change a count over first..last, both included."""
        return any(map(self._may_change, days_between(first, last)))

    def _may_change(self, day: date) -> bool:
        # New Year's schedule has made days of 24-31 December work or rest before (2005-2007, 2011, 2018).
        is_year_end = day.month == 12 and day.day >= 24
        return not self.is_published(day.year) or (is_year_end and not self.is_published(day.year + 1))

    def festivals(self, first: date, last: date) -> tuple[str, ...]:
        """The festivals (msgids) with a day off in first..last, each once, in order of appearance."""
        days = map(self.day, days_between(first, last))
        return tuple(dict.fromkeys(name for day in days if day.kind is DayKind.HOLIDAY for name in day.names))
