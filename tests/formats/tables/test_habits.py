"""Habits of offices in their tables: approvals of their own, dittos, decimal commas, days first, forms, units."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from cases.domain.business_days import SHANGHAI
from cases.formats.tables.readings import ReadCase
from tests.formats.tables.test_card_rows import cards, fields, kinds, numbers, read, words


def test_approvals_within_the_company_are_its_own_columns() -> None:
    reading = read(
        "审批编号|审批状态|审批结果|发起时间|完成时间|注销号码|提交运营商日期|目前进度",
        "A1|已完成|同意|2026-09-01|2026-09-02|13800138000|2026-09-03|在弄",
        "A2|已完成|同意|2026-09-01|2026-09-02|13800138001||",
    )
    assert fields(reading) == ["custom", "custom", "custom", "custom", "custom", "number", "submitted_at", "status"]
    running, none = cards(reading)
    assert running.case == ReadCase(
        "under_review", datetime(2026, 9, 3, 18, tzinfo=SHANGHAI), is_day_only=True, status_words="在弄"
    )
    assert running.custom["审批状态"] == "已完成"
    assert none.case is None


def test_the_progress_of_a_cancellation_comes_before_the_state_of_the_card() -> None:
    reading = read("手机号|卡状态|销卡进度", "13800138000|在用|审核中（已催2次）")
    assert fields(reading) == ["number", "custom", "status"]
    (card,) = cards(reading)
    assert card.case == ReadCase("under_review", status_words="审核中（已催2次）")
    assert card.facts["note"] == "销卡进度：审核中（已催2次）"
    assert card.custom == {"卡状态": "在用"}


def test_a_fee_of_a_year_is_none_of_a_month() -> None:
    reading = read("手机号|费用(元/年)", "13800138000|228", "13800138001|120")
    assert fields(reading) == ["number", "custom"]


def test_why_a_request_came_back_is_kept_in_its_words() -> None:
    (card,) = cards(read("MSISDN|Status", "13800138000|Rejected - unpaid balance"))
    assert card.case == ReadCase("returned", return_reason="arrears", status_words="Rejected - unpaid balance")
    assert card.facts["note"] == "Status：Rejected - unpaid balance"


@pytest.mark.parametrize(
    ("cell", "note"), [("联通(深圳)", "运营商：联通(深圳)"), ("联通186", "运营商：联通186"), ("联通", None)]
)
def test_what_stands_beside_a_carrier_is_kept(cell: str, note: str | None) -> None:
    (card,) = cards(read("手机号|运营商", f"16200138000|{cell}"))
    assert card.carrier == "china-unicom"
    assert card.facts.get("note") == note


def test_forms_down_a_page_are_cards() -> None:
    reading = read(
        "号卡领用登记卡|||",
        "手机号码：|13800138000|运营商：|移动",
        "领用人：|王芳|月租：|19",
        "备注：||签字：|已签",
        "",
        "手机号码：|16500138001|运营商：|联通",
        "领用人：|李娜|月租：|",
        "备注：|临时卡|签字：|",
        "",
        "店长签字：|张伟|日期：|",
    )
    assert kinds(reading) == [(2, "card"), (6, "card"), (10, "skipped")]
    first, second = cards(reading)
    assert (first.number, first.carrier, first.facts, first.custom) == (
        "13800138000",
        "china-mobile",
        {"user": "王芳", "monthly_fee": Decimal("19.00")},
        {"签字": "已签"},
    )
    assert (second.carrier, second.facts) == ("china-unicom", {"user": "李娜", "note": "临时卡"})


def test_forms_beside_each_other_and_within_single_cells() -> None:
    beside = read("手机号|13800138000|手机号|13800138001", "姓名|王芳|姓名|李娜", "部门|销售部|部门|客服部")
    assert [(card.number, card.facts) for card in cards(beside)] == [
        ("13800138000", {"user": "王芳", "department": "销售部"}),
        ("13800138001", {"user": "李娜", "department": "客服部"}),
    ]
    single = read("手机号：13800138000", "使用人：王芳", "运营商：移动", "", "手机号：13800138001", "使用人：李娜")
    assert [(card.number, card.facts["user"]) for card in cards(single)] == [
        ("13800138000", "王芳"),
        ("13800138001", "李娜"),
    ]


def test_titles_down_the_first_column() -> None:
    reading = read("手机号|13800138000|13800138001", "使用人|王芳|李娜", "月租|19|29", "颜色|红|")
    assert [(card.number, card.facts, card.custom) for card in cards(reading)] == [
        ("13800138000", {"user": "王芳", "monthly_fee": Decimal("19.00")}, {"颜色": "红"}),
        ("13800138001", {"user": "李娜", "monthly_fee": Decimal("29.00")}, {}),
    ]


def test_a_table_with_labels_in_its_cells_stays_a_table() -> None:
    reading = read("类别|手机号|备注", "副卡|13800138000|使用人：王芳", "主卡|主号：13800138001 副号：13800138002|")
    assert numbers(reading) == ["13800138000", "13800138001", "13800138002"]
    assert fields(reading) == ["custom", "number", "note"]


@pytest.mark.parametrize("mark", ["同上", "〃", '"', "↑同上", "ditto"])
def test_marks_take_what_stands_above(mark: str) -> None:
    reading = read(
        "部门|手机号|备注", "工程部|13800138000|a", f"{mark}|13800138001|", f"{mark}|13800138002|{mark}", merges=[]
    )
    assert [card.facts["department"] for card in cards(reading)] == ["工程部"] * 3
    assert cards(reading)[2].facts["note"] == mark


def test_a_mark_right_under_the_titles_stays() -> None:
    (card,) = cards(read("手机号|部门", "13800138000|同上"))
    assert card.facts["department"] == "同上"


def test_rows_of_units_and_subtotals_are_no_cards() -> None:
    reading = read(
        "序号|车牌|手机号|年费",
        "|15位||元/年",
        "1|苏A1|13800138000|36",
        "|小计|1张|36",
        "合计|1户||36",
    )
    assert kinds(reading) == [(2, "skipped"), (3, "card"), (4, "skipped"), (5, "skipped")]


def test_other_cells_of_a_column_tell_commas_and_the_order_of_days() -> None:
    reading = read(
        "Number|Monthly fee|Activated",
        "13800138000|19,00|05/03/2024",
        "13800138001|29,90|13/03/2024",
    )
    assert [(card.facts["monthly_fee"], card.facts["opened_on"]) for card in cards(reading)] == [
        (Decimal("19.00"), date(2024, 3, 5)),
        (Decimal("29.90"), date(2024, 3, 13)),
    ]
    (alone,) = cards(read("Number|Monthly fee|Activated", "13800138000|19,00|05/03/2024"))
    assert "opened_on" not in alone.facts
    assert "monthly_fee" not in alone.facts
    assert len(words(alone)) == 2


def test_a_network_in_a_banner_is_the_carrier_where_the_numbers_bear_it_out() -> None:
    rows = ("手机号|使用人", "13012345678|a", "13012345679|b", "13800138000|c")
    assert [card.carrier for card in cards(read("中国联通政企客户自服务门户 成员明细|", *rows))] == ["china-unicom"] * 3
    guessed = cards(read("中国移动外呼项目号卡|", *rows))
    assert [card.carrier for card in guessed] == ["china-unicom", "china-unicom", "china-mobile"]


@pytest.mark.parametrize(
    ("titles", "status"),
    [
        ("手机号|使用情况", ["在用", "已递交销户申请", "备用"]),
        ("手机号|还要不要", ["要", "已申请注销", "留着"]),
    ],
)
def test_a_column_that_tells_of_cancellations_is_the_status(titles: str, status: list[str]) -> None:
    reading = read(titles, *(f"1380013800{at}|{words}" for at, words in enumerate(status)))
    assert fields(reading) == ["number", "status"]
    assert [card.case and card.case.status for card in cards(reading)] == [None, "submitted", None]
    assert [words for card in cards(reading) for words in card.warnings] == []


def test_a_column_of_carriers_needs_no_title_that_says_so() -> None:
    reading = read("手机号|归属", "17000138000|小米移动", "13800138001|移动的")
    assert [card.carrier for card in cards(reading)] == ["xiaomi-mobile", "china-mobile"]
    brands = read("手机号|手机品牌", "13800138000|小米", "13800138001|小米")
    assert fields(brands) == ["number", "custom"]


def test_words_in_the_place_of_a_reference_are_none() -> None:
    (card,) = cards(read("手机号|状态|受理单号", "13800138000|已申请|客服没给"))
    assert card.case is not None
    assert card.case.carrier_reference == ""
    assert card.facts["note"] == "受理单号：客服没给"


def test_a_number_at_which_somebody_is_reached_comes_after_one_of_an_unknown_title() -> None:
    reading = read("姓名|公司配号|紧急联系人电话", "王芳|138-0013-8000|18600012006", "李娜|138-0013-8001|18600012007")
    assert [card.number for card in cards(reading)] == ["13800138000", "13800138001"]
    assert cards(reading)[0].custom == {"紧急联系人电话": "18600012006"}


def test_asking_is_not_done() -> None:
    (card,) = cards(read("手机号|还要不要", "13800138000|上周去申请销号了"))
    assert card.case is not None
    assert card.case.status == "submitted"
