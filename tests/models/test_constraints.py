"""What the database itself refuses, whatever code writes past the operations."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from cases.models import (
    Card,
    Case,
    ChecklistMark,
    Escalation,
    Membership,
    Receipt,
    Team,
    TimelineEntry,
    User,
    Verification,
    WaitingRound,
)
from cases.operations import ReportedDone, Returned, Verify
from tests.helpers import CaseDriver
from tests.moments import AFTER_HOLIDAY


def refused(write: Callable[[], Any], constraint: str) -> None:
    """The write fails; where the database names the constraint, by this one (SQLite names columns for unique ones)."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    message = str(caught.value)
    assert constraint in message or message.startswith("UNIQUE constraint failed"), message


def change(driver: CaseDriver, **values: Any) -> Callable[[], Any]:
    return lambda: Case.objects.filter(pk=driver.case.pk).update(**values)


@pytest.mark.forged
@pytest.mark.parametrize("status", ["draft", "submitted", "under_review", "returned"])
def test_one_open_case_per_card(submitted: CaseDriver, status: str) -> None:
    case = submitted.fresh()
    copy = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    copy |= {"id": None, "reference": "XK-OTHER", "status": status, "returned_at": AFTER_HOLIDAY}
    if status in ("draft", "returned"):
        copy["reply_by"] = None
    refused(lambda: Case.objects.bulk_create([Case(**copy)]), "one_open_case_per_card")
    change(submitted, status="withdrawn", reply_by=None)()
    Case.objects.bulk_create([Case(**copy)])
    assert Case.objects.count() == 2


class TestConfirmed:
    def test_needs_a_verification(self, submitted: CaseDriver) -> None:
        refused(
            change(submitted, status="confirmed", reply_by=None, confirmed_at=AFTER_HOLIDAY), "confirmed_is_verified"
        )

    def test_needs_a_moment(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(AFTER_HOLIDAY, "call", "cancelled", confirm=True), "2026-10-09T10:00")
        refused(change(submitted, confirmed_at=None), "confirmed_is_verified")
        refused(change(submitted, verification=None), "confirmed_is_verified")

    def test_keeps_its_verification(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(AFTER_HOLIDAY, "call", "cancelled", confirm=True), "2026-10-09T10:00")
        with pytest.raises(Exception, match="protected"):
            Verification.objects.get().delete()


class TestSubmitted:
    @pytest.mark.forged
    @pytest.mark.parametrize(
        "name", ["submitted_at", "acknowledge_by", "review_by", "window_opens", "first_reply_by", "reply_by"]
    )
    @pytest.mark.parametrize("status", ["submitted", "under_review"])
    def test_has_its_deadlines(self, submitted: CaseDriver, name: str, status: str) -> None:
        change(submitted, status=status)()
        refused(change(submitted, **{name: None}), "submitted_has_deadlines")

    def test_a_draft_does_not_become_it_by_its_name_alone(self, draft: CaseDriver) -> None:
        refused(change(draft, status="submitted"), "submitted_has_deadlines")


class TestDeadline:
    @pytest.mark.parametrize("status", ["draft", "returned", "withdrawn"])
    def test_only_with_the_carrier(self, submitted: CaseDriver, status: str) -> None:
        refused(change(submitted, status=status, returned_at=AFTER_HOLIDAY), "deadline_only_while_waiting")

    def test_never_for_a_confirmed_case(self, submitted: CaseDriver) -> None:
        submitted.do(Verify(AFTER_HOLIDAY, "call", "cancelled", confirm=True), "2026-10-09T10:00")
        refused(change(submitted, reply_by=AFTER_HOLIDAY), "deadline_only_while_waiting")

    def test_never_for_what_is_said_to_be_done(self, submitted: CaseDriver) -> None:
        refused(change(submitted, reported_done_at=AFTER_HOLIDAY), "deadline_only_while_waiting")
        submitted.do(ReportedDone(AFTER_HOLIDAY), "2026-10-09T10:00")
        refused(change(submitted, reply_by=AFTER_HOLIDAY), "deadline_only_while_waiting")
        refused(change(submitted, reported_done_at=None), "submitted_has_deadlines")


def test_returned_has_a_moment(submitted: CaseDriver) -> None:
    refused(change(submitted, status="returned", reply_by=None), "returned_has_a_moment")
    submitted.do(Returned(AFTER_HOLIDAY, reason="other"), "2026-10-09T10:00")
    refused(change(submitted, returned_at=None), "returned_has_a_moment")


@pytest.mark.parametrize("fee", ["-0.01", "-100"])
def test_no_negative_fee(draft: CaseDriver, fee: str) -> None:
    refused(lambda: Card.objects.update(monthly_fee=Decimal(fee)), "card_fee_not_negative")
    Card.objects.update(monthly_fee=Decimal("0"))


def test_one_card_per_number_and_team(draft: CaseDriver, other_team: Team) -> None:
    card = draft.case.card
    refused(
        lambda: Card.objects.bulk_create([Card(team=card.team, number=card.number, carrier=card.carrier)]),
        "one_card_per_number",
    )
    other = Card.objects.create(team=other_team, number=card.number, carrier=card.carrier)
    assert Card.objects.get(pk=other.pk).tail == "8000"


class TestRounds:
    def add(self, driver: CaseDriver, **values: Any) -> None:
        row = {"number": 2, "submission": 1, "basis": "promise", "started_at": AFTER_HOLIDAY, "reply_by": AFTER_HOLIDAY}
        WaitingRound.objects.create(case=driver.case, **(row | values))

    @pytest.mark.forged
    def test_one_runs(self, submitted: CaseDriver) -> None:
        refused(lambda: self.add(submitted), "one_running_round_per_case")
        self.add(submitted, ended_at=AFTER_HOLIDAY)

    def test_one_of_each_number(self, submitted: CaseDriver) -> None:
        refused(lambda: self.add(submitted, number=1, ended_at=AFTER_HOLIDAY), "round_number")


class TestEscalations:
    def add(self, driver: CaseDriver, **values: Any) -> None:
        row = {"submission": 1, "kind": "complaint", "lodged_at": AFTER_HOLIDAY, "answer_by": AFTER_HOLIDAY}
        Escalation.objects.create(case=driver.case, **(row | values))

    def test_one_of_each_kind_runs(self, submitted: CaseDriver) -> None:
        self.add(submitted)
        refused(lambda: self.add(submitted), "one_running_escalation")
        self.add(submitted, kind="appeal")
        self.add(submitted, answered_at=AFTER_HOLIDAY)

    def test_it_is_answered_after_it_was_lodged(self, submitted: CaseDriver) -> None:
        early = AFTER_HOLIDAY - timedelta(microseconds=1)
        refused(lambda: self.add(submitted, answered_at=early), "escalation_answer_after_lodging")


def entry(driver: CaseDriver, **values: Any) -> TimelineEntry:
    row = {
        "case": driver.case,
        "sequence": 9,
        "kind": "follow_up",
        "status_to": "submitted",
        "recorded_at": AFTER_HOLIDAY,
        "recorded_by": driver.by,
        "content_digest": "d" * 64,
        "entry_hash": "e" * 64,
    }
    return TimelineEntry(**(row | values))


def test_one_entry_of_each_number(submitted: CaseDriver) -> None:
    refused(lambda: TimelineEntry.objects.bulk_create([entry(submitted, sequence=1)]), "entry_sequence")


@pytest.mark.forged
def test_one_entry_per_click(submitted: CaseDriver, agent: User) -> None:
    click = uuid4()
    entry(submitted, click=click).save()
    refused(lambda: entry(submitted, sequence=10, click=click).save(), "one_entry_per_click")
    entry(submitted, sequence=10, click=click, recorded_by=agent).save()
    entry(submitted, sequence=11).save()


@pytest.mark.forged
def test_one_mark_per_item(draft: CaseDriver) -> None:
    ChecklistMark.objects.create(case=draft.case, code="card", state="done", at=AFTER_HOLIDAY)
    refused(
        lambda: ChecklistMark.objects.create(case=draft.case, code="card", state="waived", at=AFTER_HOLIDAY),
        "one_mark_per_item",
    )


def test_the_same_bytes_once_per_case(submitted: CaseDriver) -> None:
    def add() -> None:
        Receipt.objects.create(
            case=submitted.case,
            kind="sms",
            name="a",
            detected_type="text/plain",
            size=1,
            sha256="a" * 64,
            added_at=AFTER_HOLIDAY,
        )

    add()
    refused(add, "receipt_once_per_case")


def test_one_membership_and_hours_in_order(team: Team, manager: User) -> None:
    refused(lambda: Membership.objects.create(team=team, user=manager), "one_membership_per_person")
    refused(lambda: User.objects.update(remind_from="21:00", remind_until="09:00"), "user_quiet_hours_in_order")
    refused(lambda: User.objects.update(remind_from="09:00", remind_until="09:00"), "user_quiet_hours_in_order")


def test_one_account_per_address_whatever_its_case(team: Team, manager: User) -> None:
    refused(lambda: User.objects.create_user("LI.NA@example.com", name="x"), "cases_user_email")
    assert User.objects.get_by_natural_key(" Li.Na@Example.com ") == manager


def test_references_are_unique(draft: CaseDriver, new_driver: Callable[..., CaseDriver]) -> None:
    other = new_driver("13900139000")
    refused(change(other, reference=draft.case.reference), "cases_case_reference")
