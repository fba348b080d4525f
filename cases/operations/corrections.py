"""Corrections of a case's record: an entry is undone, voided or amended, and where the case stands follows.

Nothing is changed or deleted: each correction is an entry that names the old one. The case and its rows become what
replaying the entries that count (`effective_entries`) gives; where a later entry cannot be replayed, the correction is
refused by its name. An SMS whose reply is voided waits on the case for a person again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.http import int_to_base36

from cases.domain import corrections as rules
from cases.domain.business_days import local, local_iso
from cases.domain.calendar_editions import edition_of
from cases.domain.corrections import CorrectableEntry
from cases.domain.errors import CaseError, OpenCaseExists
from cases.domain.json_values import JsonObject
from cases.domain.roles import Right
from cases.domain.status import OPEN_STATUSES
from cases.models import CarrierMessage, Case, Reminder, TimelineEntry, User, WaitingRound
from cases.models.choices import EntryKind, MessageState, Reason, RequestChannel, ReturnReason
from cases.operations.engine.adoption import adopt
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.effective_entries import corrected_record, effective_entries
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.engine.replay import (
    Calendars,
    CannotReplay,
    RecordedEntry,
    ReplayedCase,
    recorded_calendars,
    replay_recorded,
)
from cases.operations.engine.rights import ActorRoles
from cases.operations.engine.verb import Verb, Work
from cases.operations.messages import UNDECIDED, first_waiting, waiting_from
from cases.operations.next_reminder import end_snooze
from cases.operations.recorded_verbs import BEGINNINGS


def correctable_entry(entry: TimelineEntry) -> CorrectableEntry:
    """A stored entry (with its content) as the rules of corrections look at it."""
    content = getattr(entry, "content", None)
    return CorrectableEntry(
        sequence=entry.sequence,
        kind=entry.kind,
        what=EntryKind(entry.kind),
        by_id=entry.recorded_by_id,
        recorded_at=entry.recorded_at,
        content=content.body if content else None,
    )


def is_manager_of(by: User | None, team_id: int) -> bool:
    """Whether a person may decide what the managers of a team decide; the product itself may."""
    try:
        ActorRoles.of(by).check(Right.MANAGE, team_id)
    except CaseError:
        return False
    return True


@dataclass
class LoadedRecord:
    """A case's entries with their contents, its recorded and waiting messages, and the card's other open case."""

    entries: list[TimelineEntry]
    messages: list[CarrierMessage]
    other_reference: str | None
    released: list[CarrierMessage] = field(default_factory=list)

    def find(self, sequence: int) -> CorrectableEntry:
        """The entry as earlier corrections leave it.

        Raises NoSuchEntry, AlreadyVoided, NotReplayed for what lies before the last 'state as of'.
        """
        entry = next((entry for entry in self.entries if entry.sequence == sequence), None)
        if entry is None:
            raise rules.NoSuchEntry(entry=sequence)
        if sequence in corrected_record(self.entries).voided:
            raise rules.AlreadyVoided(entry=sequence)
        beginnings = [e for e in self.entries if e.kind in BEGINNINGS and e.sequence > sequence]
        if beginnings:
            raise rules.NotReplayed(entry=sequence, day=local(beginnings[-1].recorded_at).date())
        return correctable_entry(next((e for e in effective_entries(self.entries) if e.sequence == sequence), entry))

    def last_closing(self) -> TimelineEntry | None:
        """The entry that closed the case the last time, of those that count."""
        closing = [e for e in effective_entries(self.entries) if e.kind in rules.CLOSING_KINDS]
        return closing[-1] if closing else None


def load_records(cases: Sequence[Case]) -> dict[int, LoadedRecord]:
    """The records of cases, by their keys, in a fixed number of queries; their messages are locked."""
    entries = group_by_case(
        TimelineEntry.objects.filter(case__in=cases).order_by("case_id", "sequence").select_related("content")
    )
    locked_messages = CarrierMessage.objects.select_for_update(of=("self",)).filter(
        case__in=cases, state__in=(MessageState.RECORDED, MessageState.PROPOSED)
    )
    messages: dict[int, list[CarrierMessage]] = {}
    for message in locked_messages.order_by("pk"):
        assert message.case_id is not None
        messages.setdefault(message.case_id, []).append(message)
    others = Case.objects.filter(card__in=[case.card_id for case in cases], status__in=OPEN_STATUSES)
    open_references = {(card, pk): reference for card, pk, reference in others.values_list("card", "pk", "reference")}
    return {
        case.pk: LoadedRecord(
            entries.get(case.pk, []),
            messages.get(case.pk, []),
            next((ref for (card, pk), ref in open_references.items() if card == case.card_id and pk != case.pk), None),
        )
        for case in cases
    }


def load_entry(case: Case, sequence: int) -> CorrectableEntry:
    """The entry of a case as earlier corrections leave it; raises what `LoadedRecord.find` does."""
    entries = TimelineEntry.objects.filter(case=case).order_by("sequence").select_related("content")
    return LoadedRecord(list(entries), [], None).find(sequence)


@dataclass(frozen=True)
class _Correct(Verb):
    """A correction of the entry with this number; the subclasses say which."""

    sequence: int

    def load(self, cases: Sequence[Case]) -> Mapping[int, LoadedRecord]:
        return load_records(cases)

    def check_person(self, work: Work) -> None:
        """Raise CorrectionNeedsManager, or what `LoadedRecord.find` raises; before anything else is looked at."""
        rules.check_may_correct(
            work.loaded.find(self.sequence),
            actor_id=work.by.pk if work.by else None,
            is_manager=is_manager_of(work.by, work.case.team_id),
            now=work.now,
        )

    def apply(self, work: Work) -> None:
        self.check_person(work)
        self.correct(work)

    def correct(self, work: Work) -> None:
        """Do it, for a person who may."""
        raise NotImplementedError(type(self).__name__)

    def _adopt(self, work: Work, entry: CorrectableEntry, changes: Mapping[str, str] | None) -> None:
        """Let the case be what its record says with this correction."""
        record: LoadedRecord = work.loaded
        was_open = work.case.is_open
        work.content |= {"corrects": self.sequence, "corrected_kind": entry.kind}
        if changes is not None:
            work.content["changes"] = dict(changes)
        edition = edition_of(work.calendar).digest
        correction = RecordedEntry(work.sequence, str(self.kind), work.now, {**work.content, "calendar": edition})
        calendars = {**recorded_calendars(record.entries), edition: work.calendar}
        entries = [RecordedEntry.of(stored) for stored in record.entries]
        try:
            replayed = replay_recorded([*entries, correction], calendars)
        except CannotReplay as error:
            raise self._refusal(error, changes) from error
        adopt(work, replayed, before=_replay_if_possible(entries, calendars))
        if changes is None and entry.kind == EntryKind.FOLLOW_UP:
            # What it settled is called for again; what was told has its row, and is not told twice.
            work.case.reminded_until = replayed.case.reminded_until
        if work.case.is_open and not was_open and record.other_reference:
            raise OpenCaseExists(reference=record.other_reference)

    def _refusal(self, error: CannotReplay, changes: Mapping[str, str] | None) -> CaseError:
        """Why the record cannot be replayed with this correction."""
        if error.error and error.entry.sequence == self.sequence:
            return error.error
        if changes is not None and error.error:
            return _named(rules.AmendmentInTheWay, error.entry, why=error.error)
        return _named(rules.EntryInTheWay, error.entry)

    def write(self, works: Sequence[Work]) -> None:
        set_reminders_aside(works)

    def conflict(self, case: Case) -> CaseError | None:
        other = Case.objects.filter(card=case.card_id, status__in=OPEN_STATUSES).exclude(pk=case.pk).first()
        return OpenCaseExists(reference=other.reference) if other else None


@dataclass(frozen=True)
class VoidEntry(_Correct):
    """An entry does not count any more: it was recorded by mistake. `words` says why (ReasonMissing).

    Of a closed case that is the entry that closed it, or one after it; before the others that one has to be voided
    (EntryInTheWay). Raises what `LoadedRecord.find` and `rules.check_voidable` raise, CorrectionNeedsManager, and
    OpenCaseExists where the case would be open beside another of its card.
    """

    words: str
    kind: ClassVar[EntryKind] = EntryKind.VOIDED

    def correct(self, work: Work) -> None:
        work.require_reason(self.words)
        work.content |= {"words": self.words}
        self.void(work)

    def void(self, work: Work) -> None:
        record: LoadedRecord = work.loaded
        entry = record.find(self.sequence)
        rules.check_voidable(entry)
        closing = None if work.case.is_open else record.last_closing()
        if closing and self.sequence < closing.sequence:
            raise _named(rules.EntryInTheWay, closing)
        self._adopt(work, entry, None)
        self.release_message(work, entry.content or {})

    def release_message(self, work: Work, content: JsonObject) -> None:
        """The SMS that the entry recorded waits on the case again."""
        record: LoadedRecord = work.loaded
        record.released = [message for message in record.messages if is_recorded_in(message, content)]
        before, after = first_waiting(record.messages), first_waiting(record.messages, also=record.released)
        work.case.message_at = waiting_from(work.case, before, after, work.now)
        if record.released:
            end_snooze(work.case)  # as when a message comes

    def write(self, works: Sequence[Work]) -> None:
        super().write(works)
        released = [message.pk for work in works for message in work.loaded.released]
        if released:
            CarrierMessage.objects.filter(pk__in=released).update(
                state=MessageState.PROPOSED, handled_at=None, handled_by=None, **UNDECIDED
            )


@dataclass(frozen=True)
class UndoEntry(VoidEntry):
    """The same within ten minutes, by whoever recorded it, without a reason; raises UndoneByOthers, UndoTooLate."""

    words: str = ""
    guarded: ClassVar[bool] = False

    def check_person(self, work: Work) -> None:
        entry = work.loaded.find(self.sequence)
        rules.check_may_undo(entry, actor_id=work.by.pk if work.by else None, now=work.now)

    def correct(self, work: Work) -> None:
        work.content |= {"undone": True, "words": self.words}
        self.void(work)


@dataclass(frozen=True)
class AmendEntry(_Correct):
    """Parts of an entry were recorded wrongly: `changes` by their names in its content, `words` says why.

    Moments and days are in ISO 8601. Raises NothingAmendable, NothingAmended, AfterRecording, AmendmentInTheWay, and
    what the verb of the entry raises for the changed values.
    """

    changes: Mapping[str, str]
    words: str
    kind: ClassVar[EntryKind] = EntryKind.AMENDED

    def correct(self, work: Work) -> None:
        work.require_reason(self.words)
        entry = work.loaded.find(self.sequence)
        changes = rules.check_amendment(entry, self.changes)
        _check_choices(entry, changes)
        content = entry.content or {}
        was = {part: content.get(part) or "" for part in changes}
        self._adopt(work, entry, changes)
        work.content |= {"was": was, "words": self.words}


def _check_choices(entry: CorrectableEntry, changes: Mapping[str, str]) -> None:
    """Raise NothingAmendable for a value that the part of such an entry cannot have."""
    reasons = Reason.values if entry.kind == EntryKind.LOGGED else ReturnReason.values
    for part, values in (("reason", reasons), ("channel", RequestChannel.values)):
        if part in changes and changes[part] not in values:
            raise rules.NothingAmendable(**entry.names)


def set_reminders_aside(works: Sequence[Work]) -> None:
    """What was told of a round that the record no longer holds like that does not count for one of the same number."""
    reminders: list[Reminder] = []
    for work in works:
        after = [_round_facts(row) for row in work.rounds]
        gone = {
            row.number for row in work.removed_rows if isinstance(row, WaitingRound) and _round_facts(row) not in after
        }
        reminders += Reminder.objects.filter(case=work.case, round__in=gone) if gone else []
    for reminder in reminders:
        reminder.occasion = f"~{int_to_base36(reminder.pk)}"
    save_columns(reminders, ["occasion"])


def _round_facts(row: WaitingRound) -> tuple[Any, ...]:
    return row.number, row.basis, row.started_at, row.reply_by


def _replay_if_possible(entries: Sequence[RecordedEntry], calendars: Calendars) -> ReplayedCase | None:
    try:
        return replay_recorded(entries, calendars)
    except CannotReplay:
        return None


def is_recorded_in(message: CarrierMessage, content: JsonObject) -> bool:
    """Whether the entry with this content recorded the message."""
    return (
        message.state == MessageState.RECORDED
        and "sender" in content
        and (content["sender"], content.get("words"), content.get("at"))
        == (message.sender, message.text, local_iso(message.received_at))
    )


def _named(error: type[CaseError], entry: TimelineEntry | RecordedEntry, **params: Any) -> CaseError:
    return error(entry=entry.sequence, what=EntryKind(entry.kind), day=local(entry.recorded_at).date(), **params)
