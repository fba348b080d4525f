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
