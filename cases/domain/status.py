"""The life of a case: its statuses and the one table of what may follow what (domain.md, 'Status')."""

from enum import StrEnum

from cases.domain.errors import WrongTransition, gettext_noop


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


STATUS_LABELS: dict[str, str] = {
    Status.DRAFT: gettext_noop("In preparation"),
    Status.SUBMITTED: gettext_noop("Submitted"),
    Status.UNDER_REVIEW: gettext_noop("Under review"),
    Status.RETURNED: gettext_noop("Returned"),
    Status.CONFIRMED: gettext_noop("Cancelled, confirmed"),
    Status.WITHDRAWN: gettext_noop("Withdrawn"),
}

#: Everything that may follow; nothing else may.
ALLOWED_TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.SUBMITTED: frozenset({Status.UNDER_REVIEW, Status.RETURNED, Status.CONFIRMED, Status.WITHDRAWN}),
    Status.UNDER_REVIEW: frozenset({Status.RETURNED, Status.CONFIRMED, Status.WITHDRAWN}),
    Status.RETURNED: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.CONFIRMED: frozenset({Status.UNDER_REVIEW}),
    Status.WITHDRAWN: frozenset(),
}

#: A card has at most one case in one of these.
OPEN_STATUSES = (Status.DRAFT, Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED)
#: The request lies with the carrier.
STATUSES_WITH_CARRIER = (Status.SUBMITTED, Status.UNDER_REVIEW)


def check_transition(from_status: Status, to_status: Status) -> None:
    """Return when `from_status` may become `to_status`; raise WrongTransition when not."""
    if to_status not in ALLOWED_TRANSITIONS[from_status]:
        raise WrongTransition(from_status=from_status, to_status=to_status)
