"""What it all comes to: by carrier, how things stand, how each carrier does, and what a month came to."""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.request import ApiRequest
from cases.api.schemas.cases import CarrierNameOut, serialize_carrier_name
from cases.api.schemas.fields import Day, SchemaIn, SchemaOut, Yuan
from cases.api.views.cases import CarrierSlug
from cases.domain.business_days import local, start_of_day
from cases.domain.statement_months import parse_past_month
from cases.models import Carrier
from cases.selectors import Cases, costs, monthly_statement
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.scoreboard import Scores, Share, scoreboard

TAGS = ["statistics"]


class StatisticsLineOut(SchemaOut):
    """Yuan; `cost` is what the delay cost, `without_fee` the late cases whose monthly fee nobody entered."""

    carrier: CarrierNameOut | None
    open: int
    overdue: int
    charges: Yuan
    refunded: Yuan
    cost: Yuan
    without_fee: int


class StatisticsOut(SchemaOut):
    carriers: list[StatisticsLineOut]
    total: StatisticsLineOut


class StatisticsParams(SchemaIn):
    weeks: Annotated[int, Field(ge=1, le=520, description="How many weeks, the running one included.")] = 26
    carrier: CarrierSlug | None = None

    def cases(self, request: ApiRequest) -> Cases:
        cases = selectors.cases_of(request.team)
        return cases.filter(carrier=lookups.get_carrier(self.carrier)) if self.carrier else cases

    def since(self, now: datetime) -> datetime:
        """Monday, 00:00, of the first of these weeks."""
        today = local(now).date()
        return start_of_day(today - timedelta(days=today.weekday(), weeks=self.weeks - 1))


def _serialize_carrier_or_none(carrier: Carrier | None) -> CarrierNameOut | None:
    return serialize_carrier_name(carrier) if carrier else None


@api.get("statistics", response=StatisticsOut, tags=TAGS, summary="Read the statistics")
def read_statistics(request: ApiRequest) -> StatisticsOut:
    """Cases, charges and the cost of delay, by carrier and together."""
    lines = costs.by_carrier(selectors.cases_of(request.team), request.now)
    return StatisticsOut.model_construct(
        carriers=[_serialize_statistics_line(line) for line in lines],
        total=_serialize_statistics_line(costs.total_of(lines)),
    )


def _serialize_statistics_line(line: costs.CarrierCosts) -> StatisticsLineOut:
    plain = {name: getattr(line, name) for name in StatisticsLineOut.model_fields if name != "carrier"}
    sums = {name: Decimal(plain[name]) for name in ("charges", "refunded", "cost")}
    return StatisticsLineOut.model_construct(**plain | sums, carrier=_serialize_carrier_or_none(line.carrier))


class AgeOut(SchemaOut):
    """Open cases of so many working days since they were handed in, by how they stand."""

    first: int
    last: int | None
    counts: dict[str, int]


class DueOut(SchemaOut):
    date: Day
    working: bool
    by_terms: int
    promised: int


class WeekOut(SchemaOut):
    monday: Day
    confirmed: int


class OverviewOut(SchemaOut):
    open: int
    ages: list[AgeOut]
    due: list[DueOut] = Field(description="What falls due on the next ten working days.")
    weeks: list[WeekOut]


@api.get(
    "statistics/overview",
    response=OverviewOut,
    tags=TAGS,
    summary="Read how things stand",
    openapi_extra={"x-names-others": True},
)
def read_overview(request: ApiRequest, params: Query[StatisticsParams]) -> OverviewOut:
    """What is open and how old, what falls due, what was confirmed each week."""
    overview_data = overview(params.cases(request), request.now, selectors.working_calendar(), weeks=params.weeks)
    return OverviewOut.model_construct(
        open=overview_data.open,
        ages=[
            AgeOut(first=age.first, last=age.last, counts={kind.value: count for kind, count in age.counts.items()})
            for age in overview_data.ages
        ],
        due=[
            DueOut.model_construct(
                date=due_day.day.date, working=due_day.day.working, by_terms=due_day.by_terms, promised=due_day.promised
            )
            for due_day in overview_data.due
        ],
        weeks=[WeekOut.model_construct(**asdict(week)) for week in overview_data.weeks],
    )


class ShareOut(SchemaOut):
    count: int
    of: int
    percent: int | None = Field(description="Null from fewer than five.")


class ScoresOut(SchemaOut):
    """What requests came to; `channel` empty for all together. What each figure means: docs/statistics.md."""

    channel: str
    cases: int
    answered_24h: ShareOut
    answered_3_days: ShareOut
    answered_5_days: ShareOut
    median: int | None = Field(description="Working days after which half are confirmed.")
    percentile_90: int | None
    promises_kept: ShareOut
    returned: int
    reasons: dict[str, int]


class CarrierScoresOut(SchemaOut):
    carrier: CarrierNameOut
    all: ScoresOut
    channels: list[ScoresOut]


class ScoreboardOut(SchemaOut):
    team: ScoresOut
    carriers: list[CarrierScoresOut]


def _serialize_share(share: Share) -> ShareOut:
    return ShareOut(count=share.count, of=share.of, percent=share.percent)


def _serialize_scores(scores: Scores) -> ScoresOut:
    shares = ("answered_24h", "answered_3_days", "answered_5_days", "promises_kept")
    plain = ("channel", "cases", "median", "percentile_90", "returned")
    values: dict[str, Any] = {name: getattr(scores, name) for name in plain}
    values |= {name: _serialize_share(getattr(scores, name)) for name in shares}
    return ScoresOut(**values, reasons=dict(scores.reasons))


@api.get(
    "statistics/carriers",
    response=ScoreboardOut,
    tags=TAGS,
    summary="Compare the carriers",
    openapi_extra={"x-names-others": True},
)
def read_scoreboard(request: ApiRequest, params: Query[StatisticsParams]) -> ScoreboardOut:
    """Which carrier answers, on which channel, and how long it takes."""
    scoreboard_data = scoreboard(
        params.cases(request), request.now, selectors.working_calendar(), since=params.since(request.now)
    )
    return ScoreboardOut(
        team=_serialize_scores(scoreboard_data.team),
        carriers=[
            CarrierScoresOut(
                carrier=serialize_carrier_name(carrier_scores.carrier),
                all=_serialize_scores(carrier_scores.all),
                channels=[_serialize_scores(channel_scores) for channel_scores in carrier_scores.channels],
            )
            for carrier_scores in scoreboard_data.carriers
        ],
    )


class StatementLineOut(SchemaOut):
    carrier: CarrierNameOut | None
    before: int = Field(description="Open when the month began.")
    opened: int
    reopened: int
    confirmed: int
    withdrawn: int
    after: int
    late: int
    days: int
    cost: Yuan
    without_fee: int


class StatementOut(SchemaOut):
    month: str = Field(examples=["2026-09"])
    carriers: list[StatementLineOut]
    total: StatementLineOut


@api.get("statements/{slug:month}", response=StatementOut, tags=TAGS, summary="Read a month's statement")
def read_statement(request: ApiRequest, month: str) -> StatementOut:
    """What a month that is over came to, by carrier; it keeps its figures."""
    statement_month = parse_past_month(month, request.now)
    lines = monthly_statement.by_carrier(selectors.cases_of(request.team), statement_month)
    return StatementOut.model_construct(
        month=str(statement_month),
        carriers=[_serialize_statement_line(line) for line in lines],
        total=_serialize_statement_line(monthly_statement.total_of(lines)),
    )


def _serialize_statement_line(line: monthly_statement.CarrierMonth) -> StatementLineOut:
    plain = {name: getattr(line, name) for name in StatementLineOut.model_fields if name != "carrier"}
    return StatementLineOut.model_construct(
        **plain | {"cost": Decimal(line.cost)}, carrier=_serialize_carrier_or_none(line.carrier)
    )
