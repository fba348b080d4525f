"""One meaning out of what the sentences of a message say; where they contradict each other, a person must look."""

from cases.domain.message_meaning import Meaning
from cases.formats.sms import grammar
from cases.formats.sms.evidence import Decision, Evidence
from cases.formats.sms.lexer import SmsEvent, Token
from cases.formats.sms.outcomes import decide_by_outcomes

#: Words that name the cancellation of a number.
_SUBJECT_KINDS = ("cancel", "pre", "cut", "gone", "booked", "cooling")
_OTHER_SUBJECT_KINDS = frozenset({"fixed", "other", "box"})
MEANINGS_OF_A_CASE = frozenset(
    {
        Meaning.REGISTERED,
        Meaning.UNDER_REVIEW,
        Meaning.MORE_PAPERS,
        Meaning.REFUSED,
        Meaning.PROMISED,
        Meaning.PRECANCELLED,
        Meaning.DONE,
    }
)
_NO_OUTCOME = frozenset({grammar.NOTHING, grammar.REVOCABLE, grammar.ENDING})
#: What a note without a whole statement seems to say: classes that must all be there, the first that fits.
_WEAK_KINDS = (
    (Meaning.MORE_PAPERS, "document/lack/papers"),
    (Meaning.REFUSED, "reason/arrears"),
    (Meaning.PROMISED, "date/dateby/term cut/cancel/gone/promise"),
    (Meaning.UNDER_REVIEW, "audit/review/waiting"),
    (Meaning.DONE, "cut finish/success"),
    (Meaning.REGISTERED, "register/registered"),
    (Meaning.MORE_PAPERS, "must"),
)


def speaks_of_cancellation(evidence: Evidence) -> bool:
    """Whether the message speaks of the cancellation of a number, whatever it says of it."""
    if not evidence.tokens(*_SUBJECT_KINDS, "retain"):
        card_events, _ = _split_events(evidence)
        return any(event.outcome in MEANINGS_OF_A_CASE for event in card_events) and _may_be_card(evidence)
    return evidence.has_card or not evidence.tokens(*_OTHER_SUBJECT_KINDS)


def decide(evidence: Evidence) -> Decision:
    """What the message means, and the words that say so."""
    subject = evidence.tokens(*_SUBJECT_KINDS)
    card_events, other_events = _split_events(evidence)
    if evidence.is_foreign and not evidence.has_card:
        return _decide_unrelated(evidence)
    is_about_card = bool(subject) or (bool(card_events) and _may_be_card(evidence))
    if _is_advertising(evidence, card_events):
        return Decision(Meaning.MARKETING, evidence.tokens("retain", "offer", "unsub", "survey"))
    if evidence.is_void and evidence.from_carrier and not other_events:
        return Decision(Meaning.AMBIGUOUS, subject, card_events)
    if is_about_card and (evidence.is_void or _is_doubted(evidence, card_events)):
        return Decision(Meaning.AMBIGUOUS, subject, card_events)
    if evidence.tokens("unaffected") and evidence.tokens("other", "fixed") and other_events:
        return Decision(Meaning.UNRELATED, evidence.tokens("fixed", "other"))
    if other_events and not evidence.has_card and any(event.outcome == Meaning.DONE for event in other_events):
        return Decision(Meaning.UNRELATED, evidence.tokens("fixed", "other"))
    if not card_events:
        return _decide_without_events(evidence, subject, other_events)
    if not is_about_card or (not evidence.is_named and not subject and _is_another_matter(evidence, card_events)):
        return _decide_unrelated(evidence)
    return _decide_by_events(evidence, card_events, evidence.is_named or bool(subject))


def _split_events(evidence: Evidence) -> tuple[list[SmsEvent], list[SmsEvent]]:
    """The events about the card, and those about another thing that is named before them in their clause."""
    card_events: list[SmsEvent] = []
    other_events: list[SmsEvent] = []
    for event in evidence.events:
        if event.outcome in _NO_OUTCOME:
            continue
        is_another = _OTHER_SUBJECT_KINDS & event.before and event.outcome not in (
            Meaning.REFUSED,
            Meaning.MORE_PAPERS,
        )
        (other_events if is_another else card_events).append(event)
    return card_events, other_events


def _may_be_card(evidence: Evidence) -> bool:
    """Whether a message that does not name the cancellation may still be about it: it names a card or a request."""
    return (
        evidence.has_card
        or evidence.has_reference
        or evidence.from_carrier
        or bool(evidence.tokens("order", "request", "thing"))
    )


def _is_another_matter(evidence: Evidence, card_events: list[SmsEvent]) -> bool:
    """Whether a message that does not name the cancellation names another service or a bill."""
    if (
        evidence.is_unknown_line
        or evidence.tokens("other", "unsub")
        or not (evidence.has_card or evidence.has_reference)
    ):
        return evidence.is_unknown_line or bool(evidence.tokens("other", "fixed", "bill", "unsub"))
    outcomes = {event.outcome for event in card_events}
    if evidence.from_carrier and outcomes == {Meaning.MORE_PAPERS} and evidence.tokens("bill", "arrears"):
        return True
    return bool(evidence.tokens("fixed", "bill", "stopped")) and outcomes <= {
        Meaning.DONE,
        Meaning.REGISTERED,
        grammar.CLOSED,
        grammar.HANDLED,
        grammar.NOT_DONE,
    }


def _is_doubted(evidence: Evidence, card_events: list[SmsEvent]) -> bool:
    outcomes = {event.outcome for event in card_events}
    if Meaning.DONE in outcomes and (evidence.still_works or evidence.tokens("still", "unaffected")):
        return True
    if Meaning.PROMISED in outcomes:
        return False
    return evidence.is_hearsay and (
        not outcomes or Meaning.DONE in outcomes or outcomes <= {grammar.CLOSED, grammar.HANDLED}
    )


def _is_advertising(evidence: Evidence, card_events: list[SmsEvent]) -> bool:
    outcomes = {event.outcome for event in card_events}
    offers = evidence.count("offer")
    if evidence.tokens("retain") and offers and not outcomes & {Meaning.DONE, Meaning.PROMISED}:
        return True
    if outcomes & {Meaning.DONE, Meaning.REFUSED, Meaning.PROMISED}:
        return False
    if Meaning.PRECANCELLED in outcomes:
        return offers >= 2
    if not outcomes and evidence.tokens("retain", "unsub", "survey"):
        return True
    return (offers >= 2 and not outcomes) or (offers >= 1 and bool(evidence.tokens("unsub")))


def _decide_by_events(evidence: Evidence, card_events: list[SmsEvent], is_named: bool) -> Decision:
    """What the events about the card mean, unless the rest of the message speaks against them."""
    outcomes = {event.outcome for event in card_events}
    all_tokens = [token for event in card_events for token in event.tokens]
    ambiguous = Decision(Meaning.AMBIGUOUS, all_tokens, card_events)
    claims = outcomes - {grammar.CLOSED, grammar.HANDLED, grammar.NOT_DONE, grammar.WAITING, grammar.DEMAND, "term"}
    is_closed = outcomes - {grammar.DEMAND} == {grammar.CLOSED} and evidence.has_card
    if is_closed and evidence.tokens("cancel") and not evidence.tokens("request", "matter", "audit"):
        return Decision(Meaning.DONE, all_tokens, card_events)
    if not is_named and not (evidence.has_card or evidence.has_reference) and evidence.from_carrier:
        return ambiguous
    if evidence.is_suspicious or (evidence.several_cards and len(claims) > 1):
        return ambiguous
    if not is_named and (
        claims <= {Meaning.DONE}
        or (evidence.from_carrier and claims == {Meaning.REGISTERED} and not evidence.has_reference)
    ):
        # Something was done or accepted, and it is not said what.
        return ambiguous
    if evidence.tokens("fixed") and not outcomes & {Meaning.REFUSED, Meaning.MORE_PAPERS} and not evidence.has_card:
        return Decision(Meaning.UNRELATED, evidence.tokens("fixed"))
    return decide_by_outcomes(evidence, card_events, outcomes) or ambiguous


def _decide_without_events(evidence: Evidence, subject: list[Token], other_events: list[SmsEvent]) -> Decision:
    """A message in which nothing has happened to the card."""
    is_plain = evidence.has_card and not evidence.is_hearsay and not other_events
    if is_plain and (weak := _weak_decision(evidence)):
        return weak
    if not subject:
        is_other = evidence.tokens("bill", "offer", "other", "fixed", "unsub", "arrears", "stopped")
        if not is_other and (evidence.has_card or (evidence.is_hearsay and not evidence.from_carrier)):
            return Decision(Meaning.AMBIGUOUS)
        return _decide_unrelated(evidence)
    if other_events:
        if (
            evidence.has_card
            and evidence.tokens("fixed")
            and not (evidence.tokens("unaffected", "other") or evidence.is_bound_service)
        ):
            return Decision(Meaning.AMBIGUOUS, subject, other_events)
        return Decision(Meaning.UNRELATED, evidence.tokens("fixed", "other"))
    is_threat = not evidence.has_card or evidence.tokens("cond", "late")  # 'pay, or it will be cancelled'
    if (other_tokens := evidence.tokens("bill", "arrears", "survey")) and is_threat:
        return Decision(Meaning.UNRELATED, other_tokens)
    if (other_tokens := evidence.tokens("fixed", "other")) and not evidence.has_card:
        return Decision(Meaning.UNRELATED, other_tokens)
    return Decision(Meaning.AMBIGUOUS, subject)


def _weak_decision(evidence: Evidence) -> Decision | None:
    """What a note about a card seems to say, by the mere presence of words, where it makes no whole statement."""
    if evidence.tokens("other", "offer", "unsub", "ask", "fixed", "neg", "notyet", "stopped", "bill", "survey"):
        return None
    if evidence.from_carrier and evidence.tokens(
        "cond", "after", "benign", "query", "answer", "future", "retain", "can"
    ):
        return None
    for meaning, kinds in _WEAK_KINDS:
        if evidence.from_carrier and meaning not in (Meaning.MORE_PAPERS, Meaning.REFUSED):
            continue
        if all(tokens := [evidence.tokens(*kind.split("/")) for kind in kinds.split()]):
            return Decision(meaning, [token for each in tokens for token in each])
    return None


def _decide_unrelated(evidence: Evidence) -> Decision:
    """A message that does not speak of a cancellation."""
    offers, opt_outs = evidence.tokens("offer"), evidence.tokens("unsub", "survey", "retain")
    bill = evidence.tokens("bill", "arrears")
    if (opt_outs or offers) and not (bill and not opt_outs and len(offers) < 2):
        return Decision(Meaning.MARKETING, [*offers, *opt_outs])
    return Decision(Meaning.UNRELATED, evidence.tokens("bill", "arrears", "fixed", "other", "survey"))
