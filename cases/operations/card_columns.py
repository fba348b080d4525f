"""The columns that a team adds to its cards: added, renamed, moved, made another kind, deleted with their values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import IntegrityError, transaction

from cases.domain.card_columns import (
    MOST_CHOICES,
    MOST_COLUMNS,
    ColumnRule,
    Kind,
    UnknownColumn,
    ValueRefused,
    own_rule,
    parse_value,
)
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.roles import Right
from cases.models import Card, CardColumn, Team, User
from cases.models.choices import AuditKind
from cases.operations.audit_log import record_audit_entry
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.rights import ActorRoles

#: Cards that are in memory at once.
_CHUNK = 2000
#: Titles that the columns of every team have.
_TAKEN_TITLES = frozenset({"号码", "运营商", "机主", "使用人", "部门"})


class TitleTaken(CaseError):
    code = "title_taken"
    message = gettext_noop("There is already a column with this title.")


class TooManyColumns(CaseError):
    code = "too_many_columns"
    message = gettext_noop("A team can have at most %(most)s columns of its own. Delete one first.")


class ChoicesMissing(CaseError):
    code = "choices_missing"
    message = gettext_noop("Enter the choices, one per line, at most %(most)s.")


class ValuesDoNotFit(CaseError):
    """Another kind or other choices, and cards have values that would not fit; params: count, examples."""

    code = "values_do_not_fit"
    message = gettext_noop(
        "Cards with values that would not fit: %(count)s, for example %(examples)s. Change these values first, or add "
        "a new column."
    )


@dataclass(frozen=True)
class ColumnFacts:
    """Title, kind and choices of a column; the choices count for a column of choices alone."""

    title: str
    kind: str = Kind.TEXT.value
    choices: Sequence[str] = ()

    def checked_choices(self) -> list[str]:
        """The choices without spaces and repetitions; raises ChoicesMissing."""
        if self.kind != Kind.CHOICE:
            return []
        choices = list(dict.fromkeys(choice.strip()[:80] for choice in self.choices if choice.strip()))
        if not 0 < len(choices) <= MOST_CHOICES:
            raise ChoicesMissing(most=MOST_CHOICES)
        return choices


def add_column(team: Team, facts: ColumnFacts, *, by: User, now: datetime) -> CardColumn:
    """Add a column behind the others. Raises TitleTaken, TooManyColumns, ChoicesMissing, ManagerRequired."""
    _check_manages(team.pk, by)
    choices = facts.checked_choices()
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)  # two at once do not take the same key
        columns = list(CardColumn.objects.filter(team=team))
        if len(columns) >= MOST_COLUMNS:
            raise TooManyColumns(most=MOST_COLUMNS)
        # A key is never given twice while a card may hold a value under it: deletion empties those.
        last = max((int(column.key[1:]) for column in columns), default=0)
        position = max((column.position for column in columns), default=0) + 1
        column = CardColumn(team=team, key=f"c{last + 1}", kind=facts.kind, choices=choices, position=position)
        _save(column, facts.title)
        _record(column, "+", by=by, now=now)
    return column


def change_column(column: CardColumn, facts: ColumnFacts, *, by: User, now: datetime) -> int:
    """Give a column another title, kind or choices; returns how many cards' values are written anew for it.

    Values keep their meaning: '3,000' of a text is '3000' of a number. Raises ValuesDoNotFit where some have none in
    the new kind, TitleTaken, ChoicesMissing, ManagerRequired.
    """
    _check_manages(column.team_id, by)
    choices = facts.checked_choices()
    with transaction.atomic():
        stored = CardColumn.objects.select_for_update().get(pk=column.pk)
        rewritten = 0
        if (stored.kind, stored.choices) != (facts.kind, choices):
            rewritten = _rewrite_values(stored, facts, choices)
        stored.kind, stored.choices = facts.kind, choices
        _save(stored, facts.title)
        _record(stored, "=", by=by, now=now)
    return rewritten


def move_column(column: CardColumn, step: int, *, by: User) -> None:
    """Move a column before its neighbour (`step` -1) or behind it (1)."""
    _check_manages(column.team_id, by)
    with transaction.atomic():
        columns = list(CardColumn.objects.select_for_update().filter(team=column.team_id))
        at = next((index for index, other in enumerate(columns) if other.pk == column.pk), None)
        if at is None or not 0 <= at + step < len(columns):
            return
        columns[at], columns[at + step] = columns[at + step], columns[at]
        for position, other in enumerate(columns, 1):
            other.position = position
        save_columns(columns, ["position"])


def count_values(column: CardColumn) -> int:
    """How many cards have a value in this column."""
    return Card.objects.filter(team=column.team_id, custom__has_key=column.key).count()


def delete_column(column: CardColumn, *, by: User, now: datetime) -> int:
    """Delete a column with the values that cards have in it; returns how many had one. Raises ManagerRequired."""
    _check_manages(column.team_id, by)
    with transaction.atomic():
        deleted = 0
        for cards in _chunks_with_values(column):
            for card in cards:
                del card.custom[column.key]
            save_columns(cards, ["custom"])
            deleted += len(cards)
        _record(column, f"- ({deleted})", by=by, now=now)
        column.delete()
    return deleted


def own_columns(team_id: int) -> list[CardColumn]:
    """The team's own columns, in their order."""
    return list(CardColumn.objects.filter(team=team_id))


def parse_own_values(columns: Iterable[CardColumn], typed: Mapping[str, str]) -> dict[str, str]:
    """What is stored of values typed for own columns, by their keys, '' of an empty one.

    Raises UnknownColumn for a key that none of the columns has, and what `parse_value` raises.
    """
    by_key = {column.key: column for column in columns}
    if not typed.keys() <= by_key.keys():
        raise UnknownColumn()
    return {key: parse_value(rule_of(by_key[key]), value) for key, value in typed.items()}


def set_values(card: Card, values: Mapping[str, object], columns: Iterable[CardColumn]) -> None:
    """Set columns of CardFacts in memory; of `custom`, as typed, those values alone that it names, for `columns`.

    Raises as `parse_own_values`.
    """
    for name, value in values.items():
        if name != "custom":
            setattr(card, name, value)
    own = parse_own_values(columns, cast("Mapping[str, str]", values.get("custom") or {}))
    if own:
        card.custom = {key: value for key, value in {**card.custom, **own}.items() if value}


def rule_of(column: CardColumn) -> ColumnRule:
    """What a team's own column may hold."""
    return own_rule(column.title, column.kind, column.choices)


def _rewrite_values(column: CardColumn, facts: ColumnFacts, choices: list[str]) -> int:
    rule = own_rule(column.title, facts.kind, choices)
    misfits: dict[str, None] = {}
    count = rewritten = 0
    for cards in _chunks_with_values(column):
        changed = []
        for card in cards:
            before = str(card.custom[column.key])
            try:
                value = parse_value(rule, before)
            except ValueRefused:
                misfits[before] = None
                count += 1
                continue
            if value != card.custom[column.key]:
                card.custom[column.key] = value
                changed.append(card)
        rewritten += len(changed)
        if not count:
            save_columns(changed, ["custom"])
    if count:
        raise ValuesDoNotFit(count=count, examples=[value[:40] for value in list(misfits)[:3]])
    return rewritten


def _chunks_with_values(column: CardColumn) -> Iterable[list[Card]]:
    """The cards with a value in this column, locked, chunk by chunk in the order of their keys."""
    cards = Card.objects.filter(team=column.team_id, custom__has_key=column.key).order_by("pk")
    last = 0
    while chunk := list(cards.filter(pk__gt=last).select_for_update(no_key=True).only("pk", "custom")[:_CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _save(column: CardColumn, title: str) -> None:
    column.title = title.replace("\0", "").strip()[:60]
    others = CardColumn.objects.filter(team=column.team_id).exclude(pk=column.pk)
    if column.title in _TAKEN_TITLES or others.filter(title=column.title).exists():
        raise TitleTaken()
    try:
        with transaction.atomic():
            column.save()
    except IntegrityError:
        raise TitleTaken() from None


def _record(column: CardColumn, what: str, *, by: User, now: datetime) -> None:
    about = f"card column {what} {column.title} ({column.kind})"
    record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=column.team, about=about)


def _check_manages(team_id: int, by: User) -> None:
    ActorRoles.of(by).check(Right.MANAGE, team_id)
