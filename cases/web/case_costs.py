"""The costs of a case as its page shows them: charges, their sum, and what the delay has cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cases import wording
from cases.domain.business_days import local
from cases.domain.costs import is_after_cancellation
from cases.domain.settlement import OpenMatter, final_bill_day
from cases.domain.status import Status
from cases.models import BillFinding, Case, Charge, WaitingRound
from cases.selectors import costs
from cases.selectors.settlement import open_claims, open_matters_of
from cases.wording.refunds import open_refund_of
from cases.wording.settlement import OpenMoney


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
        return sum((c.amount for c, is_after in self.charges if is_after and c.is_open), Decimal())


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


def open_money(case: Case) -> OpenMoney | None:
    """What is open of a confirmed case; None for another."""
    if case.state is not Status.CONFIRMED or case.confirmed_at is None:
        return None
    matters, confirmed_on = open_matters_of([case])[case.pk], local(case.confirmed_at).date()
    refund = open_refund_of(case)
    claims = open_claims().filter(case=case) if OpenMatter.FINDING in matters else BillFinding.objects.none()
    return OpenMoney(
        matters,
        bill_month=confirmed_on.replace(day=1),
        bill_by=final_bill_day(confirmed_on),
        charged=sum((row.amount for row in case.charges.all() if row.is_open and row.day > confirmed_on), Decimal()),
        in_question=sum((finding.amount or Decimal() for finding in claims), Decimal()),
        refund=refund.outstanding if refund else None,
        refund_by=refund.due_on if refund else None,
    )
