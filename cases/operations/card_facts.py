"""What the record of a case keeps of its card: the facts that a dossier prints."""

from cases.domain.json_values import Json
from cases.models import Case


def card_facts(case: Case) -> dict[str, Json]:
    """Number (national digits) and holder as the register has them, and the short name of the carrier that is asked."""
    return {"number": case.card.number, "holder": case.card.holder, "carrier": case.carrier.slug}
