"""The ladder: a formal complaint to the carrier, then an appeal (申诉) to the appeal body of its province.

Neither moves the carrier's deadline; while one runs, only its own deadlines remind.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cases.domain.business_days import end_of_day, local, start_of_day
from cases.domain.errors import (
    AppealRuns,
    AppealTooEarly,
    ComplaintRuns,
    NoComplaintYet,
    NothingToAnswer,
)
from cases.domain.escalation import appeal_answer_by, appeal_possible_from, complaint_ends
from cases.domain.status import Status
from cases.models import Escalation
from cases.models.choices import EntryKind, EscalationKind
from cases.operations.work import Verb, Work

_WHERE = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED)


def _running(work: Work, kind: EscalationKind) -> Escalation | None:
    return next((e for e in work.escalations if e.kind == kind and e.answered_at is None), None)


def _lodge(work: Work, kind: EscalationKind, at: datetime, answer_by: datetime, reference: str) -> None:
    row = Escalation(
        case=work.case,
        submission=work.case.submission,
        kind=kind,
        lodged_at=at,
        answer_by=answer_by,
        reference=reference,
    )
    work.escalations.append(row)
    work.changed_rows.append(row)


@dataclass(frozen=True)
class Complain(Verb):
    """A formal complaint was lodged with the carrier; it has 15 calendar days to answer."""

    at: datetime
    reference: str = ""
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.COMPLAINT

    def apply(self, work: Work) -> None:
        work.require(*_WHERE)
        work.check_moment(self.at)
        running = _running(work, EscalationKind.COMPLAINT)
        if running:
            raise ComplaintRuns(lodged_at=local(running.lodged_at))
        answer_by = end_of_day(complaint_ends(self.at, work.calendar))
        _lodge(work, EscalationKind.COMPLAINT, self.at, answer_by, self.reference)
        work.content |= {"at": local(self.at).isoformat(), "reference": self.reference, "words": self.words}


@dataclass(frozen=True)
class ComplaintAnswered(Verb):
    """The carrier answered the complaint; `satisfied` says whether that settles it."""

    at: datetime
    satisfied: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.COMPLAINT_ANSWERED

    def apply(self, work: Work) -> None:
        _answer(work, EscalationKind.COMPLAINT, self.at, self.satisfied)
        work.content |= {"at": local(self.at).isoformat(), "satisfied": self.satisfied, "words": self.words}


@dataclass(frozen=True)
class Appeal(Verb):
    """An appeal was lodged; `at` is when its papers arrived, from which the appeal body's deadlines run.

    Measures on User Complaints, art. 10: it needs a complaint that stayed without answer for 15 days, or whose
    answer does not satisfy.
    """

    at: datetime
    reference: str = ""
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.APPEAL

    def apply(self, work: Work) -> None:
        work.require(*_WHERE)
        work.check_moment(self.at)
        running = _running(work, EscalationKind.APPEAL)
        if running:
            raise AppealRuns(lodged_at=local(running.lodged_at))
        self._check_complaint(work)
        _lodge(work, EscalationKind.APPEAL, self.at, appeal_answer_by(self.at, work.calendar), self.reference)
        work.content |= {"at": local(self.at).isoformat(), "reference": self.reference, "words": self.words}

    def _check_complaint(self, work: Work) -> None:
        complaints = [e for e in work.escalations if e.kind == EscalationKind.COMPLAINT]
        if any(e.satisfied is False for e in complaints):
            return
        unanswered = [e for e in complaints if e.answered_at is None]
        if not unanswered:
            raise NoComplaintYet()
        possible_from = appeal_possible_from(unanswered[0].lodged_at, work.calendar)
        if self.at < start_of_day(possible_from):
            raise AppealTooEarly(possible_from=possible_from)


@dataclass(frozen=True)
class AppealDecided(Verb):
    """The appeal body accepted the appeal (`accepted`), or refused to take it up, which ends it."""

    at: datetime
    accepted: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.APPEAL_DECIDED

    def apply(self, work: Work) -> None:
        appeal = _running(work, EscalationKind.APPEAL)
        if appeal and appeal.decided_at:
            raise NothingToAnswer()
        if self.accepted:
            _find(work, EscalationKind.APPEAL, self.at).decided_at = self.at
        else:
            _answer(work, EscalationKind.APPEAL, self.at, satisfied=False)
        work.content |= {"at": local(self.at).isoformat(), "accepted": self.accepted, "words": self.words}


@dataclass(frozen=True)
class AppealAnswered(Verb):
    """The appeal body answered; `satisfied` says whether that settles it."""

    at: datetime
    satisfied: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.APPEAL_ANSWERED

    def apply(self, work: Work) -> None:
        _answer(work, EscalationKind.APPEAL, self.at, self.satisfied)
        work.content |= {"at": local(self.at).isoformat(), "satisfied": self.satisfied, "words": self.words}


def _find(work: Work, kind: EscalationKind, at: datetime) -> Escalation:
    work.check_moment(at)
    row = _running(work, kind)
    if row is None or at < row.lodged_at:
        raise NothingToAnswer()
    work.changed_rows.append(row)
    return row


def _answer(work: Work, kind: EscalationKind, at: datetime, satisfied: bool) -> None:
    row = _find(work, kind, at)
    row.answered_at = at
    row.satisfied = satisfied
