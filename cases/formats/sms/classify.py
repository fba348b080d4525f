"""One meaning out of what the sentences of a message say; where they contradict each other, a person must look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.domain.message_meaning import Meaning
from cases.formats.sms import grammar
from cases.formats.sms.lexer import Sentence, SmsEvent, Token

_SUBJECT_KINDS = frozenset({"cancel", "pre", "retain"})
#: Said by the carriers of a request to cancel even where the message does not name it (facts.md, 'Carrier SMS').
_CANCELLATION_KINDS = frozenset({"dispatched", "papers", "back"})
#: The further on, the later in the list: a message that tells more than one of these is about the last.
_PROGRESS = (Meaning.REGISTERED, Meaning.UNDER_REVIEW, Meaning.PROMISED, Meaning.PRECANCELLED, Meaning.DONE)
_CONTRADICTIONS = (
    {Meaning.DONE, Meaning.REFUSED},
    {Meaning.DONE, Meaning.MORE_PAPERS},
    {Meaning.DONE, Meaning.PRECANCELLED},
    {Meaning.PROMISED, Meaning.REFUSED},
    {Meaning.PROMISED, Meaning.MORE_PAPERS},
    {Meaning.PRECANCELLED, Meaning.REFUSED},
)
_BOUND_SERVICE = re.compile(
    r"\0[^\0,。;]{0,8}(?:的|下|绑定|关联|捆绑|办理|加装)[^\0,。;]{0,4}(?:宽带|固话|光纤|IPTV|电视)"
)
_OTHER_SUBJECT_KINDS = frozenset({"fixed", "other"})


@dataclass(frozen=True)
class Evidence:
    """All that the decision rests on."""

    sentences: Sequence[Sentence]
    events: Sequence[SmsEvent]
    #: Sender, signatures, addresses or numbers of the message do not go together.
    is_suspicious: bool
    has_card: bool
    from_carrier: bool
    is_foreign: bool

    def tokens(self, *kinds: str) -> list[Token]:
        """All words of these classes."""
        return [token for sentence in self.sentences for token in sentence.tokens if token.kind in kinds]

    def count(self, kind: str) -> int:
        """How many different words of a class there are (places are different words)."""
        return len(self.tokens(kind))


@dataclass(frozen=True)
class Decision:
    meaning: Meaning
    tokens: Sequence[Token] = ()
    events: Sequence[SmsEvent] = ()


def decide(evidence: Evidence) -> Decision:
    """What the message means, and the words that say so."""
    subject_tokens = evidence.tokens(*_SUBJECT_KINDS)
    if evidence.is_foreign:
        is_advertising = evidence.tokens("unsub") or evidence.count("offer") >= 2
        return (
            _decide_unrelated(evidence)
            if is_advertising or not subject_tokens
            else Decision(Meaning.UNRELATED, subject_tokens)
        )
    card_events, other_events = _split_events(evidence)
    revocable = [event for event in evidence.events if event.outcome == grammar.REVOCABLE]
    if (
        not card_events
        and not other_events
        and revocable
        and subject_tokens
        and evidence.has_card
        and evidence.tokens("cooling")
    ):
        return _decision(Meaning.PRECANCELLED, revocable, evidence.tokens("cooling"))
    if not card_events:
        return _decide_without_events(evidence, subject_tokens, other_events)
    if not subject_tokens and not any(
        token.kind in _CANCELLATION_KINDS for event in card_events for token in event.tokens
    ):
        return _decide_unnamed(evidence, card_events)
    if not subject_tokens and evidence.tokens("other", "fixed", "offer", "unsub", "bill", "arrears"):
        return _decide_unnamed(evidence, card_events)
    return _decide_by_events(evidence, card_events)


def _split_events(evidence: Evidence) -> tuple[list[SmsEvent], list[SmsEvent]]:
    """The events about the card, and those about another thing that is named before them in their clause."""
    card_events: list[SmsEvent] = []
    other_events: list[SmsEvent] = []
    for event in evidence.events:
        if event.outcome in (grammar.NOTHING, grammar.REVOCABLE, grammar.ENDING):
            continue
        is_another = _OTHER_SUBJECT_KINDS & event.before and event.outcome != Meaning.REFUSED
        (other_events if is_another else card_events).append(event)
    return card_events, other_events


def _decide_by_events(evidence: Evidence, card_events: list[SmsEvent]) -> Decision:
    """What the events about the card mean, unless the rest of the message speaks against them."""
    outcomes = {event.outcome for event in card_events}
    all_tokens = [token for event in card_events for token in event.tokens]
    offers = evidence.count("offer")
    if offers >= 2 and evidence.tokens("retain") and not outcomes & {Meaning.DONE, Meaning.REFUSED}:
        return Decision(Meaning.MARKETING, evidence.tokens("retain", "offer", "unsub"))
    ambiguous = Decision(Meaning.AMBIGUOUS, all_tokens, card_events)
    if evidence.is_suspicious or outcomes & {grammar.REVOKED, grammar.CONFIRM} or offers >= 3:
        return ambiguous
    if evidence.tokens("fixed") and Meaning.REFUSED not in outcomes and not evidence.has_card:
        return Decision(Meaning.UNRELATED, evidence.tokens("fixed"))
    if outcomes <= {Meaning.REGISTERED, Meaning.UNDER_REVIEW} and _names_another_subject(evidence, card_events):
        return ambiguous
    return _decide_by_outcomes(evidence, card_events, outcomes) or ambiguous


def _names_another_subject(evidence: Evidence, events: list[SmsEvent]) -> bool:
    """Whether a sentence that tells one of the events also names something other than the card."""
    return any(
        token.kind in _OTHER_SUBJECT_KINDS for event in events for token in evidence.sentences[event.sentence].tokens
    )


def _decide_by_outcomes(evidence: Evidence, card_events: list[SmsEvent], outcomes: set[str]) -> Decision | None:
    """The outcome that decides among these; None where they contradict each other."""
    if {Meaning.REFUSED, Meaning.MORE_PAPERS} <= outcomes:
        # What the person must do decides: bring papers, or settle what stands in the way.
        outcomes.discard(Meaning.MORE_PAPERS if evidence.tokens("reason", "arrears") else Meaning.REFUSED)
    if any(pair <= outcomes for pair in _CONTRADICTIONS):
        return None
    for meaning in (Meaning.REFUSED, Meaning.MORE_PAPERS):
        if meaning in outcomes:
            return _decision(meaning, card_events)
    revocable = [event for event in evidence.events if event.outcome == grammar.REVOCABLE]
    if revocable and Meaning.DONE not in outcomes and evidence.tokens("pre", "cooling"):
        return _decision(Meaning.PRECANCELLED, [*card_events, *revocable], evidence.tokens("pre", "cooling"))
    if outcomes == {"term"}:
        return _decision(Meaning.PROMISED, card_events)
    for meaning in reversed(_PROGRESS):
        if meaning in outcomes:
            return _decision(meaning, card_events)
    return None


def _decision(meaning: Meaning, events: list[SmsEvent], extra_tokens: Sequence[Token] = ()) -> Decision:
    own_events = [event for event in events if event.outcome == meaning]
    own_events = own_events or [event for event in events if event.outcome in ("term", grammar.REVOCABLE)]
    tokens = [token for event in own_events for token in event.tokens]
    tokens += [token for token in extra_tokens if token not in tokens]
    return Decision(meaning, tokens, own_events)


def _decide_without_events(evidence: Evidence, subject_tokens: list[Token], other_events: list[SmsEvent]) -> Decision:
    """A message in which nothing has happened to the card."""
    offers, opt_outs = evidence.count("offer"), evidence.tokens("unsub")
    if not subject_tokens:
        return _decide_unrelated(evidence)
    if other_events:
        if evidence.tokens("fixed") and evidence.has_card and not _is_bound_to_card(evidence):
            return Decision(
                Meaning.AMBIGUOUS, [token for event in other_events for token in event.tokens], other_events
            )
        return Decision(Meaning.UNRELATED, evidence.tokens("fixed", "other"))
    if opt_outs or offers >= 2 or (offers and evidence.tokens("retain")):
        return Decision(Meaning.MARKETING, evidence.tokens("retain", "offer", "unsub"))
    if other_tokens := evidence.tokens("bill", "arrears", "survey"):
        return Decision(Meaning.UNRELATED, other_tokens)
    if (other_tokens := evidence.tokens("fixed", "other")) and not evidence.has_card:
        return Decision(Meaning.UNRELATED, other_tokens)
    return Decision(Meaning.AMBIGUOUS, subject_tokens)


def _is_bound_to_card(evidence: Evidence) -> bool:
    """Whether the broadband is said to hang on a number ('号码…绑定的宽带'), and so is not the card."""
    return any(_BOUND_SERVICE.search(sentence.blanked) for sentence in evidence.sentences[:1])


def _decide_unnamed(evidence: Evidence, card_events: list[SmsEvent]) -> Decision:
    """Something is registered, refused or done, and the message does not say what."""
    if evidence.tokens("other", "fixed", "offer", "unsub", "bill", "arrears") or not evidence.from_carrier:
        return _decide_unrelated(evidence)
    tokens = [token for event in card_events for token in event.tokens]
    return Decision(Meaning.AMBIGUOUS, tokens, card_events)


def _decide_unrelated(evidence: Evidence) -> Decision:
    """A message that does not speak of a cancellation."""
    offers, opt_outs = evidence.tokens("offer"), evidence.tokens("unsub")
    bill = evidence.tokens("bill", "arrears")
    if (opt_outs or offers) and not (bill and not opt_outs and len(offers) < 2):
        return Decision(Meaning.MARKETING, [*offers, *opt_outs])
    return Decision(Meaning.UNRELATED, evidence.tokens("bill", "arrears", "fixed", "other", "survey"))
