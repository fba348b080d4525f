"""Cancellations logged for chosen cards, whatever their carriers: one batch for each carrier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from cases.domain.errors import CaseError
from cases.models import Card, Carrier, Team, User
from cases.operations.batches import BatchResult, NewBatch, NothingToSubmit, submit_batch


@dataclass(frozen=True)
class CarrierOutcome:
    """What became of one carrier's cards: their batch, or why there is none."""

    carrier: Carrier
    result: BatchResult | None
    error: CaseError | None = None


def cards_by_carrier(cards: Sequence[Card]) -> dict[Carrier, list[Card]]:
    """The cards (with their carriers selected) by carrier, the most first; erased ones have no number to cancel."""
    groups: dict[Carrier, list[Card]] = {}
    for card in cards:
        if not card.is_erased:
            groups.setdefault(card.carrier, []).append(card)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0].pk)))


def submit_batches(
    team: Team, cards: Sequence[Card], new_batch: NewBatch, *, by: User, now: datetime, submit_token: UUID
) -> list[CarrierOutcome]:
    """Log that the cancellation of these cards was submitted, by a batch for each carrier; `new_batch` says the rest.

    Each batch is one transaction, so that a carrier of whose cards none can be submitted does not stop the others. The
    same `submit_token` again gives the same batches. Raises InTheFuture, and what `store_receipts` raises.
    """
    outcomes = []
    for carrier, own_cards in cards_by_carrier(cards).items():
        batch = replace(new_batch, carrier=carrier, numbers=[card.number for card in own_cards])
        token = uuid5(submit_token, f"carrier {carrier.pk}")
        try:
            result = submit_batch(team, batch, by=by, now=now, submit_token=token)
        except NothingToSubmit as error:
            outcomes.append(CarrierOutcome(carrier, None, error))
        else:
            outcomes.append(CarrierOutcome(carrier, result))
    return outcomes
