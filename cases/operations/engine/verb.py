"""What a verb is, and what it works on: one locked case with what hangs on it, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.errors import BeforeSubmission, CaseError, InTheFuture, ReasonMissing, WrongState
from cases.domain.roles import Right
from cases.domain.status import Status, check_transition
from cases.models import Case, Escalation, User, Verification, WaitingRound
from cases.models.choices import EntryKind


class Unchanged(Exception):
    """Raised by a verb whose effect is there already: nothing is written, and nothing is wrong."""


@dataclass
class Work:
    """One locked case, what a verb may look at, and what it leaves behind to be written."""

    case: Case
    now: datetime
    by: User | None
    calendar: WorkingCalendar
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    #: What the verb's own `load` found for this case.
    loaded: Any = None
    kind: EntryKind = EntryKind.LOGGED
    content: dict[str, Any] = field(default_factory=dict)
    verification: Verification | None = None
    changed_rows: list[WaitingRound | Escalation] = field(default_factory=list)

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

    def load(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        """Whatever else `apply` must look at, by case, in a fixed number of queries."""
        return {}

    def apply(self, work: Work) -> None:
        """Change `work.case` and what hangs on it in memory, or raise a CaseError."""
        raise NotImplementedError(type(self).__name__)

    def write(self, works: Sequence[Work]) -> None:
        """Write rows that belong to this verb alone, in the same transaction."""

    def conflict(self, case: Case) -> CaseError | None:
        """The named error behind a constraint that the database held, if this verb can tell."""
        return None
