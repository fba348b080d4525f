"""How the product says things, in the active language: one place for pages, admin, commands and messages.

`from cases import wording` and `wording.moment(…)`; timelines, call scripts and carriers have modules of their own.
"""

from cases.wording.cases import headline, lateness, next_step, status, without_fee
from cases.wording.errors import flaw, say
from cases.wording.moments import (
    day,
    day_reason,
    deadline,
    festival,
    listed,
    moment,
    month,
    submitted_on,
    with_years,
    yuan,
)

__all__ = [
    "day",
    "day_reason",
    "deadline",
    "festival",
    "flaw",
    "headline",
    "lateness",
    "listed",
    "moment",
    "month",
    "next_step",
    "say",
    "status",
    "submitted_on",
    "with_years",
    "without_fee",
    "yuan",
]
