"""Days and years entered by hand: refused out of range; the open cases that they touch follow in the background."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django_q.models import OrmQ

from cases import tasks
from cases.models import CalendarOverride, Case, PublishedYear
from cases.operations import calendar_days
from cases.operations.integrity import first_chain_flaw
from tests.helpers import CaseDriver, at, local_str

ADD = "/admin/cases/calendaroverride/add/"
YEAR = "/admin/cases/publishedyear/add/"


def queued() -> list[tuple[str, tuple[Any, ...]]]:
    """What lies in the queue's table, in its order."""
    return [(job.task["func"], job.task["args"]) for job in OrmQ.objects.order_by("pk")]


def run_queued() -> None:
    """What a worker would do, without one."""
    for path, args in queued():
        getattr(tasks, path.rpartition(".")[2])(*args)
    OrmQ.objects.all().delete()


def add(client: Client, date: str, *, working: bool = False, name: str = "台风") -> str:
    data = {"date": date, "name": name, **({"working": "on"} if working else {})}
    return client.post(ADD, data, follow=True).content.decode()


def reply_by(case: Case) -> str | None:
    return local_str(Case.objects.get(pk=case.pk).reply_by)


def test_a_day_off_moves_the_windows_that_contain_it(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = add(admin_page, "2026-10-16")  # in the windows of today, waiting and provisional
    assert "The deadlines of 3 open cases are affected and are being recalculated in the background." in page
    assert queued() == [("cases.tasks.recalculate_days", (["2026-10-16"], "2026-10-16 台风"))]
    assert reply_by(landscape["waiting"]) == "2026-10-20 00:00"
    run_queued()
    assert reply_by(landscape["waiting"]) == "2026-10-21 00:00"
    assert reply_by(landscape["today"]) == "2026-10-20 00:00"
    assert reply_by(landscape["late_1"]) == "2026-10-16 00:00"
    entry = landscape["waiting"].entries.select_related("content").last()
    assert entry is not None
    assert (entry.kind, entry.recorded_by, entry.content.body["words"]) == ("recalculated", None, "2026-10-16 台风")
    assert entry.content.body["reply_by"] == ["2026-10-20T00:00:00+08:00", "2026-10-21T00:00:00+08:00"]
    assert first_chain_flaw(Case.objects.get(pk=landscape["waiting"].pk)) is None
    assert landscape["late_1"].entries.count() == 2


def test_a_job_that_runs_twice_changes_nothing_more(admin_page: Client, landscape: dict[str, Case]) -> None:
    add(admin_page, "2026-10-16")
    before = len(queued())
    for _ in range(2):
        tasks.recalculate_days(["2026-10-16"], "2026-10-16 台风")
    assert landscape["waiting"].entries.filter(kind="recalculated").count() == 1
    assert len(queued()) == before


def test_a_crash_half_way_is_finished_by_the_next_run(
    admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(admin_page, "2026-10-16")
    monkeypatch.setattr(calendar_days, "CHUNK", 1)
    real, calls = calendar_days.perform, []

    def dies_at_the_second(verb: Any, cases: Any, **options: Any) -> Any:
        calls.append(cases)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(verb, cases, **options)

    monkeypatch.setattr(calendar_days, "perform", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run_queued()
    assert [len(chunk) for chunk in calls] == [1, 1]
    monkeypatch.setattr(calendar_days, "perform", real)
    run_queued()
    assert reply_by(landscape["today"]) == "2026-10-20 00:00"
    assert reply_by(landscape["waiting"]) == "2026-10-21 00:00"
    assert landscape["today"].entries.filter(kind="recalculated").count() == 1


def test_a_long_job_leaves_the_rest_to_the_next(
    admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_days, "CHUNK", 1)
    monkeypatch.setattr(calendar_days, "RECALCULATION_LIMIT", 1)
    CalendarOverride.objects.create(date="2026-10-16", name="台风")
    tasks.recalculate_days(["2026-10-16"], "台风")
    runs = 1
    while queued():
        run = queued()
        assert run[0][1][:2] == (["2026-10-16"], "台风")
        OrmQ.objects.all().delete()
        tasks.recalculate_days(*run[0][1])
        runs += 1
    assert runs > 3
    assert reply_by(landscape["waiting"]) == "2026-10-21 00:00"
    assert reply_by(landscape["today"]) == "2026-10-20 00:00"


def test_a_day_that_moves_touches_the_old_and_the_new(admin_page: Client, landscape: dict[str, Case]) -> None:
    add(admin_page, "2026-10-16")
    run_queued()
    row = CalendarOverride.objects.get()
    path = f"/admin/cases/calendaroverride/{row.pk}/change/"
    page = admin_page.post(path, {"date": "2026-10-14", "name": "台风"}, follow=True).content.decode()
    # All four that still wait contain the 14th or the 16th; late_3's window was over on the 13th.
    assert "The deadlines of 4 open cases are affected" in page
    assert queued() == [("cases.tasks.recalculate_days", (["2026-10-14", "2026-10-16"], "2026-10-14 台风"))]
    run_queued()
    assert reply_by(landscape["waiting"]) == "2026-10-21 00:00"
    assert reply_by(landscape["late_1"]) == "2026-10-17 00:00"


def test_another_name_moves_nothing(admin_page: Client, landscape: dict[str, Case]) -> None:
    add(admin_page, "2026-10-16")
    OrmQ.objects.all().delete()
    row = CalendarOverride.objects.get()
    path = f"/admin/cases/calendaroverride/{row.pk}/change/"
    assert admin_page.post(path, {"date": "2026-10-16", "name": "大台风"}).status_code == 302
    assert queued() == []


@pytest.mark.parametrize("door", ["page", "list"])
def test_a_day_that_goes_is_followed_too(admin_page: Client, landscape: dict[str, Case], door: str) -> None:
    add(admin_page, "2026-10-16")
    run_queued()
    row = CalendarOverride.objects.get()
    if door == "page":
        path, data = f"/admin/cases/calendaroverride/{row.pk}/delete/", {"post": "yes"}
    else:
        path = "/admin/cases/calendaroverride/"
        data = {"action": "delete_selected", "_selected_action": str(row.pk), "index": "0", "post": "yes"}
    page = admin_page.post(path, data, follow=True).content.decode()
    assert "The deadlines of 3 open cases are affected" in page
    run_queued()
    assert not CalendarOverride.objects.exists()
    assert reply_by(landscape["waiting"]) == "2026-10-20 00:00"


def test_a_working_day_entered_by_hand_shortens(admin_page: Client, landscape: dict[str, Case]) -> None:
    add(admin_page, "2026-10-17", working=True, name="调休")
    run_queued()
    assert reply_by(landscape["waiting"]) == "2026-10-18 00:00"


def test_a_day_that_nobody_waits_for(admin_page: Client, submitted: CaseDriver) -> None:
    assert "No deadlines of open cases are affected." in add(admin_page, "2026-11-11")
    assert len(queued()) == 1  # reminders after it may move


def test_many_are_said_to_be_many(
    admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.admin.calendar.COUNT_CAP", 3)
    assert "The deadlines of more than 2 open cases are affected" in add(admin_page, "2026-10-16")


@pytest.mark.parametrize("date", ["2003-12-31", "2028-01-01", "2099-05-01"])
def test_a_day_outside_the_calendar_is_refused_in_words(admin_page: Client, date: str) -> None:
    page = add(admin_page, date)
    assert f"The working-day calendar covers 2004 to 2027, not {date[:4]}." in page
    assert not CalendarOverride.objects.exists()
    assert queued() == []


def test_the_same_day_twice_is_refused_in_words(admin_page: Client) -> None:
    add(admin_page, "2026-10-16")
    assert "already exists" in add(admin_page, "2026-10-16")


@pytest.mark.django_db(transaction=True)
def test_a_job_is_there_exactly_when_the_day_is(admin_page: Client, submitted: CaseDriver) -> None:
    with transaction.atomic():
        add(admin_page, "2026-10-12")
        assert len(queued()) == 1
        transaction.set_rollback(True)
    assert (CalendarOverride.objects.count(), queued()) == (0, [])
    add(admin_page, "2026-10-12")
    assert (CalendarOverride.objects.count(), len(queued())) == (1, 1)


def test_a_complete_year_settles_what_was_provisional(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = admin_page.post(YEAR, {"year": "2027", "note": "国办发明电"}, follow=True).content.decode()
    assert "The deadlines of 1 open case are affected and are being recalculated in the background." in page
    assert queued() == [("cases.tasks.recalculate_years", ([2027],))]
    run_queued()
    assert not Case.objects.get(pk=landscape["provisional"].pk).provisional
    row = PublishedYear.objects.get()
    admin_page.post(f"/admin/cases/publishedyear/{row.pk}/delete/", {"post": "yes"})
    run_queued()
    assert Case.objects.get(pk=landscape["provisional"].pk).provisional


@pytest.mark.parametrize("year", ["2003", "2028", "2099"])
def test_a_year_outside_the_calendar_is_refused_in_words(admin_page: Client, year: str) -> None:
    page = admin_page.post(YEAR, {"year": year}).content.decode()
    assert f"The working-day calendar covers 2004 to 2027, not {year}." in page
    assert not PublishedYear.objects.exists()


@pytest.mark.forged
@pytest.mark.parametrize("door", ["page", "list"])
def test_a_year_that_windows_stand_on_stays(
    admin_page: Client, new_driver: Any, landscape: dict[str, Case], door: str
) -> None:
    row = PublishedYear.objects.create(year=2027)
    Case.objects.filter(pk=landscape["provisional"].pk).update(reply_by=at("2028-01-05"))
    if door == "page":
        path, data = f"/admin/cases/publishedyear/{row.pk}/delete/", {"post": "yes"}
    else:
        path = "/admin/cases/publishedyear/"
        data = {"action": "delete_selected", "_selected_action": str(row.pk), "index": "0", "post": "yes"}
    page = admin_page.post(path, data, follow=True).content.decode()
    assert "open cases with deadlines beyond 2027: 1" in page
    assert PublishedYear.objects.exists()


def test_provisional_deadlines_are_looked_at_again(
    admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    PublishedYear.objects.create(year=2027)  # as a new release of the calendar package would
    tasks.recalculate_provisional()
    assert not Case.objects.get(pk=landscape["provisional"].pk).provisional
    assert landscape["provisional"].entries.filter(kind="recalculated").count() == 1
    assert landscape["waiting"].entries.filter(kind="recalculated").count() == 0
    tasks.recalculate_provisional()
    assert landscape["provisional"].entries.filter(kind="recalculated").count() == 1
