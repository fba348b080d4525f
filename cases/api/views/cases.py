"""Cases: listed, searched, logged, read, with their timeline and deadlines."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import operations as ops
from cases import selectors
from cases.api import lookups
from cases.api.conditional import set_etag_source
from cases.api.instance import api
from cases.api.pagination import DEFAULT_LIMIT, MAX_LIMIT, add_link_header, paginate, paginate_ordered
from cases.api.problem_details import rename_error_fields
from cases.api.request import ApiRequest
from cases.api.schemas.cases import CaseOut, CasePage, DayOut, serialize_case, serialize_case_summaries, serialize_days
from cases.api.schemas.fields import (
    Amount,
    DateTime,
    Day,
    Id,
    ItemCode,
    PhoneNumber,
    SchemaIn,
    SchemaOut,
    bounded_text,
    enum_of,
)
from cases.domain.deadlines import explain_days, last_day
from cases.domain.masking import mask_json
from cases.domain.status import Status
from cases.models import Case, TimelineEntry
from cases.models.choices import EntryKind, Purpose, Reason, RequestChannel
from cases.operations import CardFacts
from cases.selectors.filters import filter_cases, order_of
from cases.wording.timeline import describe_entry

NumbersParam = Annotated[
    Literal["masked", "full"], Field(description="`full` needs the scope `numbers`, and is noted with each card.")
]
StandingName = Literal[
    "overdue", "due_today", "promised_today", "to_verify", "returned", "waiting", "draft", "no_receipt"
]
Order = Literal["newest", "reply_by", "submitted", "number"]


SEARCH_DESCRIPTION = "Last four digits, beginning of the number, reference, carrier, holder."
CarrierSlug = Annotated[str, bounded_text(50), Field(description="A carrier's short name.", examples=["china-mobile"])]


class CaseCriteria(SchemaIn):
    """What cases can be narrowed by; what is left out says nothing."""

    q: Annotated[str, bounded_text(60), Field(description=SEARCH_DESCRIPTION)] = ""
    standing: StandingName | None = None
    status: Status | None = None
    carrier: CarrierSlug | None = None
    reason: Reason | None = None
    batch: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    sort: Order = "newest"
    numbers: NumbersParam = "masked"

    def filter_values(self) -> dict[str, Any]:
        """The same, with the carrier itself; raises NothingHere."""
        return self.model_dump() | {"carrier": lookups.get_carrier(self.carrier) if self.carrier else None}


class CaseFilter(CaseCriteria):
    """The same, by the page."""

    cursor: Annotated[str, bounded_text(200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT


class CaseSearch(CaseFilter):
    """The same, sent: so `q` may be a number in full."""

    batch: Id | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT


@api.get("cases", response=CasePage, tags=["cases"], summary="List cases", openapi_extra={"x-names-others": True})
def list_cases(request: ApiRequest, response: HttpResponse, params: Query[CaseFilter]) -> CasePage:
    """The team's cases: narrowed, sorted, by the page."""
    lookups.refuse_full_number(params.q)
    case_page = _case_page(request, params)
    add_link_header(request, response, case_page.next)
    return case_page


@api.post(
    "cases/search",
    response=CasePage,
    tags=["cases"],
    summary="Search cases",
    openapi_extra={"x-looking": True, "x-names-others": True},
)
def search_cases(request: ApiRequest, data: CaseSearch) -> CasePage:
    """As the list, with what is searched for in the body: no address holds a number in full."""
    return _case_page(request, data)


def _case_page(request: ApiRequest, params: CaseFilter) -> CasePage:
    full = lookups.wants_full_numbers(request, params.numbers, whole_list=True)
    visible_cases = selectors.cases_of(request.team)
    filters = params.filter_values()
    cases, order = filter_cases(visible_cases, request.now, filters, request.team), order_of(filters, request.team)
    page_rows, next_cursor = paginate_ordered(
        cases, params.cursor, params.limit, sort_name=params.sort, sort_order=order, visible_rows=visible_cases
    )
    lookups.audit_case_numbers_shown(request, page_rows, full=full)
    return CasePage.model_construct(items=serialize_case_summaries(page_rows, request.now, full=full), next=next_cursor)


class CardFactsIn(SchemaIn):
    """What is known of a card; what is left out stays as the register has it."""

    holder: Annotated[str, bounded_text(80)] = ""
    purpose: Purpose | None = None
    plan: Annotated[str, bounded_text(80)] = ""
    monthly_fee: Annotated[Amount, Field(lt=1_000_000)] | None = None
    contract_end: Day | None = None

    def facts(self) -> CardFacts:
        return CardFacts(self.holder, self.purpose or "", self.plan, self.monthly_fee, self.contract_end)


class NewCaseIn(CardFactsIn):
    """A request to cancel a card: a draft, or with `submitted_at` one that is out already."""

    number: PhoneNumber
    carrier: CarrierSlug
    reason: Reason = Reason.COST
    channel: RequestChannel = RequestChannel.HOTLINE
    submitted_at: DateTime | None = None
    reference: Annotated[str, bounded_text(60), Field(description="The carrier's, 受理单号.")] = ""
    ready: Annotated[list[ItemCode], Field(max_length=20, description="What of the checklist is ready.")] = []
    words: Annotated[str, bounded_text(2000)] = ""
    handler: Annotated[Id | None, Field(description="Who looks after it (/members); else the token's person.")] = None


def open_case(request: ApiRequest, data: NewCaseIn, submit_token: UUID | None) -> Case:
    """Raises what `ops.log` does."""
    with rename_error_fields(happened_at="submitted_at"):
        return ops.open_case(
            request.team,
            data.number,
            lookups.get_carrier(data.carrier),
            reason=data.reason.value,
            channel=data.channel.value,
            by=request.user,
            now=request.now,
            facts=data.facts(),
            handler=lookups.get_handler(request, data.handler) or request.user,
            words=data.words,
            ready=data.ready,
            submitted_at=data.submitted_at,
            reference=data.reference,
            submit_token=submit_token,
        )


def serialize_case_with_etag(request: ApiRequest, case: Case, *, full: bool = False) -> CaseOut:
    set_etag_source(request, case)
    return serialize_case(case, request.now, role=lookups.acting_role(request), full=full)


@api.post(
    "cases",
    response={201: CaseOut},
    tags=["cases"],
    summary="Log a case",
    openapi_extra={"x-etag": True, "x-names-others": True},
)
def log_one(request: ApiRequest, response: HttpResponse, data: NewCaseIn) -> CaseOut:
    """The card is found in the register or registered. A card has at most one open case (409)."""
    case = open_case(request, data, request.submit_token)
    response["Location"] = f"/api/v1/cases/{case.reference}"
    return serialize_case_with_etag(request, lookups.get_case(request, case.reference))


@api.get(
    "cases/{slug:reference}",
    response=CaseOut,
    tags=["cases"],
    summary="Read a case",
    openapi_extra={"x-etag": True},
)
def read_case(request: ApiRequest, reference: str, numbers: NumbersParam = "masked") -> CaseOut:
    """Where it stands, why, and what can be done."""
    full = lookups.wants_full_numbers(request, numbers)
    case = lookups.get_case(request, reference)
    lookups.audit_case_numbers_shown(request, [case], full=full)
    return serialize_case_with_etag(request, case, full=full)


class EntryLineOut(SchemaOut):
    label: str
    value: str


class EntryOut(SchemaOut):
    """One entry of the record, which nothing changes."""

    sequence: int
    kind: Annotated[str, enum_of(EntryKind.values)]
    title: str
    by: str
    happened_at: DateTime | None
    recorded_at: DateTime
    status_from: str
    status_to: str
    words: str
    lines: list[EntryLineOut] = Field(description="What it says, as the page shows it.")
    content: dict[str, Any] = Field(description="The same for programs, with numbers masked; empty once erased.")
    hash: str


class Timeline(SchemaOut):
    items: list[EntryOut]
    next: str | None


class PageParams(SchemaIn):
    cursor: Annotated[str, bounded_text(200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT


@api.get("cases/{slug:reference}/timeline", response=Timeline, tags=["cases"], summary="Read a case's timeline")
def read_timeline(request: ApiRequest, response: HttpResponse, reference: str, params: Query[PageParams]) -> Timeline:
    """In the order in which it was recorded."""
    case = lookups.get_case(request, reference)
    entries = case.entries.select_related("content").order_by("pk")
    page_rows, next_cursor = paginate(entries, params.cursor, params.limit, ascending=True)
    add_link_header(request, response, next_cursor)
    return Timeline.model_construct(items=[_serialize_entry(entry) for entry in page_rows], next=next_cursor)


def _serialize_entry(entry: TimelineEntry) -> EntryOut:
    entry_text, content = describe_entry(entry), getattr(entry, "content", None)
    body: dict[str, Any] = content.body if content else {}
    return EntryOut.model_construct(
        sequence=entry.sequence,
        kind=entry.kind,
        title=entry_text.title,
        by=entry_text.by,
        happened_at=datetime.fromisoformat(body["at"]) if body.get("at") else None,
        recorded_at=entry.recorded_at,
        status_from=entry.status_from,
        status_to=entry.status_to,
        words=entry_text.words,
        lines=[EntryLineOut(label=label, value=value) for label, value in entry_text.lines],
        content=mask_json(body),
        hash=entry.entry_hash,
    )


class RoundOut(SchemaOut):
    """A stretch in which the carrier owes, or owed, an answer, and its count day by day."""

    number: int
    basis: str
    started_at: DateTime
    reply_by: DateTime
    promised_on: Day | None
    ended_at: DateTime | None
    late: bool
    days: list[DayOut]


class CaseDeadlinesOut(SchemaOut):
    acknowledge_by: DateTime | None
    review_by: DateTime | None
    window_opens: DateTime | None
    reply_by: DateTime | None
    provisional: bool
    rounds: list[RoundOut]


@api.get(
    "cases/{slug:reference}/deadlines", response=CaseDeadlinesOut, tags=["cases"], summary="Read a case's deadlines"
)
def read_deadlines(request: ApiRequest, reference: str) -> CaseDeadlinesOut:
    """Of each waiting round, which days counted and why."""
    case = lookups.get_case(request, reference)
    calendar = selectors.working_calendar()
    rounds = [
        RoundOut.model_construct(
            **{name: getattr(row, name) for name in RoundOut.model_fields if name != "days"},
            days=serialize_days(explain_days(row.started_at, last_day(row.reply_by), calendar)),
        )
        for row in case.rounds.order_by("number")
    ]
    plain = {name: getattr(case, name) for name in CaseDeadlinesOut.model_fields if name != "rounds"}
    return CaseDeadlinesOut.model_construct(**plain, rounds=rounds)
