"""The costs of a case as its page shows them: charges, their sum, and what the delay has cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cases import wording
from cases.domain.costs import is_after_cancellation
from cases.models import Case, Charge, WaitingRound
from cases.selectors import costs


@dataclass(frozen=True)
class CaseCosts:
    """`charges` with whether each was made after the cancellation; `not_refunded` is the sum of those that stay
    charged; `lateness`: the days of the delay in words, empty without one."""

    charges: list[tuple[Charge, bool]]
    charged: Decimal
    not_refunded: Decimal
    delay: costs.Delay
    lateness: str = ""

    @property
    def charged_after_cancellation(self) -> Decimal:
        """The sum of charges made after the cancellation and not refunded."""
        return sum((c.amount for c, is_after in self.charges if is_after and not c.refunded_on), Decimal())


def case_costs(case: Case, rounds: Iterable[WaitingRound], now: datetime) -> CaseCosts:
    """The costs at now (aware); `rounds` are those of `selectors.costs.rounds_of`."""
    charges, delay = list(case.charges.all()), costs.delay_of(case, rounds, now)
    whole_month = case.carrier.bills_whole_month
    return CaseCosts(
        [(charge, is_after_cancellation(charge.day, case.confirmed_at, whole_month=whole_month)) for charge in charges],
        sum((charge.amount for charge in charges), Decimal()),
        sum((charge.amount for charge in charges if not charge.refunded_on), Decimal()),
        delay,
        wording.lateness_beyond(case, delay.days) if delay.days else "",
    )
