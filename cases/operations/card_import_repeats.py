"""What must be known of a whole table before its rows are taken: which repeat each other, what own columns it has.

Long tables are not held in memory: they are gone through once for this, and once more where numbers repeat.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cases.formats.tables.readings import ReadCard, ReadRow

#: How many different values of an own column are looked at.
_MOST_VALUES = 500


@dataclass(frozen=True)
class Repeat:
    """A card of a row that repeats the number of an earlier row; `says_more`: something that the earlier one lacks or
    has otherwise."""

    first_row: int
    says_more: bool


#: A card of a table: its row, and which of the row's cards it is, from 0.
Place = tuple[int, int]
Repeats = Mapping[Place, Repeat]


@dataclass(frozen=True)
class TableScan:
    """The repeats of a table, and by title some values of its own columns, of each kind of value at least one."""

    repeats: Repeats
    own_values: Mapping[str, Iterable[str]]


def scan_table(read: Callable[[], Iterable[ReadRow]], has_same_kind: Callable[[str, str], bool]) -> TableScan:
    """Go through all rows that `read` gives; `has_same_kind`: whether two values are of one kind of column."""
    numbers: set[str] = set()
    repeated: set[str] = set()
    own_values: dict[str, dict[str, None]] = {}
    for _, card in places(read()):
        (repeated if card.number in numbers else numbers).add(card.number)
        for title, value in card.custom.items():
            values = own_values.setdefault(title, {})
            if len(values) < _MOST_VALUES or not any(has_same_kind(value, known) for known in values):
                values[value] = None
    return TableScan(_compare(read(), repeated) if repeated else {}, own_values)


def places(rows: Iterable[ReadRow]) -> Iterator[tuple[Place, ReadCard]]:
    """The cards of rows with their places; several tables beside each other have rows of the same number."""
    row_number, count = 0, 0
    for row in rows:
        if row.row != row_number:
            row_number, count = row.row, 0
        for card in row.cards:
            yield (row_number, count), card
            count += 1


def _compare(rows: Iterable[ReadRow], repeated: set[str]) -> dict[Place, Repeat]:
    first: dict[str, tuple[int, ReadCard]] = {}
    repeats: dict[Place, Repeat] = {}
    for place, card in places(rows):
        if card.number in repeated:
            first_row, first_card = first.setdefault(card.number, (place[0], card))
            if first_card is not card:
                repeats[place] = Repeat(first_row, _says_more(card, first_card))
    return repeats


def _says_more(card: ReadCard, first: ReadCard) -> bool:
    facts: Mapping[str, object] = {**card.facts, **card.custom}
    first_facts: Mapping[str, object] = {**first.facts, **first.custom}
    # The same carrier may be written in two ways.
    same_carrier = card.carrier == first.carrier if card.carrier else card.carrier_name == first.carrier_name
    names_another = bool(card.carrier_name) and not same_carrier
    return (
        any(first_facts.get(name) != value for name, value in facts.items())
        or names_another
        or (bool(card.handler) and card.handler != first.handler)
        or (card.case is not None and card.case != first.case)
    )
