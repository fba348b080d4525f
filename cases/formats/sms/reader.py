"""Reading a carrier's SMS: what it says about a cancellation, by which words, and what can be picked out of it.

`read` never raises, whatever is sent. The wrong meaning is worse than 'ambiguous': what is conditional, denied, asked,
yet to come, or contradicted by another word is not taken for said. Decision 18 has the reasons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cases.domain.business_days import WorkingCalendar, local
from cases.formats.sms import dates as days
from cases.formats.sms import extract
from cases.formats.sms.carriers import is_own_host, marks, origin_of
from cases.formats.sms.classify import Decision, Findings, decide
from cases.formats.sms.grammar import ENDING
from cases.formats.sms.lexer import ASIDE, Event, events_in, sentences_of, tokens_in, veil
from cases.formats.sms.normalize import Text, is_garbled, plain_text
from cases.formats.sms.numbers import forms_in, match_number, several_cards, the_card
from cases.formats.sms.one_time_codes import code_words, is_code
from cases.formats.sms.types import CarrierMarks, Meaning, Reading, Sms

__all__ = ["is_code", "marks", "match_number", "read"]

_MOST_WORDS = 8


def read(sms: Sms, carriers: Sequence[CarrierMarks], calendar: WorkingCalendar | None = None) -> Reading:
    """What a message says. Pure, linear in its first 2,000 characters, and without an error for any text.

    A promise of '3 working days' is counted in `calendar`, by default the published one; days are days in Shanghai.
    A full number comes back as national digits, a masked or last-four form as it stands in the message.
    """
    text = plain_text(sms.text)
    origin = origin_of(sms.sender, text, carriers)
    facts = _picked(text, sms, calendar or WorkingCalendar())
    if secret := code_words(text.plain):
        return facts.reading(Meaning.CODE, (text.as_it_stands(*secret),), origin.carrier)
    if text.cut or is_garbled(sms.text):
        return facts.reading(Meaning.AMBIGUOUS, (), origin.carrier)
    hidden = [*facts.hidden, *origin.signatures, *(aside.span() for aside in ASIDE.finditer(text.plain))]
    veiled = veil(text.plain, [*hidden, *((day.start, day.end) for day in facts.days)])
    veiled = veil(veiled, facts.numbers, blank="\0")
    sentences = sentences_of(tokens_in(text.plain, origin.carrier, facts.days, hidden), veiled)
    today = local(sms.received_at).date()
    events = [_as_of(event, today, facts.days) for event in events_in(sentences)]
    decision = decide(
        Findings(
            sentences,
            events,
            suspicious=origin.contradicts or facts.several or any(not is_own_host(host) for host in facts.hosts),
            has_card=facts.number is not None,
            from_carrier=origin.carrier is not None,
            foreign=origin.foreign,
        )
    )
    return facts.reading(
        decision.meaning, _words(text, decision), origin.carrier, _promised(decision, events, facts.days)
    )


@dataclass(frozen=True)
class _Picked:
    """What stands in a message besides words."""

    plain: str
    number: str | None
    several: bool
    reference: str | None
    days: list[days.Found]
    hosts: list[str]
    numbers: list[tuple[int, int]]
    hidden: list[tuple[int, int]]

    def reading(
        self, meaning: Meaning, words: tuple[str, ...], carrier: str | None, promised: date | None = None
    ) -> Reading:
        """The reading with these parts; the sum is the one that matters for the meaning."""
        amount: Decimal | None = extract.amount_in(self.plain, meaning)
        return Reading(meaning, self.number, self.reference, promised, amount, words, carrier)


def _picked(text: Text, sms: Sms, calendar: WorkingCalendar) -> _Picked:
    plain = text.plain
    addresses = extract.addresses_in(plain)
    references = extract.references_in(plain)
    taken = [span for _, span in references] + [span for _, span in addresses]
    forms = forms_in(plain, taken)
    card = the_card(forms)
    number = None
    if card is not None:
        number = card.digits if card.digits.isdigit() else text.as_it_stands(card.start, card.end)
    numbers = [(form.start, form.end) for form in forms]
    hidden = taken + numbers
    found = [
        day
        for day in days.dates_in(plain, sms.received_at, calendar)
        if not any(day.start < end and start < day.end for start, end in hidden)
    ]
    return _Picked(
        plain,
        number,
        several_cards(plain, forms),
        references[0][0] if references else None,
        found,
        [host for host, _ in addresses],
        numbers,
        hidden,
    )


def _words(text: Text, decision: Decision) -> tuple[str, ...]:
    """The deciding words as they stand, each once, in order; what stands close together stays together."""
    spans: list[tuple[int, int]] = []
    for token in sorted(decision.tokens, key=lambda token: token.start):
        if spans and token.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(token.end, spans[-1][1]))
        else:
            spans.append((token.start, token.end))
    return tuple(dict.fromkeys(text.as_it_stands(start, end) for start, end in spans))[:_MOST_WORDS]


def _as_of(event: Event, today: date, found: Sequence[days.Found]) -> Event:
    """What is 'done' on a day yet to come is promised."""
    ahead = {day.start for day in found if day.day > today}
    if event.outcome == Meaning.DONE and any(token.start in ahead for token in event.tokens):
        return replace(event, outcome=Meaning.PROMISED)
    return event


def _promised(decision: Decision, events: Iterable[Event], found: Sequence[days.Found]) -> date | None:
    """The day that a promise, or the end of a trial time, names: the latest when several are named."""
    if decision.meaning not in (Meaning.PROMISED, Meaning.PRECANCELLED):
        return None
    by_place = {day.start: day.day for day in found}
    besides = "term" if decision.meaning is Meaning.PROMISED else ENDING
    outcomes = (Meaning.PROMISED, Meaning.PRECANCELLED, besides)
    named = [
        by_place[token.start]
        for event in events
        if event.outcome in outcomes
        for token in event.tokens
        if token.start in by_place
    ]
    return max(named, default=None)
