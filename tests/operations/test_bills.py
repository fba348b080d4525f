"""Bills brought in, and what is done with each finding. The bills are synthetic."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cases.domain.errors import CaseError, ReasonMissing
from cases.domain.roles import ViewerReadOnly
from cases.models import AuditEntry, Bill, BillFinding, Card, Carrier, Case, Charge, Team, User
from cases.operations import Verify
from cases.operations.bill_reading import BillFile, BillOfAnotherMonth
from cases.operations.bills import (
    AllRight,
    BillInUse,
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
from cases.operations.erasure import forget_bill_files, remove_orphan_files
from tests.helpers import CaseDriver, at

NOW = at("2026-12-05T10:00")
NUMBER, IDLE = "13800138000", "13900139000"


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Bills go into the test's own folder."""


def file_of(*lines: str, month: date = date(2026, 11, 1)) -> BillFile:
    head = f"中国移动集团成员账单\n账期,{month:%Y%m}\n手机号码,套餐及固定费,总计,通话时长(分钟)\n"
    return BillFile("账单.csv", (head + "\n".join(lines)).encode(), month)


@pytest.fixture
def confirmed(submitted: CaseDriver, stranger: User, mobile: Carrier) -> CaseDriver:
    """Confirmed on 12 October; another team has a card with the same number, in use and never billed."""
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    other_team = Team.objects.exclude(pk=submitted.case.team_id).first() or Team.objects.create(name="别的公司")
    Card.objects.create(team=other_team, number=NUMBER, carrier=mobile, monthly_fee=Decimal(5))
    return submitted


@pytest.fixture
def idle(team: Team, mobile: Carrier) -> Card:
    return Card.objects.create(team=team, number=IDLE, carrier=mobile, monthly_fee=Decimal(8), opened_on="2024-01-01")


def bring(team: Team, by: User, *lines: str) -> Bill:
    return bring_in(team, file_of(*lines), by=by, now=NOW)[0]


def told(bill: Bill) -> list[tuple[str, str, str | None]]:
    return [
        (finding.kind, finding.shown_number, None if finding.amount is None else str(finding.amount))
        for finding in bill.findings.order_by("pk")
    ]


def handle(finding: BillFinding, act: FindingAct, by: User) -> BillFinding:
    return handle_finding(finding, act, by=by, now=NOW)


def test_what_a_bill_shows_and_that_it_is_brought_in_once(confirmed: CaseDriver, idle: Card, manager: User) -> None:
    team = confirmed.case.team
    lines = (f"{NUMBER},19.00,19.00,0", f"{IDLE},18.00,18.00,0", "13700000001,9.00,9.00,3")
    bill = bring(team, manager, *lines)
    assert told(bill) == [
        ("charged_after_cancellation", NUMBER, "19.00"),
        ("fee_differs", IDLE, "10.00"),
        ("no_use", IDLE, "8.00"),
        ("not_in_register", "13700000001", "9.00"),
    ]
    assert [finding.case for finding in bill.findings.order_by("pk")] == [confirmed.case, None, None, None]
    assert (bill.lines, bill.total, bill.carrier.slug if bill.carrier else "") == (3, Decimal("46.00"), "china-mobile")
    again, is_new = bring_in(team, file_of(*lines), by=manager, now=NOW)
    assert (again.pk, is_new, Bill.objects.count(), BillFinding.objects.count()) == (bill.pk, False, 1, 4)
    assert [str(entry.about) for entry in AuditEntry.objects.filter(kind="imported")] == ["2026-11, 3 lines"]


def test_nothing_of_a_bill_of_another_month_is_kept(team: Team, manager: User, receipts_folder: Path) -> None:
    file = BillFile("账单.csv", file_of(f"{IDLE},8.00,8.00,0").data, date(2026, 10, 1))
    with pytest.raises(BillOfAnotherMonth) as caught:
        bring_in(team, file, by=manager, now=NOW)
    assert caught.value.params == {"billed": "2026-11", "chosen": "2026-10"}
    assert not Bill.objects.exists()
    assert not [path for path in receipts_folder.rglob("*") if path.is_file()]


def test_viewers_bring_in_nothing(team: Team, viewer: User) -> None:
    with pytest.raises(ViewerReadOnly):
        bring(team, viewer, f"{IDLE},8.00,8.00,0")


def test_a_charge_of_the_case(confirmed: CaseDriver, manager: User) -> None:
    finding = bring(confirmed.case.team, manager, f"{NUMBER},19.00,19.00,0").findings.get()
    done = handle(finding, ChargeOnCase("12 月账单"), manager)
    assert (done.state, done.handled_by, done.handled_at) == ("charged", manager, NOW)
    charge = Charge.objects.get()
    assert (charge.case, charge.amount, charge.day) == (confirmed.case, Decimal("19.00"), date(2026, 11, 30))
    assert confirmed.last_content["bill"] == "charge"
    with pytest.raises(FindingHandled):
        handle(finding, ReopenCase("还能打通"), manager)
    assert Charge.objects.count() == 1


def test_a_number_that_is_alive_is_reopened(confirmed: CaseDriver, manager: User) -> None:
    finding = bring(confirmed.case.team, manager, f"{NUMBER},19.00,19.00,0").findings.get()
    with pytest.raises(ReasonMissing):
        handle(finding, ReopenCase(" "), manager)
    assert BillFinding.objects.get().state == "open"
    assert handle(finding, ReopenCase("还能打通"), manager).state == "reopened"
    assert confirmed.status == "under_review"


def test_the_register_gets_the_fee_and_the_card_that_it_lacks(team: Team, idle: Card, manager: User) -> None:
    bill = bring(team, manager, f"{IDLE},18.00,18.00,5", "13700000001,9.00,9.00,3")
    fee, missing = bill.findings.order_by("pk")
    handle(fee, CorrectRegister(), manager)
    idle.refresh_from_db()
    assert idle.monthly_fee == Decimal("18.00")
    done = handle(missing, CorrectRegister(), manager)
    card = Card.objects.get(number="13700000001")
    assert (done.card, done.number, card.team, card.carrier.slug) == (card, "", team, "china-mobile")
    assert card.monthly_fee == Decimal("9.00")


def test_a_number_that_nobody_uses_is_cancelled(team: Team, idle: Card, manager: User) -> None:
    finding = bring(team, manager, f"{IDLE},8.00,8.00,0").findings.get()
    done = handle(finding, LogCancellation(words="三个月没用"), manager)
    case = Case.objects.get()
    assert (done.state, done.case, case.card, case.status, case.reason) == ("requested", case, idle, "draft", "cost")


def test_a_dispute_has_fifteen_days_and_is_settled_later(team: Team, idle: Card, manager: User) -> None:
    finding = bring(team, manager, f"{IDLE},18.00,18.00,5").findings.get()
    disputed = handle(finding, Dispute("多收 10 元"), manager)
    assert disputed.answer_by == at("2026-12-22T00:00")  # the 20th is a Sunday
    with pytest.raises(FindingHandled):
        handle(finding, Dispute("多收 10 元"), manager)
    assert handle(finding, AllRight("次月已退"), manager).state == "all_right"


@pytest.mark.parametrize("act", [ChargeOnCase(), ReopenCase("x"), CorrectRegister(), AllRight("")])
def test_what_does_not_fit_a_finding_changes_nothing(team: Team, idle: Card, manager: User, act: FindingAct) -> None:
    finding = bring(team, manager, f"{IDLE},8.00,8.00,0").findings.get()
    with pytest.raises(CaseError) as caught:
        handle(finding, act, manager)
    assert type(caught.value) in (NotForFinding, ReasonMissing)
    assert BillFinding.objects.get().state == "open"


def test_a_bill_of_which_nothing_was_handled_is_taken_out(team: Team, idle: Card, manager: User) -> None:
    bill = bring(team, manager, f"{IDLE},8.00,8.00,0")
    handle(bill.findings.get(), AllRight("备用号"), manager)
    with pytest.raises(BillInUse):
        remove_bill(bill, by=manager, now=NOW)
    BillFinding.objects.update(state="open")
    remove_bill(bill, by=manager, now=NOW)
    assert not Bill.objects.exists()
    assert not BillFinding.objects.exists()


def test_files_of_bills_stay_until_their_team_keeps_them_no_longer(team: Team, idle: Card, manager: User) -> None:
    bill = bring(team, manager, f"{IDLE},8.00,8.00,0")
    other_team = Team.objects.create(name="别的公司", keep_months=1)
    assert remove_orphan_files() == 0
    assert forget_bill_files(at("2030-01-01T03:00")) == 0
    team.keep_months = 12
    team.save()
    assert forget_bill_files(at("2027-11-30T03:00")) == 0
    assert forget_bill_files(at("2027-12-02T03:00")) == 1
    bill.refresh_from_db()
    assert bill.sha256 == f"~{bill.pk}"
    assert other_team.bills.count() == 0
    assert BillFinding.objects.count() == 1
