"""Bills in the layouts that carriers give out. All of them are synthetic."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from cases.formats.bills.reader import NoBill, read_bill
from cases.formats.bills.types import Bill
from cases.formats.tables.workbook import Sheet


def read(*rows: Sequence[str], name: str = "bill.xlsx", merges: Sequence[tuple[int, int, int, int]] = ()) -> Bill:
    return read_bill([Sheet("Sheet1", [list(row) for row in rows], list(merges))], name)


def amounts(bill: Bill) -> dict[str, tuple[str, str | None]]:
    """What is to be paid and the plan's fee, by number."""
    return {n.number: (str(n.amount), None if n.plan_fee is None else str(n.plan_fee)) for n in bill.numbers}


WIDE = (
    ("中国移动集团成员账单",),
    ("账期：202610",),
    (
        "序号",
        "手机号码",
        "使用人",
        "套餐及固定费",
        "语音通信费",
        "优惠及减免",
        "总计",
        "通话时长(分钟)",
        "上网流量(MB)",
    ),
    ("1", "13800138000", "王某", "39.00", "1.20", "-10.00", "30.20", "12", "0"),
    ("2", "13800138001", "李某", "8.00", "0.00", "0.00", "8.00", "0", "0"),
    ("合计", "", "", "47.00", "1.20", "-10.00", "38.20", "", ""),
)


def test_one_line_a_number() -> None:
    bill = read(*WIDE)
    assert (bill.carrier, bill.month, bill.lines) == ("china-mobile", (2026, 10), 2)
    assert (bill.total, bill.is_total_printed) == (Decimal("38.20"), True)
    assert amounts(bill) == {"13800138000": ("30.20", "39.00"), "13800138001": ("8.00", "8.00")}
    assert [(n.has_use, n.rows) for n in bill.numbers] == [(True, (4,)), (False, (5,))]


def test_several_lines_a_number_by_kind_of_charge() -> None:
    bill = read(
        ("中国联通集团客户分账明细",),
        ("计费账期", "2026年10月"),
        ("用户号码", "用户名称", "账期", "费用项目", "金额(元)"),
        ("18600000001", "甲", "202610", "月固定费", "29.00"),
        ("18600000001", "甲", "202610", "上网费", "5.50"),
        ("", "", "202610", "调增减项", "-4.50"),
        ("18600000002", "乙", "202610", "月固定费", "19.00"),
    )
    assert (bill.carrier, bill.lines, bill.total, bill.is_total_printed) == (
        "china-unicom",
        4,
        Decimal("49.00"),
        False,
    )
    assert amounts(bill) == {"18600000001": ("30.00", "29.00"), "18600000002": ("19.00", "19.00")}
    assert bill.numbers[0].rows == (4, 5, 6)


def test_two_rows_of_titles_that_are_merged() -> None:
    bill = read(
        ("中国电信客户账单",),
        ("计费周期：2026/10/01-2026/10/31",),
        ("序号", "接入号码", "基本费用", "", "通信费用", "应收金额", "优惠金额", "实收金额"),
        ("", "", "套餐月基本费", "来电显示功能费", "国内通话费", "", "", ""),
        ("1", "13300000001", "59.00", "5.00", "1.00", "65.00", "15.00", "50.00"),
        ("账户小计", "", "", "", "", "65.00", "15.00", "50.00"),
        ("总计", "", "", "", "", "65.00", "15.00", "50.00"),
        merges=[(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3), (2, 5, 3, 5), (2, 6, 3, 6), (2, 7, 3, 7)],
    )
    assert (bill.carrier, bill.month, bill.total) == ("china-telecom", (2026, 10), Decimal("50.00"))
    assert amounts(bill) == {"13300000001": ("50.00", "59.00")}


def test_masked_numbers_landlines_and_unreadable_sums_are_told() -> None:
    bill = read(
        ("号码", "月租", "合计"),
        ("138****8000", "8.00", "8.00"),
        ("0571-88880000", "30.00", "30.00"),
        ("13800138002", "8.00", "见附件"),
        ("13800138003", "8.00", "1,008.00"),
    )
    assert amounts(bill) == {"138****8000": ("8.00", "8.00"), "13800138003": ("1008.00", "8.00")}
    assert [(line.row, line.reason.params["text"]) for line in bill.skipped] == [(3, "0571-88880000"), (4, "见附件")]


def test_sums_without_a_total_column_are_charges_less_reliefs() -> None:
    bill = read(("手机号", "月租费", "通话费", "优惠"), ("13800138000", "19.00", "2.00", "3.00"))
    assert amounts(bill) == {"13800138000": ("18.00", "19.00")}


def test_quantities_and_fees_before_reliefs_of_lines_by_kind_of_charge() -> None:
    bill = read(
        ("科目", "计费量", "单位", "应收", "调减", "实收", "用户号码"),
        ("月租费", "", "", "36.00", "30.00", "6.00", "15600000001"),
        ("国内语音", "0", "分钟", "0.00", "0.00", "0.00", "15600000001"),
        ("月租费", "", "", "29.00", "0.00", "29.00", "15600000002"),
        ("短信", "2", "条", "0.20", "0.00", "0.20", "15600000002"),
        ("用户小计", "", "", "65.20", "30.00", "35.20", ""),
    )
    assert amounts(bill) == {"15600000001": ("6.00", "36.00"), "15600000002": ("29.20", "29.00")}
    assert [number.has_use for number in bill.numbers] == [False, True]


def test_a_charge_for_use_is_use() -> None:
    bill = read(
        ("Subscriber No.", "Monthly Rental", "SMS Charge", "Amount Due", "Voice (min)"),
        ("19200000001", "6.00", "0.10", "6.10", "0"),
        ("19200000002", "6.00", "0.00", "6.00", "0"),
    )
    assert [number.has_use for number in bill.numbers] == [True, False]


@pytest.mark.parametrize(
    "rows", [[("号码", "姓名"), ("13800138000", "甲")], [("合计", "1.00")], [("手机号", "金额"), ("", "1.00")]]
)
def test_what_is_no_bill_is_said(rows: list[Sequence[str]]) -> None:
    with pytest.raises(NoBill):
        read(*rows)
