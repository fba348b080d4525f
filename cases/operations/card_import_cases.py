"""Which request that a row names becomes a case: one that the card does not have yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cases.domain.business_days import FIRST_YEAR, local
from cases.domain.clock_skew import settle_moment
from cases.domain.errors import gettext_noop
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.formats.tables.readings import CaseStatus, Message, ReadCase, ReadRefund
from cases.models import Case

_IMPOSSIBLE_REFUND_DAY = gettext_noop("%(day)s cannot be the day of the refund, and was not taken.")


@dataclass(frozen=True)
class CaseDecision:
    """The request with moments that can be, whether it becomes a case, and what to tell of it."""

    case: ReadCase | None
    opens_case: bool
    warnings: list[Message] = field(default_factory=list)


def decide_case(read: ReadCase, cases: Sequence[Case], now: datetime) -> CaseDecision:
    """What becomes of the request of a row whose card has these cases (the oldest first, none logged by mistake)."""
    case, warnings = _with_possible_moments(read, now)
    open_case = next((stored for stored in cases if stored.status in OPEN_STATUSES), None)
    if open_case:
        if not _is_case_of_row(open_case, case):
            message = gettext_noop("This card has an open case: %(reference)s. It stays as it is; no other is logged.")
            warnings.append(Message(message, {"reference": open_case.reference}))
        return CaseDecision(case, opens_case=False, warnings=warnings)
    if any(_is_case_of_row(stored, case) for stored in cases):
        return CaseDecision(case, opens_case=False, warnings=warnings)
    is_confirmed_again = case.status == "confirmed" and any(stored.status == Status.CONFIRMED for stored in cases)
    if cases and (is_confirmed_again or not _names_a_moment(case)):
        message = gettext_noop(
            "This card has had a case: %(reference)s. No other is logged, as the row may mean that one."
        )
        warnings.append(Message(message, {"reference": cases[-1].reference}))
        return CaseDecision(case, opens_case=False, warnings=warnings)
    return CaseDecision(case, opens_case=True, warnings=warnings)


def _with_possible_moments(read: ReadCase, now: datetime) -> tuple[ReadCase, list[Message]]:
    """The request without moments that cannot be, each named."""
    today, case = local(now).date(), read
    if read.submitted_at:
        read = case = replace(read, submitted_at=settle_moment(read.submitted_at, now))
    warnings: list[Message] = []
    if read.submitted_at and (read.submitted_at > now or local(read.submitted_at).year < FIRST_YEAR):
        if read.is_day_only and local(read.submitted_at).date() == today:
            return replace(case, submitted_at=now), warnings  # today, before the end of office hours
        warnings.append(_impossible(local(read.submitted_at).date()))
        case = replace(case, submitted_at=None)
    if read.closed_on and (read.closed_on > today or read.closed_on.year < FIRST_YEAR):
        warnings.append(_impossible(read.closed_on))
        case = replace(case, closed_on=None)
    if read.returned_on and (read.returned_on > today or read.returned_on.year < FIRST_YEAR):
        warnings.append(_impossible(read.returned_on))
        case = replace(case, returned_on=None)
    refund_warnings, refund = _possible_refund(case, today)
    return replace(case, refund=refund), [*warnings, *refund_warnings]


def _possible_refund(case: ReadCase, today: date) -> tuple[list[Message], ReadRefund | None]:
    """The refund of a request without days that cannot be, each named."""
    refund, warnings = case.refund, list[Message]()
    if refund is None:
        return warnings, None
    since = case.closed_on or today
    if refund.due_on and not since <= refund.due_on < date(today.year + 2, 1, 1):
        warnings.append(Message(_IMPOSSIBLE_REFUND_DAY, {"day": refund.due_on.isoformat()}))
        refund = replace(refund, due_on=None)
    submitted_on = local(case.submitted_at).date() if case.submitted_at else date.min
    if refund.received_on and not submitted_on <= refund.received_on <= today:
        warnings.append(Message(_IMPOSSIBLE_REFUND_DAY, {"day": refund.received_on.isoformat()}))
        refund = replace(refund, received_on=None)
    return warnings, refund


def _impossible(day: date) -> Message:
    message = gettext_noop("%(day)s cannot be when it happened, and was not taken. The case counts from today.")
    return Message(message, {"day": day.isoformat()})


def _names_a_moment(case: ReadCase) -> bool:
    """Whether the row can be told from another request for the same card."""
    return case.submitted_at is not None or (case.status == "confirmed" and case.closed_on is not None)


def _is_case_of_row(stored: Case, case: ReadCase) -> bool:
    """Whether the row describes this case: as it stands, or as it stood when the row was taken over."""
    if case.status == "confirmed":
        is_same_day = (
            case.closed_on is None or stored.confirmed_at is None or local(stored.confirmed_at).date() == case.closed_on
        )
        return stored.status == Status.CONFIRMED and is_same_day
    if case.submitted_at is not None:
        if stored.submitted_at is None:
            return False
        if case.is_day_only:
            return local(stored.submitted_at).date() == local(case.submitted_at).date()
        return stored.submitted_at == case.submitted_at
    return _status_in_table(stored) == case.status


def _status_in_table(stored: Case) -> CaseStatus | None:
    """How a table would name where a case stands."""
    if stored.status in STATUSES_WITH_CARRIER and stored.reported_done_at:
        return "reported_done"
    names: dict[str, CaseStatus] = {
        Status.DRAFT: "draft",
        Status.SUBMITTED: "submitted",
        Status.UNDER_REVIEW: "under_review",
        Status.RETURNED: "returned",
        Status.CONFIRMED: "confirmed",
    }
    return names.get(stored.status)
