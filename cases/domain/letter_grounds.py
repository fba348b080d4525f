"""What a letter is about, and on which time it rests: a duty is only asserted where the carrier itself named the time.

The product's default times are what is usual, and no law sets them (facts.md): a letter may say that the usual time has
passed, but not that the carrier had to keep it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.domain.deadlines import is_overdue


class TimeLimitSource(StrEnum):
    """Who set a time limit."""

    PROMISE = "promise"  # the carrier, by naming a day for this very request
    PUBLISHED = "published"  # the carrier, by terms of its own (the directory's)
    EFFECTIVE_DAY = "effective_day"  # the carrier, by naming the day on which the cancellation takes effect
    USUAL = "usual"  # nobody: it is how long such requests take


@dataclass(frozen=True, slots=True)
class PassedLimit:
    """A time limit that has passed: who set it, and when it ended."""

    source: TimeLimitSource
    ended_at: datetime


class LetterMatter(StrEnum):
    """What a letter is about."""

    CANCELLED = "cancelled"  # the number is; what is owed for it is not settled
    RETURNED = "returned"
    LATE = "late"
    CHARGED = "charged"
    REPORTED_DONE = "reported_done"  # the carrier says that it is done, nobody verified it yet
    STILL_IN_USE = "still_in_use"  # found so after the carrier had said that it was done, or after the case was closed
    OTHER = "other"


def passed_limit(
    reply_by: datetime | None,
    until: datetime,
    *,
    is_published: bool,
    broken_promises: Sequence[datetime],
    effective_by: datetime | None = None,
) -> PassedLimit | None:
    """The time limit that a letter rests on; None while none has passed.

    `effective_by`: the end of the day on which the cancellation takes effect, where that is the carrier's last word. It
    takes the place of all other time: until then the carrier is not late, and from then on nothing else matters.
    Otherwise the latest broken promise comes first, for it was made for this request; then the submission's first
    `reply_by`, which rests on the carrier's own terms (`is_published`) or on what is usual. `until`: the moment up to
    which the carrier held the request.
    """
    if effective_by is not None:
        return PassedLimit(TimeLimitSource.EFFECTIVE_DAY, effective_by) if is_overdue(effective_by, until) else None
    if broken_promises:
        return PassedLimit(TimeLimitSource.PROMISE, max(broken_promises))
    if reply_by is None or not is_overdue(reply_by, until):
        return None
    return PassedLimit(TimeLimitSource.PUBLISHED if is_published else TimeLimitSource.USUAL, reply_by)


def letter_matter(
    *, cancelled: bool, returned: bool, reported_done: bool, late: bool, in_use: bool, charged: bool
) -> LetterMatter:
    """What a letter is about, the weightiest first; a request that is said to be done is not late any more."""
    matters = {
        LetterMatter.CANCELLED: cancelled,
        LetterMatter.RETURNED: returned,
        LetterMatter.REPORTED_DONE: reported_done,
        LetterMatter.LATE: late,
        LetterMatter.STILL_IN_USE: in_use,
        LetterMatter.CHARGED: charged,
    }
    return next((matter for matter, applies in matters.items() if applies), LetterMatter.OTHER)
