"""The card register: cards are registered, brought up to date, changed, corrected and deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from cases.domain import masking, phones
from cases.domain.errors import CardHasCases, NumberErased, NumberTaken, ReasonMissing
from cases.domain.roles import Right
from cases.models import AuditEntry, Card, Carrier, CarrierMessage, Case, Team, User
from cases.models.choices import AuditKind
from cases.operations.audit_log import record_audit_entry
from cases.operations.card_changes import CorrectNumber, card_state, record_card_changes
from cases.operations.card_columns import own_columns, set_values
from cases.operations.engine.bulk_insert import insert_rows
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.perform import perform
from cases.operations.engine.rights import ActorRoles

#: Of operators of the installation: the admin lets them change the register of every team.
REGISTER_PERMISSION = "cases.change_card"


@dataclass(frozen=True)
class CardFacts:
    """What is known of a card; an empty value leaves what the register has.

    `custom`: values of the team's own columns by their keys, and as in `Card.custom`.
    """

    holder: str = ""
    user: str = ""
    department: str = ""
    purpose: str = ""
    plan: str = ""
    monthly_fee: Decimal | None = None
    iccid: str = ""
    opened_on: date | None = None
    contract_end: date | None = None
    note: str = ""
    handler_name: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)

    def known(self) -> dict[str, object]:
        """The values that are not empty, by column."""
        return {name: value for name, value in vars(self).items() if value not in ("", None, {})}


@dataclass(frozen=True)
class NewCard:
    """A card to be registered or brought up to date.

    `number` may be typed in any way and is held as national digits; raises NumberRefused. A carrier that is a guess
    does not replace what the register has.
    """

    number: str
    carrier: Carrier
    facts: CardFacts = field(default_factory=CardFacts, kw_only=True)
    carrier_is_guess: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", phones.parse(self.number))


def register_cards(team: Team, new_cards: Sequence[NewCard], *, by: User | None, now: datetime) -> dict[str, Card]:
    """Register the cards that the team lacks, bring the others up to date, and return them all by number.

    `by` is who does it, `now` the aware moment of recording: another holder or carrier is recorded on the card's open
    cases. The cards stay locked until the transaction ends. The number of statements does not grow with the cards, and
    a card that somebody registers at the same moment is not an error.
    """
    new_by_number = {new_card.number: new_card for new_card in new_cards}
    # In the order of their keys, so that two lists with the same cards cannot wait for each other.
    own_cards = Card.objects.filter(team=team, number__in=new_by_number).select_related("carrier").order_by("pk")
    own_cards = own_cards.select_for_update(of=("self",), no_key=True)
    with transaction.atomic():
        cards = {card.number: card for card in own_cards}
        missing = [new_card for number, new_card in sorted(new_by_number.items()) if number not in cards]
        registered = _insert(team, missing, now)
        if len(registered) < len(missing):  # somebody else was quicker
            registered = []
            cards = {card.number: card for card in own_cards.all()}
        states = {number: card_state(card) for number, card in cards.items()}
        changed = [card for number, card in cards.items() if _bring_up_to_date(card, new_by_number[number])]
        save_columns(changed, ["carrier", *CardFacts.__dataclass_fields__])
        record_card_changes([(card, states[card.number]) for card in changed], by=by, now=now)
    return cards | {card.number: card for card in registered}


def _insert(team: Team, new_cards: Sequence[NewCard], now: datetime) -> list[Card]:
    """Register cards; none of those whose number the team has had a moment before."""
    names = ("team_id", "number", "carrier_id", "created_at", *CardFacts.__dataclass_fields__)
    cards = [
        Card(team=team, number=new.number, carrier=new.carrier, created_at=now, **new.facts.known())
        for new in new_cards
    ]
    keys = insert_rows(Card, names, [[getattr(card, name) for name in names] for card in cards], ignore_conflicts=True)
    if len(keys) < len(cards):
        return []
    for card, key in zip(cards, keys, strict=True):
        card.pk = key
        card._state.adding, card._state.db = False, team._state.db
    return cards


def _bring_up_to_date(card: Card, new_card: NewCard) -> bool:
    """Change the card in memory; whether there was anything to change."""
    values = new_card.facts.known()
    if new_card.facts.custom:
        values["custom"] = {**card.custom, **new_card.facts.custom}
    if not new_card.carrier_is_guess:
        values["carrier"] = new_card.carrier
    changes = {name: value for name, value in values.items() if getattr(card, name) != value}
    for name, value in changes.items():
        setattr(card, name, value)
    return bool(changes)


def register_card(
    team: Team, number: str, carrier: Carrier, facts: CardFacts, *, by: User | None, now: datetime
) -> Card:
    """The team's card with this number, registered or brought up to date as by `register_cards`.

    Raises NumberRefused.
    """
    (card,) = register_cards(team, [NewCard(number, carrier, facts=facts)], by=by, now=now).values()
    return card


def update_card(card: Card, carrier: Carrier, values: Mapping[str, object], *, by: User | None, now: datetime) -> Card:
    """Change what the register says of a card; unlike in CardFacts, an empty value empties it.

    `values` are columns of CardFacts; `custom` has the values of own columns that are changed, as they are typed, by
    their keys. What was changed is in the audit log as of `now` (aware), another holder or carrier also on the card's
    open cases. Raises Django's ValidationError, and UnknownColumn or ValueRefused of own columns.
    """
    with transaction.atomic():
        stored = _lock(card)
        before = card_state(stored)
        set_values(stored, values, own_columns(card.team_id) if values.get("custom") else [])
        stored.carrier = carrier
        stored.full_clean(exclude=["team", "number"])
        stored.save(update_fields=["carrier", *values])
        record_card_changes([(stored, before)], by=by, now=now)
    return stored


def _lock(card: Card) -> Card:
    """The card as it is stored, locked until the transaction ends; raises Card.DoesNotExist."""
    return Card.objects.select_related("carrier").select_for_update(of=("self",)).get(pk=card.pk)


def _check_manages_register(card: Card, by: User) -> None:
    """Raise OtherTeam, ManagerRequired or ViewerReadOnly unless they manage the team, or are an operator."""
    if not by.has_perm(REGISTER_PERMISSION):
        ActorRoles.of(by).check(Right.MANAGE, card.team_id)


def correct_number(card: Card, typed: str, words: str, *, by: User, now: datetime) -> Card:
    """The card has another number than was typed once: it is corrected, for the reason in `words`.

    Each of the card's cases that is not erased gets an entry, closed ones as well. A number that the card has already
    changes nothing. Raises NumberRefused, ReasonMissing, NumberTaken where another card of the team has it,
    NumberErased, and ManagerRequired and its like: for the team's managers, and operators in the admin.
    """
    _check_manages_register(card, by)
    number = phones.parse(typed)
    if not words.strip():
        raise ReasonMissing()
    try:
        with transaction.atomic():
            stored = _lock(card)
            if stored.is_erased:
                raise NumberErased()
            if stored.number != number:
                _check_not_taken(stored, number)
                _write_number(stored, number, words, by=by, now=now)
            return stored
    except IntegrityError:  # somebody registered a card with that number at the same moment
        _check_not_taken(card, number)
        raise


def _check_not_taken(card: Card, number: str) -> None:
    other = Card.objects.filter(team=card.team_id, number=number).exclude(pk=card.pk).first()
    if other is not None:
        raise NumberTaken(number=masking.mask_number(number), card=other.pk)


def _write_number(card: Card, number: str, words: str, *, by: User, now: datetime) -> None:
    before, card.number = card.number, number
    card.save(update_fields=["number"])
    cases = Case.objects.filter(card=card, erased_at__isnull=True)
    perform(CorrectNumber(before, number, words), cases, by=by, now=now)
    AuditEntry.objects.create(
        at=now,
        kind=AuditKind.NUMBER_CORRECTED,
        by=by,
        team_id=card.team_id,
        card=card,
        about=f"{masking.mask_number(before)} → {masking.mask_number(number)}",
    )


def delete_card(card: Card, *, by: User, now: datetime) -> None:
    """Delete a card that has no case; what was noted about it in the audit log stays, and so do its messages.

    Raises CardHasCases, and ManagerRequired and its like: for the team's managers, and operators in the admin.
    """
    _check_manages_register(card, by)
    with transaction.atomic():
        stored = _lock(card)
        cases = Case.objects.filter(card=stored)
        if cases.exists():
            raise CardHasCases(count=cases.count())
        CarrierMessage.objects.filter(card=stored).update(card=None)
        about = "" if stored.is_erased else masking.mask_number(stored.number)
        record_audit_entry(AuditKind.CARD_DELETED, by=by, now=now, team=stored.team, about=about)
        stored.delete()
