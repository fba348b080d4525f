"""How the product says things, in the active language: one place for pages, admin, commands and messages.

`from cases import wording` and `wording.format_moment(…)`; timelines, call scripts and carriers have modules of their
own.
"""

from cases.wording.cases import cases_without_fee, headline, lateness, next_step, reminder_label, status_label
from cases.wording.errors import error_message, flaw_message
from cases.wording.moments import (
    day_reason,
    festival_name,
    format_day,
    format_deadline,
    format_moment,
    format_month,
    format_yuan,
    join_names,
    submitted_on,
    years_always_shown,
)

__all__ = [
    "cases_without_fee",
    "day_reason",
    "error_message",
    "festival_name",
    "flaw_message",
    "format_day",
    "format_deadline",
    "format_moment",
    "format_month",
    "format_yuan",
    "headline",
    "join_names",
    "lateness",
    "next_step",
    "reminder_label",
    "status_label",
    "submitted_on",
    "years_always_shown",
]
