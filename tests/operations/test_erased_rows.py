"""What goes with an erased case, table by table, and that nothing goes with it that belongs to others."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from cases import operations as ops
from cases.domain.reminder_kinds import ReminderKind
from cases.models import (
    Batch,
    Card,
    CardImport,
    Carrier,
    CarrierMessage,
    Case,
    Escalation,
    ImportedCard,
    Letter,
    Notice,
    NoticeReminder,
    NotificationChannel,
    Reminder,
    ReminderDelivery,
    ReminderGroup,
    Team,
    TimelineContent,
    User,
)
from cases.operations import erasure
from cases.operations.batches import NewBatch, submit_batch
from cases.operations.erasure import Erase, erase_due, plan_erasures, set_retention
from cases.operations.erasure_list import entries_since
from tests.bystanders import Bystanders
from tests.helpers import CaseDriver, at, new_case, on

WORDS = "给王小明打过电话"
SUBMITTED = at("2026-09-30T15:00")


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path, bystanders: Bystanders) -> None:
    """Each test has all that can stand beside an erased case."""


def closed_case(case: Case, by: User) -> CaseDriver:
    driver = CaseDriver(case, by)
    driver.do(ops.Verify(at("2026-10-15T09:00"), "hotline", "cancelled", WORDS, confirm=True), "2026-10-15T09:00")
    return driver


@pytest.fixture
def closed(team: Team, manager: User, mobile: Carrier) -> CaseDriver:
    facts = ops.CardFacts(holder="王小明", plan="8元保号")
    case = new_case(team, mobile, manager, submitted="2026-09-30T15:00", reference="JT-1", facts=facts)
    return closed_case(case, manager)


def notice_of(case: Case, state: str, *, by_line: bool = True, by_delivery: bool = False) -> Notice:
    """A notice with a reminder of the case, linked in one of the two ways by which one is found."""
    channel, _ = NotificationChannel.objects.get_or_create(team=case.team, kind="webhook", name="of the test")
    now = at("2026-10-14T09:00")
    bundle = ReminderGroup.objects.create(team=case.team, made_at=now)
    number = Reminder.objects.filter(case=case).count() + 1
    reminder = Reminder.objects.create(case=case, bundle=bundle, round=1, kind="overdue", ordinal=number, at=now)
    notice = Notice.objects.create(
        channel=channel, made_at=now, next_try_at=now, state=state, subject=WORDS, body=WORDS
    )
    if by_line:
        NoticeReminder.objects.create(notice=notice, bundle=bundle)
    if by_delivery:
        ReminderDelivery.objects.create(
            reminder=reminder, notice=notice, channel=channel, channel_kind="webhook", at=now
        )
    return notice


def test_texts_of_notices_go_by_whichever_way_they_told_of_the_case(closed: CaseDriver) -> None:
    told = [
        notice_of(closed.case, "sent"),
        notice_of(closed.case, "failed"),
        notice_of(closed.case, "sent", by_line=False, by_delivery=True),
    ]
    waiting = notice_of(closed.case, "pending")
    closed.do(Erase(), "2026-10-20T10:00")
    assert [(notice.subject, notice.body) for notice in Notice.objects.filter(pk__in=[n.pk for n in told])] == [
        ("", ""), ("", ""), ("", ""),
    ]  # fmt: skip
    waiting.refresh_from_db()
    assert (waiting.subject, waiting.body) == (WORDS, WORDS)  # rendered again before it is sent


def test_the_reference_of_a_complaint_goes_and_its_course_stays(team: Team, manager: User, mobile: Carrier) -> None:
    driver = CaseDriver(new_case(team, mobile, manager, submitted="2026-09-30T15:00"), manager)
    driver.do(ops.Complain(at("2026-10-09T10:00"), "10080-1", WORDS), "2026-10-09T10:00")
    driver.do(ops.ComplaintAnswered(at("2026-10-12T10:00"), True, WORDS), "2026-10-12T10:00")
    closed_case(driver.case, manager).do(Erase(), "2026-10-20T10:00")
    row = Escalation.objects.get(case=driver.case)
    assert (row.reference, row.kind, row.satisfied) == ("", "complaint", True)


def test_letters_go_drafts_and_all(closed: CaseDriver, manager: User) -> None:
    now = at("2026-10-15T10:00")
    Letter.objects.create(case=closed.case, kind="complaint", body=WORDS, made_at=now, changed_at=now, made_by=manager)
    closed.do(Erase(), "2026-10-20T10:00")
    assert not Letter.objects.filter(case=closed.case).exists()


def test_of_a_card_number_holder_messages_and_imported_cells_go(closed: CaseDriver, team: Team, manager: User) -> None:
    card, moment = closed.case.card, at("2026-10-01T10:00")
    Card.objects.filter(pk=card.pk).update(
        user="李娜",
        department="销售",
        purpose="外呼",
        iccid="8986",
        note=WORDS,
        handler_name="王伟",
        custom={"c1": "x"},
    )
    CarrierMessage.objects.create(
        team=team, card=card, source="pasted", sender="10086", text=WORDS, received_at=moment, stored_at=moment,
        digest="1" * 64,
    )  # fmt: skip
    table = CardImport.objects.create(team=team, made_by=manager, made_at=moment, name="x", encrypted=b"x")
    ImportedCard.objects.create(card_import=table, row=2, card=card, after={"holder": "王小明"})
    closed.do(Erase(), "2026-10-20T10:00")
    card.refresh_from_db()
    assert card.number == f"x{card.pk}"
    texts = (card.holder, card.user, card.department, card.plan, card.purpose, card.iccid, card.note, card.handler_name)
    assert texts == ("",) * 8
    assert card.custom == {}
    assert not CarrierMessage.objects.filter(card=card).exists()
    assert not ImportedCard.objects.filter(card=card).exists()


def test_a_card_goes_with_the_last_of_its_cases(closed: CaseDriver, team: Team, manager: User, mobile: Carrier) -> None:
    again = CaseDriver(new_case(team, mobile, manager, now="2026-10-16T10:00"), manager)
    again.do(ops.Withdraw(), "2026-10-17T10:00")
    closed.do(Erase(), "2026-10-20T10:00")
    assert closed.fresh().card.number == "13800138000"
    again.do(Erase(), "2026-10-20T11:00")
    assert again.fresh().card.number == f"x{closed.case.card_id}"


def test_the_words_of_a_batch_go_with_the_last_of_its_cases(team: Team, manager: User, mobile: Carrier) -> None:
    new_batch = NewBatch(mobile, ["13800138000", "13900139000"], "letter", "cost", SUBMITTED, "PT-9", WORDS)
    result = submit_batch(team, new_batch, by=manager, now=SUBMITTED)
    one, other = (closed_case(case, manager) for case in result.cases)
    one.do(Erase(), "2026-10-20T10:00")
    batch = Batch.objects.get(pk=result.batch.pk)
    assert (batch.reference, batch.words) == ("PT-9", WORDS)
    other.do(Erase(), "2026-10-20T11:00")
    batch.refresh_from_db()
    assert (batch.reference, batch.words) == ("", "")


def test_a_case_erased_with_others_of_a_batch_in_one_act(team: Team, manager: User, mobile: Carrier) -> None:
    new_batch = NewBatch(mobile, ["13800138000", "13900139000"], "letter", "cost", SUBMITTED, "PT-9", WORDS)
    cases = submit_batch(team, new_batch, by=manager, now=SUBMITTED).cases
    drivers = [closed_case(case, manager) for case in cases]
    outcome = ops.perform(Erase("法务要求"), [d.case for d in drivers], by=manager, now=at("2026-10-20T10:00"))
    assert len(outcome.done) == 2
    assert Batch.objects.get(team=team, reference="").words == ""
    assert [d.kinds[-1] for d in drivers] == ["erased", "erased"]
    listed = list(entries_since(settings.ERASURES_FILE, at("2026-10-20T10:00")))
    assert [(entry["what"], entry["reference"], entry["at"]) for entry in listed] == [
        ("case", d.case.reference, "2026-10-20T10:00:00+08:00") for d in drivers
    ]


def test_what_the_entry_of_an_erasure_keeps(closed: CaseDriver) -> None:
    closed.do(ops.CheckBill(at("2026-10-16T10:00")), "2026-10-16T10:00")
    closed.do(Erase("法务要求"), "2026-10-20T10:00")
    content = closed.last_content
    assert (content["words"], content["carrier"]) == ("法务要求", "china-mobile")
    assert content["state"]["case"]["status"] == "confirmed"
    assert "carrier_reference" not in content["state"]["case"]
    assert [len(values) for values in content["columns"].values()] == [4, 4, 4, 4]
    case = closed.fresh()
    assert (case.erase_on, case.retain, case.message_at) == (None, False, None)
    assert TimelineContent.objects.filter(entry__case=case).count() == 1


# By night


def announced(case: Case, day: str, made_at: datetime, *, told: bool = True, kind: str = ReminderKind.ERASURE) -> None:
    bundle = ReminderGroup.objects.create(team=case.team, made_at=made_at) if told else None
    Reminder.objects.create(case=case, bundle=bundle, round=0, kind=kind, ordinal=1, occasion=day, at=made_at)


@pytest.fixture
def due(closed: CaseDriver, team: Team, manager: User) -> CaseDriver:
    """To be erased on 2027-04-15."""
    set_retention(team, 6, by=manager, now=at("2026-10-20T10:00"))
    plan_erasures(at("2027-03-15T03:00"))
    assert closed.fresh().erase_on == on("2027-04-15")
    return closed


def erased_by_night(driver: CaseDriver, *nights: str) -> list[bool]:
    found = []
    for night in nights:
        erase_due(at(f"{night}T03:00"))
        found.append(driver.fresh().erased_at is not None)
    return found


def test_thirty_days_after_the_reminder_to_the_day(due: CaseDriver) -> None:
    announced(due.case, "2027-04-15", at("2027-03-16T23:59"))
    assert erased_by_night(due, "2027-04-14", "2027-04-15") == [False, True]


def test_a_day_short_of_thirty_days_it_waits_and_keeps_its_day(due: CaseDriver) -> None:
    announced(due.case, "2027-04-15", at("2027-03-17T00:00"))
    assert erased_by_night(due, "2027-04-15") == [False]
    assert due.fresh().erase_on == on("2027-04-15")
    assert erased_by_night(due, "2027-04-16") == [True]


@pytest.mark.parametrize(
    ("day", "options"),
    [
        ("2027-04-14", {}),  # of another day
        ("2027-04-15", {"told": False}),  # released untold
        ("2027-04-15", {"kind": "overdue"}),
    ],
)
def test_a_reminder_that_did_not_announce_this_erasure_does_not_count(
    due: CaseDriver, day: str, options: dict[str, object]
) -> None:
    announced(due.case, day, at("2027-03-10T09:00"), **options)  # type: ignore[arg-type]
    assert erased_by_night(due, "2027-04-15") == [False]
    assert due.fresh().erase_on is None  # to be announced anew


def test_a_reminder_of_another_case_does_not_count(due: CaseDriver, bystanders: Bystanders) -> None:
    for case in bystanders.rows(Case):
        announced(case, "2027-04-15", at("2027-03-10T09:00"))
    assert erased_by_night(due, "2027-04-15") == [False]


def test_a_complaint_without_an_answer_puts_it_off(due: CaseDriver) -> None:
    announced(due.case, "2027-04-15", at("2027-03-10T09:00"))
    row = due.case.escalations.create(
        submission=1, kind="complaint", lodged_at=at("2026-10-10T10:00"), answer_by=at("2026-10-26T00:00")
    )
    assert erased_by_night(due, "2027-04-15") == [False]
    assert due.fresh().erase_on == on("2027-04-15")
    row.delete()
    assert erased_by_night(due, "2027-04-16") == [True]


def test_how_many_were_planned_and_erased_is_said(due: CaseDriver) -> None:
    assert plan_erasures(at("2027-03-16T03:00")) == 0
    announced(due.case, "2027-04-15", at("2027-03-10T09:00"))
    assert erase_due(at("2027-04-15T03:00")) == 1
    assert erase_due(at("2027-04-15T03:00")) == 0


def test_a_team_that_keeps_its_cases_for_longer_puts_the_day_off(due: CaseDriver, team: Team, manager: User) -> None:
    set_retention(team, 24, by=manager, now=at("2027-03-20T10:00"))
    assert plan_erasures(at("2027-03-21T03:00")) == 1
    case = due.fresh()
    assert case.erase_on is None
    set_retention(team, 6, by=manager, now=at("2027-03-22T10:00"))
    assert plan_erasures(at("2027-03-23T03:00")) == 1
    assert due.fresh().erase_on == on("2027-04-23")  # a month from then


def test_a_day_that_was_moved_meanwhile_stays(due: CaseDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    def moving(cases: object) -> dict[int, datetime]:
        Case.objects.filter(pk=due.case.pk).update(erase_on=on("2027-06-01"))
        return {}

    monkeypatch.setattr(erasure, "_announced_at", moving)
    assert erased_by_night(due, "2027-04-15") == [False]
    assert due.fresh().erase_on == on("2027-06-01")


def test_the_day_of_a_planned_case_wakes_its_reminder(due: CaseDriver) -> None:
    assert due.fresh().next_reminder_at == at("2027-03-15T03:00")


def test_charges_lose_their_words(team: Team, manager: User, mobile: Carrier) -> None:
    driver = CaseDriver(new_case(team, mobile, manager, submitted="2026-09-30T15:00"), manager)
    driver.do(ops.RecordCharge(ops.NewCharge(Decimal(8), on("2026-10-01"), words=WORDS)), "2026-10-09T12:00")
    closed_case(driver.case, manager).do(Erase(), "2026-10-20T10:00")
    assert list(driver.case.charges.values_list("words", "amount")) == [("", 8)]
