"""Which open cases a message concerns: those that it names in any writing, and those of the phone at which it arrived.

What concerns an open case is never out of a person's sight by reading alone (`cases.domain.message_disposition`), so
this looks for more than `matching`, which decides where a message belongs, takes for sure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cases.formats.sms.reader import matching_numbers
from cases.formats.sms.relevance import mentioned_numbers, mentioned_references, normalize_sender
from cases.models import Case, Forwarder, Team
from cases.selectors import concerned_cases


@dataclass(frozen=True)
class Concern:
    """Keys of open cases. `named`: the text fits this case's card and no other, or has a reference of the case;
    `possible`: the text fits its card and others; `arrived`: it came to its card's phone.

    `names_card`: it names a card of the team, whether or not that has a case; `names_number`: it names any number.
    """

    named: frozenset[int] = frozenset()
    possible: frozenset[int] = frozenset()
    arrived: frozenset[int] = frozenset()
    names_card: bool = False
    names_number: bool = False

    def __bool__(self) -> bool:
        return bool(self.named or self.possible or self.arrived)

    @property
    def keys(self) -> frozenset[int]:
        """All of them."""
        return self.named | self.possible | self.arrived


#: What names no open case and came to none's phone.
NO_CONCERN = Concern()


@dataclass(frozen=True)
class ArrivedText:
    """A text, and the number at which it arrived, where that is known (national digits, or as the phone writes it)."""

    text: str
    receiver: str = ""


@dataclass
class _Mentions:
    numbers: frozenset[str]
    references: frozenset[str]
    #: The team's cards that each form of a number fits.
    cards: list[list[int]] = field(default_factory=list)


def find_concerns(team: Team, texts: Sequence[ArrivedText], forwarder: Forwarder | None) -> list[Concern]:
    """What each text concerns, in order, in a number of queries that does not grow with the texts but in chunks."""
    mentions = [_Mentions(mentioned_numbers(it.text), mentioned_references(it.text)) for it in texts]
    cards_by_end = concerned_cases.cards_ending_like(team, {_end(form) for it in mentions for form in it.numbers})
    for mention in mentions:
        for form in sorted(mention.numbers):
            cards = cards_by_end.get(_end(form), {})
            if numbers := matching_numbers(form, cards):
                mention.cards.append([cards[number] for number in numbers])
    case_of_card = concerned_cases.open_cases_of_cards(
        team, (card for mention in mentions for cards in mention.cards for card in cards)
    )
    by_reference = concerned_cases.open_cases_by_reference(
        team, (ref for mention in mentions for ref in mention.references)
    )
    arrived_by_receiver = {
        receiver: frozenset(concerned_cases.open_cases_at(team, forwarder, normalize_sender(receiver)))
        for receiver in {it.receiver for it in texts}
    }
    return [
        _concern(mention, case_of_card, by_reference, arrived_by_receiver[it.receiver])
        for it, mention in zip(texts, mentions, strict=True)
    ]


def _concern(
    mention: _Mentions, case_of_card: dict[int, int], by_reference: dict[str, set[int]], arrived: frozenset[int]
) -> Concern:
    single = {cards[0] for cards in mention.cards if len(cards) == 1}
    # A form that fits several cards says nothing new where another form names one of these.
    several = {card for cards in mention.cards if len(cards) > 1 and single.isdisjoint(cards) for card in cards}
    referred = {key for reference in mention.references for key in by_reference.get(reference, ())}
    named = {case_of_card[card] for card in single if card in case_of_card} | referred
    possible = {case_of_card[card] for card in several if card in case_of_card} - named
    return Concern(
        named=frozenset(named),
        possible=frozenset(possible),
        arrived=arrived,
        names_card=bool(mention.cards),
        names_number=bool(mention.numbers),
    )


def references_of(cases: Iterable[Case]) -> list[str]:
    """The reference numbers by which a message may name these cases."""
    return [
        reference
        for case in cases
        for reference in (
            case.reference,
            case.carrier_reference,
            case.batch.reference if case.batch else "",
            *(escalation.reference for escalation in case.escalations.all()),
        )
        if reference
    ]


def _end(form: str) -> str:
    """The last digits, four where there are so many, of a form of a number."""
    return re.split(r"\D", form)[-1][-4:]
