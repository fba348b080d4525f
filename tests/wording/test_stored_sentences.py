"""What is stored of a sentence is its msgid and what fills it: each reader has it in their own language."""

from datetime import date

import pytest
from django.utils.translation import override

from cases.domain.checklist import ITEMS_BY_CODE
from cases.domain.errors import CaseError, NotReady, OpenCaseExists, WrongState
from cases.domain.status import Status
from cases.wording.stored_sentences import stored_errors, stored_sentence, stored_text


def in_both(stored: str) -> tuple[str, str]:
    with override("en"):
        english = stored_text(stored)
    with override("zh-hans"):
        return english, stored_text(stored)


def test_an_error_is_read_in_the_language_of_the_reader() -> None:
    stored = stored_errors([WrongState(from_status=Status.CONFIRMED)])
    assert in_both(stored) == (
        "This cannot be recorded while the case is “Cancelled, confirmed”.",
        "案件为“已注销”时不能记录这一项。",
    )


def test_several_errors_of_a_row_are_sentences_one_after_the_other() -> None:
    stored = stored_errors([OpenCaseExists(reference="XK-1"), WrongState(from_status=Status.DRAFT)])
    english, chinese = in_both(stored)
    assert english.count(". ") == 1
    assert "XK-1" in chinese
    assert " " not in chinese


@pytest.mark.parametrize(
    ("params", "english"),
    [
        ({"what": "x"}, "x"),
        ({"what": 3}, "3"),
        ({"what": date(2026, 10, 13)}, "13 Oct"),
        ({"what": [ITEMS_BY_CODE["contacts"], ITEMS_BY_CODE["arrears"]]}, "Contacts backed up, Arrears and fees paid"),
        ({"what": CaseError()}, "This action is not possible here."),
    ],
)
def test_whatever_fills_a_sentence_is_worded_when_it_is_read(params: dict[str, object], english: str) -> None:
    assert in_both(stored_sentence("%(what)s", params))[0] == english


@pytest.mark.parametrize("text", ["", "HTTP 500 no", "第3行：号码有误", "[[broken", '[["%(x)s", {}]]', "[[1, 2, 3]]"])
def test_what_is_not_stored_so_is_shown_as_it_is(text: str) -> None:
    assert in_both(text) == (text, text)


def test_not_ready_names_its_items() -> None:
    stored = stored_errors([NotReady(items=[ITEMS_BY_CODE["contacts"]])])
    assert "Contacts backed up" in in_both(stored)[0]
