"""The ladder: a formal complaint to the carrier, then an appeal (申诉) to the appeal body of its province.

Neither moves the carrier's deadline; while one runs, only its own deadlines remind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cases.domain.business_days import WorkingCalendar, local, local_iso
from cases.domain.deadlines import last_day
from cases.domain.errors import (
    AppealExpired,
    AppealRunning,
    AppealTooEarly,
    ComplaintRunning,
    ComplaintSettled,
    NoComplaintYet,
    NothingToAnswer,
)
from cases.domain.escalation import (
    AppealObstacle,
    AppealOutlook,
    AppealSubject,
    Complaint,
    appeal_answer_by,
    appeal_expires_on,
    appeal_outlook,
    complaint_answer_by,
)
from cases.domain.status import Status
from cases.models import Case, Escalation
from cases.models.choices import EntryKind, EscalationKind
from cases.operations.engine.verb import Verb, Work


def complaints_of(escalations: Iterable[Escalation]) -> list[Complaint]:
    """The complaints among a case's escalations, as values."""
    return [
        Complaint(e.lodged_at, e.answered_at, e.satisfied) for e in escalations if e.kind == EscalationKind.COMPLAINT
    ]


def appeal_outlook_of(
    case: Case,
    escalations: Sequence[Escalation],
    charge_days: Iterable[date],
    about: AppealSubject,
    now: datetime,
    calendar: WorkingCalendar,
) -> AppealOutlook:
    """Whether an appeal about this case is open at `now`; `charge_days` are the days of charges not refunded.

    What else than charges an appeal is about arose when the carrier's own time ended, or when it returned the request
    back before that. Of several charges, the oldest that is not too old counts.
    """
    today = local(now).date()
    if about is AppealSubject.CHARGES:
        days = sorted(charge_days)
        since = next((day for day in days if appeal_expires_on(day, about) >= today), days[-1] if days else None)
    else:
        deadline_days = [last_day(case.first_reply_by)] if case.first_reply_by else []
        return_days = [local(case.returned_at).date()] if case.returned_at else []
        since = min(deadline_days + return_days, default=None)
    has_open_appeal = any(e.kind == EscalationKind.APPEAL and e.answered_at is None for e in escalations)
    return appeal_outlook(complaints_of(escalations), about, since, now, calendar, running=has_open_appeal)


_ESCALATION_STATUSES = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED)


def _open_escalation(work: Work, kind: EscalationKind) -> Escalation | None:
    return next((e for e in work.escalations if e.kind == kind and e.answered_at is None), None)


def _lodge(work: Work, kind: EscalationKind, at: datetime, answer_by: datetime, reference: str) -> None:
    row = Escalation(
        case=work.case,
        submission=work.case.submission,
        kind=kind,
        lodged_at=at,
        answer_by=answer_by,
        reference=reference,
        sequence=work.sequence,
    )
    work.add(row)


@dataclass(frozen=True)
class Complain(Verb):
    """A formal complaint was lodged with the carrier; it has 15 calendar days to answer."""

    at: datetime
    reference: str = ""
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.COMPLAINT

    def apply(self, work: Work) -> None:
        work.require_status(*_ESCALATION_STATUSES)
        work.check_moment(self.at)
        open_complaint = _open_escalation(work, EscalationKind.COMPLAINT)
        if open_complaint:
            raise ComplaintRunning(lodged_at=local(open_complaint.lodged_at))
        answer_by = complaint_answer_by(self.at, work.calendar)
        _lodge(work, EscalationKind.COMPLAINT, self.at, answer_by, self.reference)
        work.content |= {"at": local_iso(self.at), "reference": self.reference, "words": self.words}


@dataclass(frozen=True)
class ComplaintAnswered(Verb):
    """The carrier answered the complaint; `satisfied` says whether that settles it."""

    at: datetime
    satisfied: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.COMPLAINT_ANSWERED

    def apply(self, work: Work) -> None:
        _record_answer(work, EscalationKind.COMPLAINT, self.at, self.satisfied)
        work.content |= {"at": local_iso(self.at), "satisfied": self.satisfied, "words": self.words}


@dataclass(frozen=True)
class Appeal(Verb):
    """An appeal was lodged; `at` is when its papers arrived, from which the appeal body's deadlines run.

    It needs a complaint that stayed without answer for 15 days, or whose answer does not satisfy, and a matter that is
    not too old (Measures on User Complaints, art. 10 and 11). `anyway`: it was lodged although it is too early or too
    late for that; it is recorded, for it happened (decision 21).
    """

    at: datetime
    reference: str = ""
    words: str = ""
    about: str = AppealSubject.OTHER
    anyway: bool = False
    kind: ClassVar[EntryKind] = EntryKind.APPEAL

    def apply(self, work: Work) -> None:
        work.require_status(*_ESCALATION_STATUSES)
        work.check_moment(self.at)
        self._check_prerequisites(work)
        _lodge(work, EscalationKind.APPEAL, self.at, appeal_answer_by(self.at, work.calendar), self.reference)
        work.content |= {
            "at": local_iso(self.at),
            "about": str(self.about),
            "anyway": self.anyway,
            "reference": self.reference,
            "words": self.words,
        }

    def _check_prerequisites(self, work: Work) -> None:
        charge_days = [charge.day for charge in work.charges if charge.is_open]
        current_outlook = appeal_outlook_of(
            work.case, work.escalations, charge_days, AppealSubject(self.about), self.at, work.calendar
        )
        open_appeal = _open_escalation(work, EscalationKind.APPEAL)
        if open_appeal:
            raise AppealRunning(lodged_at=local(open_appeal.lodged_at))
        if AppealObstacle.NO_COMPLAINT in current_outlook.obstacles:
            raise NoComplaintYet()
        if AppealObstacle.SETTLED in current_outlook.obstacles:
            raise ComplaintSettled()
        if self.anyway:
            return
        if AppealObstacle.FIFTEEN_DAYS in current_outlook.obstacles:
            raise AppealTooEarly(possible_from=current_outlook.possible_from)
        if AppealObstacle.EXPIRED in current_outlook.obstacles:
            raise AppealExpired(expired_on=current_outlook.expires_on)


@dataclass(frozen=True)
class AppealDecided(Verb):
    """The appeal body accepted the appeal (`accepted`), or refused to take it up, which ends it."""

    at: datetime
    accepted: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.APPEAL_DECIDED

    def apply(self, work: Work) -> None:
        appeal = _open_escalation(work, EscalationKind.APPEAL)
        if appeal and appeal.decided_at:
            raise NothingToAnswer()
        if self.accepted:
            _open_escalation_at(work, EscalationKind.APPEAL, self.at).decided_at = self.at
        else:
            _record_answer(work, EscalationKind.APPEAL, self.at, satisfied=False)
        work.content |= {"at": local_iso(self.at), "accepted": self.accepted, "words": self.words}


@dataclass(frozen=True)
class AppealAnswered(Verb):
    """The appeal body answered; `satisfied` says whether that settles it."""

    at: datetime
    satisfied: bool
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.APPEAL_ANSWERED

    def apply(self, work: Work) -> None:
        _record_answer(work, EscalationKind.APPEAL, self.at, self.satisfied)
        work.content |= {"at": local_iso(self.at), "satisfied": self.satisfied, "words": self.words}


def _open_escalation_at(work: Work, kind: EscalationKind, at: datetime) -> Escalation:
    work.check_moment(at)
    row = _open_escalation(work, kind)
    if row is None or at < row.lodged_at:
        raise NothingToAnswer()
    work.changed_rows.append(row)
    return row


def _record_answer(work: Work, kind: EscalationKind, at: datetime, satisfied: bool) -> None:
    row = _open_escalation_at(work, kind, at)
    row.answered_at = at
    row.satisfied = satisfied
