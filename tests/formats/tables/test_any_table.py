"""Any table of texts is read without an error, and no cell of a card's row is lost in silence."""

import re
import unicodedata
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.domain.business_days import SHANGHAI
from cases.formats.tables.card_rows import (
    ReadCard,
    ReadColumn,
    ReadOptions,
    ReadRow,
    SheetReading,
    choose_sheet,
    read_sheet,
)
from cases.formats.tables.workbook import Sheet

NOW = datetime(2026, 11, 30, 12, tzinfo=SHANGHAI)
CARRIERS = {"中国移动": "china-mobile", "中国联通": "china-unicom", "中国电信": "china-telecom"}

TITLES = st.sampled_from(
    [
        "手机号",
        "手机号1",
        "手机号2",
        "号码",
        "运营商",
        "使用人",
        "机主",
        "部门",
        "套餐",
        "月租(元)",
        "开卡日期",
        "合约到期",
        "ICCID",
        "备注",
        "状态",
        "注销状态",
        "申请日期",
        "注销日期",
        "退回日期",
        "退回原因",
        "受理单号",
        "办理方式",
        "注销原因",
        "经办人",
        "用途",
        "序号",
        "卡槽",
        "日期",
        "",
        "Phone",
        "Status",
    ]
)
NUMBERS = st.one_of(
    st.integers(13_000_000_000, 19_999_999_999).map(str),
    st.sampled_from(
        [
            "138 0013 8000",
            "+86-13800138001",
            "13800138002(副卡)",
            "13800138003/13800138004",
            "13800138000-13800138009",
            "138****8000",
            "1.38E+10",
            "0755-26881234",
            "1064800000001",
            "１３８００１３８０００",
            "13800138005/8006",
        ]
    ),
)
CELLS = st.one_of(
    st.just(""),
    NUMBERS,
    st.sampled_from(
        [
            "移动",
            "联通(深圳)",
            "阿里通信",
            "移动/联通",
            "19元/月",
            "免费",
            "面议",
            "29元(含10GB)",
            "2024.3.5",
            "2024-02-30",
            "45356",
            "24.3.5",
            "2027-12-31",
            "3月5日",
            "89860075309422414344",
            "8.98600753094224E+19",
            "已注销",
            "审核中",
            "被退回-欠费",
            "已提交待审核",
            "待注销",
            "正常",
            "已注销?",
            "欠费未缴",
            "10086热线",
            "APP",
            "人员离职",
            "费用太高",
            "电销外呼",
            "SL2026",
            "2026112012345678",
            "#N/A",
            "'-1",
            "合计",
            "示例",
            "移动卡",
            "制表人：王敏",
            "第一行\n第二行",
            "440300199081226000",
            "无",
            "-",
            "是",
            "1",
            "2",
        ]
    ),
    st.text(max_size=12),
    st.text(min_size=81, max_size=90),
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    width = draw(st.integers(1, 8))
    row = st.lists(CELLS, max_size=width + 1)
    rows = draw(st.lists(row, max_size=2))
    if draw(st.booleans()):
        rows.append(draw(st.lists(TITLES, min_size=width, max_size=width)))
    rows += draw(st.lists(row, max_size=6))
    if draw(st.booleans()):
        rows += [draw(st.lists(TITLES, max_size=width)), *draw(st.lists(row, max_size=3))]
    place = st.integers(0, 8)
    corners = draw(st.lists(st.tuples(place, place, st.integers(0, 3), st.integers(0, 3)), max_size=2))
    merges = [(top, left, top + down, left + right) for top, left, down, right in corners]
    name = draw(st.sampled_from([None, "Sheet1", "移动卡"]))
    return Sheet(name, [[cell.strip() for cell in cells] for cells in rows], merges)


@settings(max_examples=300, deadline=None)
@given(sheets(), st.sampled_from([None, 0, 1, 3, 99]), st.sampled_from([None, "china-mobile"]))
def test_no_cell_of_a_card_is_lost_in_silence(sheet: Sheet, header_row: int | None, carrier: str | None) -> None:
    reading = read_sheet(sheet, ReadOptions(NOW, CARRIERS, header_row=header_row, carrier=carrier))
    assert choose_sheet([sheet]) == 0
    for row in reading.rows:
        assert (row.kind == "card") == bool(row.cards)
        assert row.reason is not None or row.kind == "card"
        assert str(row.reason)
        if row.kind == "card":
            check_cells(sheet, reading, row)


@settings(max_examples=100, deadline=None)
@given(
    sheets(),
    st.dictionaries(st.integers(0, 9), st.sampled_from(["number", "user", "status", "custom", "", "note"]), max_size=4),
    st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 9)), CELLS, max_size=3),
)
def test_whatever_a_person_sets_is_read(
    sheet: Sheet, columns: dict[int, str], fixes: dict[tuple[int, int], str]
) -> None:
    reading = read_sheet(sheet, ReadOptions(NOW, CARRIERS, columns=columns, fixes=fixes))
    fields = {column.index: column.field for column in reading.columns}
    assert all(fields[index] == (name or "ignored") for index, name in columns.items() if index in fields)


def check_cells(sheet: Sheet, reading: SheetReading, row: ReadRow) -> None:
    """Each cell as it stands in the sheet is a value of one of the row's cards, or named; row counters aside."""
    same = [other for other in reading.rows if other.row == row.row]
    cards = [card for other in same for card in other.cards]
    # Where two tables stand beside each other, one of them may have a row that is wrong: that is told.
    is_told = any(other.kind != "card" for other in same)
    counters = {column.index for column in reading.columns if column.field == "ignored"}
    for index, cell in enumerate(sheet.rows[row.row - 1]):
        text = plain(cell)
        if not text or (index in counters and text.isdigit()) or set(text) <= set("-—‐―－/\\~_.。·()"):
            continue
        is_kept = any(text in texts_of(card) or stands_for(card, cell) for card in cards)
        assert is_kept or is_told, f"{cell!r} of {reading.columns} is nowhere in {cards}"


def texts_of(card: ReadCard) -> str:
    case = card.case
    texts = [card.number, card.carrier_name, card.handler, *map(str, card.facts.values()), *card.custom.values()]
    texts += [str(message) for message in card.warnings]
    if case:
        texts += [case.carrier_reference, case.reason_words]
    return plain(" ".join(texts))


def stands_for(card: ReadCard, cell: str) -> bool:
    """Whether a cell's meaning, rather than its text, is in the card: a day, a fee, a choice, a number."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", cell))
    meanings = {
        "免费": card.facts.get("monthly_fee") is not None,
        "19元/月": card.facts.get("monthly_fee") is not None,
        "移动": card.carrier == "china-mobile",
        "联通(深圳)": card.carrier == "china-unicom",
        "APP": bool(card.case and card.case.channel),
        "费用太高": bool(card.case and card.case.reason),
        "欠费未缴": bool(card.case and card.case.return_reason),
        "电销外呼": bool(card.facts.get("purpose")),
    }
    days = [str(day) for day in (card.facts.get("opened_on"), card.facts.get("contract_ends_on")) if day]
    if card.case:
        days += [str(day) for day in (card.case.submitted_at, card.case.closed_on, card.case.returned_on) if day]
        meanings |= dict.fromkeys(("已注销", "审核中", "已提交待审核", "待注销"), True)
    day = {"2024.3.5": "2024-03-05", "45356": "2024-03-05", "24.3.5": "2024-03-05", "2027-12-31": "2027-12-31"}.get(
        cell
    )
    return bool(
        meanings.get(cell)
        or (day and any(text.startswith(day) for text in days))
        or (len(digits) >= 11 and card.number in digits)
    )


def plain(text: str) -> str:
    """A text as it is compared: without what nobody sees, and without the apostrophe before a formula."""
    visible = "".join(c for c in text if c.isprintable() and not c.isspace())
    return visible.lstrip("'")


def test_the_oracle_finds_what_is_lost() -> None:
    card = ReadCard("13800138000", None, "", False, {"user": "王芳"}, {}, "", None, [])
    assert "王芳" in texts_of(card)
    assert "李娜" not in texts_of(card)
    assert not stands_for(card, "免费")
    assert ReadColumn(0, "手机号", "number").field == "number"
