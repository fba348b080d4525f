"""Reading a carrier's SMS: what it says about a cancellation, by which words, and what can be picked out of it.

`read_sms` never raises, whatever is sent. The wrong meaning is worse than 'ambiguous': what is conditional, denied,
asked, yet to come, or contradicted by another word does not count as said. Decision 18 has the reasons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.message_meaning import Meaning
from cases.formats.sms import dates as days
from cases.formats.sms import doubt, extract
from cases.formats.sms.carriers import LOOKALIKE, Origin, carrier_identifiers, is_carrier_host, origin_of
from cases.formats.sms.classifier import Weights, probabilities
from cases.formats.sms.classify import decide, speaks_of_cancellation
from cases.formats.sms.combine import candidates, combine
from cases.formats.sms.evidence import Decision, Evidence
from cases.formats.sms.lexer import (
    ASIDE,
    LEGEND,
    Sentence,
    SmsEvent,
    Token,
    clauses,
    extract_events,
    split_sentences,
    tokenize,
)
from cases.formats.sms.normalize import NormalizedText, is_garbled, normalize_text
from cases.formats.sms.numbers import find_numbers, matching_numbers, mentions_several_cards, single_card
from cases.formats.sms.one_time_codes import contains_code, find_code_name
from cases.formats.sms.types import CarrierIdentifiers, Reading, Sms

__all__ = ["carrier_identifiers", "contains_code", "matching_numbers", "read_by_rules", "read_sms"]

_MAX_WORDS = 8


def read_sms(
    sms: Sms,
    carriers: Sequence[CarrierIdentifiers],
    calendar: WorkingCalendar | None = None,
    weights: Weights | None = None,
) -> Reading:
    """What a message says by both readers (`combine`). Pure, linear in its first 2,000 characters, without an error.

    Number, reference and carrier are the rules'; day and sum those that matter for the meaning. `weights` are by
    default the shipped ones (`classifier`). What is too long or garbled stays ambiguous.
    """
    by_rules = read_by_rules(sms, carriers, calendar)
    if by_rules.meaning is Meaning.CODE:
        return by_rules
    by_classifier = probabilities(sms, weights)
    text = normalize_text(sms.text)
    if text.is_cut or is_garbled(sms.text):
        return replace(by_rules, candidates=candidates(by_rules.meaning, by_classifier))
    is_doubted = by_rules.meaning is Meaning.AMBIGUOUS and _is_doubted(sms, text, carriers, calendar)
    both = combine(by_rules.meaning, by_classifier, is_doubted=is_doubted)
    reading = replace(
        by_rules,
        meaning=both.meaning,
        candidates=both.candidates,
        is_agreed=both.is_agreed,
        certainty=both.certainty,
    )
    if both.meaning is by_rules.meaning or both.meaning is Meaning.AMBIGUOUS:
        return reading
    promised = by_rules.promised
    if both.meaning not in (Meaning.PROMISED, Meaning.PRECANCELLED):
        promised = None
    elif promised is None:
        promised = _latest_day(text, sms, calendar or WorkingCalendar())
    return replace(reading, promised=promised, amount=extract.find_amount(text.plain, both.meaning), words=())


def _is_doubted(
    sms: Sms, text: NormalizedText, carriers: Sequence[CarrierIdentifiers], calendar: WorkingCalendar | None
) -> bool:
    """Whether a message itself tells why it must not be believed, which single characters do not show."""
    plain = text.plain
    return (
        doubt.has_open_places(plain)
        or doubt.names_impossible_day(plain)
        or doubt.is_taken_back(plain)
        or doubt.is_hearsay(plain)
        or doubt.still_works(plain)
        or _is_suspicious(
            sms, plain, origin_of(sms.sender, text, carriers), _extract(text, sms, calendar or WorkingCalendar())
        )
    )


def _latest_day(text: NormalizedText, sms: Sms, calendar: WorkingCalendar) -> date | None:
    """The last day yet to come that a message names, where the rules took none for its promise."""
    today = local(sms.received_at).date()
    return max((day.day for day in _extract(text, sms, calendar).dates if day.day > today), default=None)


def read_by_rules(sms: Sms, carriers: Sequence[CarrierIdentifiers], calendar: WorkingCalendar | None = None) -> Reading:
    """What a message says by the rules alone. Pure, linear in its first 2,000 characters, without an error.

    A promise of '3 working days' is counted in `calendar`, by default the published one; days are days in Shanghai.
    A full number comes back as national digits, a masked or last-four form as it stands in the message.
    """
    text = normalize_text(sms.text)
    origin = origin_of(sms.sender, text, carriers)
    extraction = _extract(text, sms, calendar or WorkingCalendar())
    is_whole = not (text.is_cut or is_garbled(sms.text) or doubt.is_incomplete(text.plain))
    if code_span := find_code_name(text.plain):
        reading = extraction.reading(Meaning.CODE, (text.original(*code_span),), origin.carrier)
        return replace(reading, is_whole=is_whole, speaks_of_cancellation=doubt.names_cancellation(text.plain))
    if text.is_cut or is_garbled(sms.text):
        reading = extraction.reading(Meaning.AMBIGUOUS, (), origin.carrier)
        return replace(reading, is_whole=False, speaks_of_cancellation=doubt.names_cancellation(text.plain))
    today = local(sms.received_at).date()
    sentences = _sentences(text, origin, extraction, today)
    events = [_promise_if_future(event, today, extraction.dates) for event in extract_events(sentences)]
    evidence = _evidence(sms, text.plain, origin, extraction, sentences, events)
    decision = decide(evidence)
    reading = extraction.reading(
        decision.meaning,
        _deciding_words(text, decision),
        origin.carrier,
        _promised_day(decision, events, sentences, extraction.dates, today),
    )
    return replace(reading, is_whole=is_whole, speaks_of_cancellation=speaks_of_cancellation(evidence))


def _sentences(text: NormalizedText, origin: Origin, extraction: "_Extraction", today: date) -> list[Sentence]:
    hidden_spans = [
        *extraction.hidden_spans,
        *origin.signatures,
        *(aside.span() for form in (ASIDE, LEGEND) for aside in form.finditer(text.plain)),
    ]
    if quoted := doubt.quoted_span(text.plain):
        hidden_spans.append(quoted)
    return split_sentences(tokenize(text.plain, extraction.dates, hidden_spans, today))


def _evidence(
    sms: Sms,
    plain: str,
    origin: Origin,
    extraction: "_Extraction",
    sentences: list[Sentence],
    events: list[SmsEvent],
) -> Evidence:
    return Evidence(
        sentences,
        events,
        is_suspicious=_is_suspicious(sms, plain, origin, extraction),
        has_card=extraction.has_card,
        is_named=doubt.names_cancellation(plain),
        is_bound_service=doubt.names_bound_service(plain),
        has_reference=extraction.reference is not None,
        from_carrier=origin.carrier is not None,
        is_foreign=origin.is_foreign,
        is_unknown_line=origin.is_unknown_line,
        several_cards=extraction.several_cards,
        is_void=doubt.has_open_places(plain) or doubt.names_impossible_day(plain) or doubt.is_taken_back(plain),
        is_hearsay=doubt.is_hearsay(plain),
        still_works=doubt.still_works(plain),
    )


def _is_suspicious(sms: Sms, plain: str, origin: Origin, extraction: "_Extraction") -> bool:
    """Whether sender, signature and links do not go together. What is passed on by a person says so."""
    if origin.is_contradictory and not doubt.is_passed_on(plain):
        return True
    foreign_hosts = [host for host in extraction.hosts if not is_carrier_host(host)]
    return any(LOOKALIKE.search(host) for host in foreign_hosts) or bool(foreign_hosts and origin.is_personal)


@dataclass(frozen=True)
class _Extraction:
    """What stands in a message besides words."""

    plain: str
    number: str | None
    several_cards: bool
    reference: str | None
    dates: list[days.DateMention]
    hosts: list[str]
    has_card: bool
    hidden_spans: list[tuple[int, int]]

    def reading(
        self, meaning: Meaning, words: tuple[str, ...], carrier: str | None, promised: date | None = None
    ) -> Reading:
        """The reading with these parts; the sum is the one that matters for the meaning."""
        amount: Decimal | None = extract.find_amount(self.plain, meaning)
        return Reading(meaning, self.number, self.reference, promised, amount, words, carrier)


def _extract(text: NormalizedText, sms: Sms, calendar: WorkingCalendar) -> _Extraction:
    plain = text.plain
    links = extract.find_links(plain)
    references = extract.find_references(plain)
    taken_spans = [span for _, span in references] + [span for _, span in links]
    mentions = find_numbers(plain, taken_spans)
    card = single_card(mentions)
    number = None
    if card is not None:
        number = card.digits if card.digits.isdigit() else text.original(card.start, card.end)
    numbers = [(mention.start, mention.end) for mention in mentions]
    hidden_spans = taken_spans + numbers
    date_mentions = [
        day
        for day in days.find_dates(plain, sms.received_at, calendar)
        if not any(day.start < end and start < day.end for start, end in hidden_spans)
    ]
    return _Extraction(
        plain,
        number,
        mentions_several_cards(plain, mentions),
        references[0][0] if references else None,
        date_mentions,
        [host for host, _ in links],
        any(mention.is_card for mention in mentions),
        hidden_spans,
    )


def _deciding_words(text: NormalizedText, decision: Decision) -> tuple[str, ...]:
    """The deciding words as they stand, each once, in order; what stands close together stays together."""
    spans: list[tuple[int, int]] = []
    for token in sorted(decision.tokens, key=lambda token: token.start):
        if spans and token.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(token.end, spans[-1][1]))
        else:
            spans.append((token.start, token.end))
    return tuple(dict.fromkeys(text.original(start, end) for start, end in spans))[:_MAX_WORDS]


def _promise_if_future(event: SmsEvent, today: date, date_mentions: Sequence[days.DateMention]) -> SmsEvent:
    """What is 'done' on a day yet to come, or within so many days, is promised."""
    if event.outcome != Meaning.DONE or "past" in {token.kind for token in event.tokens}:
        return event
    by_start = {day.start: day for day in date_mentions}
    own_days = [by_start[token.start] for token in event.days if token.start <= event.tokens[-1].start]
    if any(day.day > today or (day.is_deadline and day.day >= today) for day in own_days):
        return replace(event, outcome=Meaning.PROMISED, tokens=(*event.tokens, *event.days))
    return event


def _promised_day(
    decision: Decision,
    events: Iterable[SmsEvent],
    sentences: Sequence[Sentence],
    date_mentions: Sequence[days.DateMention],
    today: date,
) -> date | None:
    """The day that a promise, or the end of a trial time, names: the latest when several are named."""
    future_days = {day.start: day.day for day in date_mentions if day.day >= today}
    if decision.meaning is Meaning.PROMISED:
        tokens = [
            token
            for event in events
            if event.outcome in (Meaning.PROMISED, "term")
            for token in (*event.tokens, *event.days)
        ]
        # Booked in one sentence, its day in another.
        tokens = tokens or _tokens_without_money(sentences)
    elif decision.meaning is Meaning.PRECANCELLED:
        tokens = _tokens_without_money(sentences)
    else:
        return None
    return max((future_days[token.start] for token in tokens if token.start in future_days), default=None)


def _tokens_without_money(sentences: Sequence[Sentence]) -> list[Token]:
    """The words of the clauses that do not speak of money, which has days of its own."""
    return [
        token
        for sentence in sentences
        for clause in clauses(sentence.tokens)
        if not any(each.kind == "money" for each in clause)
        for token in clause
    ]
