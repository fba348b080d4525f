"""Settled, or money open: one definition in two forms, and they agree on whatever happened."""

from datetime import timedelta
from random import Random

import pytest

from cases import selectors
from cases.models import Bill, BillFinding, Carrier, Case, Charge, Refund, Team, User
from cases.selectors.settlement import money_open, open_matters_of, settled
from tests.selectors.money_histories import History


def is_settled(case: Case) -> bool:
    """By its rows, one by one; in Beijing it is eight hours later."""
    assert case.confirmed_at
    confirmed_on = (case.confirmed_at + timedelta(hours=8)).date()
    for charge in Charge.objects.filter(case=case):
        if charge.day > confirmed_on and not charge.refunded_on and not charge.written_off_on:
            return False
    for finding in BillFinding.objects.filter(case=case):
        assert finding.amount is not None
        is_claim = finding.kind == "charged_after_cancellation" or (
            finding.kind == "fee_differs" and finding.amount > 0
        )
        if is_claim and finding.state in ("open", "disputed"):
            return False
    if any(refund.closed_on is None for refund in Refund.objects.filter(case=case)):
        return False
    if case.bill_checked_at:
        return True
    months = [bill.month for bill in Bill.objects.filter(team=case.team_id) if bill.carrier_id == case.carrier_id]
    return any((month.year, month.month) > (confirmed_on.year, confirmed_on.month) for month in months)


@pytest.mark.forged
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_function_and_the_query_agree(
    team: Team, other_team: Team, manager: User, mobile: Carrier, unicom: Carrier, seed: int
) -> None:
    history = History(Random(seed), manager, [mobile, unicom])
    history.of_team(team, 40)
    history.of_team(other_team, 10)
    cases = selectors.cases_of(team)
    confirmed = [case for case in cases if case.status == "confirmed"]
    by_hand = {case.pk: is_settled(case) for case in confirmed}
    assert {case.pk for case in settled(cases)} == {pk for pk, is_so in by_hand.items() if is_so}
    assert {case.pk for case in money_open(cases)} == {pk for pk, is_so in by_hand.items() if not is_so}
    assert {pk: not matters for pk, matters in open_matters_of(cases).items()} == by_hand
    assert 0 < sum(by_hand.values()) < len(by_hand)
