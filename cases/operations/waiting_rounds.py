"""Starting, ending and recalculating the rounds in which a carrier owes an answer (domain.md, 'Waiting rounds')."""

from datetime import date, datetime, timedelta

from cases.domain.business_days import local
from cases.domain.deadlines import Basis, deadlines_of, round_reply_by
from cases.models import WaitingRound
from cases.operations.engine.verb import Work


def start_round(work: Work, basis: Basis, at: datetime, *, promised_on: date | None = None) -> None:
    """The carrier owes an answer from `at` on; a running round ends answered at that moment."""
    end_round(work, at)
    _open(work, basis, at, _reply_by(work, basis, at, promised_on), promised_on)


def end_round(work: Work, at: datetime) -> None:
    """The running round, if there is one, ended at `at`; a case that was late stays known as late."""
    running = work.running
    if running is not None:
        running.ended_at = max(at, running.started_at)
        running.late = running.ended_at >= running.reply_by
        work.case.was_late |= running.late
        work.changed_rows.append(running)
    work.case.reply_by = None
    work.case.basis = ""
    work.case.promised_on = None
    work.case.provisional = False


def answered(work: Work, basis: Basis, at: datetime, *, promised_on: date | None = None) -> None:
    """The carrier answered and owes the next answer.

    A late entry of an old reply never moves the deadline backwards, and never undoes what the carrier said after it.
    Only an 'under review', which leaves the later deadline of the two, gives way to an older promise of a later day.
    """
    case, running = work.case, work.running
    if running is None:
        # It had said that it was done. An older reply changes nothing; a newer one takes that back.
        if case.reported_done_at and at < case.reported_done_at:
            return
        case.reported_done_at = None
    elif at < running.started_at:
        lasts = running.basis != Basis.UNDER_REVIEW
        if lasts or _reply_by(work, basis, at, promised_on) <= running.reply_by:
            return
        at = running.started_at
    start_round(work, basis, at, promised_on=promised_on)


def set_submission_deadlines(work: Work) -> None:
    """The deadlines that hang on the moment of submission, by the terms the case has."""
    case = work.case
    assert case.submitted_at is not None
    deadlines = deadlines_of(case.submitted_at, case.terms(), work.calendar)
    case.acknowledge_by = deadlines.acknowledge_by
    case.review_by = deadlines.review_by
    case.window_opens = deadlines.window_opens
    case.first_reply_by = deadlines.reply_by


def recalculate(work: Work, *, ended_too: bool) -> None:
    """Compute the deadlines of the current submission again, after its moment or the calendar changed.

    `ended_too`: also those of the rounds that are over, and whether they were late. A deadline that had passed and
    now lies ahead starts a new round, so that its reminders come again.
    """
    case = work.case
    set_submission_deadlines(work)
    for row, reply_by in _computed(work):
        if row.ended_at is None:
            _move_running(work, row, reply_by)
        elif ended_too and reply_by != row.reply_by:
            row.reply_by = reply_by
            row.late = row.ended_at >= reply_by
            work.changed_rows.append(row)
    if ended_too:
        case.was_late = any(row.late for row in work.rounds)


def _move_running(work: Work, row: WaitingRound, reply_by: datetime) -> None:
    if reply_by != row.reply_by and row.reply_by <= work.now < reply_by:
        # By the right calendar it was not late: it is ended without that mark.
        row.reply_by, row.ended_at = reply_by, work.now
        work.changed_rows.append(row)
        _open(work, Basis(row.basis), row.started_at, reply_by, row.promised_on)
        return
    if reply_by != row.reply_by:
        row.reply_by = reply_by
        work.changed_rows.append(row)
    work.case.reply_by = reply_by
    work.case.provisional = _provisional(work, Basis(row.basis), row.started_at, reply_by)


def _computed(work: Work) -> list[tuple[WaitingRound, datetime]]:
    """The rounds of the current submission, each with its deadline by the calendar as it is now.

    A round that is over keeps the deadline that it had; what follows from it is counted by the calendar of today.
    """
    computed: list[tuple[WaitingRound, datetime]] = []
    for row in work.rounds:
        if row.submission == work.case.submission:
            previous = computed[-1][1] if computed else None
            reply_by = round_reply_by(
                Basis(row.basis),
                row.started_at,
                terms=work.case.terms(),
                calendar=work.calendar,
                previous=previous,
                promised_on=row.promised_on,
            )
            computed.append((row, reply_by))
    return computed


def _reply_by(work: Work, basis: Basis, at: datetime, promised_on: date | None) -> datetime:
    computed = _computed(work)
    return round_reply_by(
        basis,
        at,
        terms=work.case.terms(),
        calendar=work.calendar,
        previous=computed[-1][1] if computed else None,
        promised_on=promised_on,
    )


def _open(work: Work, basis: Basis, at: datetime, reply_by: datetime, promised_on: date | None) -> None:
    case = work.case
    case.round += 1
    case.basis = basis
    case.reply_by = reply_by
    case.promised_on = promised_on
    case.provisional = _provisional(work, basis, at, reply_by)
    row = WaitingRound(
        case=case,
        number=case.round,
        submission=case.submission,
        basis=basis,
        started_at=at,
        reply_by=reply_by,
        promised_on=promised_on,
    )
    work.rounds.append(row)
    work.changed_rows.append(row)


def _provisional(work: Work, basis: Basis, at: datetime, reply_by: datetime) -> bool:
    # A promised day is a date that somebody named; no schedule moves it.
    if basis is Basis.PROMISE:
        return False
    one_day = timedelta(days=1)
    return work.calendar.is_provisional(local(at).date() + one_day, local(reply_by).date() - one_day)
