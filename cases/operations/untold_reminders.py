"""Reminders that were written and not told: released, so that the sweep finds them when they are called for again.

A written reminder waits in a group (`ReminderGroup`) and in the notices made of it. When it is not to be told like that
(its day moved, its case has another handler, its channel was removed), it leaves the group, and the case's cursor is
set back to just before it: from there the sweep computes what is called for, and when. A reminder that never is called
for again stays without a group for good.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.domain.business_days import WorkingCalendar
from cases.domain.case_state import CaseState
from cases.domain.notification_hours import DEFAULT_HOURS, NotificationHours
from cases.domain.reminders import iter_reminders
from cases.models import Case, NotificationChannel, Reminder, ReminderGroup, Team, User
from cases.models.choices import NoticeState
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.next_reminder import reminder_state, schedule_next_reminder
from cases.selectors import working_calendar

#: Cases in one transaction.
CHUNK = 500
_INSTANT = timedelta(microseconds=1)


def waiting_for_people(cases: Collection[Case]) -> QuerySet[Reminder]:
    """Reminders of these cases that wait to be told to a person: in no notice yet, or in one that is not sent."""
    waits = Q(bundle__lines__notice__state=NoticeState.PENDING, bundle__lines__notice__channel__user__isnull=False)
    return Reminder.objects.filter(waits | Q(bundle__gathered_at=None), case__in=cases, bundle__isnull=False)


def waiting_for_member(user: User, team: Team) -> QuerySet[Reminder]:
    """Reminders of a team's cases that wait to be told to this person."""
    waits = Q(bundle__lines__notice__state=NoticeState.PENDING, bundle__lines__notice__channel__user=user)
    return Reminder.objects.filter(waits | Q(bundle__gathered_at=None, bundle__handler=user), bundle__team=team)


def waiting_for_channels(channels: QuerySet[NotificationChannel]) -> QuerySet[Reminder]:
    """Reminders that wait to be told over one of these channels."""
    return Reminder.objects.filter(
        bundle__lines__notice__state=NoticeState.PENDING, bundle__lines__notice__channel__in=channels
    )


def release(reminders: QuerySet[Reminder]) -> list[Case]:
    """Release these reminders; returns their cases, with the moments at which they remind next.

    What is called for by now is due for the sweep at once. What has been told over a channel is not told there again.
    """
    ids_by_case: dict[int, list[int]] = {}
    for case, pk in reminders.order_by("case").values_list("case_id", "pk").distinct():
        ids_by_case.setdefault(case, []).append(pk)
    calendar, keys = working_calendar(), list(ids_by_case)
    cases: list[Case] = []
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        cases += _release(chunk, [pk for key in chunk for pk in ids_by_case[key]], calendar)
    return cases


def _release(case_ids: Sequence[int], reminder_ids: Sequence[int], calendar: WorkingCalendar) -> list[Case]:
    with transaction.atomic():
        locked_cases = Case.objects.select_for_update(of=("self",)).select_related("handler")
        cases = list(locked_cases.prefetch_related("escalations").filter(pk__in=case_ids).order_by("pk"))
        rows = group_by_case(Reminder.objects.filter(pk__in=reminder_ids, bundle__isnull=False))
        for case in cases:
            set_cursor_before(case, rows.get(case.pk, []), calendar)
        save_columns(cases, ["reminded_until", "next_reminder_at"])
        Reminder.objects.filter(pk__in=reminder_ids).update(bundle=None)
        # One that is empty now would make an empty notice.
        groups = {row.bundle_id for of_case in rows.values() for row in of_case if row.bundle_id is not None}
        ReminderGroup.objects.filter(pk__in=groups, gathered_at=None, reminders=None).delete()
    return cases


def set_cursor_before(case: Case, reminders: Sequence[Reminder], calendar: WorkingCalendar) -> None:
    """Set the cursor of a case back to just before these reminders, and its next reminder from there."""
    if not reminders:
        return
    escalations = list(case.escalations.all())
    hours = case.handler.notification_hours() if case.handler else DEFAULT_HOURS
    before = just_before(reminders, reminder_state(case, escalations), calendar, hours)
    case.reminded_until = min(case.reminded_until or before, before)
    schedule_next_reminder(case, escalations, calendar)


def just_before(
    reminders: Sequence[Reminder], state: CaseState, calendar: WorkingCalendar, hours: NotificationHours
) -> datetime:
    """The instant before the first of these reminders of a case was called for.

    That may be earlier than the moment for which it was written: of other hours, corrected, or put off by a snooze.
    """
    latest = max(reminder.at for reminder in reminders)
    scheduled = iter_reminders(replace(state, snoozed_until=None), calendar, hours)
    moments: dict[tuple[str, int], datetime] = {
        (reminder.kind, reminder.ordinal): reminder.at
        for reminder in takewhile(lambda reminder: reminder.at <= latest, scheduled)
    }
    keys = {(reminder.kind, reminder.ordinal) for reminder in reminders}
    return min([reminder.at for reminder in reminders] + [moments[key] for key in keys & moments.keys()]) - _INSTANT
