"""Days in tables and days in sentences, in both languages, on Wednesday 2026-10-14."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import translation

from cases import wording
from tests.moments import at, on


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(at("2026-10-14T09:00"), tick=False):
        yield


@pytest.mark.parametrize(
    ("language", "this_year", "next_year"),
    [("en", "Tue 13 Oct", "Mon 4 Jan 2027"), ("zh-hans", "10月13日 周二", "2027年1月4日 周一")],
)
def test_a_table_has_the_weekday(language: str, this_year: str, next_year: str) -> None:
    with translation.override(language):
        assert wording.format_day(on("2026-10-13")) == this_year
        assert wording.format_day(on("2027-01-04")) == next_year


@pytest.mark.parametrize(
    ("language", "this_year", "next_year"),
    [("en", "13 Oct", "4 Jan 2027"), ("zh-hans", "10月13日", "2027年1月4日")],
)
def test_a_sentence_has_not(language: str, this_year: str, next_year: str) -> None:
    with translation.override(language):
        assert wording.day_in_text(on("2026-10-13")) == this_year
        assert wording.day_in_text(on("2027-01-04")) == next_year


@pytest.mark.parametrize(
    ("language", "in_a_table", "in_a_sentence"),
    [("en", "Tue 13 Oct, 15:00", "13 Oct, 15:00"), ("zh-hans", "10月13日 周二 15:00", "10月13日 15:00")],
)
def test_a_moment(language: str, in_a_table: str, in_a_sentence: str) -> None:
    with translation.override(language):
        assert wording.format_moment(at("2026-10-13T15:00")) == in_a_table
        assert wording.moment_in_text(at("2026-10-13T15:00")) == in_a_sentence


@pytest.mark.parametrize(
    ("language", "in_a_table", "in_a_sentence", "next_year"),
    [
        ("en", "Tue 13 Oct, 24:00", "the end of Tue 13 Oct", "the end of Mon 4 Jan 2027"),
        ("zh-hans", "10月13日 周二 24:00", "10月13日 24:00", "2027年1月4日 24:00"),
    ],
)
def test_a_deadline_is_the_end_of_its_last_day(
    language: str, in_a_table: str, in_a_sentence: str, next_year: str
) -> None:
    with translation.override(language):
        assert wording.format_deadline(at("2026-10-14T00:00")) == in_a_table
        assert wording.deadline_in_text(at("2026-10-14T00:00")) == in_a_sentence
        assert wording.deadline_in_text(at("2027-01-05T00:00")) == next_year


@pytest.mark.parametrize(("language", "said"), [("en", "1 Oct, 15:00"), ("zh-hans", "10月1日 15:00")])
def test_one_within_a_day_is_a_moment(language: str, said: str) -> None:
    with translation.override(language):
        assert wording.deadline_in_text(at("2026-10-01T15:00")) == said


def test_in_documents_every_day_has_its_year() -> None:
    with translation.override("zh-hans"), wording.years_always_shown():
        assert wording.format_day(on("2026-10-13")) == "2026年10月13日 周二"
        assert wording.day_in_text(on("2026-10-13")) == "2026年10月13日"
        assert wording.deadline_in_text(at("2026-10-14T00:00")) == "2026年10月13日 24:00"


@pytest.mark.parametrize(
    ("language", "today", "tomorrow", "later"),
    [
        (
            "en",
            "If submitted today (14 Oct)",
            "If submitted tomorrow (15 Oct)",
            "If submitted after the holiday (4 Jan 2027)",
        ),
        ("zh-hans", "今天提交（10月14日）", "明天提交（10月15日）", "假期后提交（2027年1月4日）"),
    ],
)
def test_a_choice_of_days(language: str, today: str, tomorrow: str, later: str) -> None:
    with translation.override(language):
        days = (at("2026-10-14T15:00"), at("2026-10-15T15:00"), at("2027-01-04T15:00"))
        assert [wording.submitted_on(day, on("2026-10-14")) for day in days] == [today, tomorrow, later]
