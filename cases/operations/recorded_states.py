"""The state of cases recorded once more, where an earlier release wrote entries that cannot be replayed.

That happens when it went on serving after the database was upgraded ('Upgrade' in docs/operations.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cases.domain.roles import Right
from cases.models import Case, TimelineEntry
from cases.models.choices import EntryKind
from cases.operations.card_facts import card_facts
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.engine.perform import CHUNK, perform
from cases.operations.engine.recorded_state import state_of
from cases.operations.engine.replay import RecordedEntry, is_beginning
from cases.operations.engine.verb import Verb, Work


@dataclass(frozen=True)
class RecordState(Verb):
    """The state of the case as it is stored now; from this entry on it is replayed. Done by an administrator."""

    kind: ClassVar[EntryKind] = EntryKind.STATE
    right: ClassVar[Right | None] = None
    guarded: ClassVar[bool] = False

    def apply(self, work: Work) -> None:
        work.content |= {"state": state_of(work), "card": card_facts(work.case)}


def record_states(now: datetime) -> list[str]:
    """Record the state of each case whose record an earlier release continued; returns their references.

    Whatever these entries did not say is taken from the tables as they are: run it when the earlier release has
    stopped, and not to silence a check.
    """
    references: list[str] = []
    for cases in _chunks():
        entries = group_by_case(
            TimelineEntry.objects.filter(case__in=cases).select_related("content").order_by("case_id", "sequence")
        )
        unreplayable = [case for case in cases if _was_continued(entries.get(case.pk, []))]
        references += [case.reference for case in perform(RecordState(), unreplayable, by=None, now=now).done]
    return references


def _chunks() -> Iterator[list[Case]]:
    after = 0
    while cases := list(Case.objects.filter(pk__gt=after, erased_at=None).order_by("pk")[:CHUNK]):
        yield cases
        after = cases[-1].pk


def _was_continued(entries: list[TimelineEntry]) -> bool:
    """Whether an entry since the last beginning, or every entry, names no calendar: this release always does."""
    recorded = [RecordedEntry.of(entry) for entry in entries]
    start = max((index for index, entry in enumerate(recorded) if is_beginning(entry)), default=0)
    return any(entry.content is not None and "calendar" not in entry.content for entry in recorded[start:])
