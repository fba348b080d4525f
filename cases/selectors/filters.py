"""How lists are narrowed, ordered and counted: for the pages and the API alike."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Max, Q, QuerySet

from cases import selectors
from cases.domain.status import STATUSES_WITH_CARRIER, Status
from cases.domain.work_order import WorkSection
from cases.models import Batch, Team
from cases.selectors import Cases, CountedCard
from cases.selectors.card_names import NameColumn, filter_by_card
from cases.selectors.pagination import Order
from cases.selectors.settlement import money_open, settled
from cases.selectors.work_list import section_query

#: Cases of one operation while a browser waits: some seconds.
BULK_LIMIT = 2000
#: How a case stands -> the query that finds those.
STANDINGS: Mapping[str, Callable[[Cases, datetime], Cases]] = {
    "overdue": selectors.overdue,
    "due_today": selectors.due_today,
    "promised_today": selectors.promised_today,
    "to_verify": lambda cases, now: selectors.to_verify(cases),
    "returned": lambda cases, now: selectors.returned(cases),
    "waiting": selectors.waiting_beyond_today,
    "refund_open": lambda cases, now: selectors.refund_open(cases),
    "refund_overdue": partial(section_query, WorkSection.REFUND),
    "draft": lambda cases, now: selectors.with_status(cases, Status.DRAFT),
    # Sections of the work list that are no standing: what of the others can be done now, and what waits.
    "to_chase": partial(section_query, WorkSection.OVERDUE),
    "message": partial(section_query, WorkSection.MESSAGE),
    "to_call": partial(section_query, WorkSection.TO_CALL),
    "escalated": partial(section_query, WorkSection.ESCALATED),
    "only_waiting": partial(section_query, WorkSection.WAITING),
    "no_receipt": lambda cases, now: selectors.confirmed_without_receipt(cases),
    "settled": lambda cases, now: settled(cases),
    "money_open": lambda cases, now: money_open(cases),
}
#: What a list can be narrowed by: columns of the case, and names of its card.
_COLUMN_FILTERS = ("status", "carrier", "reason", "batch", "handler")
CARD_FILTERS: tuple[NameColumn, ...] = ("department", "user")
#: Those that have a deadline, all of them.
_WITH_DEADLINE = (
    "overdue",
    "due_today",
    "promised_today",
    "waiting",
    "provisional",
    "to_chase",
    "to_call",
    "escalated",
    "only_waiting",
)
#: Sections of the work list -> the standing that finds the same cases.
STANDING_OF_SECTION: Mapping[WorkSection, str] = {
    WorkSection.OVERDUE: "to_chase",
    WorkSection.DUE_TODAY: "due_today",
    WorkSection.PROMISED_TODAY: "promised_today",
    WorkSection.MESSAGE: "message",
    WorkSection.TO_VERIFY: "to_verify",
    WorkSection.RETURNED: "returned",
    WorkSection.REFUND: "refund_overdue",
    WorkSection.TO_CALL: "to_call",
    WorkSection.DRAFT: "draft",
    WorkSection.ESCALATED: "escalated",
    WorkSection.WAITING: "only_waiting",
}
#: What a list can be ordered by.
ORDERS: Mapping[str, Order] = {
    "newest": Order(),
    "reply_by": Order("reply_by"),
    "-reply_by": Order("reply_by", descending=True),
    "submitted": Order("submitted_at"),
    "-submitted": Order("submitted_at", descending=True),
    "number": Order("card__number"),
    "-number": Order("card__number", descending=True),
}


class StatusCounts(TypedDict):
    """What `with_status_counts` adds to a batch."""

    total: int
    confirmed: int
    said_done: int
    late: int
    returned: int
    withdrawn: int
    reply_by: datetime | None


if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import WithAnnotations

    CountedBatch = WithAnnotations[Batch, StatusCounts]
else:
    CountedBatch = Batch


def filter_cases(cases: Cases, now: datetime, params: Mapping[str, object], *teams: Team) -> Cases:
    """The cases of these teams that match q, standing, status, carrier, reason, batch, handler, and the department and
    user of their cards; empty ones match all.

    A case that was logged by mistake is there only for who looks for its very reference.
    """
    q = str(params.get("q") or "")
    cases = selectors.listed(selectors.search_cases(cases, q, *teams), q)
    if standing := params.get("standing"):
        cases = STANDINGS[str(standing)](cases, now)
    cases = filter_by_card(cases, {column: str(params.get(column) or "") for column in CARD_FILTERS}, *teams)
    return cases.filter(**{name: params[name] for name in _COLUMN_FILTERS if params.get(name)})


def order_of(params: Mapping[str, object], *teams: Team) -> Order:
    """The order of a list that is narrowed by these params: `sort`, or the newest first."""
    order = ORDERS[str(params.get("sort") or "newest")]
    if order.is_joined:
        return replace(order, extra_filter=Q(card__team__in=teams))  # the index of numbers begins with the team
    return replace(order, never_null=params.get("standing") in _WITH_DEADLINE)


def search_team_cards(team: Team, q: str) -> QuerySet[CountedCard]:
    """The cards of a team that match a search, newest first, with their counts."""
    return selectors.with_case_counts(selectors.search_cards(selectors.cards_of(team), q, team)).order_by("-id")


def with_status_counts(batches: QuerySet[Batch], now: datetime) -> QuerySet[CountedBatch]:
    """The same batches with the counts of their cases, and the latest day an answer is due; none logged by mistake."""
    with_carrier, counts = Q(cases__status__in=STATUSES_WITH_CARRIER), Q(cases__logged_by_mistake=False)
    return batches.annotate(
        total=Count("cases", filter=counts),
        confirmed=Count("cases", filter=Q(cases__status=Status.CONFIRMED)),
        said_done=Count("cases", filter=with_carrier & Q(cases__reported_done_at__isnull=False)),
        late=Count("cases", filter=selectors.overdue_q(now, "cases__")),
        returned=Count("cases", filter=Q(cases__status=Status.RETURNED)),
        withdrawn=Count("cases", filter=counts & Q(cases__status=Status.WITHDRAWN)),
        reply_by=Max("cases__reply_by"),
    )
