"""Texts put together as each language does it."""

import pytest
from django.utils import translation

from cases import wording
from cases.domain import errors
from cases.domain.business_days import YearNotCovered


@pytest.mark.parametrize(
    ("language", "joined"),
    [("en", "One. Two. Three."), ("zh-hans", "One.Two.Three.")],
)
def test_sentences_follow_with_a_space_or_without(language: str, joined: str) -> None:
    with translation.override(language):
        assert wording.join_sentences(["One.", "", "Two.", "Three."]) == joined
        assert wording.join_sentences(["One."]) == "One."
        assert wording.join_sentences([]) == ""


@pytest.mark.parametrize(
    ("language", "labelled", "with_note", "names"),
    [("en", "A: 3", "A (b)", "A, B"), ("zh-hans", "A：3", "A（b）", "A、B")],
)
def test_colons_brackets_and_commas(language: str, labelled: str, with_note: str, names: str) -> None:
    with translation.override(language):
        assert wording.labelled("A", 3) == labelled
        assert wording.with_note("A", "b") == with_note
        assert wording.join_names(["A", "B"]) == names


def test_a_percent_sign_in_a_part_is_only_that() -> None:
    with translation.override("en"):
        assert wording.join_sentences(["100% done.", "%(x)s"]) == "100% done. %(x)s"
        assert wording.labelled("%s", "%(x)s") == "%s: %(x)s"


def test_what_is_wrong_with_one_row_of_a_table() -> None:
    wrong = [errors.ReasonMissing(), YearNotCovered(first=2004, last=2027, year=2062)]
    with translation.override("zh-hans"):
        assert wording.error_messages(wrong) == (f"{wording.error_message(wrong[0])}{wording.error_message(wrong[1])}")
        assert "。 " not in wording.error_messages(wrong)


def test_a_list_in_an_error_is_joined_likewise() -> None:
    error = errors.UnknownProvince(provinces=["湖北", "湖南"])
    with translation.override("en"):
        assert wording.error_message(error) == (
            "An appeal needs one of these provinces; a complaint takes none: 湖北, 湖南."
        )
    with translation.override("zh-hans"):
        assert "湖北、湖南" in wording.error_message(error)


def test_the_error_itself_has_the_list_in_english() -> None:
    error = errors.UnknownProvince(provinces=["湖北", "湖南"])
    assert str(error) == "An appeal needs one of these provinces; a complaint takes none: 湖北, 湖南."
