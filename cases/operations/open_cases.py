"""Many requests logged by one act: each is a case then, or is told why not, in a fixed number of statements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from cases.domain.errors import CaseError, NotAMember, OpenCaseExists
from cases.domain.status import OPEN_STATUSES
from cases.models import Card, Carrier, Case, Team, TimelineEntry, User
from cases.models.cases import new_reference
from cases.models.choices import EntryKind
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.engine.verb import Verb
from cases.operations.open_case import CardFacts, Opened, open_case
from cases.operations.submission import Submit
from cases.selectors import assignable_users, cards_of

OpenResult = Case | CaseError


@dataclass(frozen=True)
class NewCase:
    """One of them; `number` are national digits."""

    number: str
    carrier: Carrier
    reason: str
    channel: str
    facts: CardFacts = field(default_factory=CardFacts)
    handler: User | None = None
    words: str = ""
    ready: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    reference: str = ""


class _Refused(Exception):
    """Some of a chunk are refused, by their places in it."""

    def __init__(self, why: Mapping[int, CaseError]) -> None:
        self.why = why


def open_cases(
    team: Team, new_cases: Sequence[NewCase], *, by: User, now: datetime, submit_token: UUID | None = None
) -> list[OpenResult]:
    """Log each as `log` does, in their order; of each the case, or why it is none.

    Chunks commit one by one, each request wholly or not at all; the same click twice gives the same cases.
    """
    results: list[OpenResult] = []
    for start in range(0, len(new_cases), CHUNK):
        chunk = new_cases[start : start + CHUNK]
        results += _chunk(team, chunk, by, now, uuid5(submit_token, str(start)) if submit_token else None)
    return results


def _chunk(team: Team, requests: Sequence[NewCase], by: User, now: datetime, click: UUID | None) -> list[OpenResult]:
    why: dict[int, CaseError] = {}
    while True:
        try:
            with transaction.atomic():
                return _at_once(team, requests, by, now, click, why)
        except _Refused as refused:
            why |= refused.why  # once more, without them
        except IntegrityError:
            # Somebody else was quicker somewhere in the chunk; one by one, only that request is refused.
            return [why.get(at) or _alone(team, its, by, now, click, at) for at, its in enumerate(requests)]


def _at_once(
    team: Team,
    requests: Sequence[NewCase],
    by: User,
    now: datetime,
    click: UUID | None,
    why: Mapping[int, CaseError],
) -> list[OpenResult]:
    cards = {card.number: card for card in cards_of(team).filter(number__in=[its.number for its in requests])}
    told: dict[int, OpenResult] = dict(why)
    told |= _told_without(team, requests, cards, by, click, told)
    first: dict[str, int] = {}
    for at, its in enumerate(requests):
        if at not in told:
            first.setdefault(its.number, at)
    fresh = {at: requests[at] for at in first.values()}
    _register(team, list(fresh.values()), cards, now)
    made = Case.objects.bulk_create(
        Case(
            reference=new_reference(),
            team=team,
            card=cards[its.number],
            carrier=its.carrier,
            handler=its.handler,
            reason=its.reason,
            channel=its.channel,
            created_at=now,
        )
        for its in fresh.values()
    )
    places = dict(zip((case.pk for case in made), fresh, strict=True))

    def do(verb: Callable[[NewCase], Verb | None], number: UUID | None) -> None:
        verbs = {case.pk: found for case in made if (found := verb(requests[places[case.pk]]))}
        if not verbs:
            return
        outcome = perform(PerCase(verbs), [c for c in made if c.pk in verbs], by=by, now=now, submit_token=number)
        if outcome.refused:
            raise _Refused({places[case.pk]: error for case, error in outcome.refused})

    do(lambda its: Opened(its.words, its.ready), click)
    do(lambda its: Submit(its.submitted_at, its.reference, already_sent=True) if its.submitted_at else None, None)
    told |= {places[case.pk]: case for case in made}
    open_cases = {case.card.number: case.reference for case in made}
    # Who comes twice in one list has a case by the first.
    return [told.get(at) or OpenCaseExists(reference=open_cases[its.number]) for at, its in enumerate(requests)]


def _told_without(
    team: Team,
    requests: Sequence[NewCase],
    cards: Mapping[str, Card],
    by: User,
    click: UUID | None,
    told: Mapping[int, OpenResult],
) -> dict[int, OpenResult]:
    """Those for which nothing is to be done: logged by an earlier try, taken already, or for nobody of the team."""
    earlier = _earlier(by, click, len(requests))
    taken = dict(
        Case.objects.filter(card__in=cards.values(), status__in=OPEN_STATUSES).values_list("card_id", "reference")
    )
    workers = set(assignable_users(team).values_list("pk", flat=True))
    found: dict[int, OpenResult] = {}
    for at, its in enumerate(requests):
        card = cards[its.number].pk if its.number in cards else None
        if at in told:
            continue
        if card in earlier:
            found[at] = earlier.pop(card)
        elif card in taken:
            found[at] = OpenCaseExists(reference=taken[card])
        elif its.handler and its.handler.pk not in workers:
            found[at] = NotAMember()
    return found


def _earlier(by: User, click: UUID | None, most: int) -> dict[int | None, Case]:
    """What this click has logged already, by the keys of cards."""
    if click is None:
        return {}
    clicks = [click, *(_own(click, at) for at in range(most))]
    entries = TimelineEntry.objects.filter(recorded_by=by, click__in=clicks, kind=EntryKind.LOGGED)
    return {entry.case.card_id: entry.case for entry in entries.select_related("case")}


def _own(click: UUID, at: int) -> UUID:
    """The one-time number of one request by itself."""
    return uuid5(click, str(at))


def _register(team: Team, requests: Sequence[NewCase], cards: dict[str, Card], now: datetime) -> None:
    """Every card is in the register then, and brought up to date; `cards` are those that are there by their numbers."""
    fresh = [Card(team=team, number=its.number, carrier=its.carrier, created_at=now) for its in requests]
    Card.objects.bulk_create(card for card in fresh if card.number not in cards)
    cards |= {card.number: card for card in cards_of(team).filter(number__in=[card.number for card in fresh])}
    changed = []
    for its in requests:
        card = cards[its.number]
        card.carrier = its.carrier
        for name, value in vars(its.facts).items():
            if value not in ("", None):
                setattr(card, name, value)
        changed.append(card)
    save_columns(changed, ["carrier", *CardFacts.__dataclass_fields__])


def _alone(team: Team, its: NewCase, by: User, now: datetime, click: UUID | None, at: int) -> OpenResult:
    try:
        with transaction.atomic():
            return open_case(
                team,
                its.number,
                its.carrier,
                reason=its.reason,
                channel=its.channel,
                by=by,
                now=now,
                facts=its.facts,
                handler=its.handler,
                words=its.words,
                ready=its.ready,
                submitted_at=its.submitted_at,
                reference=its.reference,
                submit_token=_own(click, at) if click else None,
            )
    except CaseError as error:
        return error
