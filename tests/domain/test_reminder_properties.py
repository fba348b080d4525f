"""What holds for the reminders of any case."""

from datetime import datetime, time, timedelta
from itertools import islice, pairwise

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.case_state import CaseState
from cases.domain.deadlines import Basis
from cases.domain.reminders import NotificationHours, due_and_next, due_reminder, iter_reminders, next_reminder
from tests.moments import BEIJING, CALENDAR

moments = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2026, 9, 30), timezones=st.just(BEIJING))
maybe = st.none() | moments
states = st.builds(
    CaseState,
    waiting=st.booleans(),
    first_round=st.booleans(),
    basis=st.sampled_from(Basis),
    acknowledged=st.booleans(),
    acknowledge_by=maybe,
    window_opens=maybe,
    reply_by=maybe,
    first_reply_by=maybe,
    reported_done_at=maybe,
    returned_at=maybe,
    confirmed_at=maybe,
    complaint_at=st.none() | st.none() | moments,
    complaint_lodged=st.booleans(),
    appeal_at=st.none() | st.none() | moments,
    appeal_decided=st.booleans(),
    snoozed_until=st.none() | moments.map(datetime.date),
    message_at=st.none() | st.none() | moments,
)
hours_of_people = st.builds(
    NotificationHours,
    start=st.sampled_from([time(0), time(7, 30), time(9)]),
    end=st.sampled_from([time(9, 1), time(18), time(21), time.max]),
    days_off=st.booleans(),
)


@given(states, hours_of_people)
def test_never_outside_the_hours_and_never_on_an_unwanted_day_off(state: CaseState, hours: NotificationHours) -> None:
    for reminder in islice(iter_reminders(state, CALENDAR, hours), 12):
        day, clock = reminder.at.date(), reminder.at.time()
        assert hours.start <= clock < hours.end
        assert hours.days_off or day.year > 2026 or chinese_calendar.is_workday(day)


@given(states, hours_of_people)
def test_one_at_a_time_in_order_and_none_before_it_is_raised(state: CaseState, hours: NotificationHours) -> None:
    reminders = list(islice(iter_reminders(state, CALENDAR, hours), 12))
    assert all(earlier.at < later.at for earlier, later in pairwise(reminders))
    assert all(reminder.raised_at <= reminder.at for reminder in reminders)


@given(states, hours_of_people)
def test_a_snooze_is_quiet(state: CaseState, hours: NotificationHours) -> None:
    for reminder in islice(iter_reminders(state, CALENDAR, hours), 1):
        is_broken = state.basis is Basis.PROMISE and state.reply_by is not None and reminder.at >= state.reply_by
        assert state.snoozed_until is None or reminder.at.date() >= state.snoozed_until or is_broken


@given(states, moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)))
def test_what_is_due_and_what_is_next_meet_without_gap(state: CaseState, since: datetime, passed: timedelta) -> None:
    now = since + passed
    due = due_reminder(state, since, now, CALENDAR)
    following = next_reminder(state, since, CALENDAR)
    assert (due is not None) == (following is not None and following.at <= now)


@given(states, st.none() | moments, moments, hours_of_people)
def test_one_look_finds_what_the_whole_schedule_says(
    state: CaseState, since: datetime | None, now: datetime, hours: NotificationHours
) -> None:
    due, upcoming = due_and_next(state, since, now, CALENDAR, hours)
    assert due == due_reminder(state, since, now, CALENDAR, hours)
    ahead = (reminder for reminder in iter_reminders(state, CALENDAR, hours, since=since) if reminder.at > now)
    assert upcoming == next(ahead, None)
