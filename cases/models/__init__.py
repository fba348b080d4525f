"""What is stored. Rules live in cases.domain, changes are made by cases.operations."""

from cases.models.account_mails import AccountMail
from cases.models.anchors import Anchor
from cases.models.audit_log import AuditEntry
from cases.models.batches import Batch
from cases.models.bills import Bill, BillColumns, BillFinding
from cases.models.branches import AppealBody, Branch
from cases.models.calendar import CalendarEdition, CalendarOverride, PublishedYear
from cases.models.calendar_address import CalendarAddress
from cases.models.card_imports import CardImport, CarrierName, ImportedCard, ImportFailure, ImportMapping
from cases.models.cards import Card, CardColumn, CardView
from cases.models.carriers import Carrier, CarrierFact
from cases.models.cases import Case, Escalation, Verification, WaitingRound
from cases.models.charges import Charge
from cases.models.checklist import ChecklistMark
from cases.models.heartbeat import Heartbeat
from cases.models.language_models import LanguageModel
from cases.models.letters import Letter, LetterBundle, LetterRecipient, TeamSender
from cases.models.messages import CarrierMessage, Forwarder
from cases.models.notices import (
    Notice,
    NoticeReminder,
    NotificationChannel,
    Reminder,
    ReminderDelivery,
    ReminderGroup,
)
from cases.models.one_time import FirstAccount, UsedCode
from cases.models.people import Invitation, Membership, Team, User
from cases.models.receipt_store import ReceiptAltered
from cases.models.receipts import Receipt
from cases.models.refunds import Refund
from cases.models.timeline import TimelineContent, TimelineEntry
from cases.models.tokens import ApiToken, IdempotencyRecord

__all__ = [
    "AccountMail",
    "Anchor",
    "ApiToken",
    "AppealBody",
    "AuditEntry",
    "Batch",
    "Bill",
    "BillColumns",
    "BillFinding",
    "Branch",
    "CalendarAddress",
    "CalendarEdition",
    "CalendarOverride",
    "Card",
    "CardColumn",
    "CardImport",
    "CardView",
    "Carrier",
    "CarrierFact",
    "CarrierMessage",
    "CarrierName",
    "Case",
    "Charge",
    "ChecklistMark",
    "Escalation",
    "FirstAccount",
    "Forwarder",
    "Heartbeat",
    "IdempotencyRecord",
    "ImportFailure",
    "ImportMapping",
    "ImportedCard",
    "Invitation",
    "LanguageModel",
    "Letter",
    "LetterBundle",
    "LetterRecipient",
    "Membership",
    "Notice",
    "NoticeReminder",
    "NotificationChannel",
    "PublishedYear",
    "Receipt",
    "ReceiptAltered",
    "Refund",
    "Reminder",
    "ReminderDelivery",
    "ReminderGroup",
    "Team",
    "TeamSender",
    "TimelineContent",
    "TimelineEntry",
    "UsedCode",
    "User",
    "Verification",
    "WaitingRound",
]
