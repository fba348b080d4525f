"""What a verb is, and what it works on: one locked case with what hangs on it, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self, cast

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.checklist import ItemMark
from cases.domain.clock_skew import settle_moment
from cases.domain.errors import BeforeSubmission, CaseError, InTheFuture, ReasonMissing, WrongState
from cases.domain.json_values import JsonObject
from cases.domain.roles import Right
from cases.domain.status import Status, check_transition
from cases.models import Case, Charge, ChecklistMark, Escalation, Refund, User, Verification, WaitingRound
from cases.models.choices import EntryKind
from cases.operations.engine.case_rows import CaseRow, LoadedRows
from cases.operations.engine.decoding import decode


class Unchanged(Exception):
    """Raised by a verb whose effect is there already: nothing is written, and nothing is wrong."""


@dataclass
class Work:
    """One locked case, what a verb may look at, and what it leaves behind to be written."""

    case: Case
    now: datetime
    by: User | None
    calendar: WorkingCalendar
    rows: LoadedRows
    #: What the verb's own `load` found for this case.
    loaded: Any = None
    kind: EntryKind = EntryKind.LOGGED
    #: What reminders asked for by now is settled, where the verb finds that of this case alone.
    settles_reminder: bool = False
    content: dict[str, Any] = field(default_factory=dict)
    changed_rows: list[CaseRow] = field(default_factory=list)
    removed_rows: list[CaseRow] = field(default_factory=list)

    @cached_property
    def rounds(self) -> list[WaitingRound]:
        return self.rows.of(WaitingRound, self.case)

    @cached_property
    def escalations(self) -> list[Escalation]:
        return self.rows.of(Escalation, self.case)

    @cached_property
    def verifications(self) -> list[Verification]:
        return self.rows.of(Verification, self.case)

    @cached_property
    def charges(self) -> list[Charge]:
        return self.rows.of(Charge, self.case)

    @cached_property
    def refunds(self) -> list[Refund]:
        return self.rows.of(Refund, self.case)

    @cached_property
    def marks(self) -> list[ChecklistMark]:
        return self.rows.of(ChecklistMark, self.case)

    @property
    def sequence(self) -> int:
        """The number of the entry that this work will be."""
        return self.case.entry_count + 1

    def add(self, row: CaseRow) -> None:
        """A new row of the case."""
        rows: Mapping[Any, list[Any]] = {
            WaitingRound: self.rounds,
            Escalation: self.escalations,
            Verification: self.verifications,
            Charge: self.charges,
            Refund: self.refunds,
            ChecklistMark: self.marks,
        }
        rows[type(row)].append(row)
        self.changed_rows.append(row)

    def item_marks(self) -> dict[str, ItemMark]:
        """What is settled of the checklist, by the item's code."""
        return {mark.code: ItemMark(mark.state, mark.at) for mark in self.marks}

    def set_mark(self, code: str, state: str) -> None:
        """Settle an item of the checklist at the moment of recording, or open it again (`state` empty)."""
        mark = next((mark for mark in self.marks if mark.code == code), None)
        if not state:
            if mark:
                self.marks.remove(mark)
                self.removed_rows.append(mark)
        elif mark:
            mark.state, mark.at = state, self.now
            self.changed_rows.append(mark)
        else:
            self.add(ChecklistMark(case=self.case, code=code, state=state, at=self.now))

    @property
    def running_round(self) -> WaitingRound | None:
        """The round in which the carrier owes an answer now."""
        return next((r for r in self.rounds if r.ended_at is None), None)

    def change_status(self, to_status: Status) -> None:
        """Change the status, or raise WrongTransition."""
        check_transition(self.case.state, to_status)
        self.case.status = to_status

    def require_status(self, *statuses: Status) -> None:
        """Raise WrongState unless the case is in one of these."""
        if self.case.state not in statuses:
            raise WrongState(from_status=self.case.state)

    def check_not_future(self, at: datetime) -> None:
        """Raise InTheFuture for a moment after that of recording."""
        if at > self.now:
            raise InTheFuture()

    def check_moment(self, at: datetime) -> None:
        """What happened, happened between submission and now; raises InTheFuture or BeforeSubmission."""
        self.check_not_future(at)
        if self.case.submitted_at and at < self.case.submitted_at:
            raise BeforeSubmission(submitted_at=local(self.case.submitted_at))

    def require_reason(self, words: str) -> None:
        """Raise ReasonMissing for words that are blank."""
        if not words.strip():
            raise ReasonMissing()

    def record_follow_up(self, at: datetime) -> None:
        """Somebody was in touch with the carrier at `at`; an earlier one entered late moves nothing back."""
        self.case.last_follow_up_at = max(at, self.case.last_follow_up_at or at)


class Verb:
    """What somebody did. Subclasses are frozen dataclasses; `apply` is the only one that every verb has."""

    kind: ClassVar[EntryKind]
    #: What the role of whoever does it must allow in the case's team; None where the caller has looked at that.
    right: ClassVar[Right | None] = Right.WORK
    #: Refused when the case changed since the page was drawn. Off for what only adds to the record.
    guarded: ClassVar[bool] = True
    #: It is what a reminder asks for: one that is due by now need not be sent any more.
    settles_reminder: ClassVar[bool] = False

    def settled(self, now: datetime) -> Self:
        """The verb as of `now`: what it says to have happened only just ahead of that happened now."""
        at = getattr(self, "at", None)
        settled_at = settle_moment(at, now) if isinstance(at, datetime) else at
        return self if settled_at == at else cast(Self, replace(cast(Any, self), at=settled_at))

    def load(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        """Whatever else `apply` must look at, by case, in a fixed number of queries."""
        return {}

    def check(self, work: Work) -> None:
        """Raise a CaseError for what only the moment of recording can tell, by rows that are not the case's own.

        Looked at after `apply`, whose rules come first, and not again when the record is replayed.
        """

    @classmethod
    def from_content(cls, content: JsonObject) -> Self:
        """The verb as its entry recorded it; the names of its fields are those of the content, or in `names`."""
        return decode(cls, content)

    def apply(self, work: Work) -> None:
        """Change `work.case` and what hangs on it in memory, or raise a CaseError.

        By the case, its rows, the calendar and the moment alone: so the record can be replayed.
        """
        raise NotImplementedError(type(self).__name__)

    def write(self, works: Sequence[Work]) -> None:
        """Write rows that belong to this verb alone, in the same transaction."""

    def conflict(self, case: Case) -> CaseError | None:
        """The named error behind a constraint that the database held, if this verb can tell."""
        return None
