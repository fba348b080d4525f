"""Handing a request to the carrier: submit, submit again, correct the moment, withdraw, recalculate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from cases.domain.business_days import end_of_day, local
from cases.domain.checklist import ItemMark
from cases.domain.deadlines import Basis
from cases.domain.errors import AfterReply, BeforeReturn, InTheFuture, NotReady, ReasonMissing
from cases.domain.escalation import appeal_answer_by, complaint_last_day
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.models import Case
from cases.models.choices import EntryKind, EscalationKind, ItemState
from cases.operations.checklist import lines_of, marks_of, write_marks
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.waiting_rounds import end_round, recalculate, set_submission_deadlines, start_round


@dataclass(frozen=True)
class Submit(Verb):
    """The request was handed to the carrier at `at`; after a return, handed in again.

    The carrier's terms of today are copied to the case, and a round starts. `ready` (codes) and `waived` (codes with
    the reason) settle items of the checklist in the same act. What it then still lacks holds back a request that is
    about to be handed in (NotReady); one that is out `already` is recorded with it as not checked.
    """

    at: datetime
    reference: str = ""
    words: str = ""
    already: bool = True
    ready: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    kind: ClassVar[EntryKind] = EntryKind.SUBMITTED

    def load(self, cases: Sequence[Case]) -> Mapping[int, Mapping[str, ItemMark]]:
        return marks_of(cases)

    def apply(self, work: Work) -> None:
        case = work.case
        again = case.state is Status.RETURNED
        lines = lines_of(case, self._marks(work))  # before the return that they answer is forgotten
        work.move(Status.SUBMITTED)
        if again:
            work.kind = EntryKind.RESUBMITTED
            if case.returned_at and self.at < case.returned_at:
                raise BeforeReturn(returned_at=local(case.returned_at))
        if self.at > work.now:
            raise InTheFuture()
        lacking = [line.item for line in lines if line.is_missing]
        if lacking and not self.already:
            raise NotReady(items=lacking)
        terms = case.carrier.terms()
        case.acknowledge_hours = terms.acknowledge_hours
        case.review_days = terms.review_days
        case.window_days = terms.window_days
        case.reply_days = terms.reply_days
        case.submission += 1
        case.submitted_at = self.at
        case.carrier_reference = self.reference or case.carrier_reference
        case.acknowledged_at = case.reported_done_at = case.returned_at = case.verification = None
        case.return_reason = ""
        set_submission_deadlines(work)
        start_round(work, Basis.SUBMISSION, self.at)
        work.content |= {
            "at": local(self.at).isoformat(),
            "reference": self.reference,
            "words": self.words,
            "channel": case.channel,
            "ready": list(self.ready),
            "waived": dict(self.waived),
            "not_checked": [item.code for item in lacking],
        }

    def write(self, works: Sequence[Work]) -> None:
        write_marks(works, self._states())

    def _states(self) -> dict[str, str]:
        waived = {code: ItemState.WAIVED.value for code in self.waived if code not in self.ready}
        return waived | dict.fromkeys(self.ready, ItemState.DONE.value)

    def _marks(self, work: Work) -> dict[str, ItemMark]:
        if not all(reason.strip() for reason in self.waived.values()):
            raise ReasonMissing()
        return {**(work.loaded or {}), **{code: ItemMark(state, work.now) for code, state in self._states().items()}}


@dataclass(frozen=True)
class CorrectSubmission(Verb):
    """The moment of submission was logged wrongly; every deadline that hangs on it follows, late or not included."""

    at: datetime
    words: str
    kind: ClassVar[EntryKind] = EntryKind.SUBMISSION_CORRECTED

    def apply(self, work: Work) -> None:
        case = work.case
        work.require(*STATUSES_WITH_CARRIER)
        if not self.words.strip():
            raise ReasonMissing()
        if self.at > work.now:
            raise InTheFuture()
        own = [r for r in work.rounds if r.submission == case.submission]
        answers = [row.ended_at for row in own if row.ended_at] + [case.acknowledged_at, case.reported_done_at]
        first = min((moment for moment in answers if moment), default=None)
        if first and self.at > first:
            raise AfterReply(replied_at=local(first))
        returned = max((r.ended_at for r in work.rounds if r.submission < case.submission and r.ended_at), default=None)
        if returned and self.at < returned:
            raise BeforeReturn(returned_at=local(returned))
        if self.at == case.submitted_at:
            raise Unchanged
        work.content |= {
            "at": local(self.at).isoformat(),
            "before": local(case.submitted_at).isoformat() if case.submitted_at else None,
            "words": self.words,
        }
        for row in own:
            if row.basis == Basis.SUBMISSION:
                row.started_at = self.at
                work.changed_rows.append(row)
        case.submitted_at = self.at
        recalculate(work, ended_too=True)


@dataclass(frozen=True)
class Recalculate(Verb):
    """The working calendar changed: the open deadlines follow. Done by the product, not by a person."""

    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.RECALCULATED
    guarded: ClassVar[bool] = False

    def apply(self, work: Work) -> None:
        case = work.case
        work.require(*OPEN_STATUSES, Status.CONFIRMED)
        before = (case.acknowledge_by, case.review_by, case.window_opens, case.first_reply_by, case.reply_by)
        mark = case.provisional
        if case.state in STATUSES_WITH_CARRIER:
            recalculate(work, ended_too=False)
        self._move_escalations(work)
        after = (case.acknowledge_by, case.review_by, case.window_opens, case.first_reply_by, case.reply_by)
        if before == after and mark == case.provisional and not work.changed_rows:
            raise Unchanged
        work.content |= {"words": self.words, "provisional": case.provisional}

    def _move_escalations(self, work: Work) -> None:
        for row in work.escalations:
            if row.answered_at is None:
                answer_by = (
                    end_of_day(complaint_last_day(row.lodged_at, work.calendar))
                    if row.kind == EscalationKind.COMPLAINT
                    else appeal_answer_by(row.lodged_at, work.calendar)
                )
                if answer_by != row.answer_by:
                    row.answer_by = answer_by
                    work.changed_rows.append(row)


@dataclass(frozen=True)
class Withdraw(Verb):
    """The holder no longer wants the card cancelled, or the request was logged by mistake."""

    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.WITHDRAWN

    def apply(self, work: Work) -> None:
        work.move(Status.WITHDRAWN)
        end_round(work, work.now)
        work.case.reported_done_at = None
        work.case.closed_at = work.now
        work.content["words"] = self.words
