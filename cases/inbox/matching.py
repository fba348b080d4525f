"""Which case a carrier's message belongs to. A wrong one is worse than none: what is in doubt is only suggested."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cases.domain.status import OPEN_STATUSES
from cases.formats.sms.reader import matching_numbers
from cases.formats.sms.types import Reading
from cases.models import Card, Case, Team
from cases.selectors import cards_of, cases_of, waiting_for_carrier_at

#: A reference that is shorter says nothing.
SHORTEST_REFERENCE = 5
#: Suggestions are to be read.
SUGGESTED = 5
_TAIL = re.compile(r"\d+$", re.ASCII)


class Why(StrEnum):
    """Why a case is suggested and not taken."""

    SEVERAL = "several"
    OTHER_CARRIER = "other_carrier"
    OLDER = "older"
    NOT_SUBMITTED = "not_submitted"
    OTHER_NUMBER = "other_number"
    SAME_CARRIER = "same_carrier"


@dataclass(frozen=True)
class Suggestion:
    case: Case
    why: Why


@dataclass(frozen=True)
class Match:
    """The case that a message belongs to, or those that it may belong to; `card`: the one that it names."""

    case: Case | None = None
    card: Card | None = None
    suggestions: list[Suggestion] = field(default_factory=list)


def match(team: Team, reading: Reading, received_at: datetime) -> Match:
    """The one case of the team that the number and the reference in the message name, if they name one.

    It is the open case of the card, or its latest. The message must not be older than the case's submission, and the
    carrier that sent it must be the case's.
    """
    cards = _cards(team, reading.number)
    card = cards[0] if len(cards) == 1 else None
    by_number = [case for case in (_case_of(team, card) for card in cards) if case]
    by_reference = _by_reference(team, reading.reference)
    found = by_number if reading.number else by_reference
    if by_reference and found != by_reference:
        named = [case for case in found if case in by_reference]
        if not named:
            # The reference is that of another request.
            return Match(card=card, suggestions=_because(Why.OTHER_NUMBER, [*by_reference, *by_number]))
        found = named
    elif len(cards) > len(found):
        # Several cards fit, some without a case: it may be about one of those.
        return Match(suggestions=_because(Why.SEVERAL, found)) if found else Match()
    if len(found) > 1:
        return Match(card=card, suggestions=_because(Why.SEVERAL, found))
    if not found:
        return Match(card=card, suggestions=_of_carrier(team, reading, received_at))
    doubt = _doubt(found[0], reading, received_at)
    if doubt:
        return Match(card=found[0].card, suggestions=[Suggestion(found[0], doubt)])
    return Match(found[0], found[0].card)


def _cards(team: Team, form: str | None) -> list[Card]:
    """The team's cards whose number fits what the message shows of it."""
    tail = _TAIL.search(unicodedata.normalize("NFKC", form)) if form else None
    if not form or not tail:
        return []
    shown = {"tail": tail[0][-4:]} if len(tail[0]) >= 4 else {"number__endswith": tail[0]}
    cards = {card.number: card for card in cards_of(team).filter(**shown).order_by("pk")}
    return [cards[number] for number in matching_numbers(form, cards)]


def _case_of(team: Team, card: Card) -> Case | None:
    """The card's open case, or its latest."""
    cases = cases_of(team).filter(card=card)
    return cases.filter(status__in=OPEN_STATUSES).first() or cases.order_by("-pk").first()


def _by_reference(team: Team, reference: str | None) -> list[Case]:
    if not reference or len(reference) < SHORTEST_REFERENCE:
        return []
    return list(cases_of(team).filter(carrier_reference__iexact=reference).order_by("-pk")[: SUGGESTED + 1])


def _doubt(case: Case, reading: Reading, received_at: datetime) -> Why | None:
    if reading.carrier and reading.carrier != case.carrier.slug:
        return Why.OTHER_CARRIER
    if case.submitted_at is None:
        return Why.NOT_SUBMITTED
    return Why.OLDER if received_at < case.submitted_at else None


def _because(why: Why, cases: Sequence[Case]) -> list[Suggestion]:
    return [Suggestion(case, why) for case in {case.pk: case for case in cases}.values()][:SUGGESTED]


def _of_carrier(team: Team, reading: Reading, received_at: datetime) -> list[Suggestion]:
    """Where a message names no number at all: what waits for an answer of the carrier that sent it."""
    if reading.number or not reading.carrier:
        return []
    cases = waiting_for_carrier_at(cases_of(team), reading.carrier, received_at).order_by("reply_by", "pk")
    return _because(Why.SAME_CARRIER, list(cases[:SUGGESTED]))
