"""What of a confirmed case may be complained about: money that the carrier owes or should not have charged."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from cases.domain.bill_comparison import month_bounds
from cases.domain.costs import is_after_cancellation
from cases.domain.escalation import outlives_confirmation
from cases.domain.refunds import is_refund_overdue
from cases.domain.status import Status
from cases.models import BillFinding, Case, Charge, Escalation, Refund
from cases.models.choices import FindingState


def current_escalations(
    escalations: Iterable[Escalation], status: Status, confirmed_at: datetime | None
) -> list[Escalation]:
    """Those about what a case is about now: of a confirmed one about money, of any other all."""
    if status is not Status.CONFIRMED or confirmed_at is None:
        return list(escalations)
    return [row for row in escalations if outlives_confirmation(row.lodged_at, confirmed_at)]


def disputed_days(
    case: Case,
    charges: Iterable[Charge],
    refunds: Iterable[Refund],
    disputed_bills: Iterable[date],
    at: datetime | None,
) -> list[date]:
    """The days (Shanghai) on which what is in dispute at a moment arose; no day: nothing is.

    Of an open case: the days of its open charges. Of a confirmed one: of those after the
    cancellation, the day by which an overdue refund was first due (`at` None: of any open one), and `disputed_bills`.
    A promise of another day puts off the call and the complaint, not the day on which the dispute arose.
    """
    open_days = [charge.day for charge in charges if charge.is_open]
    if case.state is not Status.CONFIRMED:
        return open_days
    whole_month = case.carrier.bills_whole_month
    days = [day for day in open_days if is_after_cancellation(day, case.confirmed_at, whole_month=whole_month)]
    if case.refund_due_on is not None and (at is None or is_refund_overdue(case.refund_due_on, at)):
        days += [refund.first_due_on for refund in refunds if refund.is_open]
    return [*days, *disputed_bills]


def disputed_bills(cases: Sequence[Case]) -> Mapping[int, list[date]]:
    """Of the bills with a finding about these cases that is disputed, the last days of their months, by case."""
    confirmed = [case.pk for case in cases if case.state is Status.CONFIRMED]
    days: dict[int, list[date]] = {}
    if confirmed:
        findings = BillFinding.objects.filter(case__in=confirmed, state=FindingState.DISPUTED)
        for pk, month in findings.values_list("case_id", "bill__month"):
            days.setdefault(pk, []).append(month_bounds(month.year, month.month)[1])
    return days


def days_in_dispute(case: Case, at: datetime | None) -> list[date]:
    """As `disputed_days`, of a stored case; its charges and refunds are best prefetched."""
    refunds = case.refunds.all() if case.refund_due_on is not None else ()
    return disputed_days(case, case.charges.all(), refunds, disputed_bills([case]).get(case.pk, ()), at)
