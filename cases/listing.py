"""How a list of cases is narrowed and ordered: for the pages and the API alike."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from cases import queries
from cases.domain.status import Status
from cases.queries import Cases

#: How a case stands -> the query that finds those.
STANDINGS: Mapping[str, Callable[[Cases, datetime], Cases]] = {
    "overdue": queries.overdue,
    "due_today": queries.due_today,
    "promised_today": queries.promised_today,
    "to_verify": lambda cases, now: queries.to_verify(cases),
    "returned": lambda cases, now: queries.with_status(cases, Status.RETURNED),
    "waiting": queries.waiting,
    "draft": lambda cases, now: queries.with_status(cases, Status.DRAFT),
    "no_receipt": lambda cases, now: queries.confirmed_without_receipt(cases),
}
#: What a list can be ordered by; the newest first among equals.
ORDERS: Mapping[str, list[Any]] = {
    "newest": ["-id"],
    "reply_by": [F("reply_by").asc(nulls_last=True), "-id"],
    "submitted": [F("submitted_at").asc(nulls_last=True), "-id"],
    "number": ["card__number", "-id"],
}


def narrow(cases: Cases, now: datetime, asked: Mapping[str, Any]) -> Cases:
    """The cases that fit: q, standing, status, carrier, reason, batch; what is empty says nothing."""
    cases = queries.search(cases, asked.get("q") or "")
    if standing := asked.get("standing"):
        cases = STANDINGS[standing](cases, now)
    return cases.filter(**{name: asked[name] for name in ("status", "carrier", "reason", "batch") if asked.get(name)})
