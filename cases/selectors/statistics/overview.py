"""How a team stands: what is open and how old, what falls due, what was confirmed (docs/statistics.md, 'The team').

`cases` are those that somebody may see (`selectors.cases_of`), `now` is an aware moment.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Count, Q, Value, When
from django.db.models.functions import Coalesce

from cases.domain.business_days import Day, WorkingCalendar, YearNotCovered, days_between, local, start_of_day
from cases.domain.case_standing import StandingKind
from cases.domain.deadlines import Basis
from cases.domain.status import OPEN_STATUSES, Status
from cases.selectors import Cases, listed, overdue_q
from cases.selectors.statistics.days import WorkingDays, date_of, day_number, day_number_of

#: Where open cases stand, the most pressing first; what is due today waits.
STANDINGS = (
    StandingKind.OVERDUE,
    StandingKind.TO_VERIFY,
    StandingKind.RETURNED,
    StandingKind.WAITING,
    StandingKind.DRAFT,
)
#: The last working day of each age but the oldest, which has none.
AGES = (5, 10, 20, 60)
#: How many working days ahead the page lists what is due.
DUE_DAYS_AHEAD = 10


@dataclass(frozen=True)
class Age:
    """Open cases of `first` to `last` working days since their latest submission, or else since they were logged."""

    first: int
    last: int | None
    counts: dict[StandingKind, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class DueDay:
    """A day, and how many answers are due with its end: by the carrier's terms, and because it promised this day."""

    day: Day
    by_terms: int
    promised: int


@dataclass(frozen=True)
class Week:
    """How many cancellations were confirmed in the week from a Monday on; the last of the weeks is not over."""

    monday: date
    confirmed: int


@dataclass(frozen=True)
class Overview:
    ages: tuple[Age, ...]
    due: tuple[DueDay, ...]
    weeks: tuple[Week, ...]

    @property
    def open(self) -> int:
        return sum(age.total for age in self.ages)

    @property
    def standings(self) -> dict[StandingKind, int]:
        """How many open cases stand where."""
        return {kind: sum(age.counts[kind] for age in self.ages) for kind in STANDINGS}


def overview(cases: Cases, now: datetime, calendar: WorkingCalendar, *, weeks: int) -> Overview:
    """How these cases stand, with `weeks` weeks of confirmations, the running one included; two queries."""
    cases = listed(cases).order_by().select_related(None)
    standing = models.Case(
        When(status=Status.DRAFT, then=Value(StandingKind.DRAFT.value)),
        When(status=Status.RETURNED, then=Value(StandingKind.RETURNED.value)),
        When(overdue_q(now), then=Value(StandingKind.OVERDUE.value)),
        When(reply_by__gt=now, then=Value(StandingKind.WAITING.value)),
        default=Value(StandingKind.TO_VERIFY.value),
    )
    open_cases = cases.filter(status__in=OPEN_STATUSES).annotate(
        standing=standing,
        age=WorkingDays(calendar, now).since(Coalesce("submitted_at", "created_at")),
        due=day_number_of("reply_by", ended=True),
        promised=Q(basis=Basis.PROMISE),
    )
    by_age: Counter[tuple[int, str]] = Counter()
    due: Counter[tuple[int, bool]] = Counter()
    groups = open_cases.values_list("standing", "age", "due", "promised").annotate(count=Count("pk"))
    for kind, age, due_day, is_promised, count in groups:
        by_age[sum(age > last for last in AGES), kind] += count
        if kind == StandingKind.WAITING:
            due[due_day, is_promised] += count
    return Overview(_ages(by_age), _due(due, local(now).date(), calendar), _weeks(cases, local(now).date(), weeks))


def _ages(counts: Counter[tuple[int, str]]) -> tuple[Age, ...]:
    firsts = (0, *(last + 1 for last in AGES))
    return tuple(
        Age(first, last, {kind: counts[band, kind.value] for kind in STANDINGS})
        for band, (first, last) in enumerate(zip(firsts, (*AGES, None), strict=True))
    )


def _due(counts: Counter[tuple[int, bool]], today: date, calendar: WorkingCalendar) -> tuple[DueDay, ...]:
    """Today, the next working days, and the days off between them on which something falls due all the same."""
    last = _last_day(today, calendar)
    due_days = (
        DueDay(day, counts[day_number(day.date), False], counts[day_number(day.date), True])
        for day in map(calendar.day, days_between(today, last))
    )
    return tuple(due_day for due_day in due_days if due_day.day.working or due_day.by_terms or due_day.promised)


def _last_day(today: date, calendar: WorkingCalendar) -> date:
    try:
        return calendar.nth_working_day(today, DUE_DAYS_AHEAD)
    except YearNotCovered:
        return calendar.last_date


def _weeks(cases: Cases, today: date, weeks: int) -> tuple[Week, ...]:
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    confirmed_cases = cases.filter(status=Status.CONFIRMED, confirmed_at__gte=start_of_day(first))
    counts: Counter[date] = Counter()
    for day, count in (
        confirmed_cases.annotate(on=day_number_of("confirmed_at")).values_list("on").annotate(count=Count("pk"))
    ):
        monday_of = date_of(day) - timedelta(days=date_of(day).weekday())
        counts[monday_of] += count
    mondays = (first + timedelta(weeks=n) for n in range(weeks))
    return tuple(Week(monday, counts[monday]) for monday in mondays)
