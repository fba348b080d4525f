"""How a team stands on Friday 2026-10-16 at 10:00, over made-up cases."""

from datetime import date, datetime
from typing import Any

from cases import operations as ops
from cases import selectors
from cases.domain.business_days import DayKind
from cases.models import CalendarOverride, Team
from cases.selectors.statistics.overview import Overview, overview
from tests.helpers import CaseDriver, at, on
from tests.moments import NOW
from tests.web import scenarios
from tests.web.scenarios import Make


def seen(team: Team, now: datetime = NOW, weeks: int = 2) -> Overview:
    return overview(selectors.cases_of(team), now, selectors.working_calendar(), weeks=weeks)


def due(its: Overview) -> dict[str, tuple[int, int]]:
    return {f"{one.day.date:%m-%d}": (one.by_terms, one.promised) for one in its.due}


def test_open_cases_by_where_they_stand_and_how_old_they_are(team: Team, new_driver: Make) -> None:
    for n, state in enumerate(scenarios.STATES.values()):
        state(new_driver, f"138000{n:05}")
    its = seen(team)
    ages = {
        (age.first, age.last): {kind.value: count for kind, count in age.counts.items() if count} for age in its.ages
    }
    assert ages == {
        (0, 5): {"draft": 1, "waiting": 7, "overdue": 1, "to_verify": 2, "returned": 1},
        (6, 10): {"overdue": 2},
        (11, 20): {"overdue": 3, "returned": 1},
        (21, 60): {"overdue": 4},
        (61, None): {},
    }
    assert {kind.value: count for kind, count in its.standings.items()} == {
        "overdue": 10,
        "to_verify": 2,
        "returned": 2,
        "waiting": 7,
        "draft": 1,
    }
    assert its.open == 22


def test_they_are_the_cases_that_the_work_list_counts(team: Team, new_driver: Make) -> None:
    for n, state in enumerate(scenarios.STATES.values()):
        state(new_driver, f"138000{n:05}")
    mine, now = selectors.cases_of(team), NOW
    by_name = {kind.value: count for kind, count in seen(team).standings.items()}
    assert by_name["overdue"] == selectors.overdue(mine, now).count()
    assert by_name["waiting"] == selectors.waiting(mine, now).count()
    assert by_name["to_verify"] == selectors.to_verify(mine).count()


def test_what_falls_due_by_day(team: Team, new_driver: Make) -> None:
    scenarios.due_today(new_driver)
    scenarios.promised_today(new_driver)
    scenarios.waiting(new_driver)  # 10-22
    scenarios.overdue(new_driver)  # not any more
    scenarios.to_verify(new_driver)  # our turn
    sunday = new_driver("13900000001", now="2026-10-15T09:00", submitted="2026-10-15T09:00")
    sunday.do(ops.Promised(at("2026-10-15T15:00"), promised_on=on("2026-10-18")), "2026-10-15T15:00")
    far = new_driver("13900000002", now="2026-10-15T09:00", submitted="2026-10-15T09:00")
    far.do(ops.Promised(at("2026-10-15T15:00"), promised_on=on("2026-10-31")), "2026-10-15T15:00")
    assert due(seen(team)) == {
        "10-16": (1, 1),
        "10-18": (0, 1),  # a Sunday, because it was promised
        "10-19": (0, 0),
        "10-20": (0, 0),
        "10-21": (0, 0),
        "10-22": (1, 0),
        "10-23": (0, 0),
        "10-26": (0, 0),
        "10-27": (0, 0),
        "10-28": (0, 0),
        "10-29": (0, 0),
        "10-30": (0, 0),  # the tenth working day after today
    }


def test_the_days_ahead_follow_the_calendar(team: Team) -> None:
    CalendarOverride.objects.create(date=on("2026-09-29"), working=False, name="Typhoon")
    its = seen(team, at("2026-09-27T10:00"))  # a day off, on which nothing falls due
    assert [f"{one.day.date:%m-%d}" for one in its.due] == [
        "09-28",
        "09-30",
        "10-08",
        "10-09",
        "10-10",
        "10-12",
        "10-13",
        "10-14",
        "10-15",
        "10-16",
    ]
    assert [one.day.kind for one in its.due if one.day.date == date(2026, 10, 10)] == [DayKind.MAKE_UP]


def test_where_the_calendar_ends_the_days_end(team: Team) -> None:
    calendar = selectors.working_calendar()
    last = calendar.last_date
    assert seen(team, at(f"{last}T10:00")).due[1:] == ()
    assert seen(team, at(f"{last.year + 1}-01-05T10:00")).due == ()


def confirmed(make: Make, number: str, when: str) -> CaseDriver:
    driver = make(number, now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    driver.do(ops.Verify(at(when), "hotline", "cancelled", confirm=True), when)
    return driver


def test_confirmations_by_week_from_monday_on(team: Team, new_driver: Make) -> None:
    confirmed(new_driver, "13800000001", "2026-10-04T23:59")  # a Sunday: two weeks ago
    confirmed(new_driver, "13800000002", "2026-10-05T00:00")
    confirmed(new_driver, "13800000003", "2026-10-11T23:59")
    confirmed(new_driver, "13800000004", "2026-10-12T00:00")
    confirmed(new_driver, "13800000005", "2026-10-13T10:00").do(ops.Reopen("it rings"), "2026-10-14T10:00")
    assert [(f"{week.monday:%m-%d}", week.confirmed) for week in seen(team, weeks=3).weeks] == [
        ("09-28", 1),
        ("10-05", 2),
        ("10-12", 1),
    ]
    assert [week.confirmed for week in seen(team, weeks=2).weeks] == [2, 1]


def test_another_teams_cases_are_not_in_it(other_team: Team, new_driver: Make) -> None:
    scenarios.waiting(new_driver)
    confirmed(new_driver, "13800000005", "2026-10-13T10:00")
    its = seen(other_team)
    assert (its.open, sum(one.by_terms for one in its.due), sum(week.confirmed for week in its.weeks)) == (0, 0, 0)


def test_two_queries_however_many(team: Team, new_driver: Make, django_assert_num_queries: Any) -> None:
    for n, state in enumerate(scenarios.STATES.values()):
        state(new_driver, f"138000{n:05}")
    calendar = selectors.working_calendar()
    with django_assert_num_queries(2):
        overview(selectors.cases_of(team), NOW, calendar, weeks=26)
