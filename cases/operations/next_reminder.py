"""When a case next needs to remind somebody. Computed here, with every change; sent elsewhere."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.domain.business_days import WorkingCalendar, YearNotCovered, end_of_day, local
from cases.domain.case_standing import Standing, current_standing
from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.notification_hours import NotificationHours, next_moment
from cases.domain.reminder_kinds import ReminderKind
from cases.domain.reminders import iter_reminders, next_reminder, occasion, snooze_end
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Case, Escalation, Reminder, User, WaitingRound
from cases.models.choices import EscalationKind
from cases.operations.engine.bulk_update import save_columns
from cases.operations.money_in_dispute import current_escalations
from cases.selectors import working_calendar

#: Cases in one transaction of `reschedule_for_user`.
CHUNK = 500
_INSTANT = timedelta(microseconds=1)
#: What comes anew with each round; a new round does not repeat the others.
_OF_A_ROUND = (ReminderKind.OVERDUE, ReminderKind.PROMISE_BROKEN, ReminderKind.STILL_OVERDUE, ReminderKind.VERIFY)
#: What a new round does not repeat, although its rows bear the number of the round in which they were written.
NOT_OF_A_ROUND = (
    ReminderKind.COMPLAIN,
    ReminderKind.COMPLAINT_UNANSWERED,
    ReminderKind.APPEAL_DECISION,
    ReminderKind.APPEAL_ANSWER,
    ReminderKind.MESSAGE,
    ReminderKind.REFUND_DUE,
)


class MissedReminder(NamedTuple):
    """A reminder that a case calls for at a moment that the sweep has passed.

    `key` tells it apart from the others of its case: round (None: any), kind, ordinal, occasion.
    """

    at: datetime
    key: tuple[int | None, ReminderKind, int, str]


class ReminderRow(NamedTuple):
    """What the sweep reads of a case: of the many columns those that reminders depend on (`values_list`)."""

    id: int
    team_id: int
    handler_id: int | None
    status: str
    submission: int
    submitted_at: datetime | None
    acknowledge_by: datetime | None
    window_opens: datetime | None
    first_reply_by: datetime | None
    acknowledged_at: datetime | None
    round: int
    basis: str
    reply_by: datetime | None
    reported_done_at: datetime | None
    returned_at: datetime | None
    confirmed_at: datetime | None
    bill_checked_at: datetime | None
    snoozed_at: datetime | None
    snoozed_until: date | None
    message_at: datetime | None
    erase_on: date | None
    refund_due_on: date | None
    refund_no: int
    reminded_until: datetime | None


def standing_of(case: Case, now: datetime, calendar: WorkingCalendar) -> Standing:
    """Where a case stands; its escalations are best prefetched."""
    return current_standing(case.state, reminder_state(case, list(case.escalations.all())), now, calendar)


def reminder_state(case: Case | ReminderRow, escalations: Sequence[Escalation]) -> CaseState:
    """What the reminders of this case depend on, as a value."""
    status = Status(case.status)
    # Of all: a complaint after the confirmation is not the first where there was one before it.
    complaint_no = sum(e.kind == EscalationKind.COMPLAINT for e in escalations)
    appeal_no = sum(e.kind == EscalationKind.APPEAL for e in escalations)
    escalations = current_escalations(escalations, status, case.confirmed_at)
    complaints = [e for e in escalations if e.kind == EscalationKind.COMPLAINT]
    # One that still runs counts for the submission that followed it, too: there cannot be a second beside it.
    complaint = next((e for e in complaints if _is_running(e)), None)
    has_complaint = complaint is not None or any(e.submission == case.submission for e in complaints)
    appeals = [e for e in escalations if e.kind == EscalationKind.APPEAL]
    appeal = next((e for e in appeals if _is_running(e)), None)
    if complaint and any(e.lodged_at >= complaint.lodged_at for e in appeals):
        complaint = None  # until somebody answers or appeals; whatever became of the appeal
    if status not in OPEN_STATUSES:
        closed = CaseState(
            bill_checked=case.bill_checked_at is not None,
            snoozed_at=case.snoozed_at,
            snoozed_until=case.snoozed_until,
            message_at=case.message_at,
            erase_on=case.erase_on,
            refund_no=case.refund_no,
        )
        if status is not Status.CONFIRMED:
            return closed  # of a request that was withdrawn nobody owes anything back
        return replace(
            closed,
            confirmed_at=case.confirmed_at,
            refund_due_on=case.refund_due_on,
            complaint_at=complaint.lodged_at if complaint else None,
            appeal_at=appeal.lodged_at if appeal else None,
            appeal_decided=bool(appeal and appeal.decided_at),
            complaint_no=complaint_no,
            appeal_no=appeal_no,
        )
    return CaseState(
        waiting=case.reply_by is not None,
        round_no=case.round,
        first_round=case.basis == Basis.SUBMISSION,
        basis=Basis(case.basis) if case.basis else None,
        acknowledged=case.acknowledged_at is not None,
        submitted_at=case.submitted_at,
        acknowledge_by=case.acknowledge_by,
        window_opens=case.window_opens,
        reply_by=case.reply_by,
        first_reply_by=case.first_reply_by,
        reported_done_at=case.reported_done_at,
        returned_at=case.returned_at if status is Status.RETURNED else None,
        complaint_at=complaint.lodged_at if complaint else None,
        complaint_lodged=has_complaint,
        appeal_at=appeal.lodged_at if appeal else None,
        appeal_decided=bool(appeal and appeal.decided_at),
        complaint_no=complaint_no,
        appeal_no=appeal_no,
        snoozed_at=case.snoozed_at,
        snoozed_until=case.snoozed_until,
        message_at=case.message_at,
        refund_due_on=case.refund_due_on,
        refund_no=case.refund_no,
    )


def _is_running(escalation: Escalation) -> bool:
    """Whether it is not answered, and what it is about is still open."""
    return escalation.answered_at is None and not escalation.nothing_owed


def end_snooze(case: Case) -> None:
    """The carrier moved, or the case is closed: its reminders are no longer held back."""
    case.snoozed_at = case.snoozed_until = None


def is_snoozed(case: Case, now: datetime) -> bool:
    """Whether reminders of the case are held back at now (aware)."""
    end = snooze_end(reminder_state(case, []))
    return end is not None and now < end


def snoozed_until(case: Case, now: datetime) -> date | None:
    """The first day on which reminders come again; None where the snooze is over, whatever ended it."""
    return case.snoozed_until if is_snoozed(case, now) else None


def schedule_next_reminder(
    case: Case, escalations: Sequence[Escalation], calendar: WorkingCalendar, *, seen_at: datetime | None = None
) -> None:
    """Set `next_reminder_at` to the first reminder after the last one sent or settled; None when none will come.

    `seen_at`: somebody changed the case at this moment and so saw its state. What is due by then is not sent at once
    but on the next morning, or with what comes before that: nobody is reminded of what they have just recorded, and
    nothing is forgotten. Hours are the handler's, or the default while nobody handles the case.
    """
    hours = case.handler.notification_hours() if case.handler else NotificationHours()
    since = case.reminded_until or case.submitted_at or case.created_at
    state = reminder_state(case, escalations)
    reminder = next_reminder(state, since, calendar, hours)
    at = reminder.at if reminder else None
    if at and seen_at and at <= seen_at:
        upcoming = next_reminder(state, seen_at, calendar, hours)
        at = min([_next_morning(seen_at, hours, calendar), *([upcoming.at] if upcoming else [])])
    case.next_reminder_at = at


def missed_reminders(
    case: Case, before: CaseState, escalations: Sequence[Escalation], calendar: WorkingCalendar
) -> list[MissedReminder]:
    """What a change of the case calls for at moments that the sweep has passed; `before` is the state before it.

    The carrier's 'done' of Saturday, recorded on Monday noon after Monday's reminder, is to be verified since Monday
    morning. A submission that is corrected to an earlier day has become late meanwhile. What was told or settled for
    the state before is not among it, and neither is what a complaint or an appeal told in its place.
    """
    cursor = case.reminded_until
    after = reminder_state(case, escalations)
    if cursor is None or after == before:
        return []
    hours = case.handler.notification_hours() if case.handler else NotificationHours()
    without_escalation = replace(before, complaint_at=None, appeal_at=None)
    passed = {key for state in (before, without_escalation) for _, key in _until(state, cursor, calendar, hours)}
    return [missed for missed in _until(after, cursor, calendar, hours) if missed.key not in passed]


def rewind_cursors(missed: Mapping[Case, Sequence[MissedReminder]]) -> None:
    """Set `reminded_until` of these cases back to just before what they missed and nobody was told of."""
    cases = [case.pk for case, reminders in missed.items() if any(r.key[1] in NOT_OF_A_ROUND for r in reminders)]
    delivered: dict[int, set[tuple[str, int, str]]] = {}
    rows = told_in_any_round(cases).filter(bundle__isnull=False) if cases else Reminder.objects.none()
    for pk, kind, ordinal, occasion_code in rows.values_list("case_id", "kind", "ordinal", "occasion"):
        delivered.setdefault(pk, set()).add((kind, ordinal, occasion_code))
    for case, reminders in missed.items():
        moments = [reminder.at for reminder in reminders if reminder.key[1:] not in delivered.get(case.pk, ())]
        if moments:
            case.reminded_until = min(moments) - _INSTANT


def told_in_any_round(cases: Collection[int]) -> QuerySet[Reminder]:
    """The reminders of these cases (keys) that another round does not repeat, as they were written in any of them.

    To complain is advised once in a submission, and what is owed to a complaint does not depend on the round.
    """
    rounds = WaitingRound.objects.filter(case=OuterRef("case"), number=OuterRef("round"))
    is_of_submission = Exists(rounds.filter(submission=OuterRef("case__submission")))
    lasting = [kind for kind in NOT_OF_A_ROUND if kind is not ReminderKind.COMPLAIN]
    of_kind = Q(kind__in=lasting) | Q(is_of_submission, kind=ReminderKind.COMPLAIN)
    return Reminder.objects.filter(of_kind, case__in=cases)


def _until(
    state: CaseState, cursor: datetime, calendar: WorkingCalendar, hours: NotificationHours
) -> Iterator[MissedReminder]:
    """What a state called for until the cursor, whether or not it was snoozed or a message waited."""
    scheduled = iter_reminders(replace(state, snoozed_until=None, message_at=None), calendar, hours)
    for reminder in takewhile(lambda reminder: reminder.at <= cursor, scheduled):
        round_no = state.round_no if reminder.kind in _OF_A_ROUND else None
        key = (round_no, reminder.kind, reminder.ordinal, occasion(state, reminder))
        yield MissedReminder(reminder.at, key)


def reschedule_for_user(user: User, now: datetime, *, after: int = 0) -> int | None:
    """Set the next reminders of the cases that this person handles again, by the person's hours as they are now.

    One chunk, from the key `after` on; returns its last key, or None when there are no more. Nothing is told twice
    for it, and what was put off to a morning stays put off.
    """
    calendar = working_calendar()
    with transaction.atomic():
        open_reminders = Case.objects.filter(handler=user, next_reminder_at__isnull=False, pk__gt=after)
        locked_cases = (
            open_reminders.select_for_update(of=("self",)).select_related("handler").prefetch_related("escalations")
        )
        cases = list(locked_cases.order_by("pk")[:CHUNK])
        for case in cases:
            is_ahead = case.next_reminder_at is not None and case.next_reminder_at > now
            schedule_next_reminder(case, list(case.escalations.all()), calendar, seen_at=now if is_ahead else None)
        save_columns(cases, ["next_reminder_at"])
    return cases[-1].pk if cases else None


def _next_morning(moment: datetime, hours: NotificationHours, calendar: WorkingCalendar) -> datetime:
    tomorrow = end_of_day(local(moment).date())
    try:
        return next_moment(tomorrow, hours, calendar)
    except YearNotCovered:  # better on a day off than never
        return tomorrow
