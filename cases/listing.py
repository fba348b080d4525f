"""How a list of cases is narrowed and ordered: for the pages and the API alike."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from cases import queries
from cases.domain.status import Status
from cases.keyset import Order
from cases.models import Team
from cases.queries import Cases

#: How a case stands -> the query that finds those.
STANDINGS: Mapping[str, Callable[[Cases, datetime], Cases]] = {
    "overdue": queries.overdue,
    "due_today": queries.due_today,
    "promised_today": queries.promised_today,
    "to_verify": lambda cases, now: queries.to_verify(cases),
    "returned": lambda cases, now: queries.returned(cases),
    "waiting": queries.waiting,
    "draft": lambda cases, now: queries.with_status(cases, Status.DRAFT),
    "no_receipt": lambda cases, now: queries.confirmed_without_receipt(cases),
}
#: Those that have a deadline, all of them.
_WITH_DEADLINE = ("overdue", "due_today", "promised_today", "waiting", "provisional")
#: What a list can be ordered by.
ORDERS: Mapping[str, Order] = {
    "newest": Order(),
    "reply_by": Order("reply_by"),
    "submitted": Order("submitted_at"),
    "number": Order("card__number"),
}


def narrow(cases: Cases, now: datetime, asked: Mapping[str, Any], *teams: Team) -> Cases:
    """The cases of these teams that fit: q, standing, status, carrier, reason, batch; what is empty says nothing."""
    cases = queries.search(cases, asked.get("q") or "", *teams)
    if standing := asked.get("standing"):
        cases = STANDINGS[standing](cases, now)
    return cases.filter(**{name: asked[name] for name in ("status", "carrier", "reason", "batch") if asked.get(name)})


def order_of(asked: Mapping[str, Any], *teams: Team) -> Order:
    """In which order a list is wanted that is narrowed like this."""
    order = ORDERS[asked.get("sort") or "newest"]
    if order.is_joined:
        return replace(order, also=Q(card__team__in=teams))  # the index of numbers begins with the team
    return replace(order, certain=asked.get("standing") in _WITH_DEADLINE)
