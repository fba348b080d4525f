"""Cells of the list of cards, as somebody types them: one of a card, or one value for many cards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.domain.card_columns import ColumnRule, Kind, UnknownColumn, parse_value
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.roles import Right
from cases.models import Card, CardColumn, Carrier, Team, User
from cases.models.choices import Purpose
from cases.operations.card_changes import card_state, record_card_changes
from cases.operations.card_columns import own_columns, rule_of, set_values
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.rights import ActorRoles

#: Cards that one statement reads.
_CHUNK = 1000


class CellChanged(CaseError):
    """Somebody else has changed the cell since the page was shown; params: value, what it is now."""

    code = "cell_changed"
    message = gettext_noop("Someone changed this to “%(value)s” while you had it open. Save again to replace it.")


def rules_of(columns: Sequence[CardColumn], known: Iterable[Carrier] | None = None) -> dict[str, ColumnRule]:
    """What the columns that can be changed may hold, by their names, or keys where they are a team's own; `known` are
    all carriers, where the caller has them."""
    carriers = {carrier.slug: str(carrier) for carrier in known or Carrier.objects.all()}
    purposes = {value: str(label) for value, label in Purpose.choices}
    fixed = {
        "carrier": ColumnRule(_("Carrier"), Kind.CHOICE, carriers, is_required=True),
        "holder": ColumnRule(_("Holder"), most=80),
        "user": ColumnRule(pgettext("of a card", "User"), most=80),
        "department": ColumnRule(_("Department"), most=80),
        "purpose": ColumnRule(_("Used for"), Kind.CHOICE, purposes),
        "plan": ColumnRule(_("Plan"), most=80),
        "monthly_fee": ColumnRule(_("Monthly fee (yuan)"), Kind.AMOUNT),
        "iccid": ColumnRule(_("ICCID"), most=20),
        "opened_on": ColumnRule(_("Opened on"), Kind.DATE),
        "contract_end": ColumnRule(_("Contract ends"), Kind.DATE),
        "note": ColumnRule(_("Card note"), most=2000),
    }
    return fixed | {column.key: rule_of(column) for column in columns}


def cell_value(card: Card, name: str) -> str:
    """What a cell holds, as it is typed; the carrier's short name."""
    if name == "carrier":
        return card.carrier.slug
    value = getattr(card, name) if name in _FACTS else card.custom.get(name, "")
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


_FACTS = frozenset(
    {"holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on", "contract_end", "note"}
)


def change_cell(card: Card, name: str, typed: str, *, shown: str, by: User, now: datetime) -> Card:
    """Put what is typed into a cell of a card; `shown` is what the page had there, as `cell_value` gives it.

    Raises CellChanged where it is something else by now (and not what is typed), UnknownColumn, ValueRefused, and
    OtherTeam or ViewerReadOnly.
    """
    ActorRoles.of(by).check(Right.WORK, card.team_id)
    columns = own_columns(card.team_id)
    rules = rules_of(columns)
    if name not in rules:
        raise UnknownColumn()
    value = parse_value(rules[name], typed)
    with transaction.atomic():
        stored = Card.objects.select_related("carrier").select_for_update(of=("self",), no_key=True).get(pk=card.pk)
        current = cell_value(stored, name)
        if current not in (shown, value):
            raise CellChanged(value=_shown(rules[name], current))
        if current != value:
            _change([stored], {name: value}, columns, by=by, now=now)
    return stored


def _shown(rule: ColumnRule, value: str) -> str:
    return (rule.choices or {}).get(value, value)[:60] or "–"


def set_card_values(
    team: Team, cards: Sequence[int], typed: Mapping[str, str], *, by: User, now: datetime
) -> list[Card]:
    """Put the same values into many cards of a team (by their keys); returns those that were changed.

    `typed` is by column, as `change_cell` takes it; an empty value empties. The number of statements does not grow with
    the cards but for chunks of a thousand, each card that is changed has its audit entry, and all of it is one
    transaction. Raises UnknownColumn, ValueRefused, OtherTeam, ViewerReadOnly.
    """
    ActorRoles.of(by).check(Right.WORK, team.pk)
    columns = own_columns(team.pk)
    rules = rules_of(columns)
    if not typed.keys() <= rules.keys():
        raise UnknownColumn()
    values = {name: parse_value(rules[name], text) for name, text in typed.items()}
    changed: list[Card] = []
    own_cards = Card.objects.filter(team=team).select_related("carrier").order_by("pk")
    keys = sorted(set(cards))
    with transaction.atomic():
        for start in range(0, len(keys), _CHUNK):
            chunk = own_cards.filter(pk__in=keys[start : start + _CHUNK])
            locked = list(chunk.select_for_update(of=("self",), no_key=True))
            differing = [card for card in locked if any(cell_value(card, name) != values[name] for name in values)]
            _change(differing, values, columns, by=by, now=now)
            changed += differing
    return changed


def _change(
    cards: Sequence[Card], values: Mapping[str, str], columns: Sequence[CardColumn], *, by: User, now: datetime
) -> None:
    """Write parsed values into locked cards, and record them."""
    stored = {name: _stored(name, value) for name, value in values.items() if name in _FACTS}
    own = {name: value for name, value in values.items() if name not in _FACTS and name != "carrier"}
    carrier = Carrier.objects.get(slug=values["carrier"]) if "carrier" in values else None
    states = []
    for card in cards:
        states.append((card, card_state(card)))
        set_values(card, {**stored, "custom": own}, columns)
        if carrier:
            card.carrier = carrier
    save_columns(cards, [*stored, *(["custom"] if own else []), *(["carrier"] if carrier else [])])
    record_card_changes(states, by=by, now=now)


def _stored(name: str, value: str) -> str | Decimal | date | None:
    if name == "monthly_fee":
        return Decimal(value) if value else None
    if name in ("opened_on", "contract_end"):
        return date.fromisoformat(value) if value else None
    return value
