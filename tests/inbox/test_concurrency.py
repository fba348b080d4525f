"""Readers and people beside each other, in threads with connections of their own, on whatever database there is."""

import pytest

from cases import operations as ops
from cases.domain.errors import MessageAlreadyHandled
from cases.inbox.process import process_stored
from cases.models import CarrierMessage, Receipt, Team
from cases.operations.messages import reply_from_message
from cases.reminders.pipeline import run_sweep
from tests.helpers import CaseDriver, at, run_concurrently
from tests.inbox.conftest import Arrive
from tests.inbox.test_process import DONE, REGISTERED

pytestmark = pytest.mark.django_db(transaction=True)

LATER = at("2026-10-09T12:00")


def test_each_message_is_read_once(submitted: CaseDriver, arrive: Arrive) -> None:
    for minute in range(12):
        arrive(REGISTERED, when=f"2026-10-09T10:{minute:02}")
    outcomes = run_concurrently(*[lambda: process_stored(LATER)] * 3)
    left = process_stored(LATER)
    assert sum(its["recorded"] for its in [*outcomes, left]) == 12
    assert submitted.kinds == ["logged", "submitted", *["acknowledged"] * 12]
    assert Receipt.objects.count() == 1
    assert submitted.chain_flaw is None


def test_two_people_record_one_message_once(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(DONE)
    process_stored(LATER)
    message = CarrierMessage.objects.get()

    def record(kind: str) -> object:
        verb = ops.RecordMessage(message, reply_from_message(message, kind))
        return ops.perform_one(verb, submitted.case, by=submitted.by, now=LATER)

    results = run_concurrently(lambda: record("reported_done"), lambda: record("acknowledged"))
    assert sorted(type(result).__name__ for result in results) == ["Case", "MessageAlreadyHandled"]
    assert len(submitted.kinds) == 3
    assert submitted.chain_flaw is None


def test_put_aside_and_recorded_at_once(submitted: CaseDriver, arrive: Arrive) -> None:
    arrive(DONE)
    process_stored(LATER)
    message = CarrierMessage.objects.get()
    results = run_concurrently(
        lambda: ops.set_message_aside(message, by=submitted.by, now=LATER),
        lambda: ops.perform_one(ops.RecordMessage(message), submitted.case, by=submitted.by, now=LATER),
        lambda: ops.propose_message(message, submitted.case, by=submitted.by, now=LATER),
    )
    message.refresh_from_db()
    assert message.state == "recorded"
    assert submitted.kinds == ["logged", "submitted", "message"]
    assert submitted.fresh().message_at is None
    assert all(not isinstance(its, Exception) or isinstance(its, MessageAlreadyHandled) for its in results)


def test_reading_while_a_sweep_goes_on_loses_nothing(submitted: CaseDriver, arrive: Arrive, team: Team) -> None:
    arrive(DONE, when="2026-10-14T08:59")
    run_concurrently(lambda: process_stored(at("2026-10-14T09:00")), lambda: run_sweep(at("2026-10-14T09:00")))
    run_sweep(at("2026-10-14T09:02"))
    run_sweep(at("2026-10-15T09:00"))
    assert "message" in submitted.case.reminders.values_list("kind", flat=True)
