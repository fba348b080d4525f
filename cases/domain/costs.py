"""What a carrier's delay costs: the monthly fee of the days on which it held a request beyond its own window.

Moments that come in are aware; days are days in Asia/Shanghai; money is yuan, as Decimal. The rule is of this product
and no law (domain.md, 'Charges and the cost of the delay'): it counts less rather than more than a carrier owes.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from cases.domain.bill_comparison import billing_end
from cases.domain.business_days import ONE_DAY, local
from cases.domain.deadlines import last_day
from cases.domain.errors import CaseError, gettext_noop

FEN = Decimal("0.01")


class AmountRefused(CaseError):
    code = "amount_refused"
    message = gettext_noop("Enter an amount in yuan, more than zero, with at most two decimal places.")


class BeforeCharge(CaseError):
    code = "before_charge"
    message = gettext_noop("This is before the date of the charge (%(day)s).")


class BeforeConfirmation(CaseError):
    code = "before_confirmation"
    message = gettext_noop("This is before the number was found cancelled (%(confirmed_at)s).")


class NothingToRefund(CaseError):
    """A charge that is not of this case, came back already, or was given up."""

    code = "nothing_to_refund"
    message = gettext_noop("This charge does not exist, or has already been refunded or written off.")


@dataclass(frozen=True, slots=True)
class WaitingPeriod:
    """A stretch in which the carrier owed an answer (a waiting round), and the end of the submission's own window.

    `ended_at` None: it still runs. What the carrier was given later (an answer's three days, a promised day) does not
    move `window_ended`.
    """

    window_ended: datetime
    started_at: datetime
    ended_at: datetime | None = None


def calendar_days_late(periods: Iterable[WaitingPeriod], now: datetime, since: date | None = None) -> int:
    """How many calendar days, from `since` on (None: from the first), the carrier held the request beyond its own
    window; a day that has begun counts."""
    return sum((last - first).days + 1 for first, last in _late_ranges(periods, now, since))


def delay_cost(
    monthly_fee: Decimal, periods: Iterable[WaitingPeriod], now: datetime, since: date | None = None
) -> Decimal:
    """The fee of those days: each costs the monthly fee by the number of days in its month.

    Rounded once, in the end, to the fen, half a fen up.
    """
    days: dict[tuple[int, int], int] = {}
    for first, last in _late_ranges(periods, now, since):
        for year, month, count in _days_by_month(first, last):
            days[year, month] = days.get((year, month), 0) + count
    total = sum((monthly_fee * count / monthrange(*month)[1] for month, count in days.items()), Decimal())
    return total.quantize(FEN, ROUND_HALF_UP)


def is_final_bill_out(confirmed_at: datetime, now: datetime) -> bool:
    """Whether the bill of the month of cancellation can have come: with the month after it."""
    confirmed_local, now_local = local(confirmed_at), local(now)
    return (now_local.year, now_local.month) > (confirmed_local.year, confirmed_local.month)


def is_after_cancellation(day: date, confirmed_at: datetime | None, *, whole_month: bool) -> bool:
    """Whether something charged on this day was charged after the carrier's billing of a number ended that was found
    cancelled at a moment; `whole_month` as with `billing_end`."""
    return confirmed_at is not None and day > billing_end(local(confirmed_at).date(), whole_month=whole_month)


def _late_ranges(periods: Iterable[WaitingPeriod], now: datetime, since: date | None) -> Iterator[tuple[date, date]]:
    """First and last day of each late stretch, in order; no day twice, however many rounds touch it, and none before
    `since`."""
    uncounted_from = since
    for period in sorted(periods, key=lambda period: period.started_at):
        end = min(period.ended_at or now, now)
        late_from = max(period.window_ended, period.started_at)
        first = local(late_from).date()
        if uncounted_from:
            first = max(first, uncounted_from)
        if late_from < end and first <= (last := last_day(end)):
            yield first, last
            uncounted_from = last + ONE_DAY


def _days_by_month(first: date, last: date) -> Iterator[tuple[int, int, int]]:
    """Year, month and number of days of each month in first..last."""
    while first <= last:
        end = min(last, first.replace(day=monthrange(first.year, first.month)[1]))
        yield first.year, first.month, (end - first).days + 1
        first = end + ONE_DAY
