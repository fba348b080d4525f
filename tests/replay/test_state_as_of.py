"""Cases of earlier releases get a sealed entry with their state, from which they are replayed."""

import importlib
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from cases.domain import hash_chain
from cases.models import Case, TimelineEntry
from cases.operations import (
    Complain,
    ComplaintAnswered,
    FollowUp,
    NewCharge,
    Promised,
    RecordCharge,
    RecordRefund,
    ReportedDone,
    Submit,
    UnderReview,
    Verify,
)
from cases.operations.engine.replay import recorded_calendars, replay
from cases.operations.follow_up import Snooze
from cases.operations.integrity import check_integrity, first_chain_flaw
from tests.helpers import CaseDriver, at, on
from tests.replay_check import differences_of_all

record_states = importlib.import_module("cases.migrations.0028_state_as_of").record_states

NEW_NAMES = ("calendar", "card", "team", "handler_id", "terms", "charge", "anyway", "state")


def as_recorded_by_an_earlier_release(case: Case, since: int = 1) -> None:
    """Takes out of a case all that this release began to record, from an entry on, and chains what is left."""
    head = hash_chain.GENESIS
    with connection.cursor() as cursor:
        for entry in TimelineEntry.objects.filter(case=case).select_related("content").order_by("sequence"):
            body = entry.content.body
            if entry.sequence >= since:
                body = {name: value for name, value in body.items() if name not in NEW_NAMES}
            digest = hash_chain.content_digest(bytes(entry.content.salt), body)
            facts = hash_chain.EntryFacts(
                entry.sequence,
                case.reference,
                entry.kind,
                entry.status_from,
                entry.status_to,
                entry.recorded_at,
                digest,
            )
            head = hash_chain.entry_hash(head, facts)
            content = [json.dumps(body), entry.pk]
            cursor.execute("UPDATE cases_timelinecontent SET body = %s WHERE entry_id = %s", content)
            links = [digest, head, entry.pk]
            cursor.execute("UPDATE cases_timelineentry SET content_digest = %s, entry_hash = %s WHERE id = %s", links)
        cursor.execute("UPDATE cases_case SET entry_head = %s WHERE id = %s", [head, case.pk])
        if since > 1:
            return
        for table in ("verification", "charge", "escalation"):
            cursor.execute(f"UPDATE cases_{table} SET sequence = 0 WHERE case_id = %s", [case.pk])
        cursor.execute("DELETE FROM cases_calendaredition")


def a_case_with_everything(driver: CaseDriver) -> Case:
    driver.do(Submit(at("2026-10-09T09:30"), "SL-4711"), "2026-10-09T10:00")
    driver.do(RecordCharge(NewCharge(Decimal("19.00"), on("2026-10-01"))), "2026-10-09T10:05")
    driver.do(RecordCharge(NewCharge(Decimal("8.50"), on("2026-10-02"))), "2026-10-09T10:05")
    driver.do(UnderReview(at("2026-10-12T09:00")), "2026-10-12T10:00")
    driver.do(Complain(at("2026-10-16T09:00"), "TS-1"), "2026-10-16T10:00")
    driver.do(ComplaintAnswered(at("2026-10-19T09:00"), satisfied=False), "2026-10-19T10:00")
    driver.do(Promised(at("2026-10-19T09:00"), promised_on=on("2026-10-21")), "2026-10-19T10:10")
    driver.do(Verify(at("2026-10-22T09:00"), "call", "alive"), "2026-10-22T10:00")
    driver.do(ReportedDone(at("2026-10-23T09:00")), "2026-10-23T10:00")
    driver.do(Verify(at("2026-10-24T09:00"), "hotline", "cancelled"), "2026-10-24T10:00")
    charge = driver.case.charges.get(amount="8.50")
    driver.do(RecordRefund(charge.pk, on("2026-10-23")), "2026-10-24T10:30")
    return driver.case


@pytest.fixture
def earlier(draft: CaseDriver) -> CaseDriver:
    a_case_with_everything(draft)
    as_recorded_by_an_earlier_release(draft.case)
    record_states(apps, None)
    return draft


def test_the_state_is_sealed_into_the_record(earlier: CaseDriver) -> None:
    entry = earlier.last_entry
    assert (entry.sequence, entry.kind, entry.recorded_by) == (13, "state", None)
    assert first_chain_flaw(earlier.fresh()) is None
    assert entry.content.body["card"] == {"number": "13800138000", "holder": "", "carrier": "china-mobile"}
    state = entry.content.body["state"]
    assert (state["case"]["reply_by"], state["case"]["carrier_reference"]) == (None, "SL-4711")
    assert [(row["number"], row["basis"], row["reply_by"]) for row in state["rounds"]] == [
        (1, "submission", "2026-10-16T00:00:00+08:00"),
        (2, "under_review", "2026-10-16T00:00:00+08:00"),
        (3, "promise", "2026-10-22T00:00:00+08:00"),
    ]


def test_its_rows_are_called_by_the_entries_that_recorded_them(earlier: CaseDriver) -> None:
    case = earlier.fresh()
    assert list(case.charges.order_by("id").values_list("amount", "sequence")) == [
        (Decimal("19.00"), 3),
        (Decimal("8.50"), 4),
    ]
    assert list(case.escalations.values_list("kind", "sequence")) == [("complaint", 6)]
    assert list(case.verifications.values_list("finding", "sequence")) == [("alive", 9), ("cancelled", 11)]


def test_from_there_it_is_replayed_and_goes_on(earlier: CaseDriver) -> None:
    assert differences_of_all() == []
    earlier.do(FollowUp(at("2026-10-26T09:00"), words="还没到账"), "2026-10-26T10:00")
    entries = list(earlier.entries)
    assert replay(entries, recorded_calendars(entries)).first_sequence == 13
    assert differences_of_all() == []


def test_a_case_that_was_snoozed_stays_so(submitted: CaseDriver) -> None:
    submitted.do(Snooze(on("2026-10-30")), "2026-10-16T10:00")
    as_recorded_by_an_earlier_release(submitted.case)
    record_states(apps, None)
    entries = list(submitted.entries)
    replayed = replay(entries, recorded_calendars(entries)).case
    assert (replayed.snoozed_at, replayed.snoozed_until) == (at("2026-10-16T10:00"), on("2026-10-30"))


def test_it_is_done_once(earlier: CaseDriver) -> None:
    record_states(apps, None)
    assert earlier.kinds.count("state") == 1


@pytest.mark.forged
def test_what_an_earlier_release_wrote_after_the_upgrade_is_taken_over_by_a_command(earlier: CaseDriver) -> None:
    earlier.do(FollowUp(at("2026-10-26T09:00")), "2026-10-26T10:00")
    as_recorded_by_an_earlier_release(earlier.case, since=14)
    assert check_integrity(earlier.fresh()).flaws != []
    out = StringIO()
    with translation.override("en"):
        call_command("record_states", stdout=out)
    assert out.getvalue() == f"{earlier.case.reference}\nThe state of 1 case was recorded.\n"
    assert check_integrity(earlier.fresh()).flaws == []
    assert earlier.kinds[-3:] == ["state", "follow_up", "state"]
    out = StringIO()
    with translation.override("en"):
        call_command("record_states", stdout=out)
    assert out.getvalue() == "Nothing to record.\n"
