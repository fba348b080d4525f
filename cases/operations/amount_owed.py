"""What the carrier wants paid before it goes on with a returned request."""

from decimal import Decimal

from cases.domain.status import Status
from cases.models import Case
from cases.models.choices import ChargeKind, EntryKind, ReturnReason
from cases.operations.engine.effective_entries import effective_entries


def amount_owed(case: Case) -> Decimal | None:
    """The sum (yuan) for which a case stands returned: as the return named it, or else the last arrears recorded on it.

    None where nothing is owed, or nobody knows how much.
    """
    if case.state is not Status.RETURNED:
        return None
    entries = effective_entries(list(case.entries.select_related("content").order_by("sequence")))
    returns = [entry for entry in entries if entry.kind == EntryKind.RETURNED and hasattr(entry, "content")]
    if returns and returns[-1].content.body.get("owed"):
        return Decimal(returns[-1].content.body["owed"])
    if case.return_reason != ReturnReason.ARREARS:
        return None
    charges = [
        charge for charge in case.charges.all() if charge.kind == ChargeKind.ARREARS and charge.refunded_on is None
    ]
    return charges[-1].amount if charges else None
