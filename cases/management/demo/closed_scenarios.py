"""Stories that went further: up the ladder of complaint and appeal, or to the end."""

from cases.management.demo.open_scenarios import WINDOW, asked, overdue, still_alive
from cases.management.demo.scenario import Story
from cases.models.choices import ReturnReason

# The ladder


def complained(s: Story, n: int) -> None:
    """Complained on day n, which was late day 11."""
    overdue(s, n + 11, [n + 10, n + 8, n + 3])
    s.complain(n)


def complaint_running(s: Story) -> None:
    complained(s, 3)


def complaint_unanswered(s: Story) -> None:
    complained(s, s.past.unanswered_since(0))


def complaint_answered_badly(s: Story) -> None:
    complained(s, 10)
    s.complaint_answered(4, satisfied=False)
    s.chase(2)


def complaint_helped(s: Story) -> None:
    complained(s, 8)
    s.complaint_answered(4, satisfied=True)
    s.done(2)


def returned_and_complained(s: Story) -> None:
    asked(s, 9)
    s.returned(5, ReturnReason.HOME)
    s.complain(3)


def appeal_running(s: Story) -> None:
    complained(s, s.past.unanswered_since(3))
    s.appeal(3)


def appeal_accepted(s: Story) -> None:
    complained(s, s.past.unanswered_since(9))
    s.appeal(9)
    s.appeal_decided(5, accepted=True)


def appeal_refused(s: Story) -> None:
    complained(s, 18)
    s.complaint_answered(13, satisfied=False)
    s.appeal(8)
    s.appeal_decided(4, accepted=False)


def appeal_won(s: Story) -> None:
    n = s.rng.randint(3, 20)
    complained(s, n + 22)
    s.complaint_answered(n + 17, satisfied=False)
    s.appeal(n + 13)
    s.appeal_decided(n + 10, accepted=True)
    s.appeal_won(n + 3)
    s.done(n + 1)
    s.verify(n)


# Cancelled


def confirmed(s: Story) -> None:
    n = s.rng.randint(1, 125)
    asked(s, n + s.rng.randint(3, 5))
    if s.rng.random() < 0.3:
        s.under_review(n + 2)
    s.done(n + 1)
    s.verify(n)


def confirmed_without_receipt(s: Story) -> None:
    s.keeps_papers = False
    confirmed(s)


def confirmed_late(s: Story) -> None:
    n = s.rng.randint(1, 110)
    late = s.rng.randint(2, 9)
    asked(s, n + WINDOW + late)
    s.chase(*range(n + late - 1, n + 1, -2))
    s.done(n + 1)
    s.verify(n)


def promise_kept(s: Story) -> None:
    n = s.rng.randint(1, 90)
    asked(s, n + 7)
    s.promised(n + 4, s.past.day(n + 1))
    s.done(n + 1)
    s.verify(n)


def confirmed_after_return(s: Story) -> None:
    n = s.rng.randint(1, 90)
    asked(s, n + 12)
    s.returned(n + 9, s.rng.choice(list(ReturnReason)))
    s.resubmit(n + 4)
    s.done(n + 1)
    s.verify(n)


def confirmed_after_alive(s: Story) -> None:
    n = s.rng.randint(1, 90)
    still_alive(s, n + 3)
    s.done(n + 1)
    s.verify(n)


def reopened(s: Story) -> None:
    asked(s, 30)
    s.done(26)
    s.verify(25)
    s.reopen(1)
