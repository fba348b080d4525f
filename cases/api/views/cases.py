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
from cases.api.auth import ApiRequest
from cases.api.conditional import keep_state
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.pagination import MOST, USUAL, link, ordered_page, page
from cases.api.problem_details import renamed
from cases.api.schemas.cases import CasePage, CaseTold, DayTold, case_rows, case_told, days_told
from cases.api.schemas.fields import Amount, Asked, Code, Day, Key, Moment, Number, Told, one_of, text
from cases.domain.deadlines import explain_days, last_day
from cases.domain.masking import mask_json
from cases.domain.status import Status
from cases.models import Case, TimelineEntry
from cases.models.choices import EntryKind, Purpose, Reason, RequestChannel
from cases.operations import CardFacts
from cases.selectors.filters import narrow, order_of
from cases.wording.timeline import tell

Numbers = Annotated[
    Literal["masked", "full"], Field(description="`full` needs the scope `numbers`, and is noted with each card.")
]
StandingName = Literal[
    "overdue", "due_today", "promised_today", "to_verify", "returned", "waiting", "draft", "no_receipt"
]
Order = Literal["newest", "reply_by", "submitted", "number"]


FOUND_BY = "Last four digits, beginning of the number, reference, carrier, holder."
Slug = Annotated[str, text(50), Field(description="A carrier's short name.", examples=["china-mobile"])]


class CaseNarrow(Asked):
    """What cases can be narrowed by; what is left out says nothing."""

    q: Annotated[str, text(60), Field(description=FOUND_BY)] = ""
    standing: StandingName | None = None
    status: Status | None = None
    carrier: Slug | None = None
    reason: Reason | None = None
    batch: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    sort: Order = "newest"
    numbers: Numbers = "masked"

    def narrowed(self) -> dict[str, Any]:
        """The same, with the carrier itself; raises NothingHere."""
        return self.model_dump() | {"carrier": lookups.get_carrier(self.carrier) if self.carrier else None}


class CaseFilter(CaseNarrow):
    """The same, by the page."""

    cursor: Annotated[str, text(200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL


class CaseSearch(CaseFilter):
    """The same, sent: so `q` may be a number in full."""

    batch: Key | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=MOST)] = USUAL


@api.get("cases", response=CasePage, tags=["cases"], summary="List cases", openapi_extra={"x-names-others": True})
def list_cases(request: ApiRequest, response: HttpResponse, asked: Query[CaseFilter]) -> CasePage:
    """The team's cases: narrowed, sorted, by the page."""
    lookups.no_number(asked.q)
    found = _found(request, asked)
    link(request, response, found.next)
    return found


@api.post(
    "cases/search",
    response=CasePage,
    tags=["cases"],
    summary="Search cases",
    openapi_extra={"x-looking": True, "x-names-others": True},
)
def search_cases(request: ApiRequest, data: CaseSearch) -> CasePage:
    """As the list, with what is searched for in the body: no address holds a number in full."""
    return _found(request, data)


def _found(request: ApiRequest, asked: CaseFilter) -> CasePage:
    full = lookups.in_full(request, asked.numbers, many=True)
    door = selectors.cases_of(request.team)
    narrowed = asked.narrowed()
    cases, order = narrow(door, request.now, narrowed, request.team), order_of(narrowed, request.team)
    found, following = ordered_page(cases, asked.cursor, asked.limit, order=asked.sort, by=order, door=door)
    lookups.note_cases(request, found, full=full)
    return CasePage.model_construct(items=case_rows(found, request.now, full=full), next=following)


class CardAsked(Asked):
    """What is known of a card; what is left out stays as the register has it."""

    holder: Annotated[str, text(80)] = ""
    purpose: Purpose | None = None
    plan: Annotated[str, text(80)] = ""
    monthly_fee: Annotated[Amount, Field(lt=1_000_000)] | None = None
    contract_end: Day | None = None

    def facts(self) -> CardFacts:
        return CardFacts(self.holder, self.purpose or "", self.plan, self.monthly_fee, self.contract_end)


class CaseAsked(CardAsked):
    """A request to cancel a card: a draft, or with `submitted_at` one that is out already."""

    number: Number
    carrier: Slug
    reason: Reason = Reason.COST
    channel: RequestChannel = RequestChannel.HOTLINE
    submitted_at: Moment | None = None
    reference: Annotated[str, text(60), Field(description="The carrier's, 受理单号.")] = ""
    ready: Annotated[list[Code], Field(max_length=20, description="What of the checklist is ready.")] = []
    words: Annotated[str, text(2000)] = ""
    handler: Annotated[Key | None, Field(description="Who looks after it (/members); else the token's person.")] = None


def log_case(request: ApiRequest, data: CaseAsked, number: UUID | None) -> Case:
    """Raises what `ops.log` does."""
    with renamed(happened_at="submitted_at"):
        return ops.log(
            request.team,
            data.number,
            lookups.get_carrier(data.carrier),
            reason=data.reason.value,
            channel=data.channel.value,
            by=request.user,
            now=request.now,
            facts=data.facts(),
            handler=lookups.worker(request, data.handler) or request.user,
            words=data.words,
            ready=data.ready,
            submitted_at=data.submitted_at,
            reference=data.reference,
            click=number,
        )


def tell_case(request: ApiRequest, case: Case, *, full: bool = False) -> CaseTold:
    keep_state(request, case)
    may_work, may_manage = lookups.may_work(request), lookups.may_manage(request)
    return case_told(case, request.now, may_work=may_work, may_manage=may_manage, full=full)


@api.post(
    "cases",
    response={201: CaseTold},
    tags=["cases"],
    summary="Log a case",
    openapi_extra={"x-etag": True, "x-names-others": True},
)
def log_one(request: ApiRequest, response: HttpResponse, data: CaseAsked) -> CaseTold:
    """The card is found in the register or registered. A card has at most one open case (409)."""
    case = log_case(request, data, click(request))
    response["Location"] = f"/api/v1/cases/{case.reference}"
    return tell_case(request, lookups.get_case(request, case.reference))


@api.get(
    "cases/{slug:reference}",
    response=CaseTold,
    tags=["cases"],
    summary="Read a case",
    openapi_extra={"x-etag": True},
)
def read_case(request: ApiRequest, reference: str, numbers: Numbers = "masked") -> CaseTold:
    """Where it stands, why, and what can be done."""
    full = lookups.in_full(request, numbers)
    case = lookups.get_case(request, reference)
    lookups.note_cases(request, [case], full=full)
    return tell_case(request, case, full=full)


class Line(Told):
    label: str
    value: str


class EntryTold(Told):
    """One entry of the record, which nothing changes."""

    sequence: int
    kind: Annotated[str, one_of(EntryKind.values)]
    title: str
    by: str
    happened_at: Moment | None
    recorded_at: Moment
    status_from: str
    status_to: str
    words: str
    lines: list[Line] = Field(description="What it says, as the page shows it.")
    content: dict[str, Any] = Field(description="The same for programs, with numbers masked; empty once erased.")
    hash: str


class Timeline(Told):
    items: list[EntryTold]
    next: str | None


class PageAsked(Asked):
    cursor: Annotated[str, text(200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL


@api.get("cases/{slug:reference}/timeline", response=Timeline, tags=["cases"], summary="Read a case's timeline")
def read_timeline(request: ApiRequest, response: HttpResponse, reference: str, asked: Query[PageAsked]) -> Timeline:
    """In the order in which it was recorded."""
    case = lookups.get_case(request, reference)
    entries = case.entries.select_related("content").order_by("pk")
    found, following = page(entries, asked.cursor, asked.limit, up=True)
    link(request, response, following)
    return Timeline.model_construct(items=[_entry(entry) for entry in found], next=following)


def _entry(entry: TimelineEntry) -> EntryTold:
    told, stored = tell(entry), getattr(entry, "content", None)
    body: dict[str, Any] = stored.body if stored else {}
    return EntryTold.model_construct(
        sequence=entry.sequence,
        kind=entry.kind,
        title=told.title,
        by=told.by,
        happened_at=datetime.fromisoformat(body["at"]) if body.get("at") else None,
        recorded_at=entry.recorded_at,
        status_from=entry.status_from,
        status_to=entry.status_to,
        words=told.words,
        lines=[Line(label=label, value=value) for label, value in told.lines],
        content=mask_json(body),
        hash=entry.entry_hash,
    )


class RoundTold(Told):
    """A stretch in which the carrier owes, or owed, an answer, and its count day by day."""

    number: int
    basis: str
    started_at: Moment
    reply_by: Moment
    promised_on: Day | None
    ended_at: Moment | None
    late: bool
    days: list[DayTold]


class CaseDeadlines(Told):
    acknowledge_by: Moment | None
    review_by: Moment | None
    window_opens: Moment | None
    reply_by: Moment | None
    provisional: bool
    rounds: list[RoundTold]


@api.get("cases/{slug:reference}/deadlines", response=CaseDeadlines, tags=["cases"], summary="Read a case's deadlines")
def read_deadlines(request: ApiRequest, reference: str) -> CaseDeadlines:
    """Of each waiting round, which days counted and why."""
    case = lookups.get_case(request, reference)
    calendar = selectors.working_calendar()
    rounds = [
        RoundTold.model_construct(
            **{name: getattr(row, name) for name in RoundTold.model_fields if name != "days"},
            days=days_told(explain_days(row.started_at, last_day(row.reply_by), calendar)),
        )
        for row in case.rounds.order_by("number")
    ]
    plain = {name: getattr(case, name) for name in CaseDeadlines.model_fields if name != "rounds"}
    return CaseDeadlines.model_construct(**plain, rounds=rounds)
