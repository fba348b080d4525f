"""What an edition of the calendar records, and the calendar that is made of it again."""

from cases.domain.business_days import Override, WorkingCalendar
from cases.domain.calendar_editions import calendar_of, edition_of
from tests.moments import CALENDAR, on


def test_an_edition_names_the_days_that_are_not_as_their_weekday_is() -> None:
    """A Tuesday closed, a Sunday opened by hand, and the days of National Day 2026."""
    calendar = WorkingCalendar({on("2026-11-10"): Override(False, "台风"), on("2026-11-15"): Override(True)})
    body = edition_of(calendar).body
    off, worked = (set(body[name]) for name in ("off", "worked"))  # type: ignore[arg-type]
    assert {"2026-10-01", "2026-10-07", "2026-11-10"} <= off
    assert not off & {"2026-10-03", "2026-10-08", "2026-11-11", "2026-11-15"}  # a Saturday is off anyway
    assert {"2026-10-10", "2026-11-15"} <= worked
    assert not worked & {"2026-10-09", "2026-10-11", "2026-11-14", "2026-11-10"}
    assert (body["last_year"], 2026 in body["published"]) == (calendar.last_year, True)  # type: ignore[operator]


def test_a_calendar_and_its_edition_are_one() -> None:
    calendar = WorkingCalendar({on("2026-11-10"): Override(False), on("2026-11-15"): Override(True)})
    again = calendar_of(edition_of(calendar).body)
    assert list(again.working_dates) == list(calendar.working_dates)
    assert again.last_year == calendar.last_year
    assert edition_of(again).digest == edition_of(calendar).digest != edition_of(CALENDAR).digest
    assert [again.is_working(on(day)) for day in ("2026-11-10", "2026-11-15", "2026-11-14")] == [False, True, False]
    assert again.nth_working_day(on("2026-11-09"), 1) == on("2026-11-11")


def test_more_editions_than_are_kept_are_right_all_the_same() -> None:
    days = [on(f"2026-12-{day:02}") for day in range(1, 21)]
    editions = [edition_of(WorkingCalendar({day: Override(not CALENDAR.is_working(day))})) for day in days]
    assert len({edition.digest for edition in editions}) == 20
    assert edition_of(WorkingCalendar({days[0]: Override(not CALENDAR.is_working(days[0]))})) == editions[0]
