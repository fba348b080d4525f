"""Statistics as the API returns them: by carrier, the overview, the scoreboard, and a month's statement."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from cases.api.schemas.common import CarrierNameOut, serialize_carrier_name
from cases.api.schemas.fields import CarrierSlug, DateTime, Day, SchemaIn, SchemaOut, Yuan
from cases.domain.business_days import local, start_of_day
from cases.domain.savings import Period
from cases.models import Carrier
from cases.selectors import costs
from cases.selectors.monthly_statement import CarrierMonth, MonthlyStatement
from cases.selectors.statistics.overview import Overview
from cases.selectors.statistics.savings import Breakdown, Savings, SavingsLine
from cases.selectors.statistics.scoreboard import Scoreboard, Scores, Share


class StatisticsLineOut(SchemaOut):
    """Amounts in yuan; `cost`: the cost of the delay. `overdue`: cases whose reply is overdue now. `without_fee`:
    delayed cases, also those that are done by now, whose monthly fee is unknown."""

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
    weeks: Annotated[int, Field(ge=1, le=520, description="Number of weeks, including the current one.")] = 26
    carrier: CarrierSlug | None = None

    def since(self, now: datetime) -> datetime:
        """Monday, 00:00 in Shanghai, of the first of these weeks; `now` is aware."""
        today = local(now).date()
        return start_of_day(today - timedelta(days=today.weekday(), weeks=self.weeks - 1))


class AgeOut(SchemaOut):
    """Open cases by standing, submitted `first` to `last` working days ago (`last` null: no limit)."""

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
    due: list[DueOut] = Field(description="Deadlines of the next ten working days.")
    weeks: list[WeekOut]


class ShareOut(SchemaOut):
    count: int
    of: int
    percent: int | None = Field(description="Null if based on fewer than five.")


class ScoresOut(SchemaOut):
    """Figures for one request channel, or for all if `channel` is empty; docs/statistics.md explains each figure."""

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


class StatementLineOut(SchemaOut):
    carrier: CarrierNameOut | None
    before: int = Field(description="Open at the start of the month.")
    opened: int
    reopened: int
    confirmed: int
    withdrawn: int
    after: int
    late: int = Field(description="Cases whose reply was overdue at any time in the month.")
    days: int
    cost: Yuan
    without_fee: int


class MonthSavingsLineOut(SchemaOut):
    """What cancellations saved; amounts in yuan. docs/statistics.md explains each figure."""

    key: str = Field(description="A carrier's slug, a department (empty: none) or a reason; of the total empty.")
    fees: Yuan = Field(description="Monthly fees that were no longer paid.")
    cards: int = Field(description="Cards that these fees are of.")
    without_fee: int = Field(description="Cancelled cards that are not in it, as their monthly fee is not known.")
    recovered: Yuan = Field(description="Refunds received, and charges paid back.")
    delay: Yuan = Field(description="Cost of the delay.")


class SavingsLineOut(MonthSavingsLineOut):
    """The same, with what is open now, whatever the period."""

    still_open: Yuan = Field(description="Owed now: refunds, charges after the cancellation, disputed bills.")
    money_open: int = Field(description="Cases that are confirmed and not settled.")


class MonthSavingsOut(SchemaOut):
    carriers: list[MonthSavingsLineOut]
    departments: list[MonthSavingsLineOut]
    reasons: list[MonthSavingsLineOut]
    total: MonthSavingsLineOut


class MonthSavedOut(SchemaOut):
    month: str = Field(examples=["2026-09"])
    fees: Yuan
    recovered: Yuan


class PeriodFeesOut(SchemaOut):
    """Monthly fees no longer paid in the running month, in this year and since the start."""

    month: Yuan
    year: Yuan
    all: Yuan


class SavingsOut(SchemaOut):
    fees: PeriodFeesOut
    trend: list[MonthSavedOut] = Field(description="The last twelve months; the running one is the last.")
    carriers: list[SavingsLineOut]
    departments: list[SavingsLineOut]
    reasons: list[SavingsLineOut]
    total: SavingsLineOut


class SavingsParams(SchemaIn):
    period: Annotated[Period, Field(description="The period of the lines: until now, the running month in full.")] = (
        Period.YEAR
    )
    carrier: CarrierSlug | None = None


class StatementOut(SchemaOut):
    month: str = Field(examples=["2026-09"])
    over: bool = Field(description="False while the month runs: the figures will change.")
    until: DateTime = Field(description="The end of the month, or now while it runs.")
    carriers: list[StatementLineOut]
    total: StatementLineOut
    savings: MonthSavingsOut


def serialize_statistics(lines: list[costs.CarrierCosts]) -> StatisticsOut:
    return StatisticsOut.model_construct(
        carriers=[_serialize_statistics_line(line) for line in lines],
        total=_serialize_statistics_line(costs.total_of(lines)),
    )


def _serialize_statistics_line(line: costs.CarrierCosts) -> StatisticsLineOut:
    fields = {name: getattr(line, name) for name in StatisticsLineOut.model_fields if name != "carrier"}
    return StatisticsLineOut.model_construct(**fields, carrier=_serialize_carrier_or_none(line.carrier))


def _serialize_carrier_or_none(carrier: Carrier | None) -> CarrierNameOut | None:
    return serialize_carrier_name(carrier) if carrier else None


def serialize_overview(overview: Overview) -> OverviewOut:
    return OverviewOut.model_construct(
        open=overview.open,
        ages=[
            AgeOut(first=age.first, last=age.last, counts={kind.value: count for kind, count in age.counts.items()})
            for age in overview.ages
        ],
        due=[
            DueOut.model_construct(
                date=due_day.day.date, working=due_day.day.working, by_terms=due_day.by_terms, promised=due_day.promised
            )
            for due_day in overview.due
        ],
        weeks=[WeekOut.model_construct(**asdict(week)) for week in overview.weeks],
    )


def serialize_scoreboard(scoreboard: Scoreboard) -> ScoreboardOut:
    return ScoreboardOut(
        team=_serialize_scores(scoreboard.team),
        carriers=[
            CarrierScoresOut(
                carrier=serialize_carrier_name(carrier_scores.carrier),
                all=_serialize_scores(carrier_scores.all),
                channels=[_serialize_scores(channel_scores) for channel_scores in carrier_scores.channels],
            )
            for carrier_scores in scoreboard.carriers
        ],
    )


def _serialize_scores(scores: Scores) -> ScoresOut:
    return ScoresOut(
        channel=scores.channel,
        cases=scores.cases,
        answered_24h=_serialize_share(scores.answered_24h),
        answered_3_days=_serialize_share(scores.answered_3_days),
        answered_5_days=_serialize_share(scores.answered_5_days),
        median=scores.median,
        percentile_90=scores.percentile_90,
        promises_kept=_serialize_share(scores.promises_kept),
        returned=scores.returned,
        reasons=dict(scores.reasons),
    )


def _serialize_share(share: Share) -> ShareOut:
    return ShareOut(count=share.count, of=share.of, percent=share.percent)


def serialize_savings(savings: Savings, carriers: Mapping[int, Carrier]) -> SavingsOut:
    """What was saved in a period; `carriers` by their keys."""
    return SavingsOut.model_construct(
        fees=PeriodFeesOut.model_construct(
            month=savings.fees[Period.MONTH], year=savings.fees[Period.YEAR], all=savings.fees[Period.ALL]
        ),
        trend=[
            MonthSavedOut.model_construct(month=str(row.month), fees=row.fees, recovered=row.recovered)
            for row in savings.trend
        ],
        **_serialize_breakdown(savings, SavingsLineOut, carriers),
    )


def _serialize_breakdown(
    breakdown: Breakdown, schema: type[MonthSavingsLineOut], carriers: Mapping[int, Carrier]
) -> dict[str, Any]:
    def serialize(line: SavingsLine, key: str) -> MonthSavingsLineOut:
        return schema.model_construct(
            key=key, **{name: getattr(line, name) for name in schema.model_fields if name != "key"}
        )

    return {
        "carriers": [serialize(line, carriers[int(line.key or 0)].slug) for line in breakdown.by("carrier")],
        "departments": [serialize(line, str(line.key)) for line in breakdown.by("department")],
        "reasons": [serialize(line, str(line.key)) for line in breakdown.by("reason")],
        "total": serialize(breakdown.total, ""),
    }


def serialize_statement(statement: MonthlyStatement, carriers: Mapping[int, Carrier]) -> StatementOut:
    """A month's statement; `carriers` by their keys."""
    return StatementOut.model_construct(
        month=str(statement.month),
        over=statement.is_over,
        until=statement.until,
        carriers=[_serialize_statement_line(line) for line in statement.lines],
        total=_serialize_statement_line(statement.total),
        savings=MonthSavingsOut.model_construct(
            **_serialize_breakdown(statement.savings, MonthSavingsLineOut, carriers)
        ),
    )


def _serialize_statement_line(line: CarrierMonth) -> StatementLineOut:
    fields = {name: getattr(line, name) for name in StatementLineOut.model_fields if name != "carrier"}
    return StatementLineOut.model_construct(**fields, carrier=_serialize_carrier_or_none(line.carrier))
