"""Bills where other bills, months, teams, and carriers stand beside them; what is not given, and what may not be done.

The bills are synthetic.
"""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cases.domain.roles import OtherTeam, ViewerReadOnly
from cases.models import AuditEntry, Bill, BillFinding, Card, Carrier, Case, Charge, Team, User
from cases.operations import Reopen, Verify, Withdraw
from cases.operations.bill_reading import BillFile, compare_file
from cases.operations.bills import (
    AllRight,
    ChargeOnCase,
    CorrectRegister,
    Dispute,
    FindingAct,
    FindingHandled,
    LogCancellation,
    NotForFinding,
    ReopenCase,
    bring_in,
    handle_finding,
    remove_bill,
)
from cases.selectors.bills import bills_of, cases_of_numbers, earlier_months, findings_of, registered_cards
from tests.bystanders import Bystanders
from tests.helpers import CaseDriver, at, new_case

NOW = at("2026-12-05T10:00")
HEAD = "手机号码,套餐及固定费,总计,通话时长(分钟)"
A, B = "13800138000", "13900139000"


@pytest.fixture(autouse=True)
def _beside(receipts_folder: Path, bystanders: Bystanders) -> None:
    """Asked for first, so that what a test makes is not among it."""


def file_of(*lines: str, top: str = "集团成员账单", month: date = date(2026, 11, 17)) -> BillFile:
    """A bill that names neither its month, which any day of it names, nor a carrier, whose other cards would lack."""
    return BillFile("账单.csv", "\n".join([top, HEAD, *lines]).encode(), month)


def bring(team: Team, by: User, *lines: str, now: datetime = NOW, **options: Any) -> Bill:
    return bring_in(team, file_of(*lines, **options), by=by, now=now)[0]


def card(team: Team, carrier: Carrier, number: str = A, fee: str | None = "8.00") -> Card:
    return Card.objects.create(team=team, number=number, carrier=carrier, monthly_fee=fee and Decimal(fee))


def confirmed(team: Team, carrier: Carrier, by: User, number: str = A) -> CaseDriver:
    """Confirmed on 12 October."""
    driver = CaseDriver(new_case(team, carrier, by, number=number, submitted="2026-09-30T15:00"), by)
    driver.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    return driver


# Bringing one in


def test_the_same_file_is_another_bill_in_another_team_or_month(
    team: Team, other_team: Team, manager: User, stranger: User
) -> None:
    bill = bring(team, manager, f"{A},9,9,3")
    assert (bill.month, bill.name, bill.made_by, bill.made_at) == (date(2026, 11, 1), "账单.csv", manager, NOW)
    others = [bring(other_team, stranger, f"{A},9,9,3"), bring(team, manager, f"{A},9,9,3", month=date(2026, 10, 1))]
    assert [(other.team, other.month) for other in others] == [
        (other_team, date(2026, 11, 1)), (team, date(2026, 10, 1)),
    ]  # fmt: skip
    assert bring(team, manager, f"{A},9,9,3").pk == bill.pk
    entries = AuditEntry.objects.filter(kind="imported", at=NOW).order_by("pk").values_list("team", "by", "about")
    assert list(entries) == [
        (team.pk, manager.pk, "2026-11, 1 lines"),
        (other_team.pk, stranger.pk, "2026-11, 1 lines"),
        (team.pk, manager.pk, "2026-10, 1 lines"),
    ]


def test_the_carrier_is_the_one_that_the_bill_names_else_that_of_its_numbers(
    team: Team, manager: User, mobile: Carrier, unicom: Carrier
) -> None:
    assert bring(team, manager, f"{A},9,9,3", top="中国联通集团成员账单").carrier == unicom
    numbers = [f"1300000000{n}" for n in range(3)]
    for number in numbers:
        card(team, unicom, number)
    lines = [f"{number},8,8,1" for number in numbers]
    assert bring(team, manager, *lines, top="集团成员账单").carrier == unicom
    assert bring(team, manager, *lines, top="中国移动集团成员账单").carrier == mobile
    assert bring(team, manager, *lines[:2], top="集团成员账单").carrier is None


def test_a_card_and_a_case_of_this_team_stand_at_a_finding(
    team: Team, other_team: Team, manager: User, stranger: User, mobile: Carrier
) -> None:
    """The same number in another team, with a case, and a withdrawn request after the confirmed one change nothing."""
    mine = confirmed(team, mobile, manager).case
    confirmed(other_team, mobile, stranger)
    later = CaseDriver(new_case(team, mobile, manager, number=A, now="2026-11-02T10:00"), manager)
    later.do(Withdraw("x"), "2026-11-02T11:00")
    bill = bring(team, manager, f"{A},19.00,21.50,0", "13700000099,5,5,1")
    first, second = findings_of(bill)
    assert (first.kind, first.card, first.case, first.number) == ("charged_after_cancellation", mine.card, mine, "")
    assert (first.amount, first.plan_fee, first.rows) == (Decimal("21.50"), Decimal(19), [3])
    assert (second.kind, second.card, second.case, second.number, second.rows) == (
        "not_in_register", None, None, "13700000099", [4],
    )  # fmt: skip
    assert bill.skipped == []


def test_masked_numbers_that_fit_none_or_several_are_listed_by_their_rows(
    team: Team, manager: User, mobile: Carrier
) -> None:
    card(team, mobile, A), card(team, mobile, "13812348000")
    bill = bring(team, manager, "138****8000,1,1,1", "137****9999,1,1,1", "01012345,2,2,1")
    assert [(row, params.get("number"), params.get("count")) for row, _, params in bill.skipped] == [
        (3, "138****8000", 2), (4, "137****9999", 0), (5, None, None),
    ]  # fmt: skip


@pytest.mark.forged  # erased, below the operations
def test_what_the_register_is_to_a_bill(team: Team, manager: User, mobile: Carrier, unicom: Carrier) -> None:
    before = len(list(registered_cards(team)))
    confirmed(team, mobile, manager)
    reopened = confirmed(team, unicom, manager, "13000000002")
    reopened.do(Reopen("能打通"), "2026-11-01T10:00")
    card(team, mobile, "13800000003", None)
    erased = card(team, mobile, "13800000004")
    Card.objects.filter(pk=erased.pk).update(number=f"erased-{erased.pk}")
    rows = list(registered_cards(team))[before:]
    assert [(row.number, row.carrier, row.monthly_fee, row.billing_ended_on, row.has_open_case) for row in rows] == [
        (A, "china-mobile", None, date(2026, 10, 12), False),
        ("13000000002", "china-unicom", None, None, True),
        ("13800000003", "china-mobile", None, None, False),
    ]


def test_the_latest_request_of_a_number_that_was_not_withdrawn(
    team: Team, other_team: Team, manager: User, stranger: User, mobile: Carrier
) -> None:
    old = CaseDriver(new_case(team, mobile, manager, number=A), manager)
    old.do(Withdraw("x"), "2026-10-01T11:00")
    first = confirmed(team, mobile, manager)
    new_case(other_team, mobile, stranger, number=A)
    new_case(team, mobile, manager, number=B)
    cards, cases = cases_of_numbers(team, [A, A, "13700000099"])
    assert (cards, cases) == ({A: first.case.card}, {A: first.case})
    again = new_case(team, mobile, manager, number=A, now="2026-11-01T10:00")
    assert cases_of_numbers(team, [A])[1] == {A: again}


# The lists


def test_bills_of_teams_by_month_with_what_is_open(
    team: Team, other_team: Team, manager: User, stranger: User, bystanders: Bystanders
) -> None:
    theirs = bring(other_team, stranger, f"{A},9,9,3")
    october = bring(team, manager, f"{A},9,9,3", f"{B},9,9,3", month=date(2026, 10, 1))
    november = bring(team, manager, f"{A},9,9,3")
    handle_finding(findings_of(october)[0], AllRight("x"), by=manager, now=NOW)
    assert [(bill.pk, bill.finding_count, bill.open_count) for bill in bills_of(team)] == [
        (november.pk, 1, 1), (october.pk, 2, 1), (bystanders.rows(Bill)[0].pk, 3, 1),
    ]  # fmt: skip
    assert {bill.pk for bill in bills_of(team, other_team)} >= {theirs.pk, november.pk}
    assert [finding.number for finding in findings_of(october)] == [A, B]


def test_earlier_months_show_the_same_of_the_same_number_in_this_team(
    team: Team, other_team: Team, manager: User, stranger: User, mobile: Carrier
) -> None:
    idle = card(team, mobile, B)
    for month in (date(2026, 8, 1), date(2026, 9, 1), date(2026, 12, 1)):
        bring(team, manager, f"{A},9,9,3", month=month)
    bring(team, manager, f"{B},8,8,0", month=date(2026, 9, 1))
    bring(team, manager, f"{B},18,18,1", month=date(2026, 8, 1))  # something else of it
    bring(other_team, stranger, f"{A},9,9,3", month=date(2026, 10, 1))
    bill = bring(team, manager, f"{A},9,9,3", f"{B},8,8,0")
    findings = findings_of(bill)
    assert {finding.kind: finding.card for finding in findings} == {"not_in_register": None, "no_use": idle}
    months = {finding.kind: earlier_months(bill, findings)[finding.pk] for finding in findings}
    assert months == {"not_in_register": [date(2026, 8, 1), date(2026, 9, 1)], "no_use": [date(2026, 9, 1)]}


# What is done with a finding


def test_a_charge_within_the_billed_month_is_of_today_and_carries_its_words(
    team: Team, manager: User, mobile: Carrier
) -> None:
    confirmed(team, mobile, manager)
    bill = bring(team, manager, f"{A},19,19,0", month=date(2026, 11, 1), now=at("2026-11-20T10:00"))
    done = handle_finding(findings_of(bill)[0], ChargeOnCase("多收"), by=manager, now=at("2026-11-20T23:30"))
    charge = Charge.objects.filter(case=done.case).get()
    assert (charge.day, charge.kind, charge.words, done.words) == (date(2026, 11, 20), "fee", "多收", "多收")


def test_an_act_keeps_why_and_reaches_one_finding(team: Team, manager: User, mobile: Carrier, agent: User) -> None:
    bill = bring(team, manager, f"{A},9,9,3", f"{B},8,8,0")
    first, second = findings_of(bill)
    done = handle_finding(first, Dispute("请退"), by=agent, now=NOW)
    assert (done.state, done.words, done.handled_by, done.handled_at) == ("disputed", "请退", agent, NOW)
    second.refresh_from_db()
    assert (second.state, second.words, second.handled_by, second.handled_at) == ("open", "", None, None)
    later = handle_finding(first, AllRight("已退"), by=manager, now=at("2026-12-06T10:00"))
    later.refresh_from_db()
    assert (later.state, later.words, later.handled_by) == ("all_right", "已退", manager)
    with pytest.raises(FindingHandled):  # settled: asked for again it would be open once more
        handle_finding(first, Dispute("x"), by=manager, now=NOW)


def test_a_number_that_no_card_has_is_registered_and_cancelled(
    team: Team, manager: User, mobile: Carrier, unicom: Carrier
) -> None:
    finding = findings_of(bring(team, manager, f"{A},9,9,3", top="集团成员账单"))[0]
    with pytest.raises(NotForFinding):  # of which carrier, nobody says
        handle_finding(finding, LogCancellation(), by=manager, now=NOW)
    done = handle_finding(finding, LogCancellation(unicom, "不用了"), by=manager, now=NOW)
    assert done.card is not None
    assert done.case is not None
    assert (done.card.number, done.card.carrier, done.card.monthly_fee, done.number) == (A, unicom, Decimal(9), "")
    assert (done.case.card, done.case.carrier, done.case.status, done.case.team) == (done.card, unicom, "draft", team)
    assert (done.words, done.case.channel) == ("不用了", "hotline")
    body = done.case.entries.get(kind="logged").content.body
    assert body["words"] == "不用了"


def test_the_register_gets_a_card_of_the_chosen_carrier(team: Team, manager: User, unicom: Carrier) -> None:
    finding = findings_of(bring(team, manager, f"{A},9,9,3"))[0]
    done = handle_finding(finding, CorrectRegister(unicom, "漏登"), by=manager, now=NOW)
    assert done.card is not None
    assert (done.card.carrier, done.words, done.state) == (unicom, "漏登", "corrected")


@pytest.mark.forged  # findings whose card or case has gone since
@pytest.mark.parametrize("act", [ChargeOnCase(), ReopenCase("x"), CorrectRegister()])
def test_a_finding_that_lost_what_it_was_about_is_left(
    team: Team, manager: User, mobile: Carrier, act: FindingAct
) -> None:
    confirmed(team, mobile, manager)
    bill = bring(team, manager, f"{A},19,19,0", f"{B},9,9,1")
    charged, missing = findings_of(bill)
    BillFinding.objects.filter(pk=charged.pk).update(case=None)
    BillFinding.objects.filter(pk=missing.pk).update(kind="fee_differs", number="")
    finding = missing if isinstance(act, CorrectRegister) else charged
    with pytest.raises(NotForFinding):
        handle_finding(finding, act, by=manager, now=NOW)
    assert Charge.objects.filter(case__card__number=A).count() == 0


@pytest.mark.forged  # a finding without an amount
def test_a_charge_that_nobody_knows_is_none(team: Team, manager: User, mobile: Carrier) -> None:
    confirmed(team, mobile, manager)
    finding = findings_of(bring(team, manager, f"{A},19,19,0"))[0]
    BillFinding.objects.filter(pk=finding.pk).update(amount=None)
    with pytest.raises(NotForFinding):
        handle_finding(finding, ChargeOnCase(), by=manager, now=NOW)


ALLOWED = {
    "charged_after_cancellation": {"charged", "reopened", "disputed", "all_right"},
    "not_in_register": {"disputed", "corrected", "requested", "all_right"},
    "fee_differs": {"disputed", "corrected", "all_right"},
    "never_billed": {"disputed", "requested", "all_right"},
    "no_use": {"disputed", "requested", "all_right"},
}


def test_what_may_be_done_with_which_finding() -> None:
    acts = (ChargeOnCase, ReopenCase, Dispute, CorrectRegister, LogCancellation, AllRight)
    assert {kind: {str(act.state) for act in acts if kind in act.kinds} for kind in ALLOWED} == ALLOWED


def test_a_bill_is_taken_out_alone(team: Team, manager: User) -> None:
    bill, other = bring(team, manager, f"{A},9,9,3"), bring(team, manager, f"{B},9,9,3", f"{A},9,9,3")
    handle_finding(findings_of(other)[0], AllRight("x"), by=manager, now=NOW)
    remove_bill(bill, by=manager, now=NOW)
    assert not Bill.objects.filter(pk=bill.pk).exists()
    assert BillFinding.objects.filter(bill=other).count() == 2
    entry = AuditEntry.objects.get(kind="import_undone")
    assert (entry.team, entry.by, entry.about) == (team, manager, "2026-11, 1 lines")


def test_others_and_viewers_do_nothing_with_a_bill(team: Team, manager: User, viewer: User, stranger: User) -> None:
    bill = bring(team, manager, f"{A},9,9,3")
    finding = findings_of(bill)[0]
    for by, error in ((viewer, ViewerReadOnly), (stranger, OtherTeam)):
        with pytest.raises(error):
            bring(team, by, f"{B},9,9,3")
        with pytest.raises(error):
            handle_finding(finding, AllRight("x"), by=by, now=NOW)
        with pytest.raises(error):
            remove_bill(bill, by=by, now=NOW)
    finding.refresh_from_db()
    assert (finding.state, Bill.objects.filter(team=team, made_at=NOW).count()) == ("open", 1)


def test_a_comparison_stores_nothing(team: Team, mobile: Carrier) -> None:
    count, cases = Bill.objects.count(), Case.objects.count()
    compared = compare_file(team, file_of(f"{A},9,9,3"))
    assert [finding.kind.value for finding in compared.comparison.findings] == ["not_in_register"]
    assert (Bill.objects.count(), Case.objects.count()) == (count, cases)
