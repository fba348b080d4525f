"""Cases that begin: their first entries made in memory, and each case written once, as it stands after them.

Nobody else can see a case before its transaction ends: so nothing is locked, read again or compared. What the verbs do
is what `perform` would have done with them one after the other (tests/operations/test_open_cases.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.domain.business_days import WorkingCalendar, local_iso
from cases.domain.case_state import CaseState
from cases.domain.errors import CaseError
from cases.domain.status import Status
from cases.models import Case, Refund, User, Verification, WaitingRound
from cases.operations import timeline_writer
from cases.operations.engine.bulk_insert import insert_objects
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.case_rows import LoadedRows, save_rows, save_verifications
from cases.operations.engine.rights import ActorRoles
from cases.operations.engine.verb import Verb, Work
from cases.operations.next_reminder import reminder_state, schedule_next_reminder
from cases.selectors import working_calendar


@dataclass(frozen=True)
class Beginning:
    """A case that is not stored yet (a draft with its card, carrier and handler), and the verbs that it begins with."""

    case: Case
    verbs: Sequence[Verb]


def begin_cases(
    beginnings: Sequence[Beginning], *, by: User, now: datetime, tokens: Sequence[UUID | None]
) -> dict[int, CaseError]:
    """Store the cases with an entry for each of their verbs, or, where one of them refuses, none at all.

    Returns the refusals by the index of the beginning; empty: all are stored. `tokens`: of the first verb of each case,
    of the second and so on. In the caller's transaction, in a number of statements that does not grow with the cases.
    Only for verbs that look at nothing but the case (no `load`, no `write`).
    """
    writing = _Writing(ActorRoles.of(by), now, working_calendar(), tokens)
    refused: dict[int, CaseError] = {}
    for index, beginning in enumerate(beginnings):
        try:
            writing.apply(beginning)
        except CaseError as error:
            refused[index] = error
    if not refused:
        writing.save()
    return refused


class _Writing:
    """What the beginnings of many cases have come to, until it is written."""

    def __init__(
        self, actor: ActorRoles, now: datetime, calendar: WorkingCalendar, tokens: Sequence[UUID | None]
    ) -> None:
        self._actor, self._now, self._calendar = actor, now, calendar
        self._writers = [timeline_writer.TimelineWriter(token, calendar) for token in tokens]
        self._rows = LoadedRows()
        self._cases: list[Case] = []
        self._next_reminders: dict[tuple[CaseState, datetime, int | None], datetime | None] = {}
        self._works: list[Work] = []

    def apply(self, beginning: Beginning) -> None:
        """Let the verbs change the case in memory; raises the CaseError of one that refuses."""
        case = beginning.case
        work = Work(case, self._now, self._actor.by, self._calendar, self._rows)
        for verb, writer in zip(beginning.verbs, self._writers, strict=False):
            status_from, reply_by, was_handled_by = case.status, case.reply_by, case.handler_id
            changes = len(work.changed_rows)
            work.kind, work.content, work.settles_reminder = verb.kind, {}, False
            self._actor.check(verb.right, case.team_id)
            verb.apply(work)
            verb.check(work)
            if verb.settles_reminder or work.settles_reminder:
                case.reminded_until = self._now
            if case.reply_by != reply_by:
                work.content["reply_by"] = [local_iso(at) if at else None for at in (reply_by, case.reply_by)]
            has_new_row = any(isinstance(row, WaitingRound | Refund) for row in work.changed_rows[changes:])
            case.version += has_new_row or (status_from, was_handled_by) != (case.status, case.handler_id)
            writer.add(work, status_from=status_from)
        self._schedule_next_reminder(work)
        self._cases.append(case)
        self._works.append(work)

    def _schedule_next_reminder(self, work: Work) -> None:
        """Many cases of one table stand alike; what reminders depend on is counted through once for them."""
        case = work.case
        since = case.reminded_until or case.submitted_at or case.created_at
        key = (reminder_state(case, work.escalations), since, case.handler_id)
        if key not in self._next_reminders:
            schedule_next_reminder(case, work.escalations, self._calendar, seen_at=self._now)
            self._next_reminders[key] = case.next_reminder_at
        case.next_reminder_at = self._next_reminders[key]

    def save(self) -> None:
        """Write the cases, and what hangs on them."""
        # A case names its check, and the check its case: such a case is a draft until both are there.
        confirmed = [(case, case.status, case.verification) for case in self._cases if case.verification]
        for case, *_ in confirmed:
            case.status, case.verification = Status.DRAFT.value, None
        insert_objects(self._cases)
        rows = [row for work in self._works for row in work.changed_rows]
        for row in rows:
            row.case = row.case  # now with its key
        save_verifications(row for row in rows if isinstance(row, Verification))
        for case, status, verification in confirmed:
            case.status, case.verification = status, verification  # now with its key
        save_columns([case for case, *_ in confirmed], ["status", "verification"])
        insert_objects([row for row in rows if isinstance(row, WaitingRound)])
        save_rows([row for row in rows if not isinstance(row, Verification | WaitingRound)])
        for writer in self._writers:
            if not writer.is_empty:
                writer.save(self._now)
