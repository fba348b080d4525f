"""One meaning out of what the sentences of a message say; where they contradict each other, a person must look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.formats.sms import grammar
from cases.formats.sms.lexer import Event, Sentence, Token
from cases.formats.sms.types import Meaning

_THING = frozenset({"cancel", "pre", "retain"})
#: Said by the carriers of a request to cancel even where the message does not name it (facts.md, 'Carrier SMS').
_TELLING = frozenset({"dispatched", "papers", "back"})
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
_HANGS_ON = re.compile(r"\0[^\0,。;]{0,8}(?:的|下|绑定|关联|捆绑|办理|加装)[^\0,。;]{0,4}(?:宽带|固话|光纤|IPTV|电视)")
_ANOTHER = frozenset({"fixed", "other"})


@dataclass(frozen=True)
class Findings:
    """All that the decision rests on."""

    sentences: Sequence[Sentence]
    events: Sequence[Event]
    #: Sender, signatures, addresses or numbers of the message do not go together.
    suspicious: bool
    has_card: bool
    from_carrier: bool
    foreign: bool

    def tokens(self, *kinds: str) -> list[Token]:
        """All words of these classes."""
        return [token for sentence in self.sentences for token in sentence.tokens if token.kind in kinds]

    def many(self, kind: str) -> int:
        """How many different words of a class there are (places are different words)."""
        return len(self.tokens(kind))


@dataclass(frozen=True)
class Decision:
    meaning: Meaning
    tokens: Sequence[Token] = ()
    events: Sequence[Event] = ()


def decide(found: Findings) -> Decision:
    """What the message means, and the words that say so."""
    named = found.tokens(*_THING)
    if found.foreign:
        advertised = found.tokens("unsub") or found.many("offer") >= 2
        return _elsewhere(found) if advertised or not named else Decision(Meaning.UNRELATED, named)
    about, another = _parted(found)
    revocable = [event for event in found.events if event.outcome == grammar.REVOCABLE]
    if not about and not another and revocable and named and found.has_card and found.tokens("cooling"):
        return _because(Meaning.PRECANCELLED, revocable, found.tokens("cooling"))
    if not about:
        return _nothing_said(found, named, another)
    if not named and not any(token.kind in _TELLING for event in about for token in event.tokens):
        return _unnamed(found, about)
    if not named and found.tokens("other", "fixed", "offer", "unsub", "bill", "arrears"):
        return _unnamed(found, about)
    return _said(found, about)


def _parted(found: Findings) -> tuple[list[Event], list[Event]]:
    """The events about the card, and those about another thing that is named before them in their clause."""
    about: list[Event] = []
    another: list[Event] = []
    for event in found.events:
        if event.outcome in (grammar.NOTHING, grammar.REVOCABLE, grammar.ENDING):
            continue
        is_another = _ANOTHER & event.before and event.outcome != Meaning.REFUSED
        (another if is_another else about).append(event)
    return about, another


def _said(found: Findings, about: list[Event]) -> Decision:
    outcomes = {event.outcome for event in about}
    everything = [token for event in about for token in event.tokens]
    offers = found.many("offer")
    if offers >= 2 and found.tokens("retain") and not outcomes & {Meaning.DONE, Meaning.REFUSED}:
        return Decision(Meaning.MARKETING, found.tokens("retain", "offer", "unsub"))
    unclear = Decision(Meaning.AMBIGUOUS, everything, about)
    if found.suspicious or outcomes & {grammar.REVOKED, grammar.CONFIRM} or offers >= 3:
        return unclear
    if found.tokens("fixed") and Meaning.REFUSED not in outcomes and not found.has_card:
        return Decision(Meaning.UNRELATED, found.tokens("fixed"))
    if any(_ANOTHER & {token.kind for token in found.sentences[event.sentence].tokens} for event in about) and (
        outcomes <= {Meaning.REGISTERED, Meaning.UNDER_REVIEW}
    ):
        return unclear
    if {Meaning.REFUSED, Meaning.MORE_PAPERS} <= outcomes:
        # What the person must do decides: bring papers, or settle what stands in the way.
        outcomes.discard(Meaning.MORE_PAPERS if found.tokens("reason", "arrears") else Meaning.REFUSED)
    if any(pair <= outcomes for pair in _CONTRADICTIONS):
        return unclear
    for meaning in (Meaning.REFUSED, Meaning.MORE_PAPERS):
        if meaning in outcomes:
            return _because(meaning, about)
    revocable = [event for event in found.events if event.outcome == grammar.REVOCABLE]
    if revocable and Meaning.DONE not in outcomes and found.tokens("pre", "cooling"):
        return _because(Meaning.PRECANCELLED, [*about, *revocable], found.tokens("pre", "cooling"))
    if "term" in outcomes and outcomes == {"term"}:
        return _because(Meaning.PROMISED, about)
    for meaning in reversed(_PROGRESS):
        if meaning in outcomes:
            return _because(meaning, about)
    return unclear


def _because(meaning: Meaning, events: list[Event], besides: Sequence[Token] = ()) -> Decision:
    own = [event for event in events if event.outcome == meaning]
    own = own or [event for event in events if event.outcome in ("term", grammar.REVOCABLE)]
    tokens = [token for event in own for token in event.tokens]
    tokens += [token for token in besides if token not in tokens]
    return Decision(meaning, tokens, own)


def _nothing_said(found: Findings, named: list[Token], another: list[Event]) -> Decision:
    """A message in which nothing has happened to the card."""
    offers, leave = found.many("offer"), found.tokens("unsub")
    if not named:
        return _elsewhere(found)
    if another:
        if found.tokens("fixed") and found.has_card and not _belongs_to_card(found):
            return Decision(Meaning.AMBIGUOUS, [token for event in another for token in event.tokens], another)
        return Decision(Meaning.UNRELATED, found.tokens("fixed", "other"))
    if leave or offers >= 2 or (offers and found.tokens("retain")):
        return Decision(Meaning.MARKETING, found.tokens("retain", "offer", "unsub"))
    if besides := found.tokens("bill", "arrears", "survey"):
        return Decision(Meaning.UNRELATED, besides)
    if (besides := found.tokens("fixed", "other")) and not found.has_card:
        return Decision(Meaning.UNRELATED, besides)
    return Decision(Meaning.AMBIGUOUS, named)


def _belongs_to_card(found: Findings) -> bool:
    """Whether the broadband is said to hang on a number ('号码…绑定的宽带'), and so is not the card."""
    return any(_HANGS_ON.search(sentence.veiled) for sentence in found.sentences[:1])


def _unnamed(found: Findings, about: list[Event]) -> Decision:
    """Something is registered, refused or done, and the message does not say what."""
    if found.tokens("other", "fixed", "offer", "unsub", "bill", "arrears") or not found.from_carrier:
        return _elsewhere(found)
    tokens = [token for event in about for token in event.tokens]
    return Decision(Meaning.AMBIGUOUS, tokens, about)


def _elsewhere(found: Findings) -> Decision:
    """A message that does not speak of a cancellation."""
    offers, leave = found.tokens("offer"), found.tokens("unsub")
    bill = found.tokens("bill", "arrears")
    if (leave or offers) and not (bill and not leave and len(offers) < 2):
        return Decision(Meaning.MARKETING, [*offers, *leave])
    return Decision(Meaning.UNRELATED, found.tokens("bill", "arrears", "fixed", "other", "survey"))
