"""Charges and the cost of delay, of one case and summed up by carrier: fetched in few queries, counted by the domain.

`cases` are those that somebody may see (`selectors.cases_of`); money is yuan; `now` is an aware moment.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cases.domain.business_days import start_of_day
from cases.domain.costs import WaitingPeriod, calendar_days_late, delay_cost
from cases.domain.deadlines import Basis
from cases.domain.status import OPEN_STATUSES
from cases.models import Carrier, Case, Charge, WaitingRound
from cases.selectors import Cases, listed, overdue_q


@dataclass(frozen=True)
class Delay:
    """How long a carrier was late beyond its own window, in calendar days, and what that cost.

    `cost` is None where the card has no monthly fee.
    """

    days: int
    cost: Decimal | None


@dataclass
class CarrierCosts:
    """What the cases of one carrier came to; `carrier` None for all together.

    `without_fee`: late cases whose monthly fee nobody entered, so that `cost` lacks them.
    """

    carrier: Carrier | None
    open: int = 0
    overdue: int = 0
    charges: Decimal = field(default_factory=Decimal)
    refunded: Decimal = field(default_factory=Decimal)
    cost: Decimal = field(default_factory=Decimal)
    without_fee: int = 0


def delay_of_rounds(case: Case, rounds: Sequence[WaitingRound], now: datetime) -> Delay:
    """As `delay_of`, by all rounds of a case in memory, in their order."""
    window_ends: dict[int, datetime] = {}
    for row in rounds:
        if row.basis == Basis.SUBMISSION or row.submission not in window_ends:
            window_ends[row.submission] = row.reply_by
    periods = [WaitingPeriod(window_ends[row.submission], row.started_at, row.ended_at) for row in rounds]
    fee = case.card.monthly_fee
    return Delay(calendar_days_late(periods, now), None if fee is None else delay_cost(fee, periods, now))


def rounds_of(case: Case) -> list[WaitingRound]:
    """The waiting rounds of a case, in order, as `delay_of` takes them; one query."""
    return list(_with_window_end(case.rounds.all()))


def delay_of(case: Case, rounds: Iterable[WaitingRound], now: datetime) -> Delay:
    """The running cost of a case's delay, by its `rounds_of`."""
    held_spans = [WaitingPeriod(*attrgetter(*_ROUND_FIELDS)(row)) for row in rounds]
    fee = case.card.monthly_fee
    return Delay(calendar_days_late(held_spans, now), None if fee is None else delay_cost(fee, held_spans, now))


def by_carrier(cases: Cases, now: datetime, directory: Iterable[Carrier] | None = None) -> list[CarrierCosts]:
    """A line for each carrier that these cases have, in the order of the directory; four queries, however many, three
    where the directory was read already."""
    cases = listed(cases).order_by().select_related(None)
    count_rows = cases.values("carrier").annotate(
        open=Count("pk", filter=Q(status__in=OPEN_STATUSES)), overdue=Count("pk", filter=overdue_q(now))
    )
    counts = {row["carrier"]: row for row in count_rows}
    lines = {
        carrier.pk: CarrierCosts(carrier, counts[carrier.pk]["open"], counts[carrier.pk]["overdue"])
        for carrier in (Carrier.objects.filter(pk__in=counts) if directory is None else directory)
        if carrier.pk in counts
    }
    charge_groups = Charge.objects.filter(case__in=cases).order_by().values("case__carrier")
    for row in charge_groups.annotate(all=Sum("amount"), back=Sum("amount", filter=Q(refunded_on__isnull=False))):
        line = lines[row["case__carrier"]]
        line.charges, line.refunded = row["all"], row["back"] or Decimal()
    for carrier, delay in delays(cases, now):
        if delay.cost is None:
            lines[carrier].without_fee += 1
        else:
            lines[carrier].cost += delay.cost
    return list(lines.values())


def delays(cases: Cases, until: datetime, since: date | None = None) -> Iterator[tuple[int, Delay]]:
    """The carrier's key and the delay of each case that was late, between two days, in one query."""
    for (carrier,), delay in delays_by(("case__carrier",), cases, until, since):
        yield carrier, delay


def delays_by(
    columns: Sequence[str], cases: Cases, until: datetime, since: date | None = None
) -> Iterator[tuple[tuple[Any, ...], Delay]]:
    """The same with these columns of each case's waiting rounds in place of the carrier."""
    rounds = _late_rounds(cases).filter(started_at__lt=until)
    if since:
        rounds = rounds.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start_of_day(since)))
    rows = rounds.values_list("case", "case__card__monthly_fee", *_ROUND_FIELDS, *columns).order_by("case")
    for _case, group in groupby(rows.iterator(), itemgetter(0)):
        case_rows = list(group)
        fee, key = case_rows[0][1], case_rows[0][2 + len(_ROUND_FIELDS) :]
        held_spans = [WaitingPeriod(*row[2 : 2 + len(_ROUND_FIELDS)]) for row in case_rows]
        if days := calendar_days_late(held_spans, until, since):
            yield key, Delay(days, None if fee is None else delay_cost(fee, held_spans, until, since))


def total_of(lines: Iterable[CarrierCosts]) -> CarrierCosts:
    """The sum of the lines."""
    total = CarrierCosts(None)
    for line in lines:
        for name in ("open", "overdue", "charges", "refunded", "cost", "without_fee"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
    return total


_ROUND_FIELDS = ("window_ended", "started_at", "ended_at")


def _with_window_end(rounds: QuerySet[WaitingRound]) -> QuerySet[WaitingRound]:
    """The same rounds, with the end of the own window of their submission in `window_ended`: of the latest round that
    the submission began. A case taken over in the middle of one has none such; its first round stands for it."""
    same = WaitingRound.objects.filter(case=OuterRef("case"), submission=OuterRef("submission"))
    own_window = same.filter(basis=Basis.SUBMISSION).order_by("-number")
    ends = (Subquery(rows.values("reply_by")[:1]) for rows in (own_window, same.order_by("number")))
    return rounds.annotate(window_ended=Coalesce(*ends))


def _late_rounds(cases: Cases) -> QuerySet[WaitingRound]:
    """The waiting rounds that reach beyond the own window of their submission."""
    rounds = _with_window_end(WaitingRound.objects.filter(case__in=cases))
    return rounds.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=F("window_ended"))).order_by()
