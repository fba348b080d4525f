"""Cases: listed, searched, opened, read, with their timeline and deadlines."""

from django.http import HttpResponse
from ninja import Query

from cases import operations as ops
from cases import selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.pagination import PageRows, add_link_header, paginate, paginate_ordered, respond_page
from cases.api.request import ApiRequest
from cases.api.responses import serialize_case_with_etag, set_location
from cases.api.schemas.cases import (
    CaseFilter,
    CaseOut,
    CaseSearch,
    CaseSummaryOut,
    NewCaseIn,
    serialize_case_summaries,
)
from cases.api.schemas.fields import NumbersParam
from cases.api.schemas.pages import Page, PageParams
from cases.api.schemas.timeline import CaseDeadlinesOut, EntryOut, serialize_deadlines, serialize_entry
from cases.models import Case
from cases.selectors.filters import filter_cases, order_of

TAGS = ["cases"]


@api.get("cases", response=Page[CaseSummaryOut], tags=TAGS, summary="List cases", openapi_extra={"x-404": True})
def list_cases(request: ApiRequest, response: HttpResponse, params: Query[CaseFilter]) -> Page[CaseSummaryOut]:
    """The team's cases, filtered and sorted, page by page."""
    for text in params.typed_texts():
        lookups.refuse_full_number(text)
    page = _case_page(request, params)
    add_link_header(request, response, page.next)
    return page


@api.post(
    "cases/search",
    response=Page[CaseSummaryOut],
    tags=TAGS,
    summary="Search cases",
    openapi_extra={"x-read-only": True, "x-404": True},
)
def search_cases(request: ApiRequest, data: CaseSearch) -> Page[CaseSummaryOut]:
    """Like the list, but with the filters in the body, so that a full number is never part of a URL."""
    return _case_page(request, data)


def _case_page(request: ApiRequest, params: CaseFilter) -> Page[CaseSummaryOut]:
    full = lookups.wants_full_numbers(request, params.numbers, export=True)
    visible_cases = selectors.cases_of(request.team)
    filters = params.filter_values(lookups.get_carrier_or_none(params.carrier))
    page: PageRows[Case] = paginate_ordered(
        filter_cases(visible_cases, request.now, filters, request.team),
        params,
        sort_name=params.sort,
        sort_order=order_of(filters, request.team),
        visible_rows=visible_cases,
    )
    lookups.audit_case_numbers_shown(request, page.rows, full=full)
    items = serialize_case_summaries(page.rows, request.now, full=full)
    return Page[CaseSummaryOut].model_construct(items=items, next=page.next_cursor)


@api.post(
    "cases",
    response={201: CaseOut},
    tags=TAGS,
    summary="Log a cancellation",
    openapi_extra={"x-etag": True, "x-404": True},
)
def log_one(request: ApiRequest, response: HttpResponse, data: NewCaseIn) -> CaseOut:
    """Adds the card if it does not exist yet. A card can have only one open case (409)."""
    new_case = data.new_case(
        lookups.get_carrier(data.carrier), lookups.get_handler(request, data.handler) or request.user
    )
    request.error_fields = {"happened_at": "submitted_at"}
    case = ops.open_case(request.team, new_case, by=request.user, now=request.now, submit_token=request.submit_token)
    set_location(response, "read_case", reference=case.reference)
    return serialize_case_with_etag(request, lookups.get_case(request, case.reference))


@api.get(
    "cases/{slug:reference}",
    response=CaseOut,
    tags=TAGS,
    summary="Get a case",
    openapi_extra={"x-etag": True},
)
def read_case(request: ApiRequest, reference: str, numbers: NumbersParam = "masked") -> CaseOut:
    """Its status, the next step, and the available actions."""
    full = lookups.wants_full_numbers(request, numbers)
    case = lookups.get_case(request, reference)
    lookups.audit_case_numbers_shown(request, [case], full=full)
    return serialize_case_with_etag(request, case, full=full)


@api.get("cases/{slug:reference}/timeline", response=Page[EntryOut], tags=TAGS, summary="Get a case's timeline")
def read_timeline(
    request: ApiRequest, response: HttpResponse, reference: str, params: Query[PageParams]
) -> Page[EntryOut]:
    """Its entries, in the order in which they were recorded."""
    case = lookups.get_case(request, reference)
    corrections = list(selectors.corrections_of(case))
    page = paginate(selectors.entries_of(case), params, ascending=True)
    return respond_page(request, response, page, Page[EntryOut], lambda entry: serialize_entry(entry, corrections))


@api.get("cases/{slug:reference}/deadlines", response=CaseDeadlinesOut, tags=TAGS, summary="Get a case's deadlines")
def read_deadlines(request: ApiRequest, reference: str) -> CaseDeadlinesOut:
    """Its deadlines and, for each waiting round, which days count and why."""
    case = lookups.get_case(request, reference)
    return serialize_deadlines(case, list(case.rounds.order_by("number")), selectors.working_calendar())
