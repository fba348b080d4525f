"""What a bill is compared with."""

from collections.abc import Iterator

from cases.domain.bill_comparison import RegisteredCard, billing_end
from cases.domain.business_days import local
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Card, Case, Team

_CHUNK = 2_000


def registered_cards(team: Team) -> Iterator[RegisteredCard]:
    """All cards of a team as a bill is compared with them, in two queries; erased ones are left out."""
    confirmed_on = {}
    open_cards = set()
    standing = Case.objects.filter(team=team, status__in=[*OPEN_STATUSES, Status.CONFIRMED]).order_by("pk")
    for card, status, confirmed_at in standing.values_list("card_id", "status", "confirmed_at").iterator(_CHUNK):
        if status in OPEN_STATUSES:
            open_cards.add(card)
        elif confirmed_at:
            confirmed_on[card] = local(confirmed_at).date()
    cards = Card.objects.filter(team=team).order_by("pk")
    columns = ("pk", "number", "carrier__slug", "monthly_fee", "opened_on")
    for pk, number, carrier, monthly_fee, opened_on in cards.values_list(*columns).iterator(_CHUNK):
        if number.isdigit():
            is_open = pk in open_cards
            day = None if is_open else confirmed_on.get(pk)
            yield RegisteredCard(
                number,
                carrier,
                monthly_fee,
                opened_on,
                billing_end(day, whole_month=False) if day else None,
                has_open_case=is_open,
            )
