"""Handing a request to the carrier: submit, submit again, correct the moment, withdraw, recalculate."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Self, cast

from cases.domain.business_days import local, local_iso
from cases.domain.checklist import ItemMark
from cases.domain.deadlines import Basis, Terms
from cases.domain.errors import AfterReply, BeforeReturn, NotReady
from cases.domain.escalation import appeal_answer_by, complaint_answer_by
from cases.domain.json_values import JsonObject
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.models.choices import EntryKind, EscalationKind, ItemState
from cases.operations.card_facts import card_facts
from cases.operations.checklist import lines_of
from cases.operations.engine.decoding import decode
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.take_over import is_confirmed_by_table
from cases.operations.waiting_rounds import end_round, recalculate, set_submission_deadlines, start_round


@dataclass(frozen=True)
class Submit(Verb):
    """The request was submitted to the carrier at `at`, or resubmitted after a return.

    The carrier's present terms are copied to the case, and a round starts. `ready` (codes) and `waived` (codes with the
    reason) settle items of the checklist in the same act. Open items then refuse a request that is not `already_sent`
    (NotReady); of one that is, they are recorded as not checked.
    """

    at: datetime
    reference: str = ""
    words: str = ""
    already_sent: bool = True
    ready: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    #: As recorded; None: the carrier's terms of now.
    terms: Terms | None = None
    kind: ClassVar[EntryKind] = EntryKind.SUBMITTED

    @classmethod
    def from_content(cls, content: JsonObject) -> Self:
        terms = Terms(**cast(Mapping[str, int], content["terms"]))
        return replace(decode(cls, {**content, "terms": None}), terms=terms)

    def apply(self, work: Work) -> None:
        case = work.case
        is_resubmission = case.state is Status.RETURNED
        lines = lines_of(case, self._marks(work))  # before the return that they answer is forgotten
        work.change_status(Status.SUBMITTED)
        if is_resubmission:
            work.kind = EntryKind.RESUBMITTED
            if case.returned_at and self.at < case.returned_at:
                raise BeforeReturn(returned_at=local(case.returned_at))
        work.check_not_future(self.at)
        missing_items = [line.item for line in lines if line.is_missing]
        if missing_items and not self.already_sent:
            raise NotReady(items=missing_items)
        terms = self.terms or case.carrier.terms()
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
        for code, state in self._mark_states().items():
            work.set_mark(code, state)
        work.content |= {
            "at": local_iso(self.at),
            "terms": asdict(terms),
            "card": card_facts(case),
            "reference": self.reference,
            "words": self.words,
            "channel": case.channel,
            "ready": list(self.ready),
            "waived": dict(self.waived),
            "not_checked": [item.code for item in missing_items],
        }

    def _mark_states(self) -> dict[str, str]:
        waived = {code: ItemState.WAIVED.value for code in self.waived if code not in self.ready}
        return waived | dict.fromkeys(self.ready, ItemState.DONE.value)

    def _marks(self, work: Work) -> dict[str, ItemMark]:
        for reason in self.waived.values():
            work.require_reason(reason)
        return {
            **work.item_marks(),
            **{code: ItemMark(state, work.now) for code, state in self._mark_states().items()},
        }


@dataclass(frozen=True)
class CorrectSubmission(Verb):
    """The moment of submission was logged wrongly; every deadline that hangs on it follows, late or not included."""

    at: datetime
    words: str
    kind: ClassVar[EntryKind] = EntryKind.SUBMISSION_CORRECTED

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(*STATUSES_WITH_CARRIER)
        work.require_reason(self.words)
        work.check_not_future(self.at)
        current_rounds = [r for r in work.rounds if r.submission == case.submission]
        answered_at = [row.ended_at for row in current_rounds if row.ended_at] + [
            case.acknowledged_at,
            case.reported_done_at,
        ]
        first_answer = min((moment for moment in answered_at if moment), default=None)
        if first_answer and self.at > first_answer:
            raise AfterReply(replied_at=local(first_answer))
        last_return = max(
            (r.ended_at for r in work.rounds if r.submission < case.submission and r.ended_at), default=None
        )
        if last_return and self.at < last_return:
            raise BeforeReturn(returned_at=local(last_return))
        if self.at == case.submitted_at:
            raise Unchanged
        work.content |= {
            "at": local_iso(self.at),
            "before": local_iso(case.submitted_at) if case.submitted_at else None,
            "words": self.words,
        }
        for row in current_rounds:
            if row.basis == Basis.SUBMISSION:
                row.started_at = self.at
                work.changed_rows.append(row)
        case.submitted_at = self.at
        recalculate(work, include_ended=True)


@dataclass(frozen=True)
class Recalculate(Verb):
    """The working calendar changed: the open deadlines follow. Done by the product, not by a person."""

    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.RECALCULATED
    guarded: ClassVar[bool] = False

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(*OPEN_STATUSES, Status.CONFIRMED)
        before = (case.acknowledge_by, case.review_by, case.window_opens, case.first_reply_by, case.reply_by)
        was_provisional = case.provisional
        if case.state in STATUSES_WITH_CARRIER:
            recalculate(work, include_ended=False)
        move_escalations(work)
        after = (case.acknowledge_by, case.review_by, case.window_opens, case.first_reply_by, case.reply_by)
        if before == after and was_provisional == case.provisional and not work.changed_rows:
            raise Unchanged
        work.content |= {"words": self.words, "provisional": case.provisional}


def move_escalations(work: Work) -> None:
    """Count the days of complaints and appeals that run by the calendar of the work."""
    for row in work.escalations:
        if row.answered_at is None:
            answer_by = (
                complaint_answer_by(row.lodged_at, work.calendar)
                if row.kind == EscalationKind.COMPLAINT
                else appeal_answer_by(row.lodged_at, work.calendar)
            )
            if answer_by != row.answer_by:
                row.answer_by = answer_by
                work.changed_rows.append(row)


@dataclass(frozen=True)
class Withdraw(Verb):
    """The holder no longer wants the card cancelled, or (`mistake`) the request should never have been logged: then
    lists and statistics leave the case out, and its page and record stay."""

    words: str = ""
    mistake: bool = False
    kind: ClassVar[EntryKind] = EntryKind.WITHDRAWN

    def apply(self, work: Work) -> None:
        if self.mistake and is_confirmed_by_table(work):
            work.case.status = Status.WITHDRAWN  # an import that is taken back
            work.case.confirmed_at = work.case.verification = None
        else:
            work.change_status(Status.WITHDRAWN)
        end_round(work, work.now)
        work.case.reported_done_at = None
        work.case.closed_at = work.now
        work.case.logged_by_mistake = self.mistake
        work.content["words"] = self.words
        if self.mistake:
            work.content["mistake"] = True
