"""What the carrier wants paid before it goes on with a returned request."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import prefetch_related_objects

from cases.domain.status import Status
from cases.models import Case, TimelineEntry
from cases.models.choices import ChargeKind, EntryKind, ReturnReason
from cases.operations.engine.effective_entries import CORRECTION_KINDS, effective_entries
from cases.operations.engine.group_by_case import group_by_case

#: What of the record names a sum, or takes one back.
_KINDS = (EntryKind.RETURNED, *CORRECTION_KINDS)


def amount_owed(case: Case) -> Decimal | None:
    """The sum (yuan) for which a case stands returned: as the return named it, or else the last arrears recorded on it.

    None where nothing is owed, or nobody knows how much.
    """
    return amounts_owed([case]).get(case.pk)


def amounts_owed(cases: Iterable[Case]) -> dict[int, Decimal]:
    """By the key of a case the sum (yuan) that `amount_owed` says of it, where there is one; two queries for all."""
    returned = [case for case in cases if case.state is Status.RETURNED]
    entries = TimelineEntry.objects.filter(case__in=returned, kind__in=_KINDS).select_related("content")
    entries_by_case = group_by_case(entries.order_by("sequence"))
    prefetch_related_objects(returned, "charges")
    sums = {case.pk: _sum_of(case, entries_by_case.get(case.pk, [])) for case in returned}
    return {pk: amount for pk, amount in sums.items() if amount is not None}


def _sum_of(case: Case, entries: list[TimelineEntry]) -> Decimal | None:
    returns = [entry for entry in effective_entries(entries) if hasattr(entry, "content")]
    if returns and returns[-1].content.body.get("owed"):
        return Decimal(returns[-1].content.body["owed"])
    if case.return_reason != ReturnReason.ARREARS:
        return None
    charges = [
        charge for charge in case.charges.all() if charge.kind == ChargeKind.ARREARS and charge.refunded_on is None
    ]
    return charges[-1].amount if charges else None
