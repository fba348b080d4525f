"""A deadline explains itself day by day."""

from datetime import UTC, datetime

from cases.domain.business_days import DayKind, Override, WorkingCalendar
from cases.domain.deadlines import ExplainedDay, explain_days
from tests.moments import at, on


def rows(explained: tuple[ExplainedDay, ...]) -> list[tuple[str, str, int | None]]:
    return [(each.day.date.isoformat()[5:], each.day.kind.value, each.number) for each in explained]


def test_national_day_2026() -> None:
    explained = explain_days(at("2026-09-30 15:00"), on("2026-10-13"), WorkingCalendar())
    assert rows(explained) == [
        ("09-30", "workday", None),
        ("10-01", "holiday", None),
        ("10-02", "holiday", None),
        ("10-03", "holiday", None),
        ("10-04", "holiday", None),
        ("10-05", "holiday", None),
        ("10-06", "holiday", None),
        ("10-07", "holiday", None),
        ("10-08", "workday", 1),
        ("10-09", "workday", 2),
        ("10-10", "make_up", 3),
        ("10-11", "weekend", None),
        ("10-12", "workday", 4),
        ("10-13", "workday", 5),
    ]
    assert [each.is_start for each in explained] == [True] + [False] * 13
    assert all(each.is_counted == (each.number is not None) for each in explained)


def test_days_entered_by_hand_show_as_such() -> None:
    calendar = WorkingCalendar(
        {on("2026-11-21"): Override(working=True), on("2026-11-23"): Override(working=False, name="Typhoon")}
    )
    explained = explain_days(at("2026-11-20 18:00"), on("2026-11-24"), calendar)
    assert rows(explained) == [
        ("11-20", "workday", None),
        ("11-21", "opened", 1),
        ("11-22", "weekend", None),
        ("11-23", "closed", None),
        ("11-24", "workday", 2),
    ]
    assert explained[3].day.name == "Typhoon"


def test_it_starts_with_the_day_of_beijing() -> None:
    explained = explain_days(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), on("2026-11-24"), WorkingCalendar())
    assert rows(explained) == [("11-23", "workday", None), ("11-24", "workday", 1)]


def test_a_last_day_on_the_day_of_the_event_leaves_that_day_alone() -> None:
    (only,) = explain_days(at("2026-11-23 09:00"), on("2026-11-23"), WorkingCalendar())
    assert (only.is_start, only.is_counted, only.day.kind) == (True, False, DayKind.WORKDAY)
