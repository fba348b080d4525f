"""A sweep: process the due cases, create notices, report when some can be sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from cases.domain.business_days import local
from cases.models import AccountMail, Heartbeat, Notice
from cases.models.choices import NoticeState
from cases.queue import SWEEP
from cases.reminders.notices import create_notices
from cases.reminders.sweep import due_batches, sweep_batch
from cases.selectors import working_calendar

#: How long pages count a notice that failed finally.
FAILED_NOTICE_PERIOD = timedelta(days=7)


@dataclass
class SweepResult:
    reminders: int = 0
    notices: int = 0
    finished: bool = False


def run_sweep(now: datetime, on_notices: Callable[[], bool] | None = None) -> SweepResult:
    """Write all reminders due at `now` (aware) and create their notices.

    `on_notices` is called when notices can be sent; if it returns True the sweep stops, unfinished, and another one
    continues.
    """
    now = local(now)
    result, calendar, batches = SweepResult(), working_calendar(), due_batches(now)

    def create_due_notices() -> bool:
        notices = create_notices(now, calendar)
        result.notices += len(notices)
        return bool(notices and on_notices and on_notices())

    for number, case_ids in enumerate(batches, start=1):
        result.reminders += sweep_batch(case_ids, now, calendar)
        # After 1, 4, 16, 64 … batches: the first people are notified at once, and the check who is ready, which
        # costs as much as there is still to do, does not add up to its square.
        if number < len(batches) and number.bit_count() == 1 and number.bit_length() % 2 and create_due_notices():
            return result
    create_due_notices()
    Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": now})
    result.finished = True
    return result


def pending_notices() -> QuerySet[Notice]:
    """Notices that still wait to be sent."""
    return Notice.objects.filter(state=NoticeState.PENDING)


def recently_failed_notices(now: datetime) -> QuerySet[Notice]:
    """Notices that failed finally in the week before now (aware): somebody was not reached."""
    return Notice.objects.filter(state=NoticeState.FAILED, finished_at__gt=now - FAILED_NOTICE_PERIOD)


def pending_account_mails() -> QuerySet[AccountMail]:
    """Emails about accounts that still wait to be sent."""
    return AccountMail.objects.filter(state=NoticeState.PENDING)


def recently_failed_account_mails(now: datetime) -> QuerySet[AccountMail]:
    """Emails about accounts that failed finally in the week before now (aware)."""
    return AccountMail.objects.filter(state=NoticeState.FAILED, finished_at__gt=now - FAILED_NOTICE_PERIOD)


def count_pending() -> int:
    return pending_notices().count()


def count_recently_failed(now: datetime) -> int:
    return recently_failed_notices(now).count()
