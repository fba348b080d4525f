"""One row of every model that belongs to a team, with a mark in every text: for tests of isolation and deletion."""

import hashlib
from typing import Any

from cases import operations as ops
from cases.models import (
    AccountMail,
    ApiToken,
    AuditEntry,
    Batch,
    Bill,
    BillColumns,
    BillFinding,
    Branch,
    Card,
    CardColumn,
    CardImport,
    CardView,
    Carrier,
    CarrierMessage,
    CarrierName,
    Case,
    Charge,
    ChecklistMark,
    Escalation,
    Forwarder,
    IdempotencyRecord,
    ImportedCard,
    ImportFailure,
    ImportMapping,
    Invitation,
    LanguageModel,
    Letter,
    LetterBundle,
    LetterRecipient,
    Membership,
    Notice,
    NoticeReminder,
    NotificationChannel,
    Receipt,
    Refund,
    Reminder,
    ReminderDelivery,
    ReminderGroup,
    Team,
    TeamSender,
    TimelineContent,
    TimelineEntry,
    User,
    Verification,
    WaitingRound,
)
from tests.helpers import CaseDriver, at, new_case, on
from tests.moments import NOW


def one_of_each(team: Team, carrier: Carrier, by: User, *, number: str, mark: str) -> list[Any]:
    """The rows that were made, at least one of each model."""
    now = NOW
    case = new_case(team, carrier, by, number=number, submitted="2026-09-30T15:00", reference=f"{mark}-1")
    Card.objects.filter(pk=case.card_id).update(holder=mark, plan=mark)
    driver = CaseDriver(case, by)
    driver.do(ops.FollowUp(at("2026-10-09T10:00"), "call", mark), "2026-10-09T10:00")
    driver.do(ops.Verify(at("2026-10-15T09:00"), "hotline", "inconclusive", words=mark), "2026-10-15T09:00")
    ops.attach_receipts(case, ops.ReceiptUpload("sms", [(f"{mark}.txt", f"synthetic {mark}".encode())]), by=by, now=now)
    receipt = Receipt.objects.get(case=case)
    Escalation.objects.create(
        case=case, submission=1, kind="complaint", lodged_at=now, answer_by=at("2026-11-01T00:00"), reference=mark
    )
    Letter.objects.create(
        case=case, kind="complaint", fields={"name": mark}, body=mark, made_at=now, changed_at=now, made_by=by
    )
    Letter.objects.create(case=case, kind="appeal", made_at=now, changed_at=now, final_at=now, receipt=receipt)
    shared = LetterBundle.objects.create(
        team=team, carrier=carrier, kind="complaint", name=mark, made_by=by, made_at=now
    )
    Letter.objects.create(
        case=case, kind="complaint", made_at=now, changed_at=now, final_at=now, receipt=receipt, bundle=shared
    )
    TeamSender.objects.create(team=team, name=mark, contact=mark)
    LetterRecipient.objects.create(team=team, carrier=carrier, name=mark, address=mark)
    Charge.objects.create(case=case, kind="fee", amount=8, day=on("2026-10-01"), words=mark, recorded_at=now)
    Refund.objects.create(
        case=case, amount=8, due_on=on("2026-11-02"), due_basis="carrier_word", words=mark, recorded_at=now
    )
    ChecklistMark.objects.create(case=case, code="card", state="done", at=now)
    forwarder = Forwarder.objects.create(team=team, kind="json", name=mark, digest=f"f-{mark}", encrypted=mark)
    CarrierMessage.objects.create(
        team=team, forwarder=forwarder, case=case, card=case.card, source="forwarder", sender="10086", text=mark,
        reading={"number": number}, received_at=now, stored_at=now, digest=f"m-{mark}",
    )  # fmt: skip
    Branch.objects.create(team=team, carrier=carrier, name=mark)
    LanguageModel.objects.create(team=team, model=mark, label=mark, encrypted=mark)
    table = CardImport.objects.create(
        team=team, made_by=by, made_at=now, name=mark, titles=[mark], forecast={"x": mark}
    )
    ImportFailure.objects.create(card_import=table, row=2, why=mark)
    Invitation.objects.create(
        team=team, email=f"{mark}@example.com", digest=mark, made_by=by, made_at=now, expires_at=now
    )
    channel = NotificationChannel.objects.create(team=team, kind="webhook", name=mark, encrypted=mark, label=mark)
    own = NotificationChannel.objects.create(user=by, kind="webhook", name="own")
    bundle = ReminderGroup.objects.create(team=team, handler=by, made_at=now)
    reminder = Reminder.objects.create(case=case, bundle=bundle, round=1, kind="overdue", ordinal=1, at=now)
    for to in (channel, own):
        notice = Notice.objects.create(channel=to, made_at=now, next_try_at=now, state="sent", subject=mark, body=mark)
        NoticeReminder.objects.create(notice=notice, bundle=bundle)
        ReminderDelivery.objects.create(
            reminder=reminder, notice=notice, channel=to, channel_kind=to.kind, user=to.user, at=now
        )
    AuditEntry.objects.create(at=now, kind="number_shown", by=by, team=team, card=case.card, case=case, about=mark)
    found: list[Any] = [Card.objects.get(pk=case.card_id), case, forwarder, channel, bundle, receipt]
    for model in (
        Letter,
        Charge,
        Refund,
        ChecklistMark,
        Escalation,
        Verification,
        WaitingRound,
        TimelineEntry,
        Reminder,
    ):
        found.append(model._base_manager.filter(case=case).first())
    batch = Batch.objects.create(
        team=team, carrier=carrier, channel="letter", submitted_at=now, made_by=by, reference=mark, words=mark
    )
    Case.objects.filter(pk=case.pk).update(batch=batch)
    found += [batch, table, ImportFailure.objects.get(card_import=table)]
    token = ApiToken.objects.create(
        membership=Membership.objects.get(team=team, user=by), name=mark, scopes="read", digest=f"t-{mark}",
        made_at=now, expires_at=now,
    )  # fmt: skip
    answer = IdempotencyRecord.objects.create(
        token=token, key=mark, fingerprint=mark, begun_at=now, status=200, encrypted=mark
    )
    found += [token, answer]
    AccountMail.objects.create(
        kind="invitation", invitation=Invitation.objects.get(team=team), encrypted=mark, made_at=now, next_try_at=now,
        expires_at=now,
    )  # fmt: skip
    found.append(AccountMail.objects.get(invitation__team=team))
    for model in (CarrierMessage, Branch, LanguageModel, Invitation, Membership, AuditEntry):
        found.append(model._base_manager.filter(team=team).first())
    found += [
        TimelineContent.objects.filter(entry__case=case).first(),
        Notice.objects.first(),
        NoticeReminder.objects.first(),
        ReminderDelivery.objects.first(),
    ]
    found.append(CardColumn.objects.create(team=team, key="c1", title=mark))
    found.append(
        ImportedCard.objects.create(card_import=table, row=2, card=case.card, case=case, after={"holder": mark})
    )
    found.append(ImportMapping.objects.create(team=team, titles=mark, columns={"0": "number"}, used_at=now))
    found += [shared, TeamSender.objects.get(team=team), LetterRecipient.objects.get(team=team)]
    found.append(CarrierName.objects.create(team=team, name=mark, carrier=carrier))
    bill = Bill.objects.create(
        team=team, carrier=carrier, month="2026-09-01", name=mark, sha256=hashlib.sha256(mark.encode()).hexdigest(),
        size=1, lines=1, total=1, made_at=now, made_by=by,
    )  # fmt: skip
    found += [bill, BillFinding.objects.create(bill=bill, kind="no_use", card=case.card, case=case, words=mark)]
    found.append(BillColumns.objects.create(team=team, carrier=carrier, titles=mark, columns=["number", "net"]))
    found.append(CardView.objects.create(team=team, owner=by, name=mark, settings={"filters": {"holder": mark}}))
    return found
