"""The verbs: everything that changes a case.

`log` starts one, `attach` keeps receipts; all else is a verb (a small dataclass) run by `perform` over many cases or by
`perform_one` over one. Each is one transaction and one timeline entry for each case.
"""

from cases.operations.allowed_actions import FOR_MANAGERS, Action, possible
from cases.operations.charges import CheckBill, NewCharge, NoteCharge, NoteRefund
from cases.operations.checklist import checklist_of
from cases.operations.engine.perform import Outcome, perform, perform_one
from cases.operations.engine.verb import Verb
from cases.operations.escalation import Appeal, AppealAnswered, AppealDecided, Complain, ComplaintAnswered
from cases.operations.follow_up import FollowUp, HandOver, MarkItem, Snooze
from cases.operations.letters import FinishLetter, draft_of, may_write, save_draft, throw_away
from cases.operations.messages import RecordMessage, propose, set_aside
from cases.operations.open_case import CardFacts, log, register_card, update_card
from cases.operations.replies import (
    REPLIES,
    Acknowledged,
    Promised,
    Reply,
    ReportedDone,
    Returned,
    UnderReview,
    reply,
)
from cases.operations.submission import CorrectSubmission, Recalculate, Submit, Withdraw
from cases.operations.verification import AttachReceipts, Confirm, NewReceipt, Reopen, Verify, attach

__all__ = [
    "FOR_MANAGERS",
    "REPLIES",
    "Acknowledged",
    "Action",
    "Appeal",
    "AppealAnswered",
    "AppealDecided",
    "AttachReceipts",
    "CardFacts",
    "CheckBill",
    "Complain",
    "ComplaintAnswered",
    "Confirm",
    "CorrectSubmission",
    "FinishLetter",
    "FollowUp",
    "HandOver",
    "MarkItem",
    "NewCharge",
    "NewReceipt",
    "NoteCharge",
    "NoteRefund",
    "Outcome",
    "Promised",
    "Recalculate",
    "RecordMessage",
    "Reopen",
    "Reply",
    "ReportedDone",
    "Returned",
    "Snooze",
    "Submit",
    "UnderReview",
    "Verb",
    "Verify",
    "Withdraw",
    "attach",
    "checklist_of",
    "draft_of",
    "log",
    "may_write",
    "perform",
    "perform_one",
    "possible",
    "propose",
    "register_card",
    "reply",
    "save_draft",
    "set_aside",
    "throw_away",
    "update_card",
]
