"""How every verb runs: lock the cases, let the verb change them in memory, write all of it in one transaction.

A verb is a small frozen dataclass that says what somebody did (`Verb`). `perform` runs one over
any number of cases in a number of queries that does not grow with them; each case is done wholly, with one timeline
entry, or refused with a named error and left untouched. Rules about a single case live in the verb and in
`cases.domain`; nothing here knows any.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain.business_days import WorkingCalendar, local, local_iso
from cases.domain.case_state import CaseState
from cases.domain.errors import CaseError, ChangedMeanwhile
from cases.domain.retention import Erased
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Case, Escalation, Refund, TimelineEntry, User, Verification, WaitingRound
from cases.operations import timeline_writer
from cases.operations.card_facts import card_facts
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.case_rows import LoadedRows, delete_rows, save_rows, save_verifications
from cases.operations.engine.rights import ActorRoles
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.money_owed import note_money_owed
from cases.operations.next_reminder import (
    MissedReminder,
    is_snoozed,
    missed_reminders,
    reminder_state,
    rewind_cursors,
    schedule_next_reminder,
)
from cases.selectors import working_calendar

#: Cases in one transaction: enough to make the queries cheap, few enough to hold their locks briefly.
CHUNK = 500


#: The columns of a case before a verb changed them.
Snapshot = Mapping[str, Any]


class _Change(NamedTuple):
    """What a verb did in memory, with the columns and what reminders depended on before."""

    work: Work
    snapshot: Snapshot
    before: CaseState


@dataclass
class VerbOutcome:
    """What became of each case, in the order of their keys."""

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, CaseError]] = field(default_factory=list)

    def add(self, other: "VerbOutcome") -> None:
        self.done += other.done
        self.refused += other.refused


def perform(
    verb: Verb,
    cases: Iterable[Case],
    *,
    by: User | None,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> VerbOutcome:
    """Run a verb over cases that the caller has selected by `selectors.cases_of`.

    `by` is who does it, None for the product itself; `now` the aware moment of recording; `submit_token` the form's
    one-time number: the same form sent twice is recorded once; `expected_version` the version of the case that the form
    showed. Chunks commit one by one, unless the caller holds a transaction. Returns the cases done and those refused,
    each with its CaseError; refused are also cases of teams in which the person's role does not allow the verb
    (`Verb.right`).
    """
    act = _Act(verb.settled(now), ActorRoles.of(by), now, working_calendar(), submit_token, expected_version)
    outcome = VerbOutcome()
    ids = sorted({case.pk for case in cases})
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        try:
            outcome.add(act.on_chunk(chunk))
        except IntegrityError:
            # Somebody else was quicker somewhere in the chunk; one by one, only that case is refused.
            for pk in chunk:
                outcome.add(act.on_single(pk))
    return outcome


def perform_one(
    verb: Verb,
    case: Case,
    *,
    by: User | None,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> Case:
    """Run a verb over one case and return it as it stands now; raises the CaseError that refused it."""
    outcome = perform(verb, [case], by=by, now=now, submit_token=submit_token, expected_version=expected_version)
    for _, error in outcome.refused:
        raise error
    return outcome.done[0]


@dataclass(frozen=True)
class _Act:
    """A verb with who does it and when, and what the form showed."""

    verb: Verb
    actor: ActorRoles
    now: datetime
    calendar: WorkingCalendar
    submit_token: UUID | None
    expected_version: int | None

    @property
    def by(self) -> User | None:
        return self.actor.by

    def on_single(self, pk: int) -> VerbOutcome:
        try:
            return self.on_chunk([pk])
        except IntegrityError:
            case = Case.objects.select_related("card", "carrier", "handler").get(pk=pk)
            error = self.verb.conflict(case)
            if error is None:
                raise
            return VerbOutcome(refused=[(case, error)])

    def on_chunk(self, ids: Sequence[int]) -> VerbOutcome:
        """All of them in one transaction."""
        outcome = VerbOutcome()
        changed: list[_Change] = []
        rescheduled: list[Case] = []
        with transaction.atomic():
            works = self._lock_and_load(ids)
            already_done = self._cases_with_token(ids)
            for work in works:
                case, snapshot = work.case, _snapshot(work.case)
                if case.pk in already_done:
                    outcome.done.append(case)
                    continue
                try:
                    before = self._apply(work)
                except Unchanged:
                    outcome.done.append(case)
                    if self.by is None:
                        schedule_next_reminder(case, work.escalations, self.calendar)
                    if case.next_reminder_at != snapshot["next_reminder_at"]:
                        rescheduled.append(case)  # the calendar moved the reminder alone: nothing for the record
                except CaseError as error:
                    # What the verb changed in memory is dropped with this copy.
                    _restore(case, snapshot)
                    outcome.refused.append((case, error))
                else:
                    outcome.done.append(case)
                    changed.append(_Change(work, snapshot, before))
            save_columns(rescheduled, ["next_reminder_at"])
            if changed:
                self._write(changed)
        return outcome

    def _lock_and_load(self, ids: Sequence[int]) -> list[Work]:
        cases = _lock_cases(ids)
        rows = LoadedRows(ids)
        loaded = self.verb.load(cases)
        return [
            Work(case, self.now, self.by, self.calendar, rows, loaded.get(case.pk), kind=self.verb.kind)
            for case in cases
        ]

    def _cases_with_token(self, ids: Sequence[int]) -> set[int]:
        """The cases on which the same form is recorded already; looked up when they are locked."""
        if self.submit_token is None:
            return set()
        entries = TimelineEntry.objects.filter(case__in=ids, recorded_by=self.by, click=self.submit_token)
        return set(entries.values_list("case_id", flat=True))

    def _apply(self, work: Work) -> CaseState:
        """Let the verb change the case in memory; returns what its reminders depended on before."""
        self.actor.check(self.verb.right, work.case.team_id)
        if work.case.erased_at:
            raise Erased(day=local(work.case.erased_at).date())
        if self.verb.guarded and self.expected_version not in (None, work.case.version):
            raise ChangedMeanwhile()
        before = reminder_state(work.case, work.escalations)
        self.verb.apply(work)
        self.verb.check(work)
        return before

    def _write(self, changed: Sequence[_Change]) -> None:
        works = [change.work for change in changed]
        delete_rows([row for work in works for row in work.removed_rows if not isinstance(row, Verification)])
        _save_verifications(works)
        entries = timeline_writer.TimelineWriter(self.submit_token, self.calendar)
        changed_columns: set[str] = set()
        note_money_owed(works)
        self._move_cursors(changed)
        for work, snapshot, _ in changed:
            self._finish(work, snapshot)
            entries.add(work, status_from=str(snapshot["status"]))
            changed_columns |= {name for name in _FIELDS if getattr(work.case, name) != snapshot[name]}
        save_rows([row for work in works for row in work.changed_rows])
        save_columns([work.case for work in works], sorted(changed_columns))
        delete_rows([row for work in works for row in work.removed_rows if isinstance(row, Verification)])
        entries.save(self.now)
        self.verb.write(works)

    def _move_cursors(self, changed: Sequence[_Change]) -> None:
        """Whether what is due by now counts as told: what the verb settles does, what it calls for late does not."""
        missed: dict[Case, list[MissedReminder]] = {}
        for work, _, before in changed:
            case = work.case
            # What a snooze holds back is told at its end; that a message waits is not settled by a call.
            settles = self.verb.settles_reminder or work.settles_reminder
            if settles and not is_snoozed(case, work.now) and case.message_at is None:
                case.reminded_until = work.now
            else:
                missed[case] = missed_reminders(case, before, work.escalations, work.calendar)
        rewind_cursors(missed)

    def _finish(self, work: Work, snapshot: Snapshot) -> None:
        """What follows from any change: the version, the next reminder, the deadline in the entry."""
        case = work.case
        if case.reply_by != snapshot["reply_by"]:
            work.content["reply_by"] = [
                local_iso(moment) if moment else None for moment in (snapshot["reply_by"], case.reply_by)
            ]
        if case.is_open and Status(snapshot["status"]) not in OPEN_STATUSES:
            # The register may have changed while the case was closed and its record did not follow.
            work.content["card"] = card_facts(case)
        is_new_version = any(getattr(case, name) != snapshot[name] for name in _VERSIONED_FIELDS) or any(
            isinstance(row, WaitingRound | Escalation | Refund) for row in work.changed_rows
        )
        case.version += is_new_version
        is_due = case.next_reminder_at is not None and case.next_reminder_at <= work.now
        is_handed_over = case.handler_id != snapshot["handler_id"] and work.by and case.handler_id != work.by.pk
        is_acknowledged = work.by is not None and (is_new_version or not is_due) and not is_handed_over
        schedule_next_reminder(case, work.escalations, work.calendar, seen_at=work.now if is_acknowledged else None)


def _lock_cases(ids: Sequence[int]) -> list[Case]:
    # In the order of their keys, so that two batches cannot wait for each other. On SQLite the transaction itself
    # is the lock.
    cases = Case.objects.select_for_update(of=("self",))
    cases = cases.select_related("card", "carrier", "handler", "verification")
    return list(cases.filter(pk__in=ids).order_by("pk"))


_FIELDS = [f.attname for f in Case._meta.concrete_fields]
#: A change of one of these is what another person must have seen before acting.
_VERSIONED_FIELDS = (
    "status",
    "submission",
    "submitted_at",
    "round",
    "reply_by",
    "reported_done_at",
    "verification_id",
    "handler_id",
)


def _snapshot(case: Case) -> Snapshot:
    return {name: getattr(case, name) for name in _FIELDS}


def _restore(case: Case, snapshot: Snapshot) -> None:
    for name, value in snapshot.items():
        setattr(case, name, value)


def _save_verifications(works: list[Work]) -> None:
    rows = [row for work in works for row in work.changed_rows if isinstance(row, Verification)]
    save_verifications(rows)
    for row in rows:
        if row.case.verification is row:
            row.case.verification = row  # now with its key
