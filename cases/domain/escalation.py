"""When a complaint has waited long enough, and what an appeal body owes.

Sources (facts.md, 'Rules'): Measures on the Handling of Telecom Users' Appeals (电信用户申诉处理办法, in force
2016-07-30).
"""

from datetime import date, datetime

from cases.domain.business_days import WorkingCalendar

COMPLAINT_DAYS = 15
APPEAL_DECISION_DAYS = 5
APPEAL_ANSWER_DAYS = 30


def complaint_ends(lodged_at: datetime, calendar: WorkingCalendar) -> date:
    raise NotImplementedError


def appeal_possible_from(lodged_at: datetime, calendar: WorkingCalendar) -> date:
    raise NotImplementedError


def appeal_decision_by(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    raise NotImplementedError


def appeal_answer_by(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    raise NotImplementedError
