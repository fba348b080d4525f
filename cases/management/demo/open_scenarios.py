"""Stories of cases that are open: in preparation, waiting, promised, under review, with us.

Days are working days of the past (see Past): day 5 is the submission whose answer is due today, day 5 + n the one
that is n working days late. The rules behind the numbers are domain.md's, 'Waiting rounds'.
"""

from collections.abc import Iterable

from cases.management.demo.scenario import Story
from cases.models.choices import Finding, ReturnReason

#: Working days of a submission's window; late day n is so many days after it.
WINDOW = 5


def asked(s: Story, n: int) -> None:
    """Handed in on day n, and mostly registered on the day after."""
    s.request(n)
    if s.rng.random() < 0.85:
        s.acknowledged(n - 1)


# In preparation


def just_logged(s: Story) -> None:
    s.begin(1, ready=())


def half_ready(s: Story) -> None:
    s.begin(4, ready=())
    s.tick(2, 3)


def ready_but_waived(s: Story) -> None:
    s.leave_unhandled()
    s.begin(12, ready=("identity", "account", "arrears", "contacts", "bindings"))
    s.waive(9)


def draft_withdrawn(s: Story) -> None:
    n = s.rng.randint(2, 70)
    s.begin(n + 3)
    s.withdraw(n)


# Waiting for the first answer


def fresh(s: Story) -> None:
    s.request(0)


def acknowledged(s: Story, n: int) -> None:
    s.request(n)
    s.acknowledged(n - 1)


def ack_missing(s: Story) -> None:
    s.request(2)


def corrected(s: Story) -> None:
    s.request(2)
    s.correct(1, really=3)


def overdue(s: Story, late: int, chased: Iterable[int] = ()) -> None:
    asked(s, late + WINDOW)
    s.chase(*chased)


def overdue_snoozed(s: Story) -> None:
    overdue(s, 6, [4])
    s.snooze(1, until=s.past.ahead(2))


def overdue_unhandled(s: Story) -> None:
    s.leave_unhandled()
    overdue(s, 2)


def overdue_handed_over(s: Story) -> None:
    overdue(s, 4, [3])
    s.hand_over(2)
    s.chase(1)


def withdrawn(s: Story) -> None:
    n = s.rng.randint(2, 80)
    asked(s, n + 4)
    s.withdraw(n)


# Promises


def promise_ahead(s: Story) -> None:
    asked(s, 7)
    s.promised(1, s.past.ahead(3))


def promise_far_ahead(s: Story) -> None:
    asked(s, 8)
    s.chase(2)
    s.promised(1, s.past.ahead(20), accept_far=True)


def promise_due_today(s: Story) -> None:
    asked(s, 7)
    s.promised(2, s.past.today)


def promise_broken(s: Story, late: int) -> None:
    asked(s, late + 6)
    s.promised(late + 3, s.past.day(late))
    s.chase(*range(late - 2, 0, -3))


# Under review


def under_review(s: Story) -> None:
    asked(s, 3)
    s.under_review(1)


def under_review_late(s: Story) -> None:
    asked(s, 9)
    s.under_review(6)
    s.chase(2)
    s.under_review(1)


# Our turn


def returned(s: Story, reason: ReturnReason) -> None:
    n = s.rng.randint(1, 9)
    asked(s, n + 3)
    s.returned(n, reason)


def resubmitted(s: Story) -> None:
    asked(s, 9)
    s.returned(6, s.rng.choice(list(ReturnReason)))
    s.resubmit(3)
    s.acknowledged(2)


def resubmitted_late(s: Story) -> None:
    asked(s, 20)
    s.returned(16, ReturnReason.PAPERS)
    s.resubmit(8)
    s.chase(2)


def reported_done(s: Story) -> None:
    n = s.rng.randint(1, 3)
    asked(s, n + 3)
    s.done(n)


def inconclusive(s: Story) -> None:
    asked(s, 7)
    s.done(3)
    s.verify(2, Finding.INCONCLUSIVE)


def still_alive(s: Story, n: int) -> None:
    """The carrier gets three working days from day n."""
    asked(s, n + 7)
    s.done(n + 2)
    s.verify(n, Finding.ALIVE)
