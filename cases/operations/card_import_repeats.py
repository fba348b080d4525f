"""Numbers that a table has more than once: the first row counts, and the later ones are compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.formats.tables.readings import ReadCard, ReadRow


@dataclass(frozen=True)
class Repeat:
    """A card of a row that repeats the number of an earlier row; `says_more`: something that the earlier one lacks or
    has otherwise."""

    first_row: int
    says_more: bool


#: By row and the place of the card in it.
Repeats = Mapping[tuple[int, int], Repeat]


def find_repeats(rows: Sequence[ReadRow]) -> Repeats:
    """The repeats of a table."""
    first: dict[str, tuple[int, ReadCard]] = {}
    repeats: dict[tuple[int, int], Repeat] = {}
    for row in rows:
        for place, card in enumerate(row.cards):
            first_row, first_card = first.setdefault(card.number, (row.row, card))
            if first_card is not card:
                repeats[row.row, place] = Repeat(first_row, _says_more(card, first_card))
    return repeats


def _says_more(card: ReadCard, first: ReadCard) -> bool:
    facts: Mapping[str, object] = {**card.facts, **card.custom}
    first_facts: Mapping[str, object] = {**first.facts, **first.custom}
    names_another = bool(card.carrier_name) and (card.carrier, card.carrier_name) != (first.carrier, first.carrier_name)
    return (
        any(first_facts.get(name) != value for name, value in facts.items())
        or names_another
        or (bool(card.handler) and card.handler != first.handler)
        or (card.case is not None and card.case != first.case)
    )
