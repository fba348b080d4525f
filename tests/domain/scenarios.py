"""Two cases without any answer, as the literal table under 'Reminders' of domain.md has them."""

from dataclasses import replace

from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from tests.moments import at

#: Submitted 2026-09-30 15:00, no answer at all.
NATIONAL_DAY = CaseState(
    waiting=True,
    round_no=1,
    first_round=True,
    basis=Basis.SUBMISSION,
    submitted_at=at("2026-09-30 15:00"),
    acknowledge_by=at("2026-10-01 15:00"),
    window_opens=at("2026-10-11 00:00"),
    reply_by=at("2026-10-14 00:00"),
    first_reply_by=at("2026-10-14 00:00"),
)
SPRING_FESTIVAL = replace(
    NATIONAL_DAY,
    submitted_at=at("2026-02-13 17:30"),
    acknowledge_by=at("2026-02-14 17:30"),
    window_opens=at("2026-02-26 00:00"),
    reply_by=at("2026-02-28 00:00"),
    first_reply_by=at("2026-02-28 00:00"),
)
