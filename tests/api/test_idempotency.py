"""Idempotency-Key: done once, answered as the first time; also after a crash between doing and answering."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.db.models import QuerySet

from cases import tasks
from cases.api import idempotency
from cases.models import Card, Case, IdempotencyRecord, Team, TimelineEntry, User
from tests.api.conftest import Made, Program
from tests.helpers import at, run_concurrently
from tests.web import scenarios

NEW = {"number": "13800000005", "carrier": "china-mobile"}


def test_the_first_answer_again(program: Program) -> None:
    first = program.post("cases", NEW, 201, Idempotency_Key="a-1")
    headers = {name: program.last[name] for name in ("ETag", "Location", "Content-Type")}
    assert "Idempotency-Replayed" not in program.last
    assert program.post("cases", NEW, 201, Idempotency_Key="a-1") == first
    assert {name: program.last[name] for name in headers} == headers
    assert program.last["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert program.post("cases", NEW, 409, Idempotency_Key="a-2")["code"] == "open_case_exists"
    assert program.post("cases", NEW, 409)["code"] == "open_case_exists"


def test_another_body_is_refused(program: Program) -> None:
    program.post("cases", NEW, 201, Idempotency_Key="a")
    refused = program.post("cases", {**NEW, "words": "x"}, 422, Idempotency_Key="a")
    assert refused["code"] == "idempotency_key_reused"
    assert program.post("cards", NEW, 422, Idempotency_Key="a")["code"] == "idempotency_key_reused"


def test_a_key_is_of_one_token(program: Program, program_of: Made, manager: User, team: Team) -> None:
    program.post("cards", NEW, 201, Idempotency_Key="a")
    other = program_of(manager, team)
    assert other.post("cards", NEW, 409, Idempotency_Key="a")["code"] == "card_known"


def test_refusals_are_kept_and_what_was_not_let_in_is_not(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    address = f"cases/{driver.case.reference}/withdraw"
    program.post(address, {}, 428, Idempotency_Key="a")
    program.post(address, {}, 412, Idempotency_Key="a", If_Match='"0-0123456789abcdef"')
    program.post(address, {}, 200, Idempotency_Key="a", If_Match="*")
    refused = program.post(address, {}, 409, Idempotency_Key="b", If_Match="*")
    assert program.post(address, {}, 409, Idempotency_Key="b", If_Match="*") == refused
    assert program.last["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
def test_what_is_no_key(program: Program, key: str) -> None:
    refused = program.post("cards", NEW, 400, Idempotency_Key=key.encode().decode("latin-1"))
    assert refused["code"] == "bad_idempotency_key"


def test_running_is_told(program: Program, clock: time_machine.Traveller) -> None:
    program.post("cards", NEW, 201, Idempotency_Key="a")
    IdempotencyRecord.objects.update(status=None, encrypted="")  # as while the first one is being worked on
    Card.objects.all().delete()
    assert program.post("cards", NEW, 409, Idempotency_Key="a")["code"] == "idempotency_key_running"
    assert program.last["Retry-After"] == "1"
    clock.shift(timedelta(seconds=61))  # it will never answer
    program.post("cards", NEW, 201, Idempotency_Key="a")
    program.post("cards", NEW, 201, Idempotency_Key="a")
    assert Card.objects.count() == 1


class PowerCut(BaseException):
    pass


@contextmanager
def cut(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """The process ends at this function; what is committed by then stays."""

    def off(*_args: Any, **_kwargs: Any) -> Any:
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(idempotency, name, off)
        patched.setattr(QuerySet, "delete", lambda self: (0, {}))  # nobody tidies up after a power cut
        yield


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_answer_is_kept_leaves_nothing_done(
    program: Program, new_driver: scenarios.Make, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = scenarios.overdue(new_driver)
    address = f"cases/{driver.case.reference}/follow-up"
    with cut(monkeypatch, "_store_response"), pytest.raises(PowerCut):
        program.post(address, {"words": "called"}, Idempotency_Key="a")
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 0
    program.post(address, {"words": "called"}, 409, Idempotency_Key="a")
    clock.shift(timedelta(seconds=61))
    program.post(address, {"words": "called"}, Idempotency_Key="a")
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_of_many_is_gone_on_from(
    program: Program, new_driver: scenarios.Make, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [make(new_driver).case.reference for make in (scenarios.overdue, scenarios.waiting, scenarios.draft)]
    body = {"references": references, "act": {"words": "called all"}}
    with cut(monkeypatch, "_store_response"), pytest.raises(PowerCut):
        program.post("bulk/follow-up", body, Idempotency_Key="a")
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 2  # committed, and never told
    clock.shift(timedelta(seconds=61))
    answer = program.post("bulk/follow-up", body, Idempotency_Key="a")
    assert sorted(answer["done"]) == sorted(references[:2])
    assert [one["problem"]["code"] for one in answer["refused"]] == ["wrong_state"]
    assert TimelineEntry.objects.filter(kind="follow_up").count() == 2
    assert program.post("bulk/follow-up", body, Idempotency_Key="a") == answer


@pytest.mark.django_db(transaction=True)
def test_at_once_it_is_done_once(program: Program) -> None:
    def send() -> int:
        own = Program(program.secret)
        with suppress(AssertionError):
            own.post("cards", NEW, 201, Idempotency_Key="a")
        return int(own.last.status_code)

    codes = run_concurrently(send, send, send)
    assert 201 in codes
    assert set(codes) <= {201, 409}
    assert Card.objects.count() == IdempotencyRecord.objects.count() == 1


def test_answers_are_kept_for_a_day_and_nobody_reads_them(program: Program, clock: time_machine.Traveller) -> None:
    program.post("cards", {**NEW, "holder": "王小明"}, 201, Idempotency_Key="a")
    assert "王小明" not in IdempotencyRecord.objects.get().encrypted
    clock.move_to(at("2026-10-17T09:59"))
    tasks.nightly()
    assert IdempotencyRecord.objects.count() == 1
    clock.move_to(at("2026-10-17T10:00"))
    program.post("cards", {**NEW, "holder": "王小明"}, 409, Idempotency_Key="a")  # a day later the key is new
    clock.move_to(at("2026-10-18T10:00"))
    tasks.nightly()
    assert IdempotencyRecord.objects.count() == 0


def test_a_database_that_goes_away_is_told(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr("cases.operations.register_card", away)
    assert program.post("cards", NEW, 503, Idempotency_Key="a")["code"] == "database_away"
    assert program.last["Retry-After"] == "30"
    monkeypatch.undo()
    program.post("cards", NEW, 201, Idempotency_Key="a")
