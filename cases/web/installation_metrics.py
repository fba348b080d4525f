"""Metrics of the whole installation: few queries, each by an index and capped."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django_q.models import OrmQ

from cases import queue, selectors
from cases.reminders import pipeline

#: Where counting stops: a count is as quick with a hundred million cases as with one.
CAP = 100_000


def collect_metrics(now: datetime) -> dict[str, tuple[str, float | None]]:
    """Help text and value of each gauge at now (aware) by name; the value is None for what has never happened."""
    waiting_jobs = OrmQ.objects.filter(lock__lte=now)
    cases = selectors.all_cases()
    due = selectors.due_for_reminder(cases, now)
    return {
        "worker_silent_seconds": (
            "Since the worker last said that it works.",
            _silence_seconds(queue.time_since_worker_beat(now)),
        ),
        "sweep_silent_seconds": ("Since a sweep last finished.", _silence_seconds(queue.time_since_sweep(now))),
        "sweep_lag_seconds": (
            "For how long the oldest reminder has been due that no sweep has told.",
            _age_seconds(due.order_by("next_reminder_at").values_list("next_reminder_at", flat=True).first(), now),
        ),
        "notices_waiting": ("Messages that wait to be sent.", _capped_count(pipeline.pending_notices())),
        "notices_failed_week": (
            "Messages given up within seven days.",
            _capped_count(pipeline.recently_failed_notices(now)),
        ),
        "account_mails_waiting": (
            "Emails about accounts that wait to be sent.",
            _capped_count(pipeline.pending_account_mails()),
        ),
        "account_mails_failed_week": (
            "Emails about accounts given up within seven days.",
            _capped_count(pipeline.recently_failed_account_mails(now)),
        ),
        "jobs_waiting": ("Jobs in the queue that no worker has taken.", _capped_count(waiting_jobs)),
        "jobs_oldest_seconds": (
            "How long the oldest of them has waited.",
            _age_seconds(waiting_jobs.aggregate(oldest=Min("lock"))["oldest"], now),
        ),
        "cases_overdue": (
            "Cases whose answer is overdue.",
            _capped_count(selectors.overdue(cases, now)),
        ),
    }


def _capped_count(rows: Any) -> float:
    return selectors.capped_count(rows, CAP)


def _age_seconds(oldest: datetime | None, now: datetime) -> float:
    return (now - oldest).total_seconds() if oldest else 0


def _silence_seconds(silence: timedelta | None) -> float | None:
    return None if silence is None else silence.total_seconds()
