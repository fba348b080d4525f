"""Stories of cases that are open: in preparation, waiting, promised, under review, with us.

Days are working days of the past (see Past): day 5 is the submission whose answer is due today, day 5 + n the one
that is n working days late. The rules behind the numbers are domain.md's, 'Waiting rounds'.
"""

from collections.abc import Iterable

from cases.management.demo.scenario import Scenario
from cases.models.choices import Finding, ReturnReason

#: Working days of a submission's window; late day n is n days after it.
WINDOW = 5


def submitted(s: Scenario, n: int) -> None:
    """Handed in on day n, and mostly registered on the day after."""
    s.open_and_submit(n)
    if s.rng.random() < 0.85:
        s.acknowledged(n - 1)


# In preparation


def just_logged(s: Scenario) -> None:
    s.open_case(1, ready=())


def half_ready(s: Scenario) -> None:
    s.open_case(4, ready=())
    s.tick_items(2, 3)


def ready_but_waived(s: Scenario) -> None:
    s.remove_handler()
    s.open_case(12, ready=("identity", "account", "arrears", "contacts", "bindings"))
    s.waive(9)


def draft_withdrawn(s: Scenario) -> None:
    n = s.rng.randint(2, 70)
    s.open_case(n + 3)
    s.withdraw(n)


# Waiting for the first answer


def fresh(s: Scenario) -> None:
    s.open_and_submit(0)


def acknowledged(s: Scenario, n: int) -> None:
    s.open_and_submit(n)
    s.acknowledged(n - 1)


def ack_missing(s: Scenario) -> None:
    s.open_and_submit(2)


def corrected(s: Scenario) -> None:
    s.open_and_submit(2)
    s.correct(1, really=3)


def overdue(s: Scenario, late: int, follow_up_days: Iterable[int] = ()) -> None:
    submitted(s, late + WINDOW)
    s.follow_up(*follow_up_days)


def overdue_snoozed(s: Scenario) -> None:
    overdue(s, 6, [4])
    s.snooze(1, until=s.clock.ahead(2))


def overdue_unhandled(s: Scenario) -> None:
    s.remove_handler()
    overdue(s, 2)


def overdue_handed_over(s: Scenario) -> None:
    overdue(s, 4, [3])
    s.hand_over(2)
    s.follow_up(1)


def withdrawn(s: Scenario) -> None:
    n = s.rng.randint(2, 80)
    submitted(s, n + 4)
    s.withdraw(n)


# Promises


def promise_ahead(s: Scenario) -> None:
    submitted(s, 7)
    s.promised(1, s.clock.ahead(3))


def promise_far_ahead(s: Scenario) -> None:
    submitted(s, 8)
    s.follow_up(2)
    s.promised(1, s.clock.ahead(20), accept_far=True)


def promise_due_today(s: Scenario) -> None:
    submitted(s, 7)
    s.promised(2, s.clock.today)


def promise_broken(s: Scenario, late: int) -> None:
    submitted(s, late + 6)
    s.promised(late + 3, s.clock.day(late))
    s.follow_up(*range(late - 2, 0, -3))


# Agreed, and revocable until a day


def takes_effect_later(s: Scenario) -> None:
    submitted(s, 6)
    s.takes_effect(2, s.clock.ahead(12))


# Under review


def under_review(s: Scenario) -> None:
    submitted(s, 3)
    s.under_review(1)


def under_review_late(s: Scenario) -> None:
    submitted(s, 9)
    s.under_review(6)
    s.follow_up(2)
    s.under_review(1)


# Our turn


def returned(s: Scenario, reason: ReturnReason) -> None:
    n = s.rng.randint(1, 9)
    submitted(s, n + 3)
    s.returned(n, reason)


def resubmitted(s: Scenario) -> None:
    submitted(s, 9)
    s.returned(6, s.rng.choice(list(ReturnReason)))
    s.resubmit(3)
    s.acknowledged(2)


def resubmitted_late(s: Scenario) -> None:
    submitted(s, 20)
    s.returned(16, ReturnReason.PAPERS)
    s.resubmit(8)
    s.follow_up(2)


def reported_done(s: Scenario) -> None:
    n = s.rng.randint(1, 3)
    submitted(s, n + 3)
    s.reported_done(n)


def inconclusive(s: Scenario) -> None:
    submitted(s, 7)
    s.reported_done(3)
    s.verify(2, Finding.INCONCLUSIVE)


def still_alive(s: Scenario, n: int) -> None:
    """The carrier gets three working days from day n."""
    submitted(s, n + 7)
    s.reported_done(n + 2)
    s.verify(n, Finding.ALIVE)
