"""What columns and cells of people's own tables mean."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cases.formats.card_table import CardRow, RowErrors, detect_columns, read_row
from tests.moments import NOW, at

CARRIERS = {
    "中国移动": "china-mobile",
    "移动": "china-mobile",
    "中国联通": "china-unicom",
}


def parse_row(**cells: str) -> CardRow:
    return read_row(list(cells.values()), dict(enumerate(cells)), CARRIERS, NOW)


def row_flaws(**cells: str) -> list[str]:
    with pytest.raises(RowErrors) as caught:
        parse_row(**cells)
    return [str(flaw) for flaw in caught.value.errors]


@pytest.mark.parametrize(
    ("titles", "columns"),
    [
        (["手机号码", "运营商", "月租（元）", "提交日期"], ["number", "carrier", "monthly_fee", "submitted_at"]),
        (["序号", "电销卡号", "公司名称", "工单号", "经办人"], ["", "number", "holder", "reference", "handler"]),
        (["Phone number", "Carrier", "Plan", "Note"], ["number", "carrier", "plan", "words"]),
        ([" 号 码 ", "号码"], ["number", ""]),
        (["ＳＩＭ卡号", "备注(选填)"], ["number", "words"]),
        (["a", "b"], ["", ""]),
    ],
)
def test_columns_are_known_by_their_usual_names(titles: list[str], columns: list[str]) -> None:
    assert detect_columns(titles) == {at: name for at, name in enumerate(columns) if name}


def test_a_full_row() -> None:
    assert parse_row(
        number="138 0013 8000", carrier="移动", holder="上海某某有限公司", plan="8元保号", monthly_fee="¥8.00/月",
        contract_end="2027年3月31日", submitted_at="2026-09-30 15:00", reference="SL-1", channel="营业厅",
        reason="骚扰", purpose="电销", words="第一批", handler="王芳",
    ) == CardRow(
        number="13800138000", carrier="china-mobile",
        facts={
            "holder": "上海某某有限公司", "plan": "8元保号", "purpose": "marketing", "monthly_fee": Decimal("8.00"),
            "contract_end": date(2027, 3, 31),
        },
        submitted_at=at("2026-09-30T15:00"), is_day_only=False, reference="SL-1", channel="branch", reason="harassment",
        handler="王芳", words="第一批",
    )  # fmt: skip


def test_a_number_alone_tells_the_carrier_where_its_prefix_does() -> None:
    assert parse_row(number="13800138000") == CardRow(number="13800138000", carrier="china-mobile")
    assert row_flaws(number="17000000000") == ["Enter the carrier. It cannot be worked out from the number."]


@pytest.mark.parametrize(
    ("text", "moment", "by_day"),
    [
        ("2026-09-30 15:00", "2026-09-30T15:00", False),
        ("2026/9/30 9:05", "2026-09-30T09:05", False),
        ("2026.9.30", "2026-09-30T18:00", True),
        ("2026年9月30日", "2026-09-30T18:00", True),
        ("2026年9月30日 下午3点", "2026-09-30T15:00", False),
        ("2026年9月30日15时20分", "2026-09-30T15:20", False),
        ("2026-09-30T15:00:41", "2026-09-30T15:00", False),
        ("20260930", "2026-09-30T18:00", True),
        ("46295", "2026-09-30T18:00", True),
        ("46295.625", "2026-09-30T15:00", False),
        ("２０２６－０９－３０", "2026-09-30T18:00", True),
        ("2026-10-16", "2026-10-16T10:00", True),  # today: not later than now
    ],
)
def test_moments_as_people_write_them(text: str, moment: str, by_day: bool) -> None:
    row = parse_row(number="13800138000", submitted_at=text)
    assert (row.submitted_at, row.is_day_only) == (at(moment), by_day)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"number": ""}, ["Number missing."]),
        ({"number": "1.38001E+10", "carrier": "移动"},
         ["“1.38001E+10” was rounded by the spreadsheet. Format the column as text and enter the full number again."]),
        ({"number": "010-88886666", "carrier": "移动"}, ["“010-88886666” is not a mobile number."]),
        ({"number": "13800138000", "carrier": "火星通信"},
         ["Unknown carrier “火星通信”. Use a name from the carrier list."]),
        ({"number": "13800138000", "monthly_fee": "很贵"}, ["“很贵” is not an amount in yuan."]),
        ({"number": "13800138000", "monthly_fee": "-8"}, ["“-8” is not an amount in yuan."]),
        ({"number": "13800138000", "submitted_at": "上周"}, ["“上周” is not a date. Use the format 2026-09-30."]),
        ({"number": "13800138000", "submitted_at": "2026-02-30"},
         ["“2026-02-30” is not a date. Use the format 2026-09-30."]),
        ({"number": "13800138000", "submitted_at": "2026-10-17"}, ["The submission time is in the future."]),
        ({"number": "13800138000", "submitted_at": "2003-05-01"}, ["Working days are only known from 2004 on."]),
        ({"number": "13800138000", "holder": "长" * 81}, ["Longer than 80 characters."]),
        ({"number": "12", "carrier": "x", "monthly_fee": "y"},
         ["“12” is not a mobile number.", "Unknown carrier “x”. Use a name from the carrier list.",
          "“y” is not an amount in yuan."]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_all_at_once(cells: dict[str, Any], said: list[str]) -> None:
    assert row_flaws(**cells) == said


def test_what_is_cancelled_already_asks_for_nothing() -> None:
    for state in ("已注销", "注销成功", "Done"):
        assert parse_row(number="13800138000", state=state, submitted_at="2026-09-30").submitted_at is None
    assert parse_row(number="13800138000", state="待注销", submitted_at="2026-09-30").submitted_at is not None


def test_what_an_export_of_ours_escaped_comes_back_as_it_was() -> None:
    assert parse_row(number="13800138000", holder="'=某某公司").facts == {"holder": "=某某公司"}


def test_a_serial_number_of_a_spreadsheet() -> None:
    assert parse_row(number="13800138000", contract_end="46477").facts == {"contract_end": date(2027, 3, 31)}
    assert datetime(1899, 12, 30).toordinal() + 46477 == date(2027, 3, 31).toordinal()
