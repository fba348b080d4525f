"""Starting, ending and recalculating the rounds in which a carrier owes an answer (domain.md, 'Waiting rounds')."""

from datetime import date, datetime, timedelta

from cases.domain.business_days import local
from cases.domain.deadlines import Basis, deadlines_of, is_overdue, last_day, round_reply_by
from cases.models import WaitingRound
from cases.operations.engine.verb import Work


def start_round(work: Work, basis: Basis, at: datetime, *, named_day: date | None = None) -> None:
    """The carrier owes an answer from `at` on; a running round ends answered at that moment."""
    end_round(work, at)
    _open_round(work, basis, at, _next_reply_by(work, basis, at, named_day), named_day)


def end_round(work: Work, at: datetime) -> None:
    """The running round, if there is one, ended at `at`; a case that was late stays marked as late."""
    running_round = work.running_round
    if running_round is not None:
        running_round.ended_at = max(at, running_round.started_at)
        running_round.late = is_overdue(running_round.reply_by, running_round.ended_at)
        work.case.was_late |= running_round.late
        work.changed_rows.append(running_round)
    work.case.reply_by = None
    work.case.basis = ""
    work.case.promised_on = work.case.takes_effect_on = None
    work.case.provisional = False


def renew_round(work: Work, basis: Basis, at: datetime, *, named_day: date | None = None) -> None:
    """The carrier answered and owes the next answer.

    A late entry of an old reply never moves the deadline backwards, and never undoes what the carrier said after it.
    Only an 'under review', which leaves the later deadline of the two, gives way to an older promise of a later day.
    """
    case, running_round = work.case, work.running_round
    if running_round is None:
        # It had said that it was done. An older reply changes nothing; a newer one takes that back.
        if case.reported_done_at and at < case.reported_done_at:
            return
        case.reported_done_at = None
    elif at < running_round.started_at:
        is_firm = running_round.basis != Basis.UNDER_REVIEW
        if is_firm or _next_reply_by(work, basis, at, named_day) <= running_round.reply_by:
            return
        at = running_round.started_at
    start_round(work, basis, at, named_day=named_day)


def set_submission_deadlines(work: Work) -> None:
    """The deadlines that hang on the moment of submission, by the terms the case has."""
    case = work.case
    assert case.submitted_at is not None
    deadlines = deadlines_of(case.submitted_at, case.terms(), work.calendar)
    case.acknowledge_by = deadlines.acknowledge_by
    case.review_by = deadlines.review_by
    case.window_opens = deadlines.window_opens
    case.first_reply_by = deadlines.reply_by


def recalculate(work: Work, *, include_ended: bool) -> None:
    """Compute the deadlines of the current submission again, after its moment or the calendar changed.

    `include_ended`: also those of the rounds that are over, and whether they were late. A deadline that had passed and
    now lies ahead starts a new round, so that its reminders come again.
    """
    case = work.case
    set_submission_deadlines(work)
    for row, reply_by in _recomputed_rounds(work):
        if row.ended_at is None:
            _move_running_round(work, row, reply_by)
        elif include_ended and reply_by != row.reply_by:
            row.reply_by = reply_by
            row.late = is_overdue(reply_by, row.ended_at)
            work.changed_rows.append(row)
    if include_ended:
        case.was_late = any(row.late for row in work.rounds)


def _move_running_round(work: Work, row: WaitingRound, reply_by: datetime) -> None:
    if reply_by != row.reply_by and row.reply_by <= work.now < reply_by:
        # By the right calendar it was not late: it is ended without that mark.
        row.reply_by, row.ended_at = reply_by, work.now
        work.changed_rows.append(row)
        _open_round(work, Basis(row.basis), row.started_at, reply_by, row.named_day)
        return
    if reply_by != row.reply_by:
        row.reply_by = reply_by
        work.changed_rows.append(row)
    work.case.reply_by = reply_by
    work.case.provisional = _is_provisional(work, Basis(row.basis), row.started_at, reply_by)


def _recomputed_rounds(work: Work) -> list[tuple[WaitingRound, datetime]]:
    """The rounds of the current submission, each with its deadline by the calendar as it is now.

    A round that is over keeps the deadline that it had; what follows from it is counted by the calendar of today.
    """
    recomputed: list[tuple[WaitingRound, datetime]] = []
    for row in work.rounds:
        if row.submission == work.case.submission:
            previous = recomputed[-1][1] if recomputed else None
            reply_by = round_reply_by(
                Basis(row.basis),
                row.started_at,
                terms=work.case.terms(),
                calendar=work.calendar,
                previous=previous,
                named_day=row.named_day,
            )
            recomputed.append((row, reply_by))
    return recomputed


def _next_reply_by(work: Work, basis: Basis, at: datetime, named_day: date | None) -> datetime:
    recomputed = _recomputed_rounds(work)
    return round_reply_by(
        basis,
        at,
        terms=work.case.terms(),
        calendar=work.calendar,
        previous=recomputed[-1][1] if recomputed else None,
        named_day=named_day,
    )


def _open_round(work: Work, basis: Basis, at: datetime, reply_by: datetime, named_day: date | None) -> None:
    case = work.case
    case.round += 1
    case.basis = basis
    case.reply_by = reply_by
    case.promised_on = named_day if basis is Basis.PROMISE else None
    case.takes_effect_on = named_day if basis is Basis.TAKES_EFFECT else None
    case.provisional = _is_provisional(work, basis, at, reply_by)
    row = WaitingRound(
        case=case,
        number=case.round,
        submission=case.submission,
        basis=basis,
        started_at=at,
        reply_by=reply_by,
        named_day=named_day,
    )
    work.add(row)


def _is_provisional(work: Work, basis: Basis, at: datetime, reply_by: datetime) -> bool:
    # A day that somebody named is a date; no schedule moves it, unless the promise was cut to its working days.
    if basis is Basis.TAKES_EFFECT or (basis is Basis.PROMISE and work.case.promised_on == last_day(reply_by)):
        return False
    one_day = timedelta(days=1)
    return work.calendar.is_provisional(local(at).date() + one_day, local(reply_by).date() - one_day)
