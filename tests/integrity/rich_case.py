"""A case that has a row in every table that hangs on cases, for forgeries; and SQL that goes past the ORM."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from cases import operations as ops
from cases.models import Card, Carrier, CarrierMessage, Case, Team, User
from cases.models.receipt_store import receipt_store
from cases.operations.batches import NewBatch, submit_batch
from cases.operations.follow_up import Snooze
from cases.operations.open_cases import open_case
from tests.domain.test_letter_rules import WHOLE
from tests.helpers import CaseDriver, at, on

NUMBER = "13800138000"
OPENING, SUBMISSION = (UUID(f"7b1d6a0e-6d4f-4e0a-9d55-0f4b3f7f000{n}") for n in (1, 2))


def make_rich_case(team: Team, carrier: Carrier, by: User) -> CaseDriver:
    """Submitted in a batch on 2026-09-30, in its third round on 2026-10-23: with a complaint that was answered, an
    appeal that runs, charges, an open refund, checks, a snooze, receipts, and a letter. 21 entries."""
    facts = ops.CardFacts(holder="王小明", plan="飞享套餐", monthly_fee=Decimal("58.00"))
    new = ops.NewCase(NUMBER, carrier, "cost", "branch", handler=by, words="第一次记录", ready=("card",), facts=facts)
    driver = CaseDriver(open_case(team, new, by=by, now=at("2026-09-29T15:00"), submit_token=OPENING), by)
    driver.do(ops.MarkItem("identity", "waived", "营业厅没要"), "2026-09-29T16:00")
    batch = NewBatch(
        carrier,
        [NUMBER],
        "branch",
        "cost",
        at("2026-09-30T15:00"),
        "SL2026001",
        "一起交的",
        [("受理单.txt", b"synthetic")],
    )
    submit_batch(team, batch, by=by, now=at("2026-09-30T15:10"), submit_token=SUBMISSION)
    for moment, verb in _STEPS:
        driver.do(verb, moment)
    _finish_letter(driver)
    driver.do(ops.RecordRefund(driver.case.charges.get(sequence=12).pk, on("2026-10-21")), "2026-10-22T10:00")
    driver.do(Snooze(on("2026-10-28"), "等回复"), "2026-10-23T10:00")
    return driver


_STEPS: list[tuple[str, ops.Verb]] = [
    ("2026-09-30T18:00", ops.Acknowledged(at("2026-09-30T17:00"), reference="SL2026002", words="已受理")),
    ("2026-10-14T09:00", ops.UnderReview(at("2026-10-14T08:30"))),
    ("2026-10-15T10:00", ops.Promised(at("2026-10-15T09:30"), promised_on=on("2026-10-16"))),
    ("2026-10-16T10:00", ops.ReportedDone(at("2026-10-16T09:30"))),
    ("2026-10-16T10:30", ops.ExpectRefund(Decimal("36.50"), "bank_card", "6217", on("2026-10-20"), words="退到卡上")),
    ("2026-10-16T11:00", ops.Verify(at("2026-10-16T10:45"), "call", "inconclusive")),
    ("2026-10-17T10:00", ops.Verify(at("2026-10-17T09:30"), "call", "alive", "还能打通")),
    ("2026-10-17T10:10", ops.RecordCharge(ops.NewCharge(Decimal("58.00"), on("2026-10-01"), words="又扣了月租"))),
    ("2026-10-17T10:20", ops.RecordCharge(ops.NewCharge(Decimal("8.50"), on("2026-10-02"), "fee", "违约金"))),
    ("2026-10-18T10:00", ops.Complain(at("2026-10-18T09:00"), "TS1", "投诉")),
    ("2026-10-20T10:00", ops.ComplaintAnswered(at("2026-10-20T09:00"), satisfied=False, words="说不通")),
    ("2026-10-21T10:00", ops.Appeal(at("2026-10-21T09:00"), "SS1", "申诉")),
    ("2026-10-21T11:00", ops.AppealDecided(at("2026-10-21T10:00"), accepted=True)),
    ("2026-10-22T09:00", ops.HandOver(None, "放假")),
    ("2026-10-22T09:10", ops.FollowUp(at("2026-10-22T09:05"), reference="SL2026003")),
]


def _finish_letter(driver: CaseDriver) -> None:
    edit = ops.LetterEdit(
        "complaint", {**WHOLE, "carrier_name": "中国移动", "province": "", "recipient": ""}, "请销户", None
    )
    draft = ops.save_letter_draft(driver.fresh(), edit, by=driver.by, now=at("2026-10-22T09:20"))
    data = b"%PDF-1.7 synthetic"
    receipt = ops.NewReceipt(
        "letter", "投诉函.pdf", "application/pdf", len(data), receipt_store.write(driver.case.team_id, data)
    )
    driver.do(ops.FinalizeLetter(draft.pk, draft.changed_at, receipt), "2026-10-22T09:30")


def record_sms(driver: CaseDriver) -> CarrierMessage:
    """The case gets one more entry, with an SMS of the carrier that is kept as evidence."""
    message = CarrierMessage.objects.create(
        team=driver.case.team,
        source="imported",
        sender="10086",
        text="【测试】您的销户申请正在审核 (synthetic)",
        received_at=at("2026-10-24T09:00"),
        stored_at=at("2026-10-24T09:01"),
        digest="d" * 64,
    )
    driver.do(ops.RecordMessage(message), "2026-10-24T10:00")
    message.refresh_from_db()
    return message


def make_other_case(team: Team, carrier: Carrier, by: User) -> Case:
    """A case of another team, whose keys are put where those of the rich case belong."""
    submit = ops.Submit(at("2026-09-30T15:00"))
    new = ops.NewCase("13900139000", carrier, "business", "app", submit=submit)
    case = open_case(team, new, by=by, now=at("2026-09-30T15:00"))
    driver = CaseDriver(case, by)
    return driver.do(ops.Verify(at("2026-10-09T10:00"), "call", "cancelled"), "2026-10-09T10:00")


def card_of(driver: CaseDriver) -> Card:
    return Card.objects.get(pk=driver.case.card_id)


def without_checks(run: Callable[[Any], None]) -> None:
    """Let SQL run with a cursor, whatever the constraints of the tables say; on PostgreSQL until the rollback."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            try:
                run(cursor)
            finally:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
            for table, name in _check_constraints(cursor):
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            run(cursor)


def _check_constraints(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid::regclass::text LIKE 'cases_%'"
    )
    rows: list[tuple[str, str]] = cursor.fetchall()
    return rows
