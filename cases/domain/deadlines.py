"""From a submission, a reply or a promise, and the carrier's terms, to the deadlines of a case.

Moments that come in are aware, in any time zone (a naive one is a ValueError); moments that go out are in
Asia/Shanghai. 'End of day D' is the instant D+1 00:00, and from that instant on a case is overdue. A day
outside the calendar's years raises YearNotCovered.

Rules: domain.md, 'Deadlines' and 'Waiting rounds, replies, promises'; Civil Code, articles 201 and 203.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.domain.business_days import (
    ONE_DAY,
    Day,
    DayKind,
    WorkingCalendar,
    YearNotCovered,
    add_months,
    days_between,
    end_of_day,
    local,
)

#: Working days that a round gets after a reply, or when a number is found alive, whatever the terms.
AFTER_REPLY_DAYS = 3
#: A promise further ahead than this many working days is asked back, and buys no more time than they do.
PROMISE_HORIZON_DAYS = 15

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a carrier owes: clock hours to acknowledge; working days to review, to a first call, to reply."""

    acknowledge_hours: int = 24
    review_days: int = 3
    window_days: int = 3
    reply_days: int = 5


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The deadlines of one submission (Asia/Shanghai), and what to say about them.

    `provisional`: a schedule still to be published may move them. `stretched_by`: the festivals (msgids)
    with a day off between the submission and `reply_by`. `calendar_days`: from the day after the submission
    to the last day of the reply window, both included.
    """

    submitted_at: datetime
    acknowledge_by: datetime
    review_by: datetime
    window_opens: datetime
    reply_by: datetime
    provisional: bool
    stretched_by: tuple[str, ...]
    calendar_days: int


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day of a count: whether it counted, as which number, and whether it is the day of the event."""

    day: Day
    is_counted: bool
    number: int | None
    is_start: bool


@dataclass(frozen=True, slots=True)
class HolidayComparison:
    """The public holiday that a window would run into (msgids), and what submitting before, in or after it gives."""

    festivals: tuple[str, ...]
    options: tuple[Deadlines, ...]


class Basis(StrEnum):
    """What a waiting round rests on."""

    SUBMISSION = "submission"
    UNDER_REVIEW = "under_review"
    PROMISE = "promise"
    TAKES_EFFECT = "takes_effect"
    STILL_ALIVE = "still_alive"
    REOPENED = "reopened"


def deadlines_of(submitted_at: datetime, terms: Terms, calendar: WorkingCalendar) -> Deadlines:
    """The deadlines of a request submitted at a moment, by the terms that the carrier has then."""
    submitted_at = local(submitted_at)
    submitted_on = calendar.day(submitted_at.date()).date  # refuses a year that nobody can count in
    review_day = calendar.nth_working_day(submitted_on, terms.review_days)
    window_day = calendar.nth_working_day(submitted_on, terms.window_days)
    reply_by = round_reply_by(Basis.SUBMISSION, submitted_at, terms=terms, calendar=calendar)
    reply_day = last_day(reply_by)
    first_day = submitted_on + ONE_DAY
    return Deadlines(
        submitted_at=submitted_at,
        acknowledge_by=submitted_at + timedelta(hours=terms.acknowledge_hours),
        review_by=end_of_day(review_day),
        window_opens=end_of_day(window_day),
        reply_by=reply_by,
        provisional=calendar.is_provisional(first_day, max(review_day, window_day, reply_day)),
        stretched_by=calendar.festivals(first_day, reply_day),
        calendar_days=(reply_day - submitted_on).days,
    )


def compare_around_holiday(now: datetime, terms: Terms, calendar: WorkingCalendar) -> HolidayComparison | None:
    """What submitting today, tomorrow, and on the first working day after the public holiday would give.

    At the same time of day each; two of them where tomorrow is that working day, and none that the calendar's years
    cannot count. None unless today is a public holiday, or the window of a submission today runs into one.
    """
    now = local(now)
    today = now.date()
    last = last_day(deadlines_of(now, terms, calendar).reply_by)
    holiday = next((d for d in days_between(today, last) if calendar.day(d).kind is DayKind.HOLIDAY), None)
    if holiday is None:
        return None
    options = []
    try:
        for day in sorted({today, today + ONE_DAY, calendar.next_working_day(holiday)}):
            options.append(deadlines_of(now + (day - today), terms, calendar))
    except YearNotCovered:
        pass  # what can be counted is worth knowing
    return HolidayComparison(calendar.festivals(today, last), tuple(options))


def explain_days(started_at: datetime, last: date, calendar: WorkingCalendar) -> tuple[ExplainedDay, ...]:
    """The count day by day, from the day of the event (never counted: article 201) to `last`, included."""
    return tuple(_explain_each_day(local(started_at).date(), last, calendar))


def _explain_each_day(start: date, last: date, calendar: WorkingCalendar) -> Iterator[ExplainedDay]:
    number = 0
    for day in map(calendar.day, days_between(start, last)):
        is_counted = day.working and day.date != start
        number += is_counted
        yield ExplainedDay(day, is_counted, number if is_counted else None, is_start=day.date == start)


def round_reply_by(
    basis: Basis,
    started_at: datetime,
    *,
    terms: Terms,
    calendar: WorkingCalendar,
    previous: datetime | None = None,
    named_day: date | None = None,
) -> datetime:
    """By when the carrier owes an answer in a round that starts at a moment.

    `previous` is the `reply_by` that an 'under review' must not shorten; `named_day` the day that a
    PROMISE or TAKES_EFFECT names (ValueError without it). A promise buys PROMISE_HORIZON_DAYS at most. Source:
    domain.md, the table of 'Waiting rounds, replies, promises'.
    """
    if basis in (Basis.PROMISE, Basis.TAKES_EFFECT):
        if named_day is None:
            raise ValueError(f"a round that rests on {basis} needs the day that was named")
        day = calendar.day(named_day).date
        if basis is Basis.PROMISE and is_promise_far(day, local(started_at).date(), calendar):
            day = calendar.nth_working_day(local(started_at).date(), PROMISE_HORIZON_DAYS)
        return end_of_day(day)
    days = terms.reply_days if basis is Basis.SUBMISSION else AFTER_REPLY_DAYS
    reply_by = end_of_day(calendar.nth_working_day(local(started_at).date(), days))
    if basis is Basis.UNDER_REVIEW and previous is not None:
        return max(local(previous), reply_by)
    return reply_by


def effective_day(said_on: date, day_of_month: int, *, roaming: bool = False) -> date:
    """When a cancellation takes effect for which the carrier named no day: on a day of the next month.

    `day_of_month` (1 to 28) is the carrier's own term; where roaming was used it is the month after. Source: facts.md,
    'China Unicom, cancelled in its app'.
    """
    return add_months(said_on.replace(day=1), 2 if roaming else 1).replace(day=day_of_month)


def is_promise_far(promised_on: date, from_day: date, calendar: WorkingCalendar) -> bool:
    """Whether a promised day lies more than PROMISE_HORIZON_DAYS working days after a day."""
    return calendar.count_working_days(from_day + ONE_DAY, promised_on) > PROMISE_HORIZON_DAYS


def last_day(deadline: datetime) -> date:
    """The last Shanghai date that still keeps a deadline: of one at 00:00, the day before."""
    return (local(deadline) - _INSTANT).date()


def is_overdue(reply_by: datetime, now: datetime) -> bool:
    """Whether the deadline has passed: at the very instant it has."""
    return now >= reply_by


def is_due_today(reply_by: datetime, now: datetime) -> bool:
    """Whether today (Shanghai) is the deadline's last day: today 00:00 < reply_by <= tomorrow 00:00."""
    return last_day(reply_by) == local(now).date()


def working_days_late(reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """How many working days late, today included; 0 when not overdue, and on days off before late day 1.

    Counted as far as the calendar reaches: a page that says 'late' must not fail when a schedule is overdue too.
    """
    if not is_overdue(reply_by, now):
        return 0
    return calendar.count_working_days(local(reply_by).date(), min(local(now).date(), calendar.last_date))


def nth_late_day(reply_by: datetime, n: int, calendar: WorkingCalendar) -> date:
    """Late day n: late day 1 is the first working day at or after `reply_by`."""
    return calendar.nth_working_day(local(reply_by).date() - ONE_DAY, n)


def working_days_left(reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Working days still to come after today, up to the last day: 0 when it is due today, or overdue."""
    return calendar.count_working_days(local(now).date() + ONE_DAY, last_day(reply_by))
