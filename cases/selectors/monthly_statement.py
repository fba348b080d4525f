"""A team's month: what was opened, confirmed and late, and what it cost, by carrier.

Computed from what happened, not from the cases' present state: changes of status by the moment of their recording,
lateness by the waiting rounds. So a month that is over keeps its figures, but for what is entered later about its days.
The running month is counted up to now.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q
from django.db.models.functions import Greatest

from cases.domain.statement_months import Month
from cases.domain.status import OPEN_STATUSES, Status
from cases.models import Carrier, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind
from cases.selectors import Cases, costs, listed
from cases.selectors.entries import entries_that_count
from cases.selectors.statistics.savings import Breakdown, savings_of_month


@dataclass
class CarrierMonth:
    """What became of the cases of one carrier in a month; `carrier` None for all together.

    `before` and `after` are those open when it began and when it ended. `late`: the answer was overdue at some moment
    of the month. `days` and `cost` are of the month's days on which the carrier held a request beyond its own window;
    `without_fee` as in `cases.selectors.costs.CarrierCosts`.
    """

    carrier: Carrier | None
    before: int = 0
    opened: int = 0
    reopened: int = 0
    confirmed: int = 0
    withdrawn: int = 0
    late: int = 0
    days: int = 0
    cost: Decimal = field(default_factory=Decimal)
    without_fee: int = 0

    @property
    def after(self) -> int:
        return self.before + self.opened + self.reopened - self.confirmed - self.withdrawn


@dataclass(frozen=True)
class MonthlyStatement:
    """A month by carrier, and what it saved, up to an aware moment: its end, or now while it runs."""

    month: Month
    until: datetime
    lines: list[CarrierMonth]
    savings: Breakdown

    @property
    def is_over(self) -> bool:
        return self.until == self.month.end

    @property
    def total(self) -> CarrierMonth:
        return total_of(self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.savings.groups


def load_statement(cases: Cases, month: Month, now: datetime) -> MonthlyStatement:
    """The statement of a month that has begun by `now` (aware); eight queries."""
    until = min(month.end, now)
    return MonthlyStatement(month, until, by_carrier(cases, month, until), savings_of_month(cases, month, until))


def by_carrier(cases: Cases, month: Month, until: datetime) -> list[CarrierMonth]:
    """A line for each carrier that had cases in the month up to `until`, in the directory's order; four queries."""
    cases = listed(cases).order_by().select_related(None)
    status_changes, late_counts = _status_changes(cases, month), _late_cases(cases, month, until)
    delays = list(costs.delays(cases, until, month.first))
    # A case may be logged after the month in which its carrier was late.
    carrier_ids = {*status_changes, *late_counts, *(carrier for carrier, _ in delays)}
    lines = {carrier.pk: CarrierMonth(carrier) for carrier in Carrier.objects.filter(pk__in=carrier_ids)}
    for carrier, counts in status_changes.items():
        for name, count in counts.items():
            setattr(lines[carrier], name, count)
    for carrier, count in late_counts.items():
        lines[carrier].late = count
    for carrier, delay in delays:
        lines[carrier].days += delay.days
        lines[carrier].cost += delay.cost or Decimal()
        lines[carrier].without_fee += delay.cost is None
    return [line for line in lines.values() if line != CarrierMonth(line.carrier)]


def total_of(lines: Iterable[CarrierMonth]) -> CarrierMonth:
    """The sum of the lines."""
    total = CarrierMonth(None)
    for line in lines:
        for column in fields(CarrierMonth)[1:]:
            setattr(total, column.name, getattr(total, column.name) + getattr(line, column.name))
    return total


def _status_changes(cases: Cases, month: Month) -> dict[int, dict[str, int]]:
    """The changes of status in the month by carrier, and how many cases were open when it began."""
    in_month = Q(recorded_at__gte=month.start)
    opening = Q(kind=EntryKind.LOGGED) | Q(status_from=Status.CONFIRMED, status_to__in=OPEN_STATUSES)
    closing = Q(status_from__in=OPEN_STATUSES, status_to__in=(Status.CONFIRMED, Status.WITHDRAWN))
    entries = entries_that_count(
        TimelineEntry.objects.filter(opening | closing, case__in=cases, recorded_at__lt=month.end)
    )
    rows = (
        entries.order_by()
        .values("case__carrier")
        .annotate(
            came=Count("pk", filter=opening & ~in_month),
            went=Count("pk", filter=closing & ~in_month),
            opened=Count("pk", filter=in_month & Q(kind=EntryKind.LOGGED)),
            reopened=Count("pk", filter=in_month & Q(status_from=Status.CONFIRMED, status_to__in=OPEN_STATUSES)),
            confirmed=Count("pk", filter=in_month & closing & Q(status_to=Status.CONFIRMED)),
            withdrawn=Count("pk", filter=in_month & closing & Q(status_to=Status.WITHDRAWN)),
        )
    )
    return {
        row["case__carrier"]: {"before": row["came"] - row["went"]}
        | {name: row[name] for name in ("opened", "reopened", "confirmed", "withdrawn")}
        for row in rows
    }


def _late_cases(cases: Cases, month: Month, until: datetime) -> dict[int, int]:
    """How many cases were overdue at some moment of the month up to `until`, by carrier."""
    rounds = WaitingRound.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=Greatest(F("reply_by"), month.start)),
        case__in=cases,
        reply_by__lt=month.end,  # what is overdue with the midnight that ends it counts in the next
        reply_by__lte=until,
    )
    rows = rounds.order_by().values("case__carrier").annotate(late=Count("case", distinct=True))
    return {row["case__carrier"]: row["late"] for row in rows}
