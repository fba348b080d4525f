"""The verbs: everything that changes a case.

`open_case` starts one, `attach_receipts` keeps receipts; all else is a verb (a small dataclass) run by `perform` over
many cases or by `perform_one` over one. Each is one transaction and one timeline entry for each case.
"""

from cases.operations.actions import (
    ACTIONS,
    ADMIN_ACTIONS,
    BULK_ACTIONS,
    Action,
    ActionSpec,
    allowed_actions,
    first_actions,
    possible_actions,
)
from cases.operations.card_changes import ChangeCard, CorrectNumber
from cases.operations.cards import CardFacts, correct_number, delete_card, register_card, update_card
from cases.operations.charges import CheckBill, NewCharge, RecordCharge, RecordRefund
from cases.operations.checklist import checklist_of
from cases.operations.engine.perform import VerbOutcome, perform, perform_one
from cases.operations.engine.verb import Verb
from cases.operations.escalation import Appeal, AppealAnswered, AppealDecided, Complain, ComplaintAnswered
from cases.operations.follow_up import FollowUp, HandOver, MarkItem
from cases.operations.letters import (
    FinalizeLetter,
    LetterEdit,
    delete_letter_draft,
    letter_draft,
    letter_finalized_by,
    may_write_letter,
    recipient_of,
    save_letter_draft,
)
from cases.operations.messages import RecordMessage, propose_message, set_message_aside
from cases.operations.open_cases import NewCase, open_case
from cases.operations.receipts import AttachReceipts, NewReceipt, ReceiptUpload, attach_receipts
from cases.operations.refunds import ExpectRefund, PromiseRefund, ReceiveRefund, WriteOffRefund
from cases.operations.replies import (
    REPLIES,
    Acknowledged,
    Promised,
    Reply,
    ReportedDone,
    Returned,
    TakesEffect,
    UnderReview,
    make_reply,
)
from cases.operations.submission import CorrectSubmission, Recalculate, Submit, Withdraw
from cases.operations.verification import Confirm, Reopen, Verify

__all__ = [
    "ACTIONS",
    "ADMIN_ACTIONS",
    "BULK_ACTIONS",
    "REPLIES",
    "Acknowledged",
    "Action",
    "ActionSpec",
    "Appeal",
    "AppealAnswered",
    "AppealDecided",
    "AttachReceipts",
    "CardFacts",
    "ChangeCard",
    "CheckBill",
    "Complain",
    "ComplaintAnswered",
    "Confirm",
    "CorrectNumber",
    "CorrectSubmission",
    "ExpectRefund",
    "FinalizeLetter",
    "FollowUp",
    "HandOver",
    "LetterEdit",
    "MarkItem",
    "NewCase",
    "NewCharge",
    "NewReceipt",
    "PromiseRefund",
    "Promised",
    "Recalculate",
    "ReceiptUpload",
    "ReceiveRefund",
    "RecordCharge",
    "RecordMessage",
    "RecordRefund",
    "Reopen",
    "Reply",
    "ReportedDone",
    "Returned",
    "Submit",
    "TakesEffect",
    "UnderReview",
    "Verb",
    "VerbOutcome",
    "Verify",
    "Withdraw",
    "WriteOffRefund",
    "allowed_actions",
    "attach_receipts",
    "checklist_of",
    "correct_number",
    "delete_card",
    "delete_letter_draft",
    "first_actions",
    "letter_draft",
    "letter_finalized_by",
    "make_reply",
    "may_write_letter",
    "open_case",
    "perform",
    "perform_one",
    "possible_actions",
    "propose_message",
    "recipient_of",
    "register_card",
    "save_letter_draft",
    "set_message_aside",
    "update_card",
]
