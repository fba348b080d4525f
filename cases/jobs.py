"""Tasks under the names that earlier releases put in the queue ("cases.jobs.sweep"); goes with the next release."""

from cases.tasks import apply_notification_hours as follow_hours
from cases.tasks import (
    beat,
    deliver,
    nightly,
    read_messages,
    recalculate_days,
    recalculate_provisional,
    recalculate_years,
    sweep,
)
from cases.tasks import import_cards as bring_in

__all__ = [
    "beat",
    "bring_in",
    "deliver",
    "follow_hours",
    "nightly",
    "read_messages",
    "recalculate_days",
    "recalculate_provisional",
    "recalculate_years",
    "sweep",
]
