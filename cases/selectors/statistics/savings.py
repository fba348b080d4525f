"""What cancellations saved, what came back, and what is still open (docs/statistics.md, 'What it saved').

`cases` are those that somebody may see (`selectors.cases_of`), `now` is an aware moment; money is yuan. The database
adds up; which months count is `cases.domain.savings`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from cases.domain.costs import FEN
from cases.domain.savings import Period, months_saved
from cases.domain.statement_months import Month
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Case, Charge, Refund
from cases.selectors import Cases, costs, listed
from cases.selectors.settlement import charges_after_cancellation, money_open, open_claims, open_refunds
from cases.selectors.statistics.days import MonthOrdinal

Dimension = Literal["carrier", "department", "reason"]
DIMENSIONS: tuple[Dimension, ...] = ("carrier", "department", "reason")
#: How many months the trend has, the running one included.
TREND_MONTHS = 12


class Group(NamedTuple):
    """By what savings are told apart: the carrier's key, the card's department, the reason of the case."""

    carrier: int
    department: str
    reason: str


_OF_CASE = ("carrier", "card__department", "reason")
_OF_ITS_ROWS = tuple(f"case__{name}" for name in _OF_CASE)


@dataclass
class SavingsLine:
    """What some cases came to; `key` is a carrier's key, a department or a reason, None for all together.

    `fees`: monthly fees no longer paid, by `cards` cards; `without_fee`: cards that are not in it, as nobody entered
    their fee. `recovered`: what came back. `delay`: the cost of the delay. `still_open`: what is owed to us now,
    whatever the period, and `money_open`: the confirmed cases that are not settled.
    """

    key: int | str | None = None
    fees: Decimal = field(default_factory=Decimal)
    cards: int = 0
    without_fee: int = 0
    recovered: Decimal = field(default_factory=Decimal)
    delay: Decimal = field(default_factory=Decimal)
    still_open: Decimal = field(default_factory=Decimal)
    money_open: int = 0


@dataclass(frozen=True)
class MonthSaved:
    """The fees that were not paid in a month, and what came back in it."""

    month: Month
    fees: Decimal
    recovered: Decimal


@dataclass(frozen=True)
class Breakdown:
    """What was saved in some months, to be read by carrier, department or reason."""

    groups: dict[Group, SavingsLine]

    @property
    def total(self) -> SavingsLine:
        return _sum(None, self.groups.values())

    def by(self, dimension: Dimension) -> list[SavingsLine]:
        """A line for each carrier, department or reason, what saved most first."""
        lines_by_key: dict[int | str, list[SavingsLine]] = defaultdict(list)
        for group, line in self.groups.items():
            lines_by_key[getattr(group, dimension)].append(line)
        lines = [_sum(key, of_key) for key, of_key in lines_by_key.items()]
        return sorted(lines, key=lambda line: (-line.fees, str(line.key)))


@dataclass(frozen=True)
class Savings(Breakdown):
    """The same of a period, with what is open now; `fees` are those of each period, `trend` the last months."""

    fees: dict[Period, Decimal]
    trend: tuple[MonthSaved, ...]


@dataclass(frozen=True)
class _Fees:
    """The monthly fees of the cards of a group that were cancelled in a month."""

    group: Group
    confirmed_in: Month
    monthly: Decimal
    cards: int
    without_fee: int


def savings(cases: Cases, period: Period, now: datetime) -> Savings:
    """What these cases saved in a period; eight queries, however many cases."""
    cases = listed(cases).order_by().select_related(None)
    current = Month.of(now)
    first = period.first_month(current)
    fees, recovered = _fees(cases), list(_recovered(cases))
    groups = _groups(fees, recovered, first, current)
    _add_delays(groups, cases, now, None if period is Period.ALL else first.first)
    for group, amount in _owed(cases):
        groups[group].still_open += amount
    for *columns, count in money_open(cases).values_list(*_OF_CASE).annotate(count=Count("pk")):
        groups[Group(*columns)].money_open = count
    return Savings(_without_empty(groups), _by_period(fees, current), tuple(_trend(fees, recovered, current)))


def fees_and_trend(cases: Cases, now: datetime) -> tuple[dict[Period, Decimal], tuple[MonthSaved, ...]]:
    """The fees of each period, and the last months, as `Savings` has them; three queries."""
    cases = listed(cases).order_by().select_related(None)
    fees, recovered, current = _fees(cases), list(_recovered(cases)), Month.of(now)
    return _by_period(fees, current), tuple(_trend(fees, recovered, current))


def savings_of_month(cases: Cases, month: Month, until: datetime) -> Breakdown:
    """The fees that were not paid in a month, what came back in it, and the cost of its delays until a moment; four
    queries."""
    cases = listed(cases).order_by().select_related(None)
    groups = _groups(_fees(cases), _recovered(cases), month, month)
    _add_delays(groups, cases, until, month.first)
    return Breakdown(_without_empty(groups))


def _fees(cases: Cases) -> list[_Fees]:
    """By the case by which each card saves (`domain.savings.saving_cases`), in one query."""
    others = Case.objects.filter(card=OuterRef("card")).order_by()
    is_later = Q(confirmed_at__gt=OuterRef("confirmed_at")) | Q(
        confirmed_at=OuterRef("confirmed_at"), pk__gt=OuterRef("pk")
    )
    saving = cases.filter(
        ~Exists(others.filter(status__in=OPEN_STATUSES)),
        ~Exists(others.filter(is_later, status=Status.CONFIRMED)),
        status=Status.CONFIRMED,
    )
    rows = saving.values_list(*_OF_CASE, MonthOrdinal("confirmed_at")).annotate(
        monthly=Sum("card__monthly_fee"), with_fee=Count("card__monthly_fee"), count=Count("pk")
    )
    return [
        _Fees(Group(*columns), Month.of_ordinal(month), _yuan(monthly), with_fee, count - with_fee)
        for *columns, month, monthly, with_fee, count in rows
    ]


def _groups(
    fees: Iterable[_Fees], recovered: Iterable[tuple[Group, date, Decimal]], first: Month, last: Month
) -> dict[Group, SavingsLine]:
    """Lines with the fees and with what came back in the months first..last."""
    groups: dict[Group, SavingsLine] = defaultdict(SavingsLine)
    for row in fees:
        if months := months_saved(row.confirmed_in, first, last):
            line = groups[row.group]
            line.fees += months * row.monthly
            line.cards += row.cards
            line.without_fee += row.without_fee
    for group, day, amount in recovered:
        if first.first <= day < last.next.first:
            groups[group].recovered += amount
    return groups


def _add_delays(groups: dict[Group, SavingsLine], cases: Cases, until: datetime, since: date | None) -> None:
    for columns, delay in costs.delays_by(_OF_ITS_ROWS, cases, until, since):
        groups[Group(*columns)].delay += delay.cost or Decimal()


def _without_empty(groups: dict[Group, SavingsLine]) -> dict[Group, SavingsLine]:
    return {group: line for group, line in groups.items() if line != SavingsLine()}


def _by_period(fees: list[_Fees], current: Month) -> dict[Period, Decimal]:
    return {period: _total(fees, period.first_month(current), current) for period in Period}


def _total(fees: Iterable[_Fees], first: Month, last: Month) -> Decimal:
    return sum((months_saved(row.confirmed_in, first, last) * row.monthly for row in fees), Decimal())


def _trend(fees: list[_Fees], recovered: Iterable[tuple[Group, date, Decimal]], current: Month) -> Iterator[MonthSaved]:
    by_month: dict[Month, Decimal] = defaultdict(Decimal)
    for _group, day, amount in recovered:
        by_month[Month(day.year, day.month)] += amount
    for ordinal in range(current.ordinal - TREND_MONTHS + 1, current.ordinal + 1):
        month = Month.of_ordinal(ordinal)
        yield MonthSaved(month, _total(fees, month, month), by_month[month])


def _recovered(cases: Cases) -> Iterator[tuple[Group, date, Decimal]]:
    """What came back of these cases, by group and day."""
    charges = Charge.objects.filter(case__in=cases, refunded_on__isnull=False).order_by()
    for *columns, day, amount in charges.values_list(*_OF_ITS_ROWS, "refunded_on").annotate(total=Sum("amount")):
        yield Group(*columns), day, _yuan(amount)
    refunds = Refund.objects.filter(case__in=cases, received_on__isnull=False).order_by()
    for *columns, day, amount in refunds.values_list(*_OF_ITS_ROWS, "received_on").annotate(total=Sum("received")):
        yield Group(*columns), day, _yuan(amount)


def _owed(cases: Cases) -> Iterator[tuple[Group, Decimal]]:
    """What is owed to us of these cases, by group."""
    owed: list[tuple[QuerySet[Any], Sum]] = [
        (charges_after_cancellation(), Sum("amount")),
        (open_claims(), Sum("amount")),
        (open_refunds(), Sum(F("amount") - F("received"))),  # without a known amount in no sum
    ]
    for rows, total in owed:
        for *columns, amount in rows.filter(case__in=cases).values_list(*_OF_ITS_ROWS).annotate(total=total):
            yield Group(*columns), _yuan(amount)


def _sum(key: int | str | None, lines: Iterable[SavingsLine]) -> SavingsLine:
    total = SavingsLine(key)
    for line in lines:
        for column in fields(SavingsLine)[1:]:
            setattr(total, column.name, getattr(total, column.name) + getattr(line, column.name))
    return total


def _yuan(amount: Decimal | None) -> Decimal:
    """A sum of the database, to the fen: SQLite adds up in binary."""
    return (amount or Decimal()).quantize(FEN)
