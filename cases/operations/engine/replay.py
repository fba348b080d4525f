"""The state of a case computed from its record: the fold of its entries through the rules of the same verbs.

No query and no clock: each entry brings its moment, the carrier's terms, and the calendar by which it was counted.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from cases.domain.business_days import WorkingCalendar
from cases.domain.calendar_editions import calendar_of, digest_of
from cases.domain.corrections import CorrectedRecord, Correction, fold_corrections
from cases.domain.errors import CaseError
from cases.domain.json_values import JsonObject
from cases.domain.status import STATUSES_WITH_CARRIER, Status
from cases.models import CalendarEdition, Card, Carrier, Case, TimelineEntry
from cases.models.choices import EntryKind, ItemState
from cases.operations import recorded_verbs
from cases.operations.engine.case_rows import LoadedRows
from cases.operations.engine.recorded_state import restore_state
from cases.operations.engine.verb import Unchanged, Work
from cases.operations.next_reminder import end_snooze, is_snoozed
from cases.operations.submission import move_escalations
from cases.operations.waiting_rounds import recalculate

Calendars = Mapping[str, WorkingCalendar]


@dataclass(frozen=True)
class RecordedEntry:
    """An entry as the fold reads it; `content` None: erased."""

    sequence: int
    kind: str
    recorded_at: datetime
    content: JsonObject | None

    @classmethod
    def of(cls, entry: TimelineEntry) -> "RecordedEntry":
        content = getattr(entry, "content", None)
        return cls(entry.sequence, entry.kind, entry.recorded_at, content.body if content else None)


class CannotReplay(Exception):
    """The entry that cannot be replayed; `error` is the rule that it breaks, None where the record lacks something."""

    def __init__(self, entry: RecordedEntry, error: CaseError | None = None) -> None:
        super().__init__(f"entry {entry.sequence} ({entry.kind}): {error or 'not all of it is in the record'}")
        self.entry = entry
        self.error = error


@dataclass
class ReplayedCase:
    """A case as its record says, in memory; nothing in it is stored.

    `work` holds the case and its rows. `first_sequence` is the entry from which it was replayed: what came before was
    recorded by an earlier release, or erased. `corrections`: which entries are voided, and what is amended in which.
    """

    work: Work
    first_sequence: int = 0
    corrections: CorrectedRecord = field(default_factory=CorrectedRecord)

    @property
    def case(self) -> Case:
        return self.work.case

    @property
    def card(self) -> Card:
        """Number and holder as recorded."""
        return self.work.case.card


def replay(entries: Sequence[TimelineEntry], calendars: Calendars) -> ReplayedCase:
    """The state after all entries of one case (in the order of their sequence, with their contents).

    `calendars` has the calendar of each edition that an entry names (`recorded_calendars`). Raises CannotReplay.
    """
    return replay_recorded([RecordedEntry.of(entry) for entry in entries], calendars)


def replay_recorded(entries: Sequence[RecordedEntry], calendars: Calendars) -> ReplayedCase:
    """As `replay`, of entries that need not be stored."""
    start = max((i for i, entry in enumerate(entries) if is_beginning(entry)), default=None)
    if start is None:
        raise CannotReplay(entries[0])
    corrections = _corrections(entries[start:])
    fold = _Fold(calendars, entries[start])
    for entry in entries[start:]:
        is_voided = entry.sequence in corrections.voided
        fold.add(_amended(entry, corrections.changes.get(entry.sequence)), is_voided=is_voided)
    return ReplayedCase(fold.work, entries[start].sequence, corrections)


def recorded_calendars(entries: Iterable[TimelineEntry]) -> dict[str, WorkingCalendar]:
    """The calendars that these entries name, by digest; one query for those that this process has not met."""
    return calendars_of({str(name) for entry in entries if (name := _body(entry).get("calendar"))})


def calendars_of(names: Set[str]) -> dict[str, WorkingCalendar]:
    """The calendars of the editions with these digests; one that is missing or was altered is left out."""
    missing = set(names - _calendars.keys())
    if missing:
        if len(_calendars) >= _MAX_CALENDARS:
            _calendars.clear()
            missing = set(names)
        for edition in CalendarEdition.objects.filter(digest__in=missing):
            if is_intact(edition):
                _calendars[edition.digest] = calendar_of(edition.body)
    return {name: _calendars[name] for name in names if name in _calendars}


def is_intact(edition: CalendarEdition) -> bool:
    """Whether the edition is the one that its digest names."""
    try:
        return digest_of(edition.body) == edition.digest
    except (TypeError, ValueError):
        return False


def _body(entry: TimelineEntry) -> Mapping[str, Any]:
    content = getattr(entry, "content", None)
    return content.body if content and isinstance(content.body, dict) else {}


#: An edition never changes: what was read once need not be read again.
_calendars: dict[str, WorkingCalendar] = {}
_MAX_CALENDARS = 32


def is_beginning(entry: RecordedEntry) -> bool:
    """Whether a case can be replayed from this entry on."""
    if entry.content is None or entry.kind not in recorded_verbs.BEGINNINGS:
        return False
    # An entry of an earlier release lacks what the fold needs.
    return "card" in entry.content if entry.kind == EntryKind.LOGGED else "state" in entry.content


def _corrections(entries: Sequence[RecordedEntry]) -> CorrectedRecord:
    """What the corrections among some entries say of the others."""
    try:
        return fold_corrections(
            [
                Correction(
                    cast(int, entry.content["corrects"]),
                    cast("Mapping[str, str]", entry.content["changes"]) if entry.kind == EntryKind.AMENDED else None,
                )
                for entry in entries
                if entry.kind in recorded_verbs.CORRECTIONS and entry.content is not None
            ]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CannotReplay(entries[0]) from error


def _amended(entry: RecordedEntry, changes: Mapping[str, str] | None) -> RecordedEntry:
    if not changes or entry.content is None:
        return entry
    return replace(entry, content={**entry.content, **changes})


class _Fold:
    """A case in memory to which entries are added one by one."""

    def __init__(self, calendars: Calendars, first: RecordedEntry) -> None:
        self._calendars = calendars
        case = Case(reference="", card=Card(), carrier=Carrier(), created_at=first.recorded_at)
        self.work = Work(case, first.recorded_at, None, WorkingCalendar(), LoadedRows())

    def add(self, entry: RecordedEntry, *, is_voided: bool) -> None:
        work = self.work
        if entry.content is None:
            raise CannotReplay(entry)
        try:
            work.calendar = self._calendars[str(entry.content["calendar"])]
            work.now, work.content, work.settles_reminder = entry.recorded_at, {}, False
            work.case.entry_count = entry.sequence - 1
            if not is_voided:
                self._apply(entry, entry.content)
        except CaseError as error:
            raise CannotReplay(entry, error) from error
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise CannotReplay(entry) from error
        work.case.entry_count = entry.sequence

    def _apply(self, entry: RecordedEntry, content: JsonObject) -> None:
        if entry.kind == EntryKind.LOGGED:
            self._open(content)
        elif entry.kind in recorded_verbs.BEGINNINGS:
            restore_state(self.work, cast(JsonObject, content["state"]))
            self.work.case.carrier.slug = str(content.get("carrier", ""))
        elif entry.kind in recorded_verbs.CORRECTIONS:
            self._follow_calendar()
        elif entry.kind not in recorded_verbs.WITHOUT_EFFECT:
            self._run(entry, content)
        self._keep_card_facts(content)

    def _open(self, content: JsonObject) -> None:
        case: Any = self.work.case
        case.team_id, case.handler_id = content["team"], content["handler_id"]
        case.reason, case.channel = content["reason"], content["channel"]
        for code in cast("list[str]", content["ready"]):
            self.work.set_mark(code, ItemState.DONE)

    def _run(self, entry: RecordedEntry, content: JsonObject) -> None:
        work, verb = self.work, recorded_verbs.recorded_verb(entry.kind, content)
        work.kind = verb.kind
        if verb.kind == EntryKind.SNOOZED:
            end_snooze(work.case)  # of the one before, if an SMS had not ended it: no entry says so
        try:
            verb.apply(work)
        except Unchanged:
            return
        if (verb.settles_reminder or work.settles_reminder) and not is_snoozed(work.case, work.now):
            work.case.reminded_until = work.now

    def _follow_calendar(self) -> None:
        """A correction counts by the calendar of its own day what is still open, as if it had been known all along."""
        if Status(self.work.case.status) in STATUSES_WITH_CARRIER:
            recalculate(self.work, include_ended=False)
        move_escalations(self.work)

    def _keep_card_facts(self, content: JsonObject) -> None:
        """The newest facts of the card that the record has."""
        facts = content.get("card") or content.get("after")
        if isinstance(facts, Mapping):
            card = self.work.case.card
            card.number, card.holder = str(facts.get("number", card.number)), str(facts.get("holder", card.holder))
            if "card" in content:
                self.work.case.carrier.slug = str(facts["carrier"])
        elif isinstance(facts, str):
            self.work.case.card.number = facts
