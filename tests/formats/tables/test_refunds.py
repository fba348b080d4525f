"""The balance that a row says is owed back (all invented): columns of ledgers, and what their cells come to."""

from datetime import date
from decimal import Decimal

import pytest

from cases.formats.tables.readings import ReadCard, ReadRefund
from cases.formats.tables.titles import title_meaning
from tests.formats.tables.test_card_rows import cards, fields, read

TITLES = "号码|注销状态|注销日期"


def card(titles: str, cells: str, status: str = "已注销") -> ReadCard:
    (only,) = cards(read(f"{TITLES}|{titles}", f"13800138001|{status}|2026-11-10|{cells}"))
    return only


def refund(titles: str, cells: str, status: str = "已注销") -> ReadRefund | None:
    case = card(titles, cells, status).case
    assert case is not None
    return case.refund


@pytest.mark.parametrize(
    ("title", "field"),
    [
        *((title, "refund_amount") for title in ("应退余额", "退费金额", "待退款", "应退余额（元）", "退款金额(元)")),
        *((title, "refund_status") for title in ("退款状态", "退费情况", "是否退款")),
        *((title, "refund_received") for title in ("实退金额", "实际到账金额", "已退金额（元）")),
        *((title, "refund_due_on") for title in ("预计到账日期", "应退日期", "承诺到账日", "约定退款日期")),
        *((title, "refund_received_on") for title in ("退款到账日", "退费日期", "到账时间", "实际到账日")),
    ],
)
def test_titles_of_refunds(title: str, field: str) -> None:
    meaning = title_meaning(title)
    assert meaning is not None
    assert meaning.field == field


@pytest.mark.parametrize("title", ["余额", "话费余额", "欠费金额", "押金", "账户余额"])
def test_other_balances_are_the_teams_own(title: str) -> None:
    assert title_meaning(title) is None


@pytest.mark.parametrize(
    ("titles", "cells", "expected"),
    [
        ("应退余额", "36.5元", ReadRefund(Decimal("36.50"), None, None, is_received=False)),
        ("应退余额|预计到账日期", "36.5|2026-12-20", ReadRefund(Decimal("36.50"), date(2026, 12, 20), None, False)),
        ("退费金额|退款状态", "36.5|退款中", ReadRefund(Decimal("36.50"), None, None, is_received=False)),
        ("退费金额|退款状态", "36.5|未到账", ReadRefund(Decimal("36.50"), None, None, is_received=False)),
        ("退费金额|退款状态", "36.5|已到账", ReadRefund(Decimal("36.50"), None, None, is_received=True)),
        ("退费金额|退款到账日", "36.5|2026-11-20", ReadRefund(Decimal("36.50"), None, date(2026, 11, 20), True)),
        # A day that is still ahead is one by which it is due.
        ("退费金额|退款到账日", "36.5|2026-12-20", ReadRefund(Decimal("36.50"), date(2026, 12, 20), None, False)),
        ("退款状态", "待退", ReadRefund(None, None, None, is_received=False)),
        ("待退款", "待退", ReadRefund(None, None, None, is_received=False)),
        ("应退余额|退款状态", "36.5|", ReadRefund(Decimal("36.50"), None, None, is_received=False)),
        (
            "应退余额|实退金额|到账日期", "320|200|2026-11-20",
            ReadRefund(Decimal(320), None, date(2026, 11, 20), True, Decimal(200)),
        ),
        (
            "应退余额|实退金额|预计到账日期", "320|200|2026-12-20",
            ReadRefund(Decimal(320), date(2026, 12, 20), None, True, Decimal(200)),
        ),
        (
            "应退余额|实退金额|到账日期", "45.6|47.1|2026-11-20",
            ReadRefund(Decimal("45.60"), None, date(2026, 11, 20), True, Decimal("47.10")),
        ),
        ("应退余额|实退金额", "36.5|36.5", ReadRefund(Decimal("36.50"), None, None, is_received=True)),
        ("应退余额|实退金额", "36.5|", ReadRefund(Decimal("36.50"), None, None, is_received=False)),
        ("应退余额|退款状态", "0|", None),
        ("应退余额|退款状态", "|无需退", None),
        ("应退余额|退款状态", "|", None),
    ],
)  # fmt: skip
def test_what_a_row_says_of_a_refund(titles: str, cells: str, expected: ReadRefund | None) -> None:
    assert refund(titles, cells) == expected
    assert card(titles, cells).warnings == []


@pytest.mark.parametrize(
    ("titles", "cells", "warning", "note"),
    [
        ("应退余额", "约36", "“应退余额”: “约36” is not an amount in yuan. It was kept in the note.", "应退余额：约36"),
        (
            "应退余额|退款状态", "36.5|找老王",
            "“退款状态”: “找老王” does not say whether the refund has come. It was kept in the note.",
            "退款状态：找老王",
        ),
        (
            "应退余额|退款状态", "1260|部分到账",
            "“退款状态”: “部分到账” says that a part came, but not how much, so all of it is recorded as owed. "
            "It was kept in the note.",
            "退款状态：部分到账",
        ),
        (
            "退款状态", "未知",
            "“退款状态”: “未知” does not say whether the refund has come. It was kept in the note.",
            "退款状态：未知",
        ),
        (
            "退款状态", "已到账",
            "“退款状态”: “已到账” says that a refund came, but not how much, so none is recorded. "
            "It was kept in the note.",
            "退款状态：已到账",
        ),
        (
            "应退余额|退款到账日", "36.5|下个月",
            "“退款到账日”: “下个月” is not a complete date. It was kept in the note.", "退款到账日：下个月",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_kept(titles: str, cells: str, warning: str, note: str) -> None:
    read_card = card(titles, cells)
    assert [str(message) for message in read_card.warnings] == [warning]
    assert note in read_card.facts["note"]


def test_what_says_more_than_where_it_stands_is_kept() -> None:
    read_card = card("应退余额|退款状态", "36.5|已退，打到财务卡")
    assert read_card.case is not None
    assert read_card.case.refund == ReadRefund(Decimal("36.50"), None, None, is_received=True)
    assert read_card.facts["note"] == "退款状态：已退，打到财务卡"


def test_while_the_number_is_not_cancelled_they_are_the_teams_own_columns() -> None:
    read_card = card("应退余额|退款状态", "36.5|待退", status="审核中")
    assert read_card.case is not None
    assert read_card.case.refund is None
    assert (read_card.custom["应退余额"], read_card.custom["退款状态"]) == ("36.5", "待退")


def test_a_table_without_a_cancellation_keeps_them_as_its_own() -> None:
    reading = read("号码|应退余额", "13800138001|36.5")
    assert fields(reading) == ["number", "refund_amount"]
    (only,) = cards(reading)
    assert (only.case, only.custom) == (None, {"应退余额": "36.5"})
