"""The kinds of stories, and how often each comes."""

from collections.abc import Callable
from functools import partial

from cases.management.demo import closed_scenarios, open_scenarios
from cases.management.demo.scenario import Scenario
from cases.models.choices import ReturnReason

ScenarioBuilder = Callable[[Scenario], None]

#: Every kind, with how often it comes. The first cases are one of each, in this order; the rest is chance.
SCENARIO_MIX: tuple[tuple[ScenarioBuilder, int], ...] = (
    (open_scenarios.just_logged, 3),
    (open_scenarios.half_ready, 5),
    (open_scenarios.ready_but_waived, 2),
    (open_scenarios.fresh, 6),
    *((partial(open_scenarios.acknowledged, n=n), 5) for n in (1, 3, 4, open_scenarios.WINDOW)),
    (open_scenarios.ack_missing, 3),
    (open_scenarios.corrected, 1),
    *((partial(open_scenarios.overdue, late=late), 2) for late in (1, 2, 3)),
    (partial(open_scenarios.overdue, late=5, follow_up_days=[4, 1]), 2),
    (partial(open_scenarios.overdue, late=8, follow_up_days=[7, 5, 2]), 2),
    (partial(open_scenarios.overdue, late=11, follow_up_days=[9, 6, 4, 2]), 1),
    (partial(open_scenarios.overdue, late=16, follow_up_days=[14, 9, 5, 1]), 1),
    (partial(open_scenarios.overdue, late=23, follow_up_days=[20, 12]), 1),
    (open_scenarios.overdue_snoozed, 1),
    (open_scenarios.overdue_unhandled, 2),
    (open_scenarios.overdue_handed_over, 2),
    (open_scenarios.promise_ahead, 4),
    (open_scenarios.promise_far_ahead, 1),
    (open_scenarios.promise_due_today, 2),
    *((partial(open_scenarios.promise_broken, late=late), 1) for late in (1, 4)),
    (open_scenarios.takes_effect_later, 2),
    (open_scenarios.under_review, 6),
    (open_scenarios.under_review_late, 2),
    *((partial(open_scenarios.returned, reason=reason), 1) for reason in ReturnReason),
    (open_scenarios.resubmitted, 3),
    (open_scenarios.resubmitted_late, 1),
    (open_scenarios.reported_done, 5),
    (open_scenarios.inconclusive, 2),
    *((partial(open_scenarios.still_alive, n=n), 1) for n in (1, 8)),
    (closed_scenarios.complaint_running, 2),
    (closed_scenarios.complaint_unanswered, 1),
    (closed_scenarios.complaint_answered_badly, 1),
    (closed_scenarios.complaint_helped, 1),
    (closed_scenarios.returned_and_complained, 1),
    (closed_scenarios.appeal_running, 1),
    (closed_scenarios.appeal_ignored, 1),
    (closed_scenarios.appeal_accepted, 1),
    (closed_scenarios.appeal_refused, 1),
    (closed_scenarios.appeal_won, 3),
    (closed_scenarios.confirmed, 110),
    (closed_scenarios.confirmed_without_receipt, 10),
    (closed_scenarios.confirmed_late, 35),
    (closed_scenarios.promise_kept, 15),
    (closed_scenarios.confirmed_after_return, 12),
    (closed_scenarios.confirmed_after_alive, 4),
    (closed_scenarios.refund_open, 3),
    (closed_scenarios.refund_overdue, 1),
    (closed_scenarios.refund_received, 5),
    (closed_scenarios.reopened, 1),
    (open_scenarios.draft_withdrawn, 4),
    (open_scenarios.withdrawn, 8),
)
