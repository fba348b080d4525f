"""The open cases that a carrier's message may concern: by a card's number, or by any reference number of the case."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from cases.domain.status import OPEN_STATUSES
from cases.models import Case, Forwarder, Team
from cases.models.lookups import Folded
from cases.selectors.cases import listed
from cases.selectors.visibility import cards_of, cases_of

T = TypeVar("T")
#: Parameters of one statement.
_CHUNK = 400
#: What people leave out of a reference or add, as `plain_reference` does; other signs are in none.
_SIGNS = " -_./#:"
_REFERENCE_PATHS = ("reference", "carrier_reference", "batch__reference", "escalations__reference")


def open_cases_of(team: Team) -> QuerySet[Case]:
    """The team's open cases, but for those logged by mistake."""
    return listed(cases_of(team)).filter(status__in=OPEN_STATUSES)


def cards_ending_like(team: Team, ends: Iterable[str]) -> dict[str, dict[str, int]]:
    """The team's cards whose numbers end with these digits (2 to 4): by the end, their numbers with the cards' keys."""
    numbers_by_ending: dict[str, dict[str, int]] = {}
    for chunk in _chunks(sorted(end for end in ends if len(end) == 4)):
        for tail, number, key in cards_of(team).filter(tail__in=chunk).values_list("tail", "number", "pk"):
            numbers_by_ending.setdefault(tail, {})[number] = key
    for end in sorted(end for end in ends if len(end) in (2, 3)):
        numbers_by_ending[end] = dict(cards_of(team).filter(number__endswith=end).values_list("number", "pk"))
    return numbers_by_ending


def open_cases_of_cards(team: Team, cards: Iterable[int]) -> dict[int, int]:
    """The open case of each of these cards that has one: keys of cards to keys of cases."""
    case_by_card: dict[int, int] = {}
    for chunk in _chunks(sorted(set(cards))):
        case_by_card.update(open_cases_of(team).filter(card__in=chunk).values_list("card_id", "pk"))
    return case_by_card


def open_cases_by_reference(team: Team, references: Iterable[str]) -> dict[str, set[int]]:
    """The keys of the open cases with one of these references (as `plain_reference` gives them), by reference.

    Ours, the carrier's, its batch's and its complaints' count, in whatever writing they are stored.
    """
    distinct_references = set(references)
    keys_by_reference: dict[str, set[int]] = {}
    if not distinct_references:
        return keys_by_reference
    for path in _REFERENCE_PATHS:
        rows = open_cases_of(team).exclude(**{path: ""}).annotate(plain=_plain(path))
        if len(distinct_references) <= _CHUNK:
            rows = rows.filter(plain__in=distinct_references)
        # More are looked up the other way round: an imported file has more words than a team has open cases.
        for plain, key in rows.values_list("plain", "pk").iterator():
            if plain in distinct_references:
                keys_by_reference.setdefault(plain, set()).add(key)
    return keys_by_reference


def open_cases_at(team: Team, forwarder: Forwarder | None, receiver: str) -> list[int]:
    """The keys of the open cases of the cards in a phone, and of the card at which a message arrived (its number)."""
    arrived = Q(card__number=receiver) if receiver else Q(pk__in=())
    if forwarder:
        arrived |= Q(card__forwarders=forwarder)
    return list(open_cases_of(team).filter(arrived).order_by("pk").values_list("pk", flat=True).distinct())


def _plain(path: str) -> Func:
    expression: Combinable = F(path)
    for sign in _SIGNS:
        expression = Replace(expression, Value(sign), Value(""))
    return Folded(expression)


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
