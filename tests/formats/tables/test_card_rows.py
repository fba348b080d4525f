"""The cards of sheets as offices keep them (all invented): which rows are cards, and what each says."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import pytest

from cases.domain.business_days import SHANGHAI
from cases.formats.tables.card_rows import (
    ReadCard,
    ReadCase,
    ReadOptions,
    ReadRow,
    SheetReading,
    choose_sheet,
    read_sheet,
)
from cases.formats.tables.workbook import Merge, Sheet

NOW = datetime(2026, 11, 30, 12, tzinfo=SHANGHAI)
CARRIERS = {
    "中国移动": "china-mobile",
    "中国联通": "china-unicom",
    "中国电信": "china-telecom",
    "小米移动": "xiaomi-mobile",
}


def read(
    *rows: str,
    merges: list[Merge] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: Mapping[int, str] | None = None,
    carrier: str | None = None,
    fixes: Mapping[tuple[int, int], str] | None = None,
) -> SheetReading:
    """Reads rows of texts with bars between the cells."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    options = ReadOptions(NOW, CARRIERS, header_row, columns, carrier, fixes or {})
    return read_sheet(Sheet(sheet, cells, merges or []), options)


def cards(reading: SheetReading) -> list[ReadCard]:
    return [card for row in reading.rows for card in row.cards]


def numbers(reading: SheetReading) -> list[str]:
    return [card.number for card in cards(reading)]


def fields(reading: SheetReading) -> list[str]:
    return [column.field for column in reading.columns]


def kinds(reading: SheetReading) -> list[tuple[int, str]]:
    return [(row.row, row.kind) for row in reading.rows]


def words(row: ReadRow | ReadCard) -> list[str]:
    return [str(message) for message in ([row.reason] if isinstance(row, ReadRow) else row.warnings) if message]


# A row


def test_a_row_becomes_a_card_with_all_that_it_says() -> None:
    reading = read(
        "序号|手机号|ICCID|使用人|机主|部门|运营商|套餐|月租(元)|开卡日期|合约到期|用途|卡槽|经办人|备注",
        "1|13800138000|89860000000000000001|王芳|某公司|销售部|移动|保号|8|2024.3.5|2027-03-31|电销|A12|李娜|备用",
    )
    assert reading.header_row == 1
    (card,) = cards(reading)
    assert card.facts == {
        "iccid": "89860000000000000001",
        "user": "王芳",
        "holder": "某公司",
        "department": "销售部",
        "plan": "保号",
        "monthly_fee": Decimal("8.00"),
        "opened_on": date(2024, 3, 5),
        "contract_ends_on": date(2027, 3, 31),
        "purpose": "marketing",
        "purpose_words": "电销",
        "note": "备用",
    }
    assert (card.number, card.carrier, card.carrier_is_guess) == ("13800138000", "china-mobile", False)
    assert (card.custom, card.handler, card.case, card.warnings) == ({"卡槽": "A12"}, "李娜", None, [])


def test_what_cannot_be_read_is_a_warning_and_kept_in_the_note() -> None:
    (card,) = cards(read("手机号|月租|开卡日期|套餐|备注", "13800138000|面议|3月5日|#N/A|旧卡"))
    assert words(card) == [
        "“月租”: “面议” is not an amount in yuan a month. It was kept in the note.",
        "“开卡日期”: “3月5日” is not a complete date. It was kept in the note.",
        "“套餐”: “#N/A” is an error of the spreadsheet. It was kept in the note.",
    ]
    assert [message.column for message in card.warnings] == [1, 2, 3]
    assert card.facts["note"].splitlines() == ["月租：面议", "开卡日期：3月5日", "套餐：#N/A", "旧卡"]


def test_rounded_digits_are_never_taken_for_whole() -> None:
    first, second = cards(
        read(
            "手机号|ICCID|身份证号|受理单号|状态",
            "13800138000|8.98600753094224E+19|4.40300199001011E+17|2.02611201234568E+17|已申请",
            "13800138001|89860075309422400000|440300199001010000|2026112012345678|已申请",
        )
    )
    assert [("iccid" in card.facts, len(card.warnings)) for card in (first, second)] == [(False, 3), (False, 2)]
    assert "8.98600753094224E+19" in first.facts["note"]
    assert first.custom == {"身份证号": "4.40300199001011E+17"}
    assert [card.case and card.case.carrier_reference for card in (first, second)] == ["", "2026112012345678"]


def test_a_cell_with_several_numbers_gives_each_of_them_a_card() -> None:
    reading = read("手机号|使用人", "13800138000/13012345678（副卡）|王芳", "13800138001-13800138003|李娜")
    assert numbers(reading) == ["13800138000", "13012345678", "13800138001", "13800138002", "13800138003"]
    assert [card.facts for card in cards(reading)[:2]] == [{"user": "王芳", "note": "副卡"}] * 2
    assert [card.carrier for card in cards(reading)[:2]] == ["china-mobile", "china-unicom"]


def test_a_row_without_a_readable_number_is_wrong_with_the_reason_and_the_column() -> None:
    reading = read("序号|手机号|使用人", "1|13800138000|王芳", "2|138****8001|李娜", "3||张伟", "4|1.38E+10|周强")
    assert kinds(reading) == [(2, "card"), (3, "wrong"), (4, "wrong"), (5, "wrong")]
    assert [words(row) for row in reading.rows[1:]] == [
        ["“138****8001” hides some of its digits. Enter the full number."],
        ["Number missing."],
        ["“1.38E+10” was rounded by the spreadsheet. Format the column as text and enter the full number again."],
    ]
    assert reading.rows[1].reason
    assert reading.rows[1].reason.column == 1


# Carriers


def test_a_carrier_is_the_cells_and_only_without_one_a_guess() -> None:
    reading = read(
        "手机号|运营商",
        "13800138000|联通(深圳)",
        "13800138001|",
        "16200138000|",
        "13800138002|阿里通信",
        "13800138003|移动/联通",
        "13800138004（电信）|",
    )
    assert [(card.carrier, card.carrier_name, card.carrier_is_guess) for card in cards(reading)] == [
        ("china-unicom", "联通(深圳)", False),
        ("china-mobile", "", True),
        (None, "", False),
        (None, "阿里通信", False),
        (None, "移动/联通", False),
        ("china-telecom", "", False),
    ]
    assert words(cards(reading)[3]) == ["“运营商”: no carrier has the name “阿里通信”."]


def test_the_carrier_of_the_whole_file_and_of_a_heading() -> None:
    rows = ("手机号|运营商", "16200138000|", "16200138001|小米移动", "16200138002|某某通信")
    assert [card.carrier for card in cards(read(*rows, carrier="china-telecom"))] == [
        "china-telecom",
        "xiaomi-mobile",
        "china-telecom",
    ]
    headed = read("手机号|使用人", "一、移动号卡明细|", "16500138000|王芳", "联通：|", "16500138001|李娜")
    assert [card.carrier for card in cards(headed)] == ["china-mobile", "china-unicom"]
    assert [card.carrier for card in cards(read("手机号|x", "16500138000|y", sheet="电信卡"))] == ["china-telecom"]


# Where tables are


def test_banners_titles_over_two_rows_and_merged_cells() -> None:
    reading = read(
        "各部门用卡登记表||||",
        "部门|号卡信息||费用|备注",
        "|手机号|运营商|月租|",
        "销售部|16200138000|小米移动|19|a",
        "|16200138001||29|",
        "小计|||48|",
        merges=[(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 4, 2, 4), (3, 0, 4, 0), (3, 2, 4, 2)],
    )
    assert reading.header_row == 2
    assert [column.title for column in reading.columns] == ["部门", "手机号", "运营商", "月租", "备注"]
    assert kinds(reading) == [(1, "skipped"), (4, "card"), (5, "card"), (6, "skipped")]
    assert [(card.facts["department"], card.carrier) for card in cards(reading)] == [("销售部", "xiaomi-mobile")] * 2


def test_tables_below_each_other_have_titles_of_their_own() -> None:
    reading = read(
        "手机号|使用人|月租",
        "13800138000|王芳|19",
        "合计||19",
        "",
        "二、联通卡",
        "序号|号码|部门",
        "1|13012345678|客服部",
        "注：以上均为公司实名",
        "制表人：王敏||审核：刘洋",
    )
    assert kinds(reading) == [(2, "card"), (3, "skipped"), (5, "skipped"), (7, "card"), (8, "skipped"), (9, "skipped")]
    assert [card.facts for card in cards(reading)] == [
        {"user": "王芳", "monthly_fee": Decimal("19.00")},
        {"department": "客服部"},
    ]


@pytest.mark.parametrize("gap", ["", "|"])
def test_tables_beside_each_other(gap: str) -> None:
    reading = read(
        f"手机号|使用人|{gap}手机号|使用人",
        f"13800138000|王芳|{gap}13012345678|李娜",
        f"13800138001|张伟|{gap}|",
        f"||{gap}1301234|周强",
    )
    assert [(card.number, card.facts["user"]) for card in cards(reading)] == [
        ("13800138000", "王芳"),
        ("13012345678", "李娜"),
        ("13800138001", "张伟"),
    ]
    assert kinds(reading) == [(2, "card"), (2, "card"), (3, "card"), (4, "wrong")]


def test_a_carrier_over_each_of_the_tables_beside_each_other() -> None:
    reading = read("移动卡||联通卡（共2张）|", "号码|姓名|号码|姓名", "16500138000|a|16500138001|b", "||16500138002|c")
    assert [card.carrier for card in cards(reading)] == ["china-mobile", "china-unicom", "china-unicom"]


def test_several_numbers_a_person() -> None:
    reading = read(
        "姓名|手机号1|手机号2|部门",
        "王芳|13800138000|13012345678|销售部",
        "李娜|13800138001||客服部",
        "张伟|1380013|13012345679|客服部",
    )
    assert [(card.number, card.facts["user"]) for card in cards(reading)] == [
        ("13800138000", "王芳"),
        ("13012345678", "王芳"),
        ("13800138001", "李娜"),
        ("13012345679", "张伟"),
    ]
    assert "手机号1：1380013" in cards(reading)[3].facts["note"]


def test_several_numbers_with_their_own_carriers() -> None:
    reading = read(
        "姓名|号码1|运营商1|号码2|运营商2|备注", "王芳|16200138000|移动|16200138001|联通|x", "李娜|16200138002|电信|||"
    )
    assert [(card.number, card.carrier, card.facts.get("note")) for card in cards(reading)] == [
        ("16200138000", "china-mobile", "x"),
        ("16200138001", "china-unicom", "x"),
        ("16200138002", "china-telecom", None),
    ]
    assert kinds(reading) == [(2, "card"), (2, "card"), (3, "card")]


def test_a_table_without_titles() -> None:
    reading = read("1|13800138000|移动|王芳", "2|16200138001|联通|李娜", "3|13800138002|电信|张伟")
    assert reading.header_row == 0
    assert [(column.title, column.field) for column in reading.columns] == [
        ("A", "custom"),
        ("B", "number"),
        ("C", "carrier"),
        ("D", "custom"),
    ]
    assert cards(reading)[1].custom == {"A": "2", "D": "李娜"}


def test_titles_that_nobody_knows_and_titles_again() -> None:
    reading = read("资源|口令", "13800138000|春风", "13800138001|秋月")
    assert (reading.header_row, fields(reading)) == (1, ["number", "custom"])
    again = read("手机号|使用人", "13800138000|王芳", "手机号|使用人", "13800138001|李娜")
    assert kinds(again) == [(2, "card"), (3, "skipped"), (4, "card")]


def test_a_wrong_row_with_words_of_titles_is_no_row_of_titles() -> None:
    reading = read("手机号|类别|机主", "13800138000|主卡|某公司", "138****8001|主卡|公司", "13800138002|副卡|公司")
    assert kinds(reading) == [(2, "card"), (3, "wrong"), (4, "card")]
    assert cards(reading)[1].custom == {"类别": "副卡"}


def test_what_is_counted_beside_a_table_is_named_and_not_taken() -> None:
    reading = read("手机号|使用人||运营商|数量", "13800138000|王芳||移动|2", "13800138001|李娜||联通|3")
    assert [card.carrier for card in cards(reading)] == ["china-mobile", "china-mobile"]
    assert words(cards(reading)[1]) == [
        "Beside the table: “联通” was not taken.",
        "Beside the table: “3” was not taken.",
    ]


def test_columns_are_what_stands_in_them() -> None:
    reading = read(
        "卡号|号码|联系电话|资费|编号|实名",
        "89860000000000000001|13800138000|13900000000|19元电销套餐|A-7|是",
        "89860000000000000002|13800138001|13900000001|8元保号|A-9|是",
    )
    assert fields(reading) == ["iccid", "number", "custom", "plan", "custom", "custom"]
    assert numbers(reading) == ["13800138000", "13800138001"]
    assert cards(reading)[0].custom == {"联系电话": "13900000000", "编号": "A-7", "实名": "是"}


def test_examples_and_remarks_with_a_number_are_no_cards() -> None:
    reading = read(
        "手机号|使用人|备注",
        "13800000000|某某|示例行，导入前请删除",
        "13800138000|王芳|",
        "如有疑问请及时联系王敏13800138999||",
        "经办人：王敏|电话：13800138999|",
    )
    assert kinds(reading) == [(2, "skipped"), (3, "card"), (4, "skipped"), (5, "skipped")]


# Cases


def case_of(*rows: str) -> ReadCase | None:
    return cards(read(*rows))[0].case


def test_a_standing_with_what_is_known_of_its_moments() -> None:
    titles = "手机号|状态|申请日期|注销日期|受理单号|注销原因|办理方式"
    assert case_of(titles, "13800138000|已申请注销|2026-09-01 15:30||SL1|费用太高|APP") == ReadCase(
        "submitted",
        datetime(2026, 9, 1, 15, 30, tzinfo=SHANGHAI),
        carrier_reference="SL1",
        reason="cost",
        reason_words="费用太高",
        channel="app",
        status_words="已申请注销",
    )
    assert case_of(titles, "13800138000|已注销|2026.9.1|2026.9.20||人员离职|") == ReadCase(
        "confirmed",
        datetime(2026, 9, 1, 18, tzinfo=SHANGHAI),
        is_day_only=True,
        closed_on=date(2026, 9, 20),
        reason="other",
        reason_words="人员离职",
        status_words="已注销",
    )
    assert case_of(titles, "13800138000|已办结待核实|||||") == ReadCase("reported_done", status_words="已办结待核实")


def test_a_returned_request() -> None:
    reading = read("手机号|状态|退回日期|退回原因", "13800138000|被退回-欠费|2026.9.9|欠费23元")
    (card,) = cards(reading)
    assert card.case == ReadCase(
        "returned", returned_on=date(2026, 9, 9), return_reason="arrears", status_words="被退回-欠费"
    )
    assert card.facts["note"] == "状态：被退回-欠费\n退回原因：欠费23元"


def test_a_day_of_cancelling_alone_is_a_confirmed_case_and_a_future_one_none() -> None:
    past, future = cards(read("手机号|注销日期", "13800138000|2025.6.1", "13800138001|2027-01-01"))
    assert past.case == ReadCase("confirmed", closed_on=date(2025, 6, 1))
    assert future.case is None
    assert future.custom == {"注销日期": "2027-01-01"}


def test_a_day_of_asking_alone_is_a_request_only_where_the_table_is_about_them() -> None:
    assert case_of("手机号|提交时间", "13800138000|2026.9.1") is not None
    assert case_of("手机号|申请日期|受理单号", "13800138000|2026.9.1|") is not None
    (card,) = cards(read("手机号|申请日期", "13800138000|2026.9.1"))
    assert (card.case, card.custom) == (None, {"申请日期": "2026.9.1"})
    (answer,) = cards(read("手机号|提交者|提交时间", "13800138000|王芳|2026.9.1"))
    assert answer.case is None


def test_what_a_card_does_is_no_case_and_kept() -> None:
    normal, unclear = cards(read("手机号|状态|受理单号", "13800138000|停机|G1", "13800138001|已注销?|G2"))
    assert (normal.case, normal.custom, normal.warnings) == (None, {"状态": "停机", "受理单号": "G1"}, [])
    assert (unclear.case, unclear.custom) == (None, {"状态": "已注销?", "受理单号": "G2"})
    assert "does not say where a request stands" in words(unclear)[0]


def test_a_draft_keeps_what_no_draft_has_as_columns() -> None:
    (card,) = cards(read("手机号|状态|申请日期|注销原因", "13800138000|待注销|2026.9.1|闲置"))
    assert card.case == ReadCase("draft", reason="cost", reason_words="闲置", status_words="待注销")
    assert card.custom == {"申请日期": "2026.9.1"}


def test_the_day_of_asking_may_stand_under_cancelled() -> None:
    (card,) = cards(read("手机号|状态|注销日期", "13800138000|已申请|2026.8.8"))
    assert card.case == ReadCase(
        "submitted", datetime(2026, 8, 8, 18, tzinfo=SHANGHAI), is_day_only=True, status_words="已申请"
    )
    assert "taken as the day of the request" in words(card)[0]


@pytest.mark.parametrize(
    ("day", "problem"), [("2027-01-01", "in the future"), ("1999-01-01", "before 2004"), ("9月", "not a complete date")]
)
def test_moments_that_cannot_be(day: str, problem: str) -> None:
    (card,) = cards(read("手机号|状态|申请日期", "13800138000|已申请|2026.9.1", f"13800138001|已申请|{day}"))[1:]
    assert card.case == ReadCase("submitted", status_words="已申请")
    assert problem in words(card)[0]
    assert card.facts["note"] == f"申请日期：{day}"


# What a person sets


def test_another_row_of_titles_and_other_columns() -> None:
    assert fields(read("号码|使用人", "手机号|x", "13800138000|y", header_row=2)) == ["number", "custom"]
    reading = read("手机号|谁|使用人|ICCID", "13800138000|王芳|李娜|x", columns={1: "user", 3: ""})
    assert fields(reading) == ["number", "user", "custom", "ignored"]
    (card,) = cards(reading)
    assert (card.facts, card.custom, card.warnings) == ({"user": "王芳"}, {"使用人": "李娜"}, [])
    assert numbers(read("13800138000|手机号", "13800138001|x", header_row=0)) == ["13800138000", "13800138001"]


def test_a_mended_cell_counts_instead() -> None:
    reading = read("手机号|月租", "1380013|面议", fixes={(2, 0): "13800138000", (2, 1): "19"})
    (card,) = cards(reading)
    assert (card.number, card.facts, card.warnings) == ("13800138000", {"monthly_fee": Decimal("19.00")}, [])
    assert reading.rows[0].cells == ["13800138000", "19"]


def test_the_sheet_with_numbers_is_chosen_a_current_and_visible_one_first() -> None:
    empty = Sheet("说明", [["请填写"]])
    current = Sheet("在用", [["手机号"], ["13800138000"]])
    closed = Sheet("已注销", [["手机号"], ["13800138001"], ["13800138002"]])
    hidden = Sheet("隐藏", [["手机号"], *[[str(13800138003 + n)] for n in range(5)]], hidden=True)
    assert choose_sheet([empty, closed, hidden, current]) == 3
    assert choose_sheet([empty, closed]) == 1
    assert choose_sheet([empty, hidden]) == 1
    assert choose_sheet([empty]) == 0


@pytest.mark.parametrize("words", ["超时未回复", "一直没消息", "催了三次", "无反馈", "no reply"])
def test_a_request_without_an_answer_is_with_the_carrier(words: str) -> None:
    reading = read_sheet(
        Sheet(None, [["号码", "提交时间", "注销进度"], ["13800138000", "2026-11-02", words]]),
        ReadOptions(NOW, CARRIERS),
    )
    case = reading.rows[-1].cards[0].case
    assert case is not None
    assert (case.status, case.submitted_at) == ("submitted", datetime(2026, 11, 2, 18, tzinfo=SHANGHAI))


def test_a_list_of_running_cancellations_is_not_set_aside() -> None:
    running = Sheet("注销登记", [["号码"], ["13800138000"], ["13800138001"]])
    assert choose_sheet([Sheet("保留号码", [["号码"], ["13800138002"]]), running]) == 1
    assert choose_sheet([Sheet("已注销", running.rows), Sheet("在用", [["号码"], ["13800138002"]])]) == 1
