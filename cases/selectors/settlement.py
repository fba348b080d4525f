"""Which confirmed cases are settled, and what is open of the others: `cases.domain.settlement` as queries.

`cases` are those that somebody may see (`selectors.cases_of`).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from cases.domain.bill_comparison import FindingKind
from cases.domain.business_days import local
from cases.domain.settlement import CaseMoney, OpenMatter, open_matters
from cases.domain.status import Status
from cases.models import Bill, BillFinding, Case, Charge, Refund
from cases.models.choices import FindingState
from cases.selectors.cases import Cases
from cases.selectors.statistics.days import day_number_of


def settled(cases: Cases) -> Cases:
    """Confirmed, the last bill looked at, and nothing is owed to us."""
    return _confirmed(cases).exclude(_has_open_matter())


def money_open(cases: Cases) -> Cases:
    """Confirmed and not settled."""
    return _confirmed(cases).filter(_has_open_matter())


def open_matters_of(cases: Iterable[Case]) -> dict[int, tuple[OpenMatter, ...]]:
    """What is open of each of these cases that is confirmed, by its key; empty: it is settled. Three queries, none
    where no case is confirmed."""
    confirmed = [case for case in cases if case.state is Status.CONFIRMED]
    if not confirmed:
        return {}
    charge_days: dict[int, list[date]] = defaultdict(list)
    for key, day in open_charges().filter(case__in=confirmed).values_list("case_id", "day"):
        charge_days[key].append(day)
    disputed = set(open_claims().filter(case__in=confirmed).values_list("case_id", flat=True))
    bills = Bill.objects.filter(team__in={case.team_id for case in confirmed}, carrier__isnull=False).order_by()
    latest_bills = {
        (team, carrier): month
        for team, carrier, month in bills.values_list("team_id", "carrier_id").annotate(latest=Max("month"))
    }
    return {
        case.pk: open_matters(
            CaseMoney(
                confirmed_on=local(case.confirmed_at).date(),
                bill_checked=case.bill_checked_at is not None,
                latest_bill=latest_bills.get((case.team_id, case.carrier_id)),
                open_charges=charge_days[case.pk],
                has_open_finding=case.pk in disputed,
                has_open_refund=case.refund_due_on is not None,
            )
        )
        for case in confirmed
        if case.confirmed_at is not None
    }


def open_charges() -> QuerySet[Charge]:
    """Charges that neither came back nor were written off."""
    return Charge.objects.filter(refunded_on__isnull=True, written_off_on__isnull=True).order_by()


def charges_after_cancellation() -> QuerySet[Charge]:
    """Those of them that were made after the number was found cancelled."""
    charges = open_charges().filter(case__status=Status.CONFIRMED)
    charges = charges.alias(charged_on=day_number_of("day"), confirmed_on=day_number_of("case__confirmed_at"))
    return charges.filter(charged_on__gt=F("confirmed_on"))


def open_refunds() -> QuerySet[Refund]:
    """Refunds of which more is expected."""
    return Refund.objects.filter(closed_on__isnull=True).order_by()


def open_claims() -> QuerySet[BillFinding]:
    """Findings by which a bill charges a number too much, as long as nobody has dealt with them or they are in
    dispute."""
    too_much = Q(kind=FindingKind.CHARGED_AFTER_CANCELLATION) | Q(kind=FindingKind.FEE_DIFFERS, amount__gt=0)
    return BillFinding.objects.filter(too_much, state__in=(FindingState.OPEN, FindingState.DISPUTED)).order_by()


def _confirmed(cases: Cases) -> Cases:
    return cases.filter(status=Status.CONFIRMED).alias(confirmed_on=day_number_of("confirmed_at"))


def _has_open_matter() -> Q:
    """Of cases as `_confirmed` has them."""
    bills = Bill.objects.filter(team=OuterRef("team"), carrier=OuterRef("carrier")).order_by()
    later_bills = bills.alias(begins_on=day_number_of("month")).filter(begins_on__gt=OuterRef("confirmed_on"))
    return (
        Q(Exists(charges_after_cancellation().filter(case=OuterRef("pk"))))
        | Q(Exists(open_claims().filter(case=OuterRef("pk"))))
        | Q(refund_due_on__isnull=False)
        | Q(~Exists(later_bills), bill_checked_at__isnull=True)
    )
