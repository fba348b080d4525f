"""The ladder: a formal complaint to the carrier, then an appeal (申诉) to the appeal body of its province.

Neither moves the carrier's deadline; while one runs, only its own deadlines remind. Of a confirmed case they are about
money, and those from before the confirmation do not count for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cases.domain.business_days import WorkingCalendar, local, local_iso
from cases.domain.costs import BeforeConfirmation
from cases.domain.deadlines import last_day
from cases.domain.errors import (
    AppealAboutCharges,
    AppealExpired,
    AppealRunning,
    AppealTooEarly,
    ComplaintRunning,
    ComplaintSettled,
    NoComplaintYet,
    NothingOwed,
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
    oldest_in_time,
    outlives_confirmation,
)
from cases.domain.status import Status
from cases.models import Case, Escalation
from cases.models.choices import EntryKind, EscalationKind
from cases.operations.engine.verb import Verb, Work
from cases.operations.money_in_dispute import current_escalations, disputed_bills, disputed_days


def complaints_of(case: Case, escalations: Iterable[Escalation]) -> list[Complaint]:
    """The complaints among a case's escalations that count for it now, as values."""
    return [
        Complaint(e.lodged_at, e.answered_at, e.satisfied)
        for e in current_escalations(escalations, case.state, case.confirmed_at)
        if e.kind == EscalationKind.COMPLAINT
    ]


def appeal_outlook_of(
    case: Case,
    escalations: Sequence[Escalation],
    days_in_dispute: Iterable[date],
    about: AppealSubject,
    now: datetime,
    calendar: WorkingCalendar,
) -> AppealOutlook:
    """Whether an appeal about this case is open at `now`; `days_in_dispute` as in `money_in_dispute`.

    What else than charges an appeal is about arose when the carrier's own time ended, or when it returned the request
    back before that. Of several charges, the oldest that is not too old counts.
    """
    today = local(now).date()
    if about is AppealSubject.CHARGES:
        since = oldest_in_time(list(days_in_dispute), today)
    else:
        deadline_days = [last_day(case.first_reply_by)] if case.first_reply_by else []
        return_days = [local(case.returned_at).date()] if case.returned_at else []
        since = min(deadline_days + return_days, default=None)
    has_open_appeal = any(e.kind == EscalationKind.APPEAL and e.answered_at is None for e in escalations)
    return appeal_outlook(complaints_of(case, escalations), about, since, now, calendar, running=has_open_appeal)


_ESCALATION_STATUSES = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED, Status.CONFIRMED)


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


class _Escalate(Verb):
    """Something is lodged about a case that was submitted; about a confirmed one only over money that is in dispute.

    What is in dispute is looked at when it is recorded, and not replayed: a bill is no part of the record, and whatever
    is corrected later, it was lodged.
    """

    at: datetime

    def load(self, cases: Sequence[Case]) -> Mapping[int, list[date]]:
        return disputed_bills(cases)

    def check(self, work: Work) -> None:
        if work.case.state is Status.CONFIRMED:
            days = disputed_days(work.case, work.charges, work.refunds, work.loaded or (), self.at)
            if not days:
                raise NothingOwed()
            self._check_age(days)

    def _check_age(self, days: Sequence[date]) -> None:
        """Raise AppealExpired where what is in dispute, of these days, is too old."""

    def _check_state(self, work: Work) -> None:
        work.require_status(*_ESCALATION_STATUSES)
        work.check_moment(self.at)
        confirmed_at = work.case.confirmed_at if work.case.state is Status.CONFIRMED else None
        if confirmed_at and not outlives_confirmation(self.at, confirmed_at):
            raise BeforeConfirmation(confirmed_at=local(confirmed_at))


@dataclass(frozen=True)
class Complain(_Escalate):
    """A formal complaint was lodged with the carrier; it has 15 calendar days to answer."""

    at: datetime
    reference: str = ""
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.COMPLAINT

    def apply(self, work: Work) -> None:
        self._check_state(work)
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
class Appeal(_Escalate):
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
        self._check_state(work)
        self._check_prerequisites(work)
        _lodge(work, EscalationKind.APPEAL, self.at, appeal_answer_by(self.at, work.calendar), self.reference)
        work.content |= {
            "at": local_iso(self.at),
            "about": str(self.about),
            "anyway": self.anyway,
            "reference": self.reference,
            "words": self.words,
        }

    def _check_age(self, days: Sequence[date]) -> None:
        today = local(self.at).date()
        since = oldest_in_time(days, today)
        expires_on = appeal_expires_on(since, AppealSubject.CHARGES) if since else None
        if expires_on and today > expires_on and not self.anyway:
            raise AppealExpired(expired_on=expires_on)

    def _check_prerequisites(self, work: Work) -> None:
        is_confirmed = work.case.state is Status.CONFIRMED
        if is_confirmed and self.about != AppealSubject.CHARGES:
            raise AppealAboutCharges()
        days = [] if is_confirmed else disputed_days(work.case, work.charges, (), (), self.at)
        current_outlook = appeal_outlook_of(
            work.case, work.escalations, days, AppealSubject(self.about), self.at, work.calendar
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
