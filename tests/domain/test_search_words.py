"""Filters written as words into a search box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.search_words import SearchWords, Term, parse


def filters(text: str) -> list[tuple[str, str]]:
    return [(term.key, term.value) for term in parse(text).terms]


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        (
            "超期 移动 部门:电销一部",
            [("standing", "overdue"), ("carrier", "china-mobile"), ("department", "电销一部")],
            "",
        ),
        (
            "overdue mobile dept:Sales 8000",
            [("standing", "overdue"), ("carrier", "china-mobile"), ("department", "Sales")],
            "8000",
        ),
        ("Overdue", [("standing", "overdue")], ""),
        ("部门：电销一部　超期", [("department", "电销一部"), ("standing", "overdue")], ""),
        ('dept:"Sales two" handler:王', [("department", "Sales two"), ("handler", "王")], ""),
        ("carrier:联通", [("carrier", "china-unicom")], ""),
        ("carrier:小米移动", [("carrier", "小米移动")], ""),
        ("reason:harassment 原因:费用", [("reason", "harassment"), ("reason", "cost")], ""),
        ("after:2026-09-01 before:2026年10月8日", [("after", "2026-09-01"), ("before", "2026-10-08")], ""),
        ("自:2026-09", [("after", "2026-09-01")], ""),
        ("is:returned status:confirmed", [("standing", "returned"), ("status", "confirmed")], ""),
        # No such words: a search.
        ("王小明", [], "王小明"),
        ("138 0000 0005", [], "138 0000 0005"),
        ("after:soon", [], "after:soon"),
        ("before:2026-02-30", [], "before:2026-02-30"),
        ("reason:why", [], "reason:why"),
        ("is:mobile", [], "is:mobile"),
        ("dept:", [], "dept:"),
        ("colour:red", [], "colour:red"),
        ("XK-ABCD2345", [], "XK-ABCD2345"),
        ("中国移动通信", [], "中国移动通信"),
        # What is quoted is searched for.
        ('"移动" 超期', [("standing", "overdue")], "移动"),
        ("“超期”", [], "超期"),
        ("", [], ""),
    ],
)
def test_words(text: str, found: list[tuple[str, str]], rest: str) -> None:
    assert filters(text) == found
    assert parse(text).text == rest


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("standing", "overdue", "超期 逾期 overdue late LATE"),
        ("standing", "due_today", "今天到期 今日到期 due-today"),
        ("standing", "promised_today", "承诺今天 promised-today"),
        ("standing", "to_verify", "待核实 to-verify"),
        ("standing", "returned", "退回 被退回 待补充 returned"),
        ("standing", "waiting", "等待 等待中 waiting"),
        ("standing", "draft", "草稿 准备中 draft"),
        ("standing", "escalated", "投诉中 申诉中 escalated"),
        ("standing", "no_receipt", "无凭证 缺凭证 no-receipt"),
        ("status", "confirmed", "已确认 已注销 confirmed"),
        ("status", "withdrawn", "已撤回 withdrawn"),
        ("carrier", "china-mobile", "移动 中国移动 mobile"),
        ("carrier", "china-unicom", "联通 中国联通 unicom"),
        ("carrier", "china-telecom", "电信 中国电信 telecom"),
        ("carrier", "china-broadnet", "广电 中国广电 broadnet"),
        ("standing", "overdue", "进度:超期 standing:late is:Overdue"),
        ("status", "withdrawn", "状态:已撤回 status:withdrawn"),
        ("carrier", "china-telecom", "运营商:电信 Carrier:Telecom"),
        ("department", "销售", "部门:销售 dept:销售 department:“销售”"),
        ("user", "王", "使用人:王 user:王"),
        ("holder", "某某", "机主:某某 户主：某某 holder:某某"),
        ("handler", "李", "跟进人:李 负责人:李 处理人:李 handler:李 assignee:李"),
        ("reason", "cost", "原因:费用 reason:节省费用 reason:Cost"),
        ("reason", "harassment", "原因:骚扰 原因:骚扰电话 reason:harassment"),
        ("reason", "business", "原因:业务 原因:业务调整 reason:business"),
        ("reason", "switching", "原因:转网 原因:换运营商 原因:携号转网 reason:switching"),
        ("reason", "other", "原因:其他 原因:其它 reason:other"),
        ("after", "2026-09-05", "提交不早于:2026-09-05 之后:2026/9/5 自:2026.9.5 after:2026年9月5日 since:2026-9-5"),
        ("after", "2026-09-01", "自:2026年9月"),
        ("before", "2026-01-01", "提交早于:2026.01 之前:2026-1 before:2026-01-01"),
    ],
)
def test_every_word_that_is_a_filter(key: str, value: str, words: str) -> None:
    assert filters(words) == [(key, value)] * len(words.split())
    assert parse(words).text == ""


@pytest.mark.parametrize(
    "word", ["status:overdue", "is:confirmed", "carrier:", ":超期", "reason:超期", "after:2026-13", "after:2026"]
)
def test_a_value_that_is_none_of_its_filter_is_searched_for(word: str) -> None:
    assert (filters(word), parse(word).text) == ([], word)


def test_a_carrier_by_a_word_of_something_else_is_a_name() -> None:
    assert filters("carrier:超期") == [("carrier", "超期")]


def test_the_first_twenty_words_are_looked_at() -> None:
    assert filters(" ".join(["x"] * 19 + ["超期"])) == [("standing", "overdue")]
    assert filters(" ".join(["x"] * 20 + ["超期"])) == []


def test_spaces_within_a_text_without_filters_stay() -> None:
    assert parse("  王  小明 ").text == "王  小明"
    assert parse("王  小明 超期").text == "王 小明"


def test_a_filter_is_taken_off_as_it_was_written() -> None:
    words = parse("超期 dept:“电销 一部” 8000")
    department = Term("department", "电销 一部", "dept:“电销 一部”")
    assert words.terms == (Term("standing", "overdue", "超期"), department)
    assert words.without(department) == "超期 8000"


@given(st.text(st.sampled_from('超期移动a部门:：dept"“”0123456789-年月日\0 　after:before:²٣')) | st.text())
def test_whatever_is_typed_is_read(text: str) -> None:
    words = parse(text)
    assert isinstance(words, SearchWords)
    for term in words.terms:
        assert term.value
        assert term in parse(term.word).terms
        if term.key in ("after", "before"):
            assert term.day.isoformat() == term.value
