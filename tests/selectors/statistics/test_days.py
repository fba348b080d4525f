"""Working days as the database counts them, against the calendar and against days named one by one."""

import pytest
from django.db.models import DateTimeField, Value
from django.db.models.functions import Cast

from cases.domain.business_days import ONE_DAY, days_between, local
from cases.models import Carrier
from cases.selectors import working_calendar
from cases.selectors.statistics.days import WorkingDays, date_of, day_number, day_number_of
from tests.helpers import at, on


def working_days(start: str, end: str | None, now: str = "2026-12-01T10:00", days: WorkingDays | None = None) -> int:
    """What the database says of two moments, which need a row to stand beside."""
    days = days or WorkingDays(working_calendar(), at(now))
    Carrier.objects.get_or_create(slug="any")
    rows = Carrier.objects.annotate(
        start=Cast(Value(at(start)), DateTimeField()), end=Cast(Value(at(end) if end else None), DateTimeField())
    )
    found: int = rows.annotate(took=days.since("start", "end")).values_list("took", flat=True)[0]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-09-30T15:00", "2026-09-30T23:59", 0),
        ("2026-09-30T15:00", "2026-10-01T00:00", 1),  # a day off belongs to the next working day
        ("2026-09-30T15:00", "2026-10-08T23:59", 1),
        ("2026-09-30T15:00", "2026-10-10T23:59", 3),  # the working Saturday
        ("2026-09-30T15:00", "2026-10-11T00:00", 4),
        ("2026-09-30T15:00", "2026-10-13T23:59", 5),
        ("2026-09-30T15:00", "2026-10-14T00:00", 6),  # the moment from which on it is overdue
        ("2026-02-13T17:30", "2026-02-25T09:00", 3),
        ("2026-10-17T09:00", "2026-10-18T09:00", 1),  # both on a weekend
    ],
)
def test_with_which_working_day_it_is_over(start: str, end: str, expected: int) -> None:
    assert working_days(start, end) == expected


@pytest.mark.django_db
def test_what_has_no_end_runs_until_now() -> None:
    assert working_days("2026-09-30T15:00", None, now="2026-10-10T12:00") == 3


@pytest.mark.django_db
def test_a_calendar_that_ended_counts_as_far_as_it_goes() -> None:
    last = working_calendar().last_date
    late = f"{last.year + 1}-03-01T10:00"
    assert working_days(f"{last}T10:00", None, now=late) == 1
    assert working_days(f"{last}T10:00", late, now=late) == 1


@pytest.mark.django_db
def test_it_says_what_the_calendar_says() -> None:
    calendar = working_calendar()
    days, start = WorkingDays(calendar, at("2026-12-01T10:00")), on("2026-01-30")
    for end in days_between(start + ONE_DAY, on("2026-05-10")):
        said = working_days("2026-01-30T09:00", f"{end}T09:00", days=days)
        assert end <= calendar.nth_working_day(start, said)
        assert said == 1 or end > calendar.nth_working_day(start, said - 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "day", "day_that_ends"),
    [
        ("2026-10-13T23:59:59", "2026-10-13", "2026-10-13"),
        ("2026-10-14T00:00", "2026-10-14", "2026-10-13"),
        ("2026-10-14T00:00:01", "2026-10-14", "2026-10-14"),
        ("2026-10-14T07:59", "2026-10-14", "2026-10-14"),  # the day before in Greenwich
    ],
)
def test_the_day_of_a_moment(moment: str, day: str, day_that_ends: str) -> None:
    Carrier.objects.create(slug="any")
    rows = Carrier.objects.annotate(at=Cast(Value(at(moment)), DateTimeField()))
    found = rows.annotate(on=day_number_of("at"), ends=day_number_of("at", ended=True)).values_list("on", "ends")[0]
    assert [str(date_of(found[0])), str(date_of(found[1]))] == [day, day_that_ends]
    assert day_number(local(at(moment)).date()) == found[0]
