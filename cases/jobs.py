"""Tasks under the name that earlier releases put in the queue ("cases.jobs.sweep"); goes with the next release."""

from cases.tasks import (
    beat,
    bring_in,
    deliver,
    follow_hours,
    nightly,
    read_messages,
    recalculate_days,
    recalculate_provisional,
    recalculate_years,
    sweep,
)

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
