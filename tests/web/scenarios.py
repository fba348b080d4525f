"""One case in each state, as they stand on Friday 2026-10-16 at 10:00."""

from collections.abc import Callable
from decimal import Decimal

from cases import operations as ops
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on

Make = Callable[..., CaseDriver]


def path(driver: CaseDriver, *more: str) -> str:
    """The address of a case's page, or of one below it."""
    return "/".join(["/cases", driver.case.reference, *more, ""])


def draft(make: Make, number: str = "13800000001") -> CaseDriver:
    return make(number, now="2026-10-16T09:00")


def waiting(make: Make, number: str = "13800000002") -> CaseDriver:
    """Handed in the day before; the answer is due by 10-22."""
    return make(number, now="2026-10-15T16:00", submitted="2026-10-15T16:00", reference="SL-4711")


def due_today(make: Make, number: str = "13800000003") -> CaseDriver:
    """Handed in on the working Saturday."""
    return make(number, now="2026-10-10T11:00", submitted="2026-10-10T11:00")


def promised_today(make: Make, number: str = "13800000004") -> CaseDriver:
    driver = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-16")), "2026-10-12T15:00")
    return driver


def overdue(make: Make, number: str = "13800000005") -> CaseDriver:
    """Three working days late: the answer was due by 10-13, 24:00."""
    return make(number, now="2026-09-30T15:00", submitted="2026-09-30T15:00")


def promise_broken(make: Make, number: str = "13800000006") -> CaseDriver:
    driver = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-14")), "2026-10-12T15:00")
    return driver


def takes_effect(make: Make, number: str = "13800000026") -> CaseDriver:
    """Told on 10-13 that it is cancelled on 11-20, and can be revoked until then."""
    driver = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.TakesEffect(at("2026-10-13T15:00"), effective_on=on("2026-11-20")), "2026-10-13T15:00")
    return driver


def under_review(make: Make, number: str = "13800000007") -> CaseDriver:
    driver = make(number, now="2026-10-14T09:00", submitted="2026-10-14T09:00")
    driver.do(ops.UnderReview(at("2026-10-15T10:00")), "2026-10-15T10:00")
    return driver


def to_verify(make: Make, number: str = "13800000008") -> CaseDriver:
    driver = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.ReportedDone(at("2026-10-15T10:00")), "2026-10-15T10:00")
    return driver


def verified(make: Make, number: str = "13800000009") -> CaseDriver:
    driver = to_verify(make, number)
    driver.do(ops.Verify(at("2026-10-15T11:00"), "hotline", "cancelled"), "2026-10-15T11:00")
    return driver


def returned(make: Make, number: str = "13800000010") -> CaseDriver:
    driver = make(number, now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    driver.do(ops.Returned(at("2026-10-14T10:00"), "欠费 12 元", reason="arrears"), "2026-10-14T10:00")
    return driver


def confirmed(make: Make, number: str = "13800000011") -> CaseDriver:
    driver = verified(make, number)
    driver.do(ops.Confirm(), "2026-10-15T12:00")
    return driver


def withdrawn(make: Make, number: str = "13800000012") -> CaseDriver:
    driver = draft(make, number)
    driver.do(ops.Withdraw("changed our mind"), "2026-10-16T09:30")
    return driver


def complained(make: Make, number: str = "13800000013") -> CaseDriver:
    """The complaint's 15 days end with 10-16, so that an appeal is possible from 10-17."""
    driver = make(number, now="2026-09-18T09:00", submitted="2026-09-18T09:00")
    driver.do(ops.Complain(at("2026-10-01T10:00"), "TS-1"), "2026-10-01T10:00")
    return driver


def complaint_old(make: Make, number: str = "13800000014") -> CaseDriver:
    """A complaint of 09-20 without answer: an appeal has been possible from 10-09."""
    driver = make(number, now="2026-09-01T09:00", submitted="2026-09-01T09:00")
    driver.do(ops.Complain(at("2026-09-20T10:00"), "TS-2"), "2026-09-20T10:00")
    return driver


def complaint_answered(make: Make, number: str = "13800000015") -> CaseDriver:
    driver = complained(make, number)
    driver.do(ops.ComplaintAnswered(at("2026-10-09T10:00"), satisfied=False, words="no"), "2026-10-09T10:00")
    return driver


def complaint_settled(make: Make, number: str = "13800000016") -> CaseDriver:
    driver = complained(make, number)
    driver.do(ops.ComplaintAnswered(at("2026-10-09T10:00"), satisfied=True), "2026-10-09T10:00")
    return driver


def appealed(make: Make, number: str = "13800000017") -> CaseDriver:
    driver = complaint_old(make, number)
    driver.do(ops.Appeal(at("2026-10-10T10:00"), "SS-1"), "2026-10-10T10:00")
    return driver


def appeal_decided(make: Make, number: str = "13800000018") -> CaseDriver:
    driver = appealed(make, number)
    driver.do(ops.AppealDecided(at("2026-10-13T10:00"), accepted=True), "2026-10-13T10:00")
    return driver


def appeal_answered(make: Make, number: str = "13800000019") -> CaseDriver:
    driver = appeal_decided(make, number)
    driver.do(ops.AppealAnswered(at("2026-10-15T10:00"), satisfied=False), "2026-10-15T10:00")
    return driver


def complained_then_returned(make: Make, number: str = "13800000020") -> CaseDriver:
    driver = complained(make, number)
    driver.do(ops.Returned(at("2026-10-12T10:00"), reason="papers"), "2026-10-12T10:00")
    return driver


def complained_then_confirmed(make: Make, number: str = "13800000021") -> CaseDriver:
    driver = complained(make, number)
    said = at("2026-10-12T10:00")
    driver.do(ops.Verify(said, "account", "cancelled", confirm=True), "2026-10-12T10:00")
    return driver


def complained_then_withdrawn(make: Make, number: str = "13800000022") -> CaseDriver:
    driver = complained(make, number)
    driver.do(ops.Withdraw(), "2026-10-12T10:00")
    return driver


def reopened(make: Make, number: str = "13800000023") -> CaseDriver:
    driver = confirmed(make, number)
    driver.do(ops.Reopen("it rings again"), "2026-10-15T18:00")
    return driver


def found_alive(make: Make, number: str = "13800000024") -> CaseDriver:
    driver = to_verify(make, number)
    driver.do(ops.Verify(at("2026-10-15T11:00"), "call", "alive"), "2026-10-15T11:00")
    return driver


def snoozed(make: Make, number: str = "13800000025") -> CaseDriver:
    driver = overdue(make, number)
    driver.do(Snooze(on("2026-10-20")), "2026-10-15T11:00")
    return driver


def refund_open(make: Make, number: str = "13800000027") -> CaseDriver:
    """36.50 yuan are due by 10-20, as the carrier said."""
    driver = confirmed(make, number)
    driver.do(ops.ExpectRefund(Decimal("36.50"), "bank_card", "6217", on("2026-10-20")), "2026-10-15T13:00")
    return driver


def refund_overdue(make: Make, number: str = "13800000028") -> CaseDriver:
    """The same was due on 10-15."""
    driver = confirmed(make, number)
    driver.do(ops.ExpectRefund(Decimal("36.50"), "bank_card", "6217", on("2026-10-15")), "2026-10-15T13:00")
    return driver


def refund_of_unknown_amount(make: Make, number: str = "13800000031") -> CaseDriver:
    """Nobody knows how much was due on 10-15."""
    driver = confirmed(make, number)
    driver.do(ops.ExpectRefund(None, due_on=on("2026-10-15")), "2026-10-15T13:00")
    return driver


def refund_complained(make: Make, number: str = "13800000029") -> CaseDriver:
    """The carrier was complained to about it on 10-16: 15 days to 10-31, a Saturday, so to Monday 11-02."""
    driver = refund_overdue(make, number)
    driver.do(ops.Complain(at("2026-10-16T08:00"), "TS-9", "余额未退"), "2026-10-16T08:05")
    return driver


def charge_complained(make: Make, number: str = "13800000030") -> CaseDriver:
    """The same about a charge after the cancellation; nothing else is owed."""
    driver = confirmed(make, number)
    driver.do(ops.RecordCharge(ops.NewCharge(Decimal(19), on("2026-10-16"))), "2026-10-16T07:00")
    driver.do(ops.Complain(at("2026-10-16T08:00"), "TS-10", "销户后仍扣费"), "2026-10-16T08:05")
    return driver


STATES: dict[str, Callable[..., CaseDriver]] = {
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
        takes_effect,
        refund_open,
        refund_overdue,
        refund_complained,
        charge_complained,
    )
}
