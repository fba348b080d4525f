"""A job that has more to do than its time allows queues the next one, which goes on where it ended; no other does."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils.translation import get_language
from django_q.models import OrmQ

from cases import tasks
from cases.models import CardImport, Case, Heartbeat, Team, User
from cases.queue import WORKER_HEARTBEAT
from tests.helpers import at, new_case

NOW = at("2026-10-16T10:00")

pytestmark = pytest.mark.django_db


def queued() -> list[tuple[str, tuple[Any, ...]]]:
    return [(job.task["func"].removeprefix("cases.tasks."), job.task["args"]) for job in OrmQ.objects.order_by("id")]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is 20 seconds later."""
    clock = iter(range(0, 100_000, 20))
    monkeypatch.setattr(tasks, "monotonic", lambda: next(clock))


def test_the_worker_says_now_that_it_works() -> None:
    for moment in ("2026-10-16T10:00", "2026-10-16T10:01"):
        with time_machine.travel(at(moment), tick=False):
            tasks.beat()
    assert Heartbeat.objects.get(name=WORKER_HEARTBEAT).at == at("2026-10-16T10:01")


@pytest.mark.parametrize("next_id", [7, None])
@pytest.mark.parametrize(
    ("job", "arguments"),
    [
        (tasks.recalculate_days, (["2026-10-19"], "调休")),
        (tasks.recalculate_years, ([2026, 2027],)),
        (tasks.recalculate_provisional, ()),
    ],
)
def test_a_calendar_is_recalculated_key_by_key(
    job: Callable[..., None], arguments: tuple[Any, ...], next_id: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def recalculate(cases: Any, words: str, after: int) -> int | None:
        seen.append((words, after))
        return next_id

    monkeypatch.setattr(tasks.calendar_days, "recalculate", recalculate)
    job(*arguments, after_id=3)
    words = {"recalculate_days": "调休", "recalculate_years": "2026, 2027"}.get(job.__name__, "")
    assert seen == [(words, 3)]
    assert queued() == ([(job.__name__, (*arguments, 7))] if next_id else [])


def test_what_waits_to_be_sent_follows_the_days_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(tasks.calendar_days, "recalculate", lambda *_: None)
    monkeypatch.setattr(tasks.delivery_hours, "reschedule_notices", lambda *args: calls.append(args))
    with time_machine.travel(NOW, tick=False):
        tasks.recalculate_days(["2026-10-19"], "调休")
        tasks.recalculate_days(["2026-10-19"], "调休", 9)
    assert calls == [(NOW,)]


@pytest.mark.parametrize("next_id", [7, None])
def test_hours_are_followed_key_by_key(manager: User, next_id: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(tasks.delivery_hours, "reschedule_notices", lambda *args: calls.append(args))
    monkeypatch.setattr(tasks.next_reminder, "reschedule_for_user", lambda *_, after: calls.append(after) or next_id)
    with time_machine.travel(NOW, tick=False):
        tasks.apply_notification_hours(manager.pk)
        tasks.apply_notification_hours(manager.pk, 5)
        tasks.apply_notification_hours(manager.pk + 1000, 5)  # nobody
    assert calls == [(NOW, manager.pk), 0, 5]
    assert queued() == ([("apply_notification_hours", (manager.pk, 7))] * 2 if next_id else [])


def test_messages_that_wait_are_read_by_another_job(monkeypatch: pytest.MonkeyPatch, team: Team) -> None:
    for has_read, waits, expected in ((1, True, 1), (1, False, 1), (0, True, 1)):
        monkeypatch.setattr(tasks, "process_stored", lambda *_, seconds, has_read=has_read: has_read)
        rows = Case.objects.filter(pk__isnull=True) if not waits else Team.objects.all()
        monkeypatch.setattr(tasks.selectors, "unread_messages", lambda _, rows=rows: rows)
        tasks.read_messages()
        assert len(queued()) == expected


@pytest.mark.usefixtures("slow")
def test_an_import_that_takes_long_goes_on_in_another_job(
    team: Team, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = CardImport.objects.create(team=team, made_by=manager, made_at=NOW, name="x", last_row=900)
    seen: list[int] = []

    def chunks(*_: Any) -> Any:
        for cursor in (300, 600, 900):
            seen.append(cursor)
            table.cursor = cursor
            yield table

    monkeypatch.setattr(tasks.card_import, "run_chunks", chunks)
    tasks.import_cards(table.pk)
    assert (seen, queued()) == ([300, 600], [("import_cards", (table.pk,))])  # 40 seconds later


def test_an_import_speaks_the_language_of_whoever_uploaded_it(
    team: Team, manager: User, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str | None] = []
    monkeypatch.setattr(tasks.card_import, "run_chunks", lambda *_: spoken.append(get_language()) or iter(()))
    for person, language in ((manager, "en"), (agent, "zh-hans")):
        User.objects.filter(pk=person.pk).update(language=language)
        CardImport.objects.create(team=team, made_by=person, made_at=NOW, name="x")
    for table in CardImport.objects.order_by("pk"):
        tasks.import_cards(table.pk)
    assert spoken == ["en", "zh-hans"]


@pytest.mark.usefixtures("slow")
def test_the_last_chunk_needs_no_other_job(team: Team, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    table = CardImport.objects.create(team=team, made_by=manager, made_at=NOW, name="x", last_row=900, cursor=900)
    monkeypatch.setattr(tasks.card_import, "run_chunks", lambda *_: iter([table] * 3))
    tasks.import_cards(table.pk)
    assert queued() == []


@pytest.mark.usefixtures("slow")
def test_undoing_goes_on_in_another_job(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token, seen = uuid4(), []

    def chunks(*arguments: Any, **options: Any) -> Any:
        for _ in range(3):
            seen.append((arguments, options))
            yield None

    monkeypatch.setattr(tasks, "undo_chunks", chunks)
    monkeypatch.setattr(tasks, "take_back_chunks", chunks)
    tasks.undo_act(str(token), manager.pk, NOW.isoformat(), "记错了")
    tasks.take_back_import(4, manager.pk, NOW.isoformat())
    assert seen[0] == ((token,), {"by": manager, "now": NOW, "words": "记错了"})
    assert seen[2] == ((4, manager, NOW), {})
    assert (len(seen), queued()) == (4, [
        ("undo_act", (str(token), manager.pk, NOW.isoformat(), "记错了")),
        ("take_back_import", (4, manager.pk, NOW.isoformat())),
    ])  # fmt: skip


def test_years_touch_what_reaches_into_them_and_what_reminds_after_the_week_before(
    team: Team, manager: User, mobile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = new_case(team, mobile, manager, number="13800000001", submitted="2026-09-30T15:00")
    reaching = new_case(
        team, mobile, manager, number="13800000002", now="2026-12-23T10:00", submitted="2026-12-23T10:00"
    )
    reminding = new_case(team, mobile, manager, number="13800000003", submitted="2026-09-30T15:00")
    edge = new_case(team, mobile, manager, number="13800000004", submitted="2026-09-30T15:00")
    for case, moment in ((early, "2026-12-22T23:59"), (reminding, "2026-12-24T00:00"), (edge, "2026-12-23T00:00")):
        Case.objects.filter(pk=case.pk).update(next_reminder_at=at(moment))
    touched: list[int] = []
    monkeypatch.setattr(
        tasks.calendar_days, "recalculate", lambda cases, *_: touched.extend(cases.values_list("pk", flat=True)) or None
    )
    tasks.recalculate_years([2027])
    assert set(touched) == {reaching.pk, reminding.pk, edge.pk}
