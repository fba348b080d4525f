"""Bills that are not understood: stored, put right by a person, remembered for their carrier. All are synthetic."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cases.formats.bills.columns import Column
from cases.formats.bills.reader import NoBill
from cases.models import Bill, BillColumns, Card, Carrier, Membership, Team, User
from cases.models.receipt_store import receipt_store
from cases.operations.bill_columns import (
    BillFileGone,
    ColumnChoice,
    ColumnsIncomplete,
    columns_of_sheet,
    set_columns,
    sheets_of_bill,
)
from cases.operations.bill_reading import BillFile
from cases.operations.bills import AllRight, BillInUse, bring_in, handle_finding
from tests.helpers import at

NOW = at("2026-12-05T10:00")
#: Titles that no list of words has.
STRANGE = "甲方成员台账\n卡,归谁,钱,打了多久\n13900139000,王某,8.00,0\n13700000001,李某,9.00,3\n合计,,17.00,\n"
CHOICE = ColumnChoice(0, 1, (Column.NUMBER, Column.OTHER, Column.NET, Column.USE))


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Bills go into the test's own folder."""


@pytest.fixture
def idle(team: Team, mobile: Carrier) -> Card:
    return Card.objects.create(
        team=team, number="13900139000", carrier=mobile, monthly_fee=Decimal(8), opened_on="2024-01-01"
    )


def bring(team: Team, by: User, name: str = "移动.csv", month: int = 11, text: str = STRANGE) -> Bill:
    return bring_in(team, BillFile(name, text.encode(), date(2026, month, 1)), by=by, now=NOW)[0]


def found(bill: Bill) -> list[tuple[str, str, str]]:
    return [(f.kind, f.shown_number, str(f.amount)) for f in bill.findings.order_by("pk")]


def test_what_is_not_understood_waits_for_a_person(team: Team, idle: Card, manager: User) -> None:
    bill = bring(team, manager)
    assert (bill.is_read, bill.lines, bill.total, found(bill)) == (False, 0, Decimal(0), [])
    columns = columns_of_sheet(bill, sheets_of_bill(bill))
    assert (columns.choice.sheet, columns.choice.titles_row) == (0, 1)
    assert columns.titles == ["卡", "归谁", "钱", "打了多久"]
    assert [column.value for column in columns.choice.columns] == ["number", "other", "charge", "charge"]
    assert columns.samples[2] == ["8.00", "9.00", "17.00"]
    set_columns(bill, CHOICE, by=manager, now=NOW)
    bill.refresh_from_db()
    assert (bill.is_read, bill.lines, bill.total, bill.carrier) == (True, 2, Decimal("17.00"), idle.carrier)
    assert found(bill) == [("no_use", "13900139000", "8.00"), ("not_in_register", "13700000001", "9.00")]
    assert [f.has_use for f in bill.findings.order_by("pk")] == [False, True]


def test_the_answer_is_remembered_for_the_carrier(team: Team, idle: Card, manager: User) -> None:
    set_columns(bring(team, manager), CHOICE, by=manager, now=NOW)
    assert BillColumns.objects.get().carrier == idle.carrier
    next_month = bring(team, manager, month=10, text=STRANGE.replace("钱", "钱（元）"))
    assert (next_month.is_read, next_month.lines) == (True, 2)
    of_another = bring(team, manager, name="中国联通.csv", month=9)
    assert not of_another.is_read
    other_team = Team.objects.create(name="别的公司")
    Membership.objects.create(team=other_team, user=manager, role="manager")
    assert not bring(other_team, manager).is_read


def test_whose_bill_it_is_says_the_person(team: Team, idle: Card, manager: User, unicom: Carrier) -> None:
    bill = bring(team, manager, name="x.csv")
    set_columns(bill, ColumnChoice(0, 1, CHOICE.columns, unicom), by=manager, now=NOW)
    bill.refresh_from_db()
    assert (bill.carrier, BillColumns.objects.get().carrier) == (unicom, unicom)


def test_a_bill_that_was_understood_is_read_anew(team: Team, idle: Card, manager: User) -> None:
    text = "号码,合计,实付金额\n13900139000,18.00,8.00\n"
    bill = bring(team, manager, text=text)
    assert (bill.is_read, str(bill.total)) == (True, "8.00")
    set_columns(bill, ColumnChoice(0, 0, (Column.NUMBER, Column.NET, Column.OTHER)), by=manager, now=NOW)
    bill.refresh_from_db()
    assert str(bill.total) == "18.00"


@pytest.mark.parametrize(
    "columns",
    [
        (Column.OTHER, Column.OTHER, Column.NET, Column.USE),
        (Column.NUMBER, Column.NUMBER, Column.NET, Column.USE),
        (Column.NUMBER, Column.OTHER, Column.OTHER, Column.USE),
        (Column.NUMBER, Column.OTHER, Column.NET, Column.NET),
        (Column.NUMBER, Column.ITEM, Column.CHARGE, Column.USE),
        (),
    ],
)
def test_columns_that_make_no_bill_are_refused(
    team: Team, idle: Card, manager: User, columns: tuple[Column, ...]
) -> None:
    bill = bring(team, manager)
    with pytest.raises(ColumnsIncomplete):
        set_columns(bill, ColumnChoice(0, 1, columns), by=manager, now=NOW)
    assert not Bill.objects.get().is_read
    assert not BillColumns.objects.exists()


def test_what_was_handled_stays_as_it_was(team: Team, idle: Card, manager: User) -> None:
    bill = bring(team, manager)
    set_columns(bill, CHOICE, by=manager, now=NOW)
    handle_finding(bill.findings.get(kind="no_use"), AllRight("备用"), by=manager, now=NOW)
    with pytest.raises(BillInUse):
        set_columns(bill, CHOICE, by=manager, now=NOW)
    assert bill.findings.get(kind="no_use").state == "all_right"


def test_without_its_file_a_bill_is_not_read_anew(team: Team, idle: Card, manager: User) -> None:
    bill = bring(team, manager)
    receipt_store._path(team.pk, bill.sha256).unlink()
    with pytest.raises(BillFileGone):
        set_columns(bill, CHOICE, by=manager, now=NOW)


def test_what_is_no_table_is_no_bill(team: Team, manager: User) -> None:
    with pytest.raises(NoBill):
        bring(team, manager, text="你好\n再见\n")
    assert not Bill.objects.exists()
