"""When a complaint has waited long enough, whether an appeal is open, and by when an appeal body owes what.

Sources (facts.md, 'Rules'): Measures on the Handling of Telecom Users' Appeals, in force since 2016-07-30,
articles 10 and 11, and the ministry's page on appeals; Civil Code of the PRC, articles 201 to 203.

Moments that come in are aware (a naive one is a ValueError); dates and moments that go out are Asia/Shanghai.
A day outside the calendar's years raises YearNotCovered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.domain.business_days import (
    ONE_DAY,
    WorkingCalendar,
    YearNotCovered,
    add_months,
    end_of_day,
    local,
    start_of_day,
)
from cases.domain.deadlines import nth_late_day, working_days_late

#: Working days late on which it is time to complain to the carrier (domain.md, 'Reminders').
COMPLAIN_LATE_DAY = 11
#: Calendar days that a carrier has to answer a complaint (Measures, article 10: days, not working days).
COMPLAINT_DAYS = 15
#: Working days that the appeal body has to decide whether it takes the appeal (the ministry's page).
APPEAL_DECISION_DAYS = 5
#: Calendar days that the appeal body has to answer, from having all papers (the ministry's page).
APPEAL_ANSWER_DAYS = 30


class AppealSubject(StrEnum):
    """What an appeal is about; its time limit depends on it."""

    CHARGES = "charges"
    OTHER = "other"


#: Months after which an appeal body refuses a matter as too old (Measures, article 11).
APPEAL_MONTHS = {AppealSubject.CHARGES: 5, AppealSubject.OTHER: 24}


class AppealObstacle(StrEnum):
    """What stands between a case and an appeal (Measures, articles 10 and 11)."""

    NO_COMPLAINT = "no_complaint"  # the carrier must have been complained to first
    SETTLED = "settled"  # the complaint was answered to our satisfaction
    FIFTEEN_DAYS = "fifteen_days"  # the carrier may still answer
    EXPIRED = "expired"  # too old
    RUNNING = "running"  # it is before the appeal body already


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint to the carrier; `satisfied` says whether its answer settled it, None without an answer."""

    lodged_at: datetime
    answered_at: datetime | None = None
    satisfied: bool | None = None


@dataclass(frozen=True, slots=True)
class AppealOutlook:
    """Whether an appeal is open. It is exactly when nothing is missing.

    `possible_from`: the first day, where a complaint stands that can lead to one; `provisional`: a schedule still to
    be published may move it. `expires_on`: the last day, where the day of the event is known.
    """

    possible_from: date | None
    provisional: bool
    expires_on: date | None
    obstacles: tuple[AppealObstacle, ...]

    @property
    def is_open(self) -> bool:
        return not self.obstacles


def complaint_last_day(lodged_at: datetime, calendar: WorkingCalendar) -> date:
    """The last of the 15 days that a complaint may go unanswered; a last day off moves on (article 203)."""
    return _last_of_calendar_days(lodged_at, COMPLAINT_DAYS, calendar)


def complaint_answer_by(lodged_at: datetime, calendar: WorkingCalendar) -> datetime:
    """End of the 15th day after a complaint was lodged, moved on by article 203: by then the answer is owed."""
    return end_of_day(complaint_last_day(lodged_at, calendar))


def complaint_due_at(first_reply_by: datetime, calendar: WorkingCalendar) -> datetime:
    """The beginning of the late day on which it is time to complain, counted from the submission's own deadline: a
    promise does not put a complaint off."""
    return start_of_day(nth_late_day(first_reply_by, COMPLAIN_LATE_DAY, calendar))


def is_time_to_complain(first_reply_by: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    """Whether `complaint_due_at` has come; it has not where the calendar ends before it."""
    return working_days_late(first_reply_by, now, calendar) >= COMPLAIN_LATE_DAY


def appeal_possible_from(lodged_at: datetime, calendar: WorkingCalendar) -> date:
    """The first day on which an unanswered complaint may be followed by an appeal."""
    return complaint_last_day(lodged_at, calendar) + ONE_DAY


def unsettled_complaints(complaints: Sequence[Complaint]) -> list[Complaint]:
    """The complaints that an appeal can rest on: those lodged after the last one that was settled."""
    ordered = sorted(complaints, key=lambda complaint: complaint.lodged_at)
    last_settled = max((n for n, complaint in enumerate(ordered) if complaint.satisfied), default=-1)
    return ordered[last_settled + 1 :]


def outlives_confirmation(lodged_at: datetime, confirmed_at: datetime) -> bool:
    """Whether a complaint or an appeal is about money, and goes on after the confirmation of its case: it was lodged
    when the number was cancelled already. Those from before end with the cancellation that they are about."""
    return lodged_at >= confirmed_at


def oldest_in_time(days: Sequence[date], today: date) -> date | None:
    """Of the days of disputed charges the oldest of which an appeal is still in time, else the last; None: no days."""
    ordered = sorted(days)
    in_time = (day for day in ordered if appeal_expires_on(day, AppealSubject.CHARGES) >= today)
    return next(in_time, ordered[-1] if ordered else None)


def appeal_expires_on(since: date, subject: AppealSubject) -> date:
    """The last day on which an appeal body takes a matter up that arose on a day (Measures, article 11).

    The day of the event does not count; the period ends on the day of the same number, or on the last day of a month
    that has none (Civil Code, articles 201 and 202). It is not moved on when that day is a day off: whether article
    203 holds here is for the appeal body to say, and the earlier day is the safe one.
    """
    return add_months(since, APPEAL_MONTHS[subject])


def appeal_outlook(
    complaints: Sequence[Complaint],
    subject: AppealSubject,
    since: date | None,
    now: datetime,
    calendar: WorkingCalendar,
    *,
    running: bool = False,
) -> AppealOutlook:
    """Whether an appeal is open at `now`, from when, until when, and what is missing.

    `since`: the day of the event (the last day of the carrier's time, or the day of the charge), None where it is not
    known; `running`: an appeal is before the appeal body already.
    """
    open_complaints = unsettled_complaints(complaints)
    openings = [_appeal_opening(complaint, calendar) for complaint in open_complaints]
    possible_from, provisional = min(openings, default=(None, False))
    expires_on = appeal_expires_on(since, subject) if since else None
    today = local(now).date()
    obstacles = {
        AppealObstacle.RUNNING: running,
        AppealObstacle.NO_COMPLAINT: not complaints,
        AppealObstacle.SETTLED: bool(complaints) and not open_complaints,
        AppealObstacle.FIFTEEN_DAYS: possible_from is not None and today < possible_from,
        AppealObstacle.EXPIRED: expires_on is not None and today > expires_on,
    }
    return AppealOutlook(
        possible_from, provisional, expires_on, tuple(obstacle for obstacle, applies in obstacles.items() if applies)
    )


def _appeal_opening(complaint: Complaint, calendar: WorkingCalendar) -> tuple[date, bool]:
    """The first day on which a complaint may be followed by an appeal, and whether a schedule may still move it."""
    answered_on = local(complaint.answered_at).date() if complaint.answered_at else None
    lodged_on = local(complaint.lodged_at).date()
    if answered_on is not None and answered_on <= lodged_on + timedelta(days=COMPLAINT_DAYS):
        return answered_on, False
    last_day = complaint_last_day(complaint.lodged_at, calendar)
    if answered_on is not None and answered_on <= last_day:
        return answered_on, False
    return last_day + ONE_DAY, calendar.is_provisional(lodged_on + timedelta(days=COMPLAINT_DAYS), last_day)


def appeal_decision_by(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    """End of the 5th working day after the papers arrived: by then the appeal is accepted or refused."""
    return end_of_day(calendar.nth_working_day(local(received_at).date(), APPEAL_DECISION_DAYS))


def appeal_answer_by(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    """End of the 30th day after all papers arrived, moved on by article 203: by then the answer is owed."""
    return end_of_day(_last_of_calendar_days(received_at, APPEAL_ANSWER_DAYS, calendar))


#: Days before today that `runs_since` looks at: 30 calendar days moved on over the longest holiday, and some more.
_LONGEST_WAIT = 60


def runs_since(
    answer_by: Callable[[datetime, WorkingCalendar], datetime], now: datetime, calendar: WorkingCalendar
) -> datetime:
    """The beginning of the first day (Shanghai) on which something was lodged whose answer is not late at `now`.

    `answer_by` is `complaint_answer_by`, `appeal_decision_by` or `appeal_answer_by`: what was lodged later is owed
    later. So a query can tell what still runs by the moment it was lodged.
    """
    day = start_of_day(local(now).date())
    for _ in range(_LONGEST_WAIT):
        before = start_of_day(day.date() - ONE_DAY)
        try:
            if answer_by(before, calendar) <= now:
                break
        except YearNotCovered:
            break
        day = before
    return day


def complaint_due_until(now: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment before which the deadline of a submission must lie for `is_time_to_complain` at `now`."""
    day, late_days = local(now).date(), 0
    while True:
        if day <= calendar.last_date:
            late_days += calendar.count_working_days(day, day)
        if late_days >= COMPLAIN_LATE_DAY:
            return end_of_day(day)
        day -= ONE_DAY


def _last_of_calendar_days(moment: datetime, days: int, calendar: WorkingCalendar) -> date:
    return calendar.next_working_day(local(moment).date() + timedelta(days=days))
