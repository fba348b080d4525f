"""One outcome out of those that a message tells of the card; none where they contradict each other."""

from collections.abc import Sequence

from cases.domain.message_meaning import Meaning
from cases.formats.sms import grammar
from cases.formats.sms.evidence import Decision, Evidence
from cases.formats.sms.lexer import SmsEvent, Token

#: The further on, the later in the list: a message that tells more than one of these is about the last.
_PROGRESS = (Meaning.REGISTERED, Meaning.UNDER_REVIEW, Meaning.DONE, Meaning.PROMISED, Meaning.PRECANCELLED)
#: After these a bare 'cannot' is no refusal.
_REACHED = frozenset({Meaning.PRECANCELLED, Meaning.DONE, Meaning.PROMISED})
#: Beside these, what the customer is asked for decides.
_EARLY = frozenset(
    {Meaning.REGISTERED, Meaning.UNDER_REVIEW, grammar.WAITING, grammar.CLOSED, grammar.NOT_DONE, grammar.HANDLED}
)
_CONTRADICTIONS = ({Meaning.DONE, Meaning.REFUSED}, {Meaning.DONE, Meaning.MORE_PAPERS})


def decide_by_outcomes(evidence: Evidence, card_events: list[SmsEvent], told: set[str]) -> Decision | None:
    """The outcome that decides among these; None where they contradict each other."""
    outcomes = _settled(evidence, card_events, told)
    if any(pair <= outcomes for pair in _CONTRADICTIONS) or _goes_on_after_end(card_events):
        return None
    if "term" in outcomes and _is_approved(card_events):
        # A usual time limit beside 'accepted' is none; after the approval it is a promise.
        rest = outcomes - {"term", Meaning.UNDER_REVIEW, grammar.CLOSED, Meaning.REGISTERED}
        return None if rest else _decision(Meaning.PROMISED, card_events)
    for meaning in (Meaning.REFUSED, Meaning.MORE_PAPERS):
        if meaning in outcomes:
            return _decision(meaning, card_events)
    revocable = [event for event in evidence.events if event.outcome == grammar.REVOCABLE]
    if revocable and evidence.tokens("pre", "cooling", "stopped"):
        return _decision(Meaning.PRECANCELLED, [*card_events, *revocable], evidence.tokens("pre", "cooling"))
    if "term" in outcomes and outcomes <= {"term", grammar.CLOSED, grammar.HANDLED}:
        return _decision(Meaning.PROMISED, card_events)
    for meaning in reversed(_PROGRESS):
        if meaning in outcomes:
            return _decision(meaning, card_events)
    if outcomes == {grammar.NOT_DONE} and not evidence.from_carrier:
        return Decision(Meaning.UNDER_REVIEW, [token for event in card_events for token in event.tokens], card_events)
    return None


def _settled(evidence: Evidence, card_events: list[SmsEvent], told: set[str]) -> set[str]:
    """The outcomes, with what another one settles taken out, and what is no meaning turned into one."""
    outcomes = set(told)
    if {Meaning.REFUSED, Meaning.MORE_PAPERS} <= outcomes:
        # What the person must do decides: bring papers, or settle what stands in the way and ask again.
        outcomes.discard(Meaning.MORE_PAPERS if _is_final(evidence, card_events) else Meaning.REFUSED)
    if grammar.BOOKED in outcomes:
        outcomes.discard(grammar.BOOKED)
        if Meaning.DONE not in outcomes:
            outcomes.add(_booked_meaning(evidence, outcomes))
    if grammar.DEMAND in outcomes:
        outcomes.discard(grammar.DEMAND)
        if outcomes <= _EARLY:
            outcomes.add(Meaning.MORE_PAPERS)
    if grammar.WAITING in outcomes:
        outcomes.discard(grammar.WAITING)
        outcomes.add(Meaning.REGISTERED if Meaning.REGISTERED in outcomes else Meaning.UNDER_REVIEW)
    if outcomes & _REACHED and not _is_certain_refusal(evidence, card_events):
        outcomes.discard(Meaning.REFUSED)
    if (Meaning.DONE in outcomes and evidence.tokens("past", "success")) or (
        Meaning.PRECANCELLED in outcomes and evidence.tokens("cooling", "revoke", "restore")
    ):
        outcomes.discard(Meaning.MORE_PAPERS)
    return outcomes


def _goes_on_after_end(card_events: list[SmsEvent]) -> bool:
    """Whether it is said to be done, and behind that to be under way."""
    ends = [event.tokens[0].start for event in card_events if event.outcome == Meaning.DONE]
    going = [
        event.tokens[0].start
        for event in card_events
        if event.outcome == Meaning.UNDER_REVIEW and any(token.kind == "review" for token in event.tokens)
    ]
    return bool(ends and going) and max(going) > max(ends)


def _is_certain_refusal(evidence: Evidence, card_events: list[SmsEvent]) -> bool:
    """Whether a refusal says more than that something is not possible, as a cancelled number is not to be restored."""
    kinds = {token.kind for event in card_events if event.outcome == Meaning.REFUSED for token in event.tokens}
    return bool(kinds & {"refused", "final", "back", "ended"} or evidence.tokens("reason", "arrears"))


def _is_approved(card_events: list[SmsEvent]) -> bool:
    """Whether all that is told of a review is that it is over."""
    reviews = [event for event in card_events if event.outcome == Meaning.UNDER_REVIEW]
    return bool(reviews) and all(
        {"pass", "past", "finish", "success"} & {token.kind for token in event.tokens} for event in reviews
    )


def _is_final(evidence: Evidence, card_events: list[SmsEvent]) -> bool:
    """Whether the request is over, so that papers alone no longer help."""
    refusals = [event for event in card_events if event.outcome == Meaning.REFUSED]
    if evidence.tokens("reason", "arrears", "again") or any(
        token.kind == "final" for event in refusals for token in event.tokens
    ):
        return True
    return not any(
        event.outcome == Meaning.MORE_PAPERS
        and any(token.kind in ("must", "please", "papers", "confirm") for token in event.tokens)
        for event in card_events
    )


def _booked_meaning(evidence: Evidence, outcomes: set[str]) -> Meaning:
    """A cancellation arranged ahead is promised for its day, or runs a time in which it can be taken back."""
    if evidence.tokens("cooling", "revoke", "restore") or any(
        event.outcome == grammar.REVOCABLE for event in evidence.events
    ):
        return Meaning.PRECANCELLED
    if evidence.tokens("date", "dateby"):
        return Meaning.PROMISED
    return Meaning.REGISTERED if Meaning.REGISTERED in outcomes else Meaning.PRECANCELLED


def _decision(meaning: Meaning, events: list[SmsEvent], extra_tokens: Sequence[Token] = ()) -> Decision:
    own_events = [event for event in events if event.outcome == meaning]
    own_events = own_events or [
        event for event in events if event.outcome in ("term", grammar.REVOCABLE, grammar.DEMAND, grammar.WAITING)
    ]
    tokens = [token for event in own_events for token in event.tokens]
    tokens += [token for token in extra_tokens if token not in tokens]
    return Decision(meaning, tokens, own_events)
