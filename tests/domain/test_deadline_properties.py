"""What holds for every window of 2024-2026, checked against an independent calendar."""

from datetime import date, datetime, timedelta

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.business_days import Override, WorkingCalendar
from cases.domain.deadlines import Terms, deadlines_of, explain_days
from tests.moments import BEIJING, CALENDAR

ONE_DAY = timedelta(days=1)

moments = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2026, 11, 30), timezones=st.just(BEIJING))
counts = st.integers(min_value=1, max_value=12)


def last_day_of_reply(submitted_at: datetime, days: int, calendar: WorkingCalendar = CALENDAR) -> date:
    reply_by = deadlines_of(submitted_at, Terms(reply_days=days), calendar).reply_by
    assert (reply_by.hour, reply_by.minute) == (0, 0)
    return reply_by.date() - ONE_DAY


def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@given(moments, counts)
def test_a_window_ends_on_a_working_day_and_holds_exactly_its_days(moment: datetime, days: int) -> None:
    last = last_day_of_reply(moment, days)
    window = [moment.date() + n * ONE_DAY for n in range(1, (last - moment.date()).days + 1)]
    assert works(last)
    assert sum(works(day) for day in window) == days


@given(moments, counts)
def test_more_days_end_later(moment: datetime, days: int) -> None:
    assert last_day_of_reply(moment, days) < last_day_of_reply(moment, days + 1)


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20)))
def test_a_later_submission_never_ends_earlier(moment: datetime, later: timedelta) -> None:
    assert last_day_of_reply(moment, 5) <= last_day_of_reply(moment + later, 5)


@given(moments, counts)
def test_the_explanation_counts_to_the_number_of_days(moment: datetime, days: int) -> None:
    last = last_day_of_reply(moment, days)
    explained = explain_days(moment, last, CALENDAR)
    assert [each.number for each in explained if each.is_counted] == list(range(1, days + 1))
    assert [each.day.date for each in explained if each.is_start] == [moment.date()]
    assert explained[-1].day.date == last


@given(moments, st.integers(min_value=-5, max_value=20), st.booleans())
def test_an_override_moves_exactly_the_windows_that_contain_it(moment: datetime, offset: int, working: bool) -> None:
    day = moment.date() + offset * ONE_DAY
    before = last_day_of_reply(moment, 5)
    after = last_day_of_reply(moment, 5, WorkingCalendar({day: Override(working=working)}))
    inside = moment.date() < day <= before
    if not inside or works(day) == working:
        assert after == before
    elif working:
        assert after < before
    else:
        assert after > before
