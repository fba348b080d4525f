"""Whether a running complaint or appeal about money still has something to be about.

Once the refund has come or is written off, and what was charged is paid back, nobody is to be reminded of the answer,
and nobody to appeal. It stays open until its answer is recorded, and goes on when money is owed again.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases.domain.status import Status
from cases.models import Case
from cases.operations.engine.bulk_update import save_columns
from cases.operations.engine.case_rows import LoadedRows, save_rows
from cases.operations.engine.verb import Work
from cases.operations.money_in_dispute import disputed_bills, disputed_days
from cases.operations.next_reminder import missed_reminders, reminder_state, rewind_cursors, schedule_next_reminder
from cases.selectors import working_calendar


def note_money_owed(works: Sequence[Work]) -> None:
    """Set `nothing_owed` of the complaints and appeals of these cases; what changes is written with the works.

    Only of a confirmed case they are about money. Nothing is read where none runs.
    """
    escalated = [work for work in works if any(row.answered_at is None or row.nothing_owed for row in work.escalations)]
    bills = disputed_bills([work.case for work in escalated])
    for work in escalated:
        days = disputed_days(work.case, work.charges, work.refunds, bills.get(work.case.pk, ()), None)
        nothing_owed = work.case.state is Status.CONFIRMED and not days
        for row in work.escalations:
            is_moot = nothing_owed and row.answered_at is None
            if row.nothing_owed != is_moot:
                row.nothing_owed = is_moot
                work.changed_rows.append(row)


def note_bill_disputed(case: Case, now: datetime) -> None:
    """A finding about a case is disputed since, or no longer: its complaint goes on, or rests. Not a step of the case:
    the finding says what was done."""
    calendar = working_calendar()
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("carrier", "handler").get(pk=case.pk)
        work = Work(locked, now, None, calendar, LoadedRows([locked.pk]))
        before = reminder_state(locked, work.escalations)
        note_money_owed([work])
        if not work.changed_rows:
            return
        rewind_cursors({locked: missed_reminders(locked, before, work.escalations, calendar)})
        schedule_next_reminder(locked, work.escalations, calendar, seen_at=now)
        save_rows(work.changed_rows)
        save_columns([locked], ["reminded_until", "next_reminder_at"])
