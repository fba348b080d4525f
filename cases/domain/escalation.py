"""When a complaint has waited long enough, and by when an appeal body owes what.

Sources (facts.md, 'Rules'): Measures on the Handling of Telecom Users' Appeals, in force since 2016-07-30,
article 10, and the ministry's page on appeals; Civil Code of the PRC, articles 201 and 203.

Moments that come in are aware (a naive one is a ValueError); dates and moments that go out are Asia/Shanghai.
A day outside the calendar's years raises YearNotCovered.
"""

from datetime import date, datetime, timedelta

from cases.domain.business_days import ONE_DAY, WorkingCalendar, end_of_day, local

#: Calendar days that a carrier has to answer a complaint (Measures, article 10: days, not working days).
COMPLAINT_DAYS = 15
#: Working days that the appeal body has to decide whether it takes the appeal (the ministry's page).
APPEAL_DECISION_DAYS = 5
#: Calendar days that the appeal body has to answer, from having all papers (the ministry's page).
APPEAL_ANSWER_DAYS = 30


def complaint_ends(lodged_at: datetime, calendar: WorkingCalendar) -> date:
    """The last of the 15 days that a complaint may go unanswered; a last day off moves on (article 203)."""
    return _last_of_calendar_days(lodged_at, COMPLAINT_DAYS, calendar)


def appeal_possible_from(lodged_at: datetime, calendar: WorkingCalendar) -> date:
    """The first day on which an unanswered complaint may be followed by an appeal."""
    return complaint_ends(lodged_at, calendar) + ONE_DAY


def appeal_decision_by(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    """End of the 5th working day after the papers arrived: by then the appeal is accepted or refused."""
    return end_of_day(calendar.nth_working_day(local(received_at).date(), APPEAL_DECISION_DAYS))


def appeal_answer_by(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    """End of the 30th day after all papers arrived, moved on by article 203: by then the answer is owed."""
    return end_of_day(_last_of_calendar_days(received_at, APPEAL_ANSWER_DAYS, calendar))


def _last_of_calendar_days(moment: datetime, days: int, calendar: WorkingCalendar) -> date:
    return calendar.next_working_day(local(moment).date() + timedelta(days=days))
