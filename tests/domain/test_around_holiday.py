"""What submitting today, tomorrow and after the holiday would give, counted by hand."""

import pytest

from cases.domain.business_days import YearNotCovered
from cases.domain.deadlines import Terms, compare_around_holiday, last_day
from tests.moments import CALENDAR, at, on

TERMS = Terms()


def compare(now: str, terms: Terms = TERMS) -> tuple[tuple[str, ...], list[tuple[str, str, int]]] | None:
    around = compare_around_holiday(at(now), terms, CALENDAR)
    if around is None:
        return None
    choices = [
        (f"{c.submitted_at:%m-%d %H:%M}", f"{last_day(c.reply_by):%m-%d}", c.calendar_days) for c in around.options
    ]
    return around.festivals, choices


NATIONAL_DAY = ("National Day",)


@pytest.mark.parametrize(
    ("now", "festivals", "choices"),
    [
        (
            "2026-09-30 15:00",
            NATIONAL_DAY,
            [("09-30 15:00", "10-13", 13), ("10-01 15:00", "10-13", 12), ("10-08 15:00", "10-14", 6)],
        ),
        (
            "2026-02-13 17:30",
            ("Spring Festival",),
            [("02-13 17:30", "02-27", 14), ("02-14 17:30", "02-28", 14), ("02-24 17:30", "03-02", 6)],
        ),
        (  # within the holiday itself
            "2026-10-03 10:00",
            NATIONAL_DAY,
            [("10-03 10:00", "10-13", 10), ("10-04 10:00", "10-13", 9), ("10-08 10:00", "10-14", 6)],
        ),
        ("2026-10-07 10:00", NATIONAL_DAY, [("10-07 10:00", "10-13", 6), ("10-08 10:00", "10-14", 6)]),
        (  # two festivals in one window: after the first of them
            "2026-09-24 10:00",
            ("Mid-Autumn Festival", "National Day"),
            [("09-24 10:00", "10-09", 15), ("09-25 10:00", "10-09", 14), ("09-28 10:00", "10-10", 12)],
        ),
    ],
)
def test_three_answers(now: str, festivals: tuple[str, ...], choices: list[tuple[str, str, int]]) -> None:
    assert compare(now) == (festivals, choices)


def test_no_holiday_no_choice() -> None:
    assert compare("2026-11-20 18:00") is None


def test_a_longer_window_reaches_a_holiday_that_a_shorter_one_does_not() -> None:
    assert compare("2026-09-14 10:00", Terms(reply_days=5)) is None
    assert compare("2026-09-14 10:00", Terms(reply_days=15)) is not None


def test_what_rests_on_an_unpublished_year_is_provisional() -> None:
    around = compare_around_holiday(at("2026-12-29 10:00"), Terms(), CALENDAR)
    assert around is not None
    assert [choice.provisional for choice in around.options] == [True, True, True]


def test_choices_that_cannot_be_counted_are_left_out() -> None:
    # The calendar ends with 2027: of a window that ends on its very last working day, only today's can be counted.
    count = CALENDAR.count_working_days(on("2027-09-30"), on("2027-12-31"))
    around = compare_around_holiday(at("2027-09-29 10:00"), Terms(reply_days=count), CALENDAR)
    assert around is not None
    assert [f"{last_day(choice.reply_by)}" for choice in around.options] == ["2027-12-31"]
    with pytest.raises(YearNotCovered):
        compare_around_holiday(at("2027-09-29 10:00"), Terms(reply_days=count + 1), CALENDAR)
