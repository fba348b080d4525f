"""One case in each state, as they stand on Friday 2026-10-16 at 10:00."""

from collections.abc import Callable

from cases import operations as ops
from tests.helpers import Desk, at, on

Make = Callable[..., Desk]
NOW = "2026-10-16T10:00"


def draft(make: Make, number: str = "13800000001") -> Desk:
    return make(number, now="2026-10-16T09:00")


def waiting(make: Make, number: str = "13800000002") -> Desk:
    """Handed in the day before; the answer is due by 10-22."""
    return make(number, now="2026-10-15T16:00", submitted="2026-10-15T16:00", reference="SL-4711")


def due_today(make: Make, number: str = "13800000003") -> Desk:
    """Handed in on the working Saturday."""
    return make(number, now="2026-10-10T11:00", submitted="2026-10-10T11:00")


def promised_today(make: Make, number: str = "13800000004") -> Desk:
    desk = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    desk.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-16")), "2026-10-12T15:00")
    return desk


def overdue(make: Make, number: str = "13800000005") -> Desk:
    """Three working days late: the answer was due by 10-13, 24:00."""
    return make(number, now="2026-09-30T15:00", submitted="2026-09-30T15:00")


def promise_broken(make: Make, number: str = "13800000006") -> Desk:
    desk = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    desk.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-14")), "2026-10-12T15:00")
    return desk


def under_review(make: Make, number: str = "13800000007") -> Desk:
    desk = make(number, now="2026-10-14T09:00", submitted="2026-10-14T09:00")
    desk.do(ops.UnderReview(at("2026-10-15T10:00")), "2026-10-15T10:00")
    return desk


def to_verify(make: Make, number: str = "13800000008") -> Desk:
    desk = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    desk.do(ops.ReportedDone(at("2026-10-15T10:00")), "2026-10-15T10:00")
    return desk


def verified(make: Make, number: str = "13800000009") -> Desk:
    desk = to_verify(make, number)
    desk.do(ops.Verify(at("2026-10-15T11:00"), "hotline", "cancelled"), "2026-10-15T11:00")
    return desk


def returned(make: Make, number: str = "13800000010") -> Desk:
    desk = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    desk.do(ops.Returned(at("2026-10-14T10:00"), "欠费 12 元", reason="arrears"), "2026-10-14T10:00")
    return desk


def confirmed(make: Make, number: str = "13800000011") -> Desk:
    desk = verified(make, number)
    desk.do(ops.Confirm(), "2026-10-15T12:00")
    return desk


def withdrawn(make: Make, number: str = "13800000012") -> Desk:
    desk = draft(make, number)
    desk.do(ops.Withdraw("changed our mind"), "2026-10-16T09:30")
    return desk


def complained(make: Make, number: str = "13800000013") -> Desk:
    """The complaint's 15 days end with 10-16, so that an appeal is possible from 10-17."""
    desk = make(number, now="2026-09-18T09:00", submitted="2026-09-18T09:00")
    desk.do(ops.Complain(at("2026-10-01T10:00"), "TS-1"), "2026-10-01T10:00")
    return desk


def complaint_old(make: Make, number: str = "13800000014") -> Desk:
    """A complaint of 09-20 without answer: an appeal has been possible from 10-09."""
    desk = make(number, now="2026-09-01T09:00", submitted="2026-09-01T09:00")
    desk.do(ops.Complain(at("2026-09-20T10:00"), "TS-2"), "2026-09-20T10:00")
    return desk


def complaint_answered(make: Make, number: str = "13800000015") -> Desk:
    desk = complained(make, number)
    desk.do(ops.ComplaintAnswered(at("2026-10-09T10:00"), satisfied=False, words="no"), "2026-10-09T10:00")
    return desk


def complaint_settled(make: Make, number: str = "13800000016") -> Desk:
    desk = complained(make, number)
    desk.do(ops.ComplaintAnswered(at("2026-10-09T10:00"), satisfied=True), "2026-10-09T10:00")
    return desk


def appealed(make: Make, number: str = "13800000017") -> Desk:
    desk = complaint_old(make, number)
    desk.do(ops.Appeal(at("2026-10-10T10:00"), "SS-1"), "2026-10-10T10:00")
    return desk


def appeal_decided(make: Make, number: str = "13800000018") -> Desk:
    desk = appealed(make, number)
    desk.do(ops.AppealDecided(at("2026-10-13T10:00"), accepted=True), "2026-10-13T10:00")
    return desk


def appeal_answered(make: Make, number: str = "13800000019") -> Desk:
    desk = appeal_decided(make, number)
    desk.do(ops.AppealAnswered(at("2026-10-15T10:00"), satisfied=False), "2026-10-15T10:00")
    return desk


def complained_then_returned(make: Make, number: str = "13800000020") -> Desk:
    desk = complained(make, number)
    desk.do(ops.Returned(at("2026-10-12T10:00"), reason="papers"), "2026-10-12T10:00")
    return desk


def complained_then_confirmed(make: Make, number: str = "13800000021") -> Desk:
    desk = complained(make, number)
    said = at("2026-10-12T10:00")
    desk.do(ops.Verify(said, "account", "cancelled", confirm=True), "2026-10-12T10:00")
    return desk


def complained_then_withdrawn(make: Make, number: str = "13800000022") -> Desk:
    desk = complained(make, number)
    desk.do(ops.Withdraw(), "2026-10-12T10:00")
    return desk


def reopened(make: Make, number: str = "13800000023") -> Desk:
    desk = confirmed(make, number)
    desk.do(ops.Reopen("it rings again"), "2026-10-15T18:00")
    return desk


def found_alive(make: Make, number: str = "13800000024") -> Desk:
    desk = to_verify(make, number)
    desk.do(ops.Verify(at("2026-10-15T11:00"), "call", "alive"), "2026-10-15T11:00")
    return desk


def snoozed(make: Make, number: str = "13800000025") -> Desk:
    desk = overdue(make, number)
    desk.do(ops.Snooze(on("2026-10-20")), "2026-10-15T11:00")
    return desk


STATES: dict[str, Callable[..., Desk]] = {
    make.__name__: make
    for make in (
        draft,
        waiting,
        due_today,
        promised_today,
        overdue,
        promise_broken,
        under_review,
        to_verify,
        verified,
        returned,
        confirmed,
        withdrawn,
        complained,
        complaint_old,
        complaint_answered,
        complaint_settled,
        appealed,
        appeal_decided,
        appeal_answered,
        complained_then_returned,
        complained_then_confirmed,
        complained_then_withdrawn,
        reopened,
        found_alive,
        snoozed,
    )
}
