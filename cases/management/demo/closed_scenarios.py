"""Stories that went further: up the ladder of complaint and appeal, or to the end."""

from cases.management.demo.open_scenarios import WINDOW, overdue, still_alive, submitted
from cases.management.demo.scenario import Scenario
from cases.models.choices import ReturnReason

#: Working days after which a month has begun whose bill is out.
_BILL_DAYS = 25

# The ladder


def complained(s: Scenario, n: int) -> None:
    """Complained on day n, which was late day 11."""
    overdue(s, n + 11, [n + 10, n + 8, n + 3])
    s.complain(n)


def complaint_running(s: Scenario) -> None:
    complained(s, 3)


def complaint_unanswered(s: Scenario) -> None:
    complained(s, s.clock.unanswered_since(0))


def complaint_answered_badly(s: Scenario) -> None:
    complained(s, 10)
    s.complaint_answered(4, satisfied=False)
    s.follow_up(2)


def complaint_helped(s: Scenario) -> None:
    complained(s, 8)
    s.complaint_answered(4, satisfied=True)
    s.reported_done(2)


def returned_and_complained(s: Scenario) -> None:
    submitted(s, 9)
    s.returned(5, ReturnReason.HOME)
    s.complain(3)


def appeal_running(s: Scenario) -> None:
    complained(s, s.clock.unanswered_since(3))
    s.appeal(3)


def appeal_ignored(s: Scenario) -> None:
    """Whether it is accepted was owed after five working days."""
    complained(s, s.clock.unanswered_since(8))
    s.appeal(8)


def appeal_accepted(s: Scenario) -> None:
    complained(s, s.clock.unanswered_since(9))
    s.appeal(9)
    s.appeal_decided(5, accepted=True)


def appeal_refused(s: Scenario) -> None:
    complained(s, 18)
    s.complaint_answered(13, satisfied=False)
    s.appeal(8)
    s.appeal_decided(4, accepted=False)


def appeal_won(s: Scenario) -> None:
    n = s.rng.randint(3, 20)
    complained(s, n + 22)
    s.complaint_answered(n + 17, satisfied=False)
    s.appeal(n + 13)
    s.appeal_decided(n + 10, accepted=True)
    s.appeal_won(n + 3)
    s.reported_done(n + 1)
    s.verify(n)


# Cancelled


def confirmed(s: Scenario) -> None:
    n = s.rng.randint(1, 125)
    submitted(s, n + s.rng.randint(3, 5))
    if s.rng.random() < 0.3:
        s.under_review(n + 2)
    s.reported_done(n + 1)
    s.verify(n)
    bill_checked(s, n)


def bill_checked(s: Scenario, n: int) -> None:
    """Of what was confirmed on day n: that many working days later its last bill is certainly there."""
    if n > _BILL_DAYS:
        s.check_bill(n - _BILL_DAYS)


def confirmed_without_receipt(s: Scenario) -> None:
    s.attaches_receipts = False
    confirmed(s)


def confirmed_late(s: Scenario) -> None:
    n = s.rng.randint(1, 110)
    late = s.rng.randint(2, 9)
    submitted(s, n + WINDOW + late)
    s.follow_up(*range(n + late - 1, n + 1, -2))
    s.reported_done(n + 1)
    s.verify(n)
    bill_checked(s, n)


def promise_kept(s: Scenario) -> None:
    n = s.rng.randint(1, 90)
    submitted(s, n + 7)
    s.promised(n + 4, s.clock.day(n + 1))
    s.reported_done(n + 1)
    s.verify(n)


def confirmed_after_return(s: Scenario) -> None:
    n = s.rng.randint(1, 90)
    submitted(s, n + 12)
    s.returned(n + 9, s.rng.choice(list(ReturnReason)))
    s.resubmit(n + 4)
    s.reported_done(n + 1)
    s.verify(n)


def confirmed_after_alive(s: Scenario) -> None:
    n = s.rng.randint(1, 90)
    still_alive(s, n + 3)
    s.reported_done(n + 1)
    s.verify(n)


def refund_open(s: Scenario) -> None:
    """The balance is to come in the next weeks."""
    submitted(s, 9)
    s.reported_done(5)
    s.verify(4)
    s.expect_refund(3, s.clock.ahead(8))


def refund_overdue(s: Scenario) -> None:
    submitted(s, 24)
    s.reported_done(20)
    s.verify(19)
    s.expect_refund(18, s.clock.day(4))
    s.follow_up(2)


def refund_received(s: Scenario) -> None:
    """It came on the day that the carrier named in the end."""
    submitted(s, 50)
    s.reported_done(46)
    s.verify(45)
    s.expect_refund(44, s.clock.day(35))
    s.refund_promised(34, s.clock.day(30))
    s.receive_refund(30)
    bill_checked(s, 45)


def reopened(s: Scenario) -> None:
    submitted(s, 30)
    s.reported_done(26)
    s.verify(25)
    s.reopen(1)
