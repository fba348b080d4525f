"""Habits of offices in their tables: approvals of their own, dittos, decimal commas, days first, forms, units."""

from datetime import datetime

import pytest

from cases.domain.business_days import SHANGHAI
from cases.formats.tables.readings import ReadCase
from tests.formats.tables.test_card_rows import cards, fields, read


def test_approvals_within_the_company_are_its_own_columns() -> None:
    reading = read(
        "审批编号|审批状态|审批结果|发起时间|完成时间|注销号码|提交运营商日期|目前进度",
        "A1|已完成|同意|2026-09-01|2026-09-02|13800138000|2026-09-03|在弄",
        "A2|已完成|同意|2026-09-01|2026-09-02|13800138001||",
    )
    assert fields(reading) == ["custom", "custom", "custom", "custom", "custom", "number", "submitted_at", "status"]
    running, none = cards(reading)
    assert running.case == ReadCase("under_review", datetime(2026, 9, 3, 18, tzinfo=SHANGHAI), is_day_only=True)
    assert running.custom["审批状态"] == "已完成"
    assert none.case is None


def test_the_progress_of_a_cancellation_comes_before_the_state_of_the_card() -> None:
    reading = read("手机号|卡状态|销卡进度", "13800138000|在用|审核中（已催2次）")
    assert fields(reading) == ["number", "custom", "status"]
    (card,) = cards(reading)
    assert card.case == ReadCase("under_review")
    assert card.facts["note"] == "销卡进度：审核中（已催2次）"
    assert card.custom == {"卡状态": "在用"}


def test_a_fee_of_a_year_is_none_of_a_month() -> None:
    reading = read("手机号|费用(元/年)", "13800138000|228", "13800138001|120")
    assert fields(reading) == ["number", "custom"]


def test_why_a_request_came_back_is_kept_in_its_words() -> None:
    (card,) = cards(read("MSISDN|Status", "13800138000|Rejected - unpaid balance"))
    assert card.case == ReadCase("returned", return_reason="arrears")
    assert card.facts["note"] == "Status：Rejected - unpaid balance"


@pytest.mark.parametrize(
    ("cell", "note"), [("联通(深圳)", "运营商：联通(深圳)"), ("联通186", "运营商：联通186"), ("联通", None)]
)
def test_what_stands_beside_a_carrier_is_kept(cell: str, note: str | None) -> None:
    (card,) = cards(read("手机号|运营商", f"16200138000|{cell}"))
    assert card.carrier == "china-unicom"
    assert card.facts.get("note") == note
