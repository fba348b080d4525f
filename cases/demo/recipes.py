"""The kinds of stories, and how often each comes."""

from collections.abc import Callable
from functools import partial

from cases.demo import closed_stories, open_stories
from cases.demo.story import Story
from cases.models.choices import ReturnReason

Recipe = Callable[[Story], None]

#: Every kind, with how often it comes. The first cases are one of each, in this order; the rest is chance.
RECIPES: tuple[tuple[Recipe, int], ...] = (
    (open_stories.just_logged, 3),
    (open_stories.half_ready, 5),
    (open_stories.ready_but_waived, 2),
    (open_stories.fresh, 6),
    *((partial(open_stories.acknowledged, n=n), 5) for n in (1, 3, 4, open_stories.WINDOW)),
    (open_stories.ack_missing, 3),
    (open_stories.corrected, 1),
    *((partial(open_stories.overdue, late=late), 2) for late in (1, 2, 3)),
    (partial(open_stories.overdue, late=5, chased=[4, 1]), 2),
    (partial(open_stories.overdue, late=8, chased=[7, 5, 2]), 2),
    (partial(open_stories.overdue, late=11, chased=[9, 6, 4, 2]), 1),
    (partial(open_stories.overdue, late=16, chased=[14, 9, 5, 1]), 1),
    (partial(open_stories.overdue, late=23, chased=[20, 12]), 1),
    (open_stories.overdue_snoozed, 1),
    (open_stories.overdue_unhandled, 2),
    (open_stories.overdue_handed_over, 2),
    (open_stories.promise_ahead, 4),
    (open_stories.promise_far_ahead, 1),
    (open_stories.promise_due_today, 2),
    *((partial(open_stories.promise_broken, late=late), 1) for late in (1, 4)),
    (open_stories.under_review, 6),
    (open_stories.under_review_late, 2),
    *((partial(open_stories.returned, reason=reason), 1) for reason in ReturnReason),
    (open_stories.resubmitted, 3),
    (open_stories.resubmitted_late, 1),
    (open_stories.reported_done, 5),
    (open_stories.inconclusive, 2),
    *((partial(open_stories.still_alive, n=n), 1) for n in (1, 8)),
    (closed_stories.complaint_running, 2),
    (closed_stories.complaint_unanswered, 1),
    (closed_stories.complaint_answered_badly, 1),
    (closed_stories.complaint_helped, 1),
    (closed_stories.returned_and_complained, 1),
    (closed_stories.appeal_running, 1),
    (closed_stories.appeal_accepted, 1),
    (closed_stories.appeal_refused, 1),
    (closed_stories.appeal_won, 3),
    (closed_stories.confirmed, 110),
    (closed_stories.confirmed_without_receipt, 10),
    (closed_stories.confirmed_late, 35),
    (closed_stories.promise_kept, 15),
    (closed_stories.confirmed_after_return, 12),
    (closed_stories.confirmed_after_alive, 4),
    (closed_stories.reopened, 1),
    (open_stories.draft_withdrawn, 4),
    (open_stories.withdrawn, 8),
)
