"""The card register: cards are registered, brought up to date and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from cases.domain import phones
from cases.models import Card, Carrier, Team
from cases.operations.engine.bulk_update import save_columns


@dataclass(frozen=True)
class CardFacts:
    """What is known of a card; an empty value leaves what the register has."""

    holder: str = ""
    purpose: str = ""
    plan: str = ""
    monthly_fee: Decimal | None = None
    contract_end: date | None = None

    def known(self) -> dict[str, object]:
        """The values that are not empty, by column."""
        return {name: value for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class NewCard:
    """A card to be registered or brought up to date.

    `number` may be typed in any way and is held as national digits; raises NumberRefused.
    """

    number: str
    carrier: Carrier
    facts: CardFacts = field(default_factory=CardFacts, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", phones.parse(self.number))


def register_cards(team: Team, new_cards: Sequence[NewCard], *, now: datetime) -> dict[str, Card]:
    """Register the cards that the team lacks, bring the others up to date, and return them all by number.

    `now` is the aware moment of recording. The cards stay locked until the transaction ends. The number of statements
    does not grow with the cards, and a card that somebody registers at the same moment is not an error.
    """
    new_by_number = {new_card.number: new_card for new_card in new_cards}
    # In the order of their keys, so that two lists with the same cards cannot wait for each other.
    own_cards = Card.objects.filter(team=team, number__in=new_by_number).order_by("pk")
    with transaction.atomic():
        cards = {card.number: card for card in own_cards.select_for_update(no_key=True)}
        missing = [new_card for number, new_card in sorted(new_by_number.items()) if number not in cards]
        if missing:
            Card.objects.bulk_create(
                (
                    Card(team=team, number=new.number, carrier=new.carrier, created_at=now, **new.facts.known())
                    for new in missing
                ),
                ignore_conflicts=True,
            )
            cards = {card.number: card for card in own_cards.select_for_update(no_key=True)}
        changed = [card for number, card in cards.items() if _bring_up_to_date(card, new_by_number[number])]
        save_columns(changed, ["carrier", *CardFacts.__dataclass_fields__])
    return cards


def _bring_up_to_date(card: Card, new_card: NewCard) -> bool:
    """Change the card in memory; whether there was anything to change."""
    values = {"carrier_id": new_card.carrier.pk, **new_card.facts.known()}
    changes = {name: value for name, value in values.items() if getattr(card, name) != value}
    for name, value in changes.items():
        setattr(card, name, value)
    return bool(changes)


def register_card(team: Team, number: str, carrier: Carrier, facts: CardFacts, *, now: datetime) -> Card:
    """The team's card with this number, registered or brought up to date as by `register_cards`.

    Raises NumberRefused.
    """
    (card,) = register_cards(team, [NewCard(number, carrier, facts=facts)], now=now).values()
    return card


def update_card(card: Card, carrier: Carrier, values: Mapping[str, object]) -> Card:
    """Change what the register says of a card; unlike in CardFacts, an empty value empties it.

    Raises Django's ValidationError.
    """
    for name, value in values.items():
        setattr(card, name, value)
    card.carrier = carrier
    card.full_clean(exclude=["team"])
    card.save()
    return card
