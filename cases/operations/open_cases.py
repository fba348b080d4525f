"""Opening cases: the card is found or registered, and the case begins as a draft or as submitted already.

Whatever opens a case comes through here: the form, the API, batches, tables of cards and the demo.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain.errors import CaseError, NotAMember, OpenCaseExists
from cases.domain.status import OPEN_STATUSES
from cases.models import Card, Case, Team, TimelineEntry, User
from cases.models.cases import new_reference
from cases.models.choices import EntryKind, ItemState
from cases.operations.card_facts import card_facts
from cases.operations.cards import NewCard, register_cards
from cases.operations.engine.act_tokens import part_token
from cases.operations.engine.beginnings import Beginning, begin_cases
from cases.operations.engine.perform import CHUNK
from cases.operations.engine.verb import Verb, Work
from cases.operations.named_handlers import members_by_name, normalized_name
from cases.operations.submission import Submit
from cases.operations.take_over import TakeOver
from cases.selectors import assignable_users

#: The parts of an act that opens cases, after their first entries.
_FURTHER_PARTS = ("submit", "refund", "received")
#: The case of a request, or why it has none.
OpenResult = Case | CaseError


@dataclass(frozen=True)
class NewCase(NewCard):
    """A request to cancel a card.

    `handler` looks after the case, None: nobody in particular. `words` and `ready` (codes of checklist items that are
    settled) go into its first entry. With `submit` the request is with the carrier already, with `take_over` it stands
    as a table says, and `further` (a refund, and what came of it) follows; without either the case is a draft.
    `case_reference` names the case where that may not be left to chance.

    Where the card names somebody who handles it (`Card.handler_name`) and who is a member by now, that is the handler,
    unless the request names somebody else than whoever records it.
    """

    reason: str
    channel: str
    handler: User | None = None
    words: str = ""
    ready: tuple[str, ...] = ()
    submit: Submit | None = None
    take_over: TakeOver | None = None
    case_reference: str = ""
    further: tuple[Verb, ...] = ()


def open_cases(
    team: Team, new_cases: Sequence[NewCase], *, by: User, now: datetime, submit_token: UUID | None = None
) -> list[OpenResult]:
    """Open a case for each request; the results stand in the order of the requests.

    A request that is refused (OpenCaseExists, NotAMember, what Submit raises) leaves nothing behind and does not stop
    the others. Of several requests for one number the first that is not refused has the case. `by` is who records
    them, `now` the aware moment of recording; the same `submit_token` again gives the same cases. Chunks commit one
    by one, unless the caller holds a transaction; the number of statements for a chunk does not grow with it.
    """
    opener = _Opener(team, by, now, submit_token)
    results: list[OpenResult] = []
    for start in range(0, len(new_cases), CHUNK):
        results += opener.open_chunk(new_cases[start : start + CHUNK])
    return results


def open_case(team: Team, new_case: NewCase, *, by: User, now: datetime, submit_token: UUID | None = None) -> Case:
    """Open one case as `open_cases` does; raises the error that refused it."""
    (result,) = open_cases(team, [new_case], by=by, now=now, submit_token=submit_token)
    if isinstance(result, CaseError):
        raise result
    return result


@dataclass(frozen=True)
class _Open(Verb):
    """The first entry of a case."""

    new_case: NewCase
    kind: ClassVar[EntryKind] = EntryKind.LOGGED

    def apply(self, work: Work) -> None:
        case, new_case = work.case, self.new_case
        work.content |= {
            "number": case.card.number,
            "carrier": case.carrier.slug,
            "reason": case.reason,
            "channel": case.channel,
            "team": case.team_id,
            "handler_id": case.handler_id,
            "card": card_facts(case),
            "words": new_case.words,
            "ready": list(new_case.ready),
        }
        for code in new_case.ready:
            work.set_mark(code, ItemState.DONE)


class _SubmitRefused(Exception):
    """Some requests of a chunk cannot be submitted; the errors by their indexes."""

    def __init__(self, errors: Mapping[int, CaseError]) -> None:
        self.errors = errors


@dataclass
class _Opener:
    """One act of opening cases: who, when, and which numbers have a case by it."""

    team: Team
    by: User
    now: datetime
    submit_token: UUID | None
    references: dict[str, str] = field(default_factory=dict)

    def open_chunk(self, new_cases: Sequence[NewCase]) -> list[OpenResult]:
        try:
            return self._open_together(new_cases)
        except IntegrityError:
            # Somebody else was quicker somewhere in the chunk; one by one, only that request is refused.
            return [result for new_case in new_cases for result in self._open_together([new_case])]

    def _open_together(self, new_cases: Sequence[NewCase]) -> list[OpenResult]:
        """All of them in one transaction, once more for each time that some are refused."""
        refused: dict[int, CaseError] = {}
        while True:
            try:
                with transaction.atomic():
                    results = self._attempt(new_cases, refused)
            except _SubmitRefused as error:
                refused |= error.errors
            else:
                self.references |= {r.card.number: r.reference for r in results if isinstance(r, Case)}
                return results

    def _attempt(self, new_cases: Sequence[NewCase], refused: Mapping[int, CaseError]) -> list[OpenResult]:
        results = self._results_without_opening(new_cases, refused)
        index_by_number: dict[str, int] = {}
        for index, new_case in enumerate(new_cases):
            if index not in results:
                index_by_number.setdefault(new_case.number, index)
        cases = self._create({index: new_cases[index] for index in index_by_number.values()})
        results |= cases
        for index, new_case in enumerate(new_cases):
            if index not in results:
                reference = cases[index_by_number[new_case.number]].reference
                results[index] = OpenCaseExists(reference=reference)
        return [results[index] for index in range(len(new_cases))]

    def _results_without_opening(
        self, new_cases: Sequence[NewCase], refused: Mapping[int, CaseError]
    ) -> dict[int, OpenResult]:
        """What is refused, and what an earlier try with the same token opened; by index."""
        numbers = {new_case.number for new_case in new_cases}
        earlier_cases = self._earlier_cases(numbers)
        open_cases = Case.objects.filter(team=self.team, card__number__in=numbers, status__in=OPEN_STATUSES)
        references = dict(open_cases.values_list("card__number", "reference")) | self.references
        references |= {number: case.reference for number, case in earlier_cases.items()}
        handlers = {new_case.handler.pk for new_case in new_cases if new_case.handler}
        members = set(assignable_users(self.team).filter(pk__in=handlers).values_list("pk", flat=True))
        results: dict[int, OpenResult] = dict(refused)
        for index, new_case in enumerate(new_cases):
            number, handler = new_case.number, new_case.handler
            if index in results:
                continue
            if number in earlier_cases:
                results[index] = earlier_cases.pop(number)
            elif number in references:
                results[index] = OpenCaseExists(reference=references[number])
            elif handler and handler.pk not in members:
                results[index] = NotAMember()
        return results

    def _earlier_cases(self, numbers: Collection[str]) -> dict[str, Case]:
        """What this token has opened before this act for these numbers, by number."""
        if self.submit_token is None:
            return {}
        # First the cases: an imported table may have opened a hundred thousand others with its token.
        cases_of_numbers = Case.objects.filter(team=self.team, card__team=self.team, card__number__in=numbers)
        entries = TimelineEntry.objects.filter(
            recorded_by=self.by,
            click=self.submit_token,
            kind=EntryKind.LOGGED,
            case__in=list(cases_of_numbers.values_list("pk", flat=True)),
        )
        cases = [entry.case for entry in entries.select_related("case__card")]
        return {case.card.number: case for case in cases if case.card.number not in self.references}

    def _handler(self, new_case: NewCase, card: Card, members: Mapping[str, User]) -> User | None:
        if card.handler_name and new_case.handler in (None, self.by):
            return members.get(normalized_name(card.handler_name)) or new_case.handler
        return new_case.handler

    def _create(self, new_cases: Mapping[int, NewCase]) -> dict[int, Case]:
        """The new cases by index, as they stand after their entries; raises _SubmitRefused."""
        if not new_cases:
            return {}
        cards = register_cards(self.team, list(new_cases.values()), by=self.by, now=self.now)
        members = members_by_name(self.team) if any(card.handler_name for card in cards.values()) else {}
        beginnings = [
            Beginning(self._case(new_case, cards[new_case.number], members), _verbs(new_case, self.now))
            for new_case in new_cases.values()
        ]
        indexes = list(new_cases)
        tokens = [self.submit_token, *(part_token(self.submit_token, part) for part in _FURTHER_PARTS)]
        refused = begin_cases(beginnings, by=self.by, now=self.now, tokens=tokens)
        if refused:
            raise _SubmitRefused({indexes[place]: error for place, error in refused.items()})
        return {index: beginning.case for index, beginning in zip(indexes, beginnings, strict=True)}

    def _case(self, new_case: NewCase, card: Card, members: Mapping[str, User]) -> Case:
        return Case(
            reference=new_case.case_reference or new_reference(),
            team=self.team,
            card=card,
            carrier=new_case.carrier,
            handler=self._handler(new_case, card, members),
            reason=new_case.reason,
            channel=new_case.channel,
            created_at=self.now,
        )


def _verbs(new_case: NewCase, now: datetime) -> list[Verb]:
    beginning = new_case.take_over or new_case.submit
    return [_Open(new_case), beginning.settled(now), *new_case.further] if beginning else [_Open(new_case)]
