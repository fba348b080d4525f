"""The dates of cases for a calendar, and how those of one day, carrier and batch become one entry."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_noop

from cases.domain.business_days import WorkingCalendar, YearNotCovered, end_of_day
from cases.domain.deadlines import Basis, last_day
from cases.domain.escalation import appeal_decision_by
from cases.domain.status import Status
from cases.models import Case, Escalation, Refund
from cases.models.choices import EscalationKind
from cases.operations.money_in_dispute import current_escalations

_ROUND_TITLES: dict[str, str] = {
    Basis.PROMISE: gettext_noop("Promised date (carrier)"),
    Basis.TAKES_EFFECT: gettext_noop("Cancellation takes effect"),
}


@dataclass(frozen=True, slots=True)
class CaseDate:
    """A day that matters to a case, with a title (a msgid).

    `uid` names it for good; `row` is the key of what it comes from, which grows from one to the next. `ended`: when it
    ceased to matter (aware), None until then. `refund`: the open one that is due on the day.
    """

    case: Case
    uid: str
    row: int
    day: date
    title: str
    ended: datetime | None
    provisional: bool = False
    refund: Refund | None = None


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Dates of one day, title, carrier and batch that still matter, the oldest first, under the UID of that one; or a
    single one that has ended."""

    dates: Sequence[CaseDate]

    @property
    def first(self) -> CaseDate:
        return self.dates[0]

    @property
    def is_provisional(self) -> bool:
        return any(case_date.provisional for case_date in self.dates)


def calendar_entries(dates: Iterable[CaseDate]) -> Iterator[CalendarEntry]:
    """One entry for what is due on the same day from the same carrier, by batch.

    The oldest date that has not ended gives the entry its UID. So one that joins changes the entry and adds none; and
    where the oldest ends, its UID is cancelled and the next one's takes its place. What has ended without ever having
    been the oldest was in no calendar under its own UID, and is left out.
    """
    groups: dict[tuple[date, str, int, int | None], list[CaseDate]] = {}
    for case_date in dates:
        key = (case_date.day, case_date.title, case_date.case.carrier_id, case_date.case.batch_id)
        groups.setdefault(key, []).append(case_date)
    for group in groups.values():
        group.sort(key=lambda case_date: case_date.row)
        ended_before: datetime | None = None
        for case_date in group:
            if case_date.ended is None:
                yield CalendarEntry([other for other in group if other.ended is None])
                break
            if ended_before is None or case_date.ended > ended_before:
                yield CalendarEntry([case_date])
                ended_before = case_date.ended


def case_dates(case: Case, calendar: WorkingCalendar) -> Iterator[CaseDate]:
    """The last days of a case's waiting rounds, complaints, appeals and refunds; all of these prefetched."""
    for waiting_round in case.rounds.all():
        yield CaseDate(
            case,
            f"round.{waiting_round.number}",
            waiting_round.pk,
            last_day(waiting_round.reply_by),
            _ROUND_TITLES.get(waiting_round.basis, gettext_noop("Reply deadline")),
            waiting_round.ended_at,
            case.provisional and waiting_round.ended_at is None,
        )
    for escalation in case.escalations.all():
        yield from _escalation_dates(escalation, case, calendar)
    for refund in case.refunds.all():
        yield _refund_date(refund, case)


def _refund_date(refund: Refund, case: Case) -> CaseDate:
    # Of a request that was withdrawn nobody owes anything back; a confirmed one goes on until the money is there.
    ended = case.closed_at if case.state is Status.WITHDRAWN else None
    if refund.closed_on:
        ended = end_of_day(refund.closed_on)
    uid, title = f"refund.{refund.sequence}", gettext_noop("Refund due")
    return CaseDate(case, uid, refund.pk, refund.due_on, title, ended, refund=None if ended else refund)


def _escalation_dates(escalation: Escalation, case: Case, calendar: WorkingCalendar) -> Iterator[CaseDate]:
    # One about money goes on after the confirmation, while some is owed.
    is_current = bool(current_escalations([escalation], case.state, case.confirmed_at))
    goes_on = is_current and not escalation.nothing_owed
    ended, row = escalation.answered_at or (None if goes_on else case.closed_at), escalation.pk
    uid, answer_by = f"{escalation.kind}.{row}", last_day(escalation.answer_by)
    if escalation.kind == EscalationKind.COMPLAINT:
        yield CaseDate(case, uid, row, answer_by, gettext_noop("Complaint answer deadline"), ended)
        return
    try:
        decision = last_day(appeal_decision_by(escalation.lodged_at, calendar))
    except YearNotCovered:
        pass
    else:
        title = gettext_noop("Appeal decision deadline")
        yield CaseDate(case, f"{uid}.decision", row, decision, title, escalation.decided_at or ended)
    yield CaseDate(case, uid, row, answer_by, gettext_noop("Appeal answer deadline"), ended)
