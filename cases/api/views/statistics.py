"""Statistics: by carrier, the overview, how each carrier performs, and a month's statement."""

from ninja import Query

from cases import selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.request import ApiRequest
from cases.api.schemas.statistics import (
    OverviewOut,
    SavingsOut,
    SavingsParams,
    ScoreboardOut,
    StatementOut,
    StatisticsOut,
    StatisticsParams,
    serialize_overview,
    serialize_savings,
    serialize_scoreboard,
    serialize_statement,
    serialize_statistics,
)
from cases.domain.statement_months import parse_month
from cases.models import Carrier
from cases.selectors import Cases, costs
from cases.selectors.monthly_statement import load_statement
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.savings import savings
from cases.selectors.statistics.scoreboard import scoreboard

TAGS = ["statistics"]


def _filtered_cases(request: ApiRequest, params: StatisticsParams) -> Cases:
    cases = selectors.cases_of(request.team)
    carrier = lookups.get_carrier_or_none(params.carrier)
    return cases.filter(carrier=carrier) if carrier else cases


@api.get("statistics", response=StatisticsOut, tags=TAGS, summary="Get the statistics")
def read_statistics(request: ApiRequest) -> StatisticsOut:
    """Cases, charges and the cost of the delay, by carrier and in total."""
    return serialize_statistics(costs.by_carrier(selectors.cases_of(request.team), request.now))


@api.get(
    "statistics/overview",
    response=OverviewOut,
    tags=TAGS,
    summary="Get the overview",
    openapi_extra={"x-404": True},
)
def read_overview(request: ApiRequest, params: Query[StatisticsParams]) -> OverviewOut:
    """Open cases by age, replies due next, and cancellations confirmed per week."""
    cases, calendar = _filtered_cases(request, params), selectors.working_calendar()
    return serialize_overview(overview(cases, request.now, calendar, weeks=params.weeks))


@api.get(
    "statistics/carriers",
    response=ScoreboardOut,
    tags=TAGS,
    summary="Compare carriers",
    openapi_extra={"x-404": True},
)
def read_scoreboard(request: ApiRequest, params: Query[StatisticsParams]) -> ScoreboardOut:
    """How often and how fast each carrier replies, by request channel."""
    cases, calendar = _filtered_cases(request, params), selectors.working_calendar()
    return serialize_scoreboard(scoreboard(cases, request.now, calendar, since=params.since(request.now)))


@api.get(
    "statistics/savings",
    response=SavingsOut,
    tags=TAGS,
    summary="Get the savings",
    openapi_extra={"x-404": True},
)
def read_savings(request: ApiRequest, params: Query[SavingsParams]) -> SavingsOut:
    """What cancellations saved, what came back and what is still open, by carrier, department and reason."""
    cases, carrier = selectors.cases_of(request.team), lookups.get_carrier_or_none(params.carrier)
    cases = cases.filter(carrier=carrier) if carrier else cases
    return serialize_savings(savings(cases, params.period, request.now), Carrier.objects.in_bulk())


@api.get("statements/{slug:month}", response=StatementOut, tags=TAGS, summary="Get a monthly statement")
def read_statement(request: ApiRequest, month: str) -> StatementOut:
    """The figures of a month by carrier, and what it saved; of the running month up to now."""
    statement_month = parse_month(month, request.now)
    statement = load_statement(selectors.cases_of(request.team), statement_month, request.now)
    return serialize_statement(statement, Carrier.objects.in_bulk())
