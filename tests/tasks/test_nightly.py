"""What the night deletes, and what it leaves: each cleanup with that beside it which is not its turn yet."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from cases import queue
from cases.models import Card, CardImport, Heartbeat, IdempotencyRecord, ImportedCard, ImportFailure, Team, User
from cases.operations import card_import, deletion
from cases.operations.idempotency_records import delete_expired_answers
from cases.tasks import nightly
from tests.bystanders import Bystanders
from tests.helpers import at

NIGHT = at("2026-10-16T03:00")
#: Fourteen days before that night.
OLD = at("2026-10-02T03:00")


@pytest.fixture(autouse=True)
def _beside(receipts_folder: Path, bystanders: Bystanders) -> None:
    """Running, new and finished imports, answers of the API, heartbeats … of two teams."""


def table(team: Team, by: User, state: str, *, age: timedelta = timedelta(), card: Card | None = None) -> CardImport:
    made = CardImport.objects.create(
        team=team, made_by=by, made_at=OLD - age, name="号码.csv", state=state, encrypted=b"table", titles=["号码"],
        forecast={"x": 1}, fixes={"1": {"0": "x"}}, sheets=[["a", 1]],
    )  # fmt: skip
    ImportFailure.objects.create(card_import=made, row=2, why="x")
    if card:
        ImportedCard.objects.create(card_import=made, row=3, card=card)
    return made


def state_of(made: CardImport) -> str | None:
    return CardImport.objects.filter(pk=made.pk).values_list("state", flat=True).first()


def test_old_tables_go_in_whatever_state_and_others_stay(team: Team, manager: User, bystanders: Bystanders) -> None:
    second = timedelta(seconds=1)
    running, new, done, cancelled = (
        table(team, manager, state, age=second, card=bystanders.rows(Card)[0])
        for state in ("running", "new", "done", "cancelled")
    )
    young = table(team, manager, "running")
    with time_machine.travel(NIGHT, tick=False):
        nightly()
    assert [state_of(made) for made in (running, new, done, cancelled)] == ["cancelled", None, "done", "cancelled"]
    for made in (running, done, cancelled):
        made.refresh_from_db()
        assert (bytes(made.encrypted), made.titles, made.forecast, made.fixes, made.sheets) == (b"", [], {}, {}, [])
        assert not made.failures.exists()
        assert not ImportedCard.objects.filter(card_import=made).exists()
    young.refresh_from_db()
    assert (young.state, bytes(young.encrypted), young.titles) == ("running", b"table", ["号码"])
    assert young.failures.count() == 1


def test_how_many_tables_went_is_said_and_none_twice(team: Team, manager: User) -> None:
    for state in ("running", "done"):
        table(team, manager, state, age=timedelta(seconds=1))
    assert card_import.delete_old_tables(OLD) == 2
    assert card_import.delete_old_tables(OLD) == 0


def test_an_import_is_stopped_alone(team: Team, manager: User) -> None:
    running, done = table(team, manager, "running"), table(team, manager, "done")
    card_import.cancel(running)
    card_import.cancel(done)
    assert (state_of(running), state_of(done)) == ("cancelled", "done")


def test_an_import_starts_alone_and_only_from_new_or_cancelled(team: Team, manager: User) -> None:
    made = {state: table(team, manager, state) for state in ("new", "cancelled", "running", "done")}
    started = {state: card_import.start(row, by=manager, now=NIGHT) for state, row in made.items()}
    assert started == {"new": True, "cancelled": True, "running": False, "done": False}
    assert [state_of(row) for row in made.values()] == ["running", "running", "running", "done"]


def test_an_import_without_its_file_or_forecast_does_not_start(team: Team, manager: User) -> None:
    without_file, without_forecast = table(team, manager, "new"), table(team, manager, "new")
    CardImport.objects.filter(pk=without_file.pk).update(encrypted=b"")
    without_forecast.forecast = {}
    without_forecast.save()
    for made in (without_file, without_forecast):
        assert card_import.start(made, by=manager, now=NIGHT) is False
        assert state_of(made) == "new"


def test_answers_of_the_api_go_after_a_day_to_the_moment(bystanders: Bystanders) -> None:
    token = bystanders.rows(IdempotencyRecord)[0].token
    for key, begun_at in (("due", "2026-10-15T03:00"), ("young", "2026-10-15T03:00:01")):
        IdempotencyRecord.objects.create(token=token, key=key, fingerprint="x", begun_at=at(begun_at))
    delete_expired_answers(NIGHT)
    assert not IdempotencyRecord.objects.filter(key="due").exists()
    assert IdempotencyRecord.objects.filter(key="young").exists()


def test_only_heartbeats_of_workers_that_are_long_gone_go() -> None:
    old = NIGHT - queue.WORKER_FORGOTTEN
    names = {"worker gone": old, "worker there": old + timedelta(seconds=1), queue.SWEEP: old, "worker": old}
    for name, moment in names.items():
        Heartbeat.objects.create(name=name, at=moment)
    with time_machine.travel(NIGHT, tick=False):
        nightly()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker there", queue.SWEEP, "worker"}


def test_only_the_team_whose_day_has_come_is_deleted(team: Team, other_team: Team, bystanders: Bystanders) -> None:
    third = Team.objects.create(name="第三家公司", delete_on=at("2026-10-17").date())
    Team.objects.filter(pk=other_team.pk).update(delete_on=at("2026-10-16").date())
    assert deletion.delete_due_teams(NIGHT) == 1
    assert set(Team.objects.values_list("pk", flat=True)) == {team.pk, third.pk, bystanders.second_team.pk}
