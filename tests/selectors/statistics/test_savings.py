"""What cancellations saved, held against a count month by month."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from cases import selectors
from cases.domain.savings import Period
from cases.domain.statement_months import Month
from cases.models import BillFinding, Carrier, Case, Charge, Refund, Team, User
from cases.selectors.statistics.savings import SavingsLine, savings, savings_of_month
from tests.helpers import at
from tests.selectors.money_histories import History

NOW = at("2026-10-16T12:00")
#: Every month from the first confirmation to the running one.
ALL_MONTHS = [
    (year, month) for year in (2025, 2026) for month in range(1, 13) if (2025, 6) <= (year, month) <= (2026, 10)
]
MONTHS_OF = {
    Period.MONTH: [(2026, 10)],
    Period.YEAR: [(year, month) for year, month in ALL_MONTHS if year == 2026],
    Period.ALL: ALL_MONTHS,
}


def beijing(case: Case) -> date:
    assert case.confirmed_at
    return (case.confirmed_at + timedelta(hours=8)).date()


class Rows:
    """A team's rows in memory, and what they come to, counted one by one."""

    def __init__(self, team: Team) -> None:
        self.cases = list(Case.objects.filter(team=team).select_related("card"))
        self.charges = list(Charge.objects.filter(case__team=team).select_related("case__card"))
        self.refunds = list(Refund.objects.filter(case__team=team).select_related("case__card"))
        self.findings = list(BillFinding.objects.filter(case__team=team).select_related("case__card"))

    def saving_cases(self) -> list[Case]:
        """By which case each card saves."""
        by_card: dict[int, list[Case]] = {}
        for case in self.cases:
            by_card.setdefault(case.card_id, []).append(case)
        saving = []
        for cases in by_card.values():
            is_used = any(case.status in ("draft", "submitted", "under_review", "returned") for case in cases)
            confirmed = [(case.confirmed_at, case.pk, case) for case in cases if case.confirmed_at]
            if confirmed and not is_used:
                saving.append(max(confirmed)[2])
        return saving

    def sums(self, months: list[tuple[int, int]]) -> dict[object, Counter[str]]:
        """Fees, cards and what came back by carrier, department and reason, each month by itself."""
        sums: dict[object, Counter[str]] = {}

        def add(case: Case, name: str, value: Decimal | int) -> None:
            for key in (None, case.carrier_id, case.card.department, case.reason):
                sums.setdefault(key, Counter())[name] += value  # type: ignore[assignment]

        for case in self.saving_cases():
            fee = case.card.monthly_fee
            saved = [month for month in months if month > (beijing(case).year, beijing(case).month)]
            if saved and fee is None:
                add(case, "without_fee", 1)
            elif saved:
                add(case, "cards", 1)
                for _ in saved:
                    add(case, "fees", fee or Decimal())
        for charge in self.charges:
            after = charge.case.confirmed_at and charge.day > beijing(charge.case)
            if charge.refunded_on and (charge.refunded_on.year, charge.refunded_on.month) in months:
                add(charge.case, "recovered", charge.amount)
            elif after and not charge.refunded_on and not charge.written_off_on:
                add(charge.case, "still_open", charge.amount)
        for refund in self.refunds:
            if refund.received_on and (refund.received_on.year, refund.received_on.month) in months:
                add(refund.case, "recovered", refund.received)
            if refund.closed_on is None and refund.amount is not None:
                add(refund.case, "still_open", refund.amount - refund.received)
        for finding in self.findings:
            assert finding.case
            assert finding.amount is not None
            is_claim = finding.kind == "charged_after_cancellation" or (
                finding.kind == "fee_differs" and finding.amount > 0
            )
            if is_claim and finding.state in ("open", "disputed"):
                add(finding.case, "still_open", finding.amount)
        return sums


NAMES = ("fees", "cards", "without_fee", "recovered", "still_open")


def compared(line: SavingsLine) -> dict[str, Decimal | int]:
    return {name: getattr(line, name) for name in NAMES if getattr(line, name)}


@pytest.mark.forged
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_counted_one_by_one(
    team: Team, other_team: Team, manager: User, mobile: Carrier, unicom: Carrier, seed: int
) -> None:
    history = History(Random(seed), manager, [mobile, unicom])
    history.of_team(team, 40)
    history.of_team(other_team, 10)
    cases, rows = selectors.cases_of(team), Rows(team)
    for period, months in MONTHS_OF.items():
        result, sums = savings(cases, period, NOW), rows.sums(months)
        assert compared(result.total) == {name: value for name, value in sums[None].items() if value}
        lines = [*result.by("carrier"), *result.by("department"), *result.by("reason")]
        assert {line.key: compared(line) for line in lines if compared(line)} == {
            key: {name: value for name, value in counter.items() if value}
            for key, counter in sums.items()
            if key is not None and any(counter.values())
        }
        assert result.fees == {each: rows.sums(MONTHS_OF[each])[None]["fees"] for each in Period}
    trend = {(row.month.year, row.month.number): (row.fees, row.recovered) for row in result.trend}
    assert list(trend) == [*[(2025, month) for month in (11, 12)], *[(2026, month) for month in range(1, 11)]]
    for month, values in trend.items():
        of_month = rows.sums([month]).get(None, Counter())
        assert values == (of_month["fees"], of_month["recovered"])
    september = rows.sums([(2026, 9)])
    for line in savings_of_month(cases, Month(2026, 9), NOW).by("carrier"):
        assert (line.fees, line.recovered) == (september[line.key]["fees"], september[line.key]["recovered"])


def test_nothing_saved_yet(team: Team, manager: User) -> None:
    result = savings(selectors.cases_of(team), Period.ALL, NOW)
    assert (result.total, result.by("carrier")) == (SavingsLine(), [])
    assert [str(row.month) for row in result.trend][::11] == ["2025-11", "2026-10"]
