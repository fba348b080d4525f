"""How the product says things, in the active language: one place for pages, admin, commands and messages.

`from cases import wording` and `wording.format_moment(…)`; timelines, call scripts and carriers have modules of their
own.
"""

from cases.wording.anchors import anchored_case, case_without_anchor
from cases.wording.cases import (
    case_status,
    cases_without_fee,
    headline,
    lateness,
    lateness_beyond,
    next_step,
    reminder_label,
    shown_kind,
    status_label,
)
from cases.wording.errors import error_message, error_messages, flaw_message
from cases.wording.joining import close_up, join_names, join_sentences, labelled, with_note
from cases.wording.moments import (
    day_in_text,
    day_reason,
    deadline_in_text,
    festival_name,
    format_day,
    format_deadline,
    format_moment,
    format_month,
    format_yuan,
    moment_in_text,
    submitted_on,
    years_always_shown,
)

__all__ = [
    "anchored_case",
    "case_status",
    "case_without_anchor",
    "cases_without_fee",
    "close_up",
    "day_in_text",
    "day_reason",
    "deadline_in_text",
    "error_message",
    "error_messages",
    "festival_name",
    "flaw_message",
    "format_day",
    "format_deadline",
    "format_moment",
    "format_month",
    "format_yuan",
    "headline",
    "join_names",
    "join_sentences",
    "labelled",
    "lateness",
    "lateness_beyond",
    "moment_in_text",
    "next_step",
    "reminder_label",
    "shown_kind",
    "status_label",
    "submitted_on",
    "with_note",
    "years_always_shown",
]
