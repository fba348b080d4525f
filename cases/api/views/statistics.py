"""What it all comes to: by carrier, how things stand, how each carrier does, and what a month came to."""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.instance import api
from cases.api.schemas.cases import CarrierName, carrier_name
from cases.api.schemas.fields import Asked, Day, Told, Yuan
from cases.api.views.cases import Slug
from cases.domain.business_days import local, start_of_day
from cases.domain.statement_months import parse_past_month
from cases.models import Carrier
from cases.selectors import Cases, costs, monthly_statement
from cases.selectors.statistics.overview import overview
from cases.selectors.statistics.scoreboard import Scores, Share, scoreboard

TAGS = ["statistics"]


class StatisticsLine(Told):
    """Yuan; `cost` is what the delay cost, `without_fee` the late cases whose monthly fee nobody entered."""

    carrier: CarrierName | None
    open: int
    overdue: int
    charges: Yuan
    refunded: Yuan
    cost: Yuan
    without_fee: int


class Statistics(Told):
    carriers: list[StatisticsLine]
    total: StatisticsLine


class StatisticsAsked(Asked):
    weeks: Annotated[int, Field(ge=1, le=520, description="How many weeks, the running one included.")] = 26
    carrier: Slug | None = None

    def cases(self, request: ApiRequest) -> Cases:
        cases = selectors.cases_of(request.team)
        return cases.filter(carrier=lookups.get_carrier(self.carrier)) if self.carrier else cases

    def since(self, now: datetime) -> datetime:
        """Monday, 00:00, of the first of these weeks."""
        today = local(now).date()
        return start_of_day(today - timedelta(days=today.weekday(), weeks=self.weeks - 1))


def _named(carrier: Carrier | None) -> CarrierName | None:
    return carrier_name(carrier) if carrier else None


@api.get("statistics", response=Statistics, tags=TAGS, summary="Read the statistics")
def read_statistics(request: ApiRequest) -> Statistics:
    """Cases, charges and the cost of delay, by carrier and together."""
    lines = costs.by_carrier(selectors.cases_of(request.team), request.now)
    return Statistics.model_construct(carriers=[_line(line) for line in lines], total=_line(costs.together(lines)))


def _line(line: costs.Line) -> StatisticsLine:
    plain = {name: getattr(line, name) for name in StatisticsLine.model_fields if name != "carrier"}
    sums = {name: Decimal(plain[name]) for name in ("charges", "refunded", "cost")}
    return StatisticsLine.model_construct(**plain | sums, carrier=_named(line.carrier))


class AgeTold(Told):
    """Open cases of so many working days since they were handed in, by how they stand."""

    first: int
    last: int | None
    counts: dict[str, int]


class DueTold(Told):
    date: Day
    working: bool
    by_terms: int
    promised: int


class WeekTold(Told):
    monday: Day
    confirmed: int


class OverviewTold(Told):
    open: int
    ages: list[AgeTold]
    due: list[DueTold] = Field(description="What falls due on the next ten working days.")
    weeks: list[WeekTold]


@api.get(
    "statistics/overview",
    response=OverviewTold,
    tags=TAGS,
    summary="Read how things stand",
    openapi_extra={"x-names-others": True},
)
def read_overview(request: ApiRequest, asked: Query[StatisticsAsked]) -> OverviewTold:
    """What is open and how old, what falls due, what was confirmed each week."""
    its = overview(asked.cases(request), request.now, selectors.working_calendar(), weeks=asked.weeks)
    return OverviewTold.model_construct(
        open=its.open,
        ages=[
            AgeTold(first=age.first, last=age.last, counts={kind.value: count for kind, count in age.counts.items()})
            for age in its.ages
        ],
        due=[
            DueTold.model_construct(
                date=one.day.date, working=one.day.working, by_terms=one.by_terms, promised=one.promised
            )
            for one in its.due
        ],
        weeks=[WeekTold.model_construct(**asdict(week)) for week in its.weeks],
    )


class ShareTold(Told):
    count: int
    of: int
    percent: int | None = Field(description="Null from fewer than five.")


class ScoresTold(Told):
    """What requests came to; `channel` empty for all together. What each figure means: docs/statistics.md."""

    channel: str
    cases: int
    answered_24h: ShareTold
    answered_3_days: ShareTold
    answered_5_days: ShareTold
    median: int | None = Field(description="Working days after which half are confirmed.")
    percentile_90: int | None
    promises_kept: ShareTold
    returned: int
    reasons: dict[str, int]


class CarrierScoresTold(Told):
    carrier: CarrierName
    all: ScoresTold
    channels: list[ScoresTold]


class ScoreboardTold(Told):
    team: ScoresTold
    carriers: list[CarrierScoresTold]


def _share(share: Share) -> ShareTold:
    return ShareTold(count=share.count, of=share.of, percent=share.percent)


def _scores(its: Scores) -> ScoresTold:
    shares = ("answered_24h", "answered_3_days", "answered_5_days", "promises_kept")
    plain = ("channel", "cases", "median", "percentile_90", "returned")
    values: dict[str, Any] = {name: getattr(its, name) for name in plain}
    values |= {name: _share(getattr(its, name)) for name in shares}
    return ScoresTold(**values, reasons=dict(its.reasons))


@api.get(
    "statistics/carriers",
    response=ScoreboardTold,
    tags=TAGS,
    summary="Compare the carriers",
    openapi_extra={"x-names-others": True},
)
def read_scoreboard(request: ApiRequest, asked: Query[StatisticsAsked]) -> ScoreboardTold:
    """Which carrier answers, on which channel, and how long it takes."""
    its = scoreboard(asked.cases(request), request.now, selectors.working_calendar(), since=asked.since(request.now))
    return ScoreboardTold(
        team=_scores(its.team),
        carriers=[
            CarrierScoresTold(
                carrier=carrier_name(one.carrier), all=_scores(one.all), channels=[_scores(of) for of in one.channels]
            )
            for one in its.carriers
        ],
    )


class StatementLine(Told):
    carrier: CarrierName | None
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


class Statement(Told):
    month: str = Field(examples=["2026-09"])
    carriers: list[StatementLine]
    total: StatementLine


@api.get("statements/{slug:month}", response=Statement, tags=TAGS, summary="Read a month's statement")
def read_statement(request: ApiRequest, month: str) -> Statement:
    """What a month that is over came to, by carrier; it keeps its figures."""
    its = parse_past_month(month, request.now)
    lines = monthly_statement.by_carrier(selectors.cases_of(request.team), its)
    return Statement.model_construct(
        month=str(its),
        carriers=[_statement(line) for line in lines],
        total=_statement(monthly_statement.together(lines)),
    )


def _statement(line: monthly_statement.Line) -> StatementLine:
    plain = {name: getattr(line, name) for name in StatementLine.model_fields if name != "carrier"}
    return StatementLine.model_construct(**plain | {"cost": Decimal(line.cost)}, carrier=_named(line.carrier))
