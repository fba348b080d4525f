"""An act over many cases undone as a whole: a bulk action, a batch, the reply to one, an imported table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cases.domain import corrections as rules
from cases.domain.business_days import local
from cases.domain.errors import CaseError
from cases.models import Case, TimelineEntry, User
from cases.models.choices import EntryKind
from cases.operations.corrections import UndoEntry
from cases.operations.engine.act_tokens import tokens_of_act
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.engine.per_case import PerCase
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.engine.verb import Verb
from cases.operations.submission import Withdraw


@dataclass
class ActUndone:
    """What became of the cases of an act: undone; withdrawn, as the act had opened them; left, each with the reason."""

    undone: list[Case] = field(default_factory=list)
    withdrawn: list[Case] = field(default_factory=list)
    left: list[tuple[Case, CaseError]] = field(default_factory=list)


def entries_of_act(token: UUID, by: User) -> Sequence[tuple[int, datetime]]:
    """Case and moment of recording of each entry that a person's act with this submit token has written."""
    entries = TimelineEntry.objects.filter(recorded_by=by, click__in=tokens_of_act(token))
    return list(entries.order_by("case_id").values_list("case_id", "recorded_at"))


def can_undo_act(token: UUID | None, by: User | None, now: datetime) -> bool:
    """Whether a person's act with this token has written something in the last ten minutes."""
    if token is None or by is None:
        return False
    entries = TimelineEntry.objects.filter(recorded_by=by, click__in=tokens_of_act(token))
    last = entries.order_by("recorded_at").values_list("recorded_at", flat=True).last()
    return last is not None and rules.is_undo_open(last, now)


def count_cases(token: UUID, by: User) -> int:
    """How many cases a person's act with this submit token has written to."""
    return len({case_id for case_id, _ in entries_of_act(token, by)})


def undo_act(token: UUID, *, by: User, now: datetime, words: str) -> ActUndone:
    """Undo what a person's act with this submit token has recorded, on each case that has not moved on since.

    A case that the act has opened is withdrawn as logged by mistake (`words` says so). A case that is done already is
    skipped, so that it may be called again. Raises NothingToUndo, UndoTooLate.
    """
    outcome = ActUndone()
    for chunk in undo_chunks(token, by=by, now=now, words=words):
        outcome.undone += chunk.undone
        outcome.withdrawn += chunk.withdrawn
        outcome.left += chunk.left
    if not (outcome.undone or outcome.withdrawn or outcome.left):
        raise rules.NothingToUndo()
    return outcome


def undo_chunks(token: UUID, *, by: User, now: datetime, words: str) -> Iterator[ActUndone]:
    """As `undo_act`, chunk by chunk, each committed when it is yielded; `now` is when the person asked for it."""
    rows = entries_of_act(token, by)
    if not rows:
        raise rules.NothingToUndo()
    if not rules.is_undo_open(max(recorded_at for _, recorded_at in rows), now):
        raise rules.UndoTooLate(minutes=rules.UNDO_MINUTES)
    case_ids = sorted({case_id for case_id, _ in rows})
    for start in range(0, len(case_ids), CHUNK):
        outcome = ActUndone()
        _undo_chunk(case_ids[start : start + CHUNK], token, by, now, words, outcome)
        yield outcome


def _undo_chunk(case_ids: Sequence[int], token: UUID, by: User, now: datetime, words: str, outcome: ActUndone) -> None:
    cases = {case.pk: case for case in Case.objects.filter(pk__in=case_ids).select_related("card", "carrier")}
    rows = TimelineEntry.objects.filter(case__in=case_ids).order_by("case_id", "sequence").select_related("content")
    tokens = tokens_of_act(token)
    steps: dict[int, list[int]] = {}
    opened: list[Case] = []
    for pk, entries in group_by_case(rows).items():
        effective = effective_entries(entries)
        own = [entry for entry in effective if entry.recorded_by_id == by.pk and entry.click in tokens]
        later = _later_entry(effective, own)
        if later:
            outcome.left.append((cases[pk], _moved_on(later)))
        elif own and own[0].kind == EntryKind.LOGGED:
            opened.append(cases[pk])
        elif own:
            steps[pk] = [entry.sequence for entry in own]
    _withdraw(opened, by, now, words, outcome)
    _void_steps(cases, steps, by, now, outcome)


def _later_entry(effective: Sequence[TimelineEntry], own: Sequence[TimelineEntry]) -> TimelineEntry | None:
    """The first entry after those of the act by which a case has moved on."""
    others = [
        entry
        for entry in effective
        if own and entry.sequence > own[0].sequence and entry not in own and entry.kind != EntryKind.RECALCULATED
    ]
    return others[0] if others else None


def _moved_on(entry: TimelineEntry) -> CaseError:
    return rules.MovedOn(entry=entry.sequence, what=EntryKind(entry.kind), day=local(entry.recorded_at).date())


def _withdraw(cases: Sequence[Case], by: User, now: datetime, words: str, outcome: ActUndone) -> None:
    result = perform(Withdraw(words, mistake=True), cases, by=by, now=now)
    outcome.withdrawn += result.done
    outcome.left += result.refused


def _void_steps(
    cases: Mapping[int, Case], steps: Mapping[int, list[int]], by: User, now: datetime, outcome: ActUndone
) -> None:
    """Undo the last of each case's entries first; after that the one before is the last."""
    refused: dict[int, CaseError] = {}
    for depth in range(1, max(map(len, steps.values()), default=0) + 1):
        verbs: dict[int, Verb] = {
            pk: UndoEntry(sequences[-depth])
            for pk, sequences in steps.items()
            if len(sequences) >= depth and pk not in refused
        }
        result = perform(PerCase(verbs), [cases[pk] for pk in verbs], by=by, now=now) if verbs else None
        refused |= {case.pk: error for case, error in result.refused} if result else {}
    outcome.undone += [cases[pk] for pk in steps if pk not in refused]
    outcome.left += [(cases[pk], error) for pk, error in refused.items()]
