"""Which verb an entry of the record was: every kind of entry, with what it does when the record is replayed."""

from collections.abc import Mapping
from dataclasses import replace

from cases.domain.json_values import JsonObject
from cases.models.choices import EntryKind
from cases.operations.batches import SubmitInBatch
from cases.operations.charges import CheckBill, RecordCharge, RecordRefund
from cases.operations.engine.verb import Verb
from cases.operations.erasure import Retain
from cases.operations.escalation import Appeal, AppealAnswered, AppealDecided, Complain, ComplaintAnswered
from cases.operations.follow_up import FollowUp, HandOver, MarkItem, Snooze
from cases.operations.refunds import ExpectRefund, PromiseRefund, ReceiveRefund, WriteOffRefund
from cases.operations.replies import REPLIES
from cases.operations.submission import CorrectSubmission, Recalculate, Submit, Withdraw
from cases.operations.take_over import TakeOver
from cases.operations.verification import Confirm, Reopen, Verify

VERBS: Mapping[str, type[Verb]] = {
    **REPLIES,
    **{
        str(verb.kind): verb
        for verb in (
            Submit, CorrectSubmission, Recalculate, Withdraw, FollowUp, MarkItem, Snooze, HandOver, Verify, Confirm,
            Reopen, Complain, ComplaintAnswered, Appeal, AppealDecided, AppealAnswered, RecordCharge, RecordRefund,
            CheckBill, ExpectRefund, PromiseRefund, ReceiveRefund, WriteOffRefund, Retain, TakeOver,
        )
    },
    EntryKind.RESUBMITTED: Submit,
    EntryKind.CHARGE_WRITTEN_OFF: RecordRefund,
}  # fmt: skip

#: Kinds that begin the state anew, from what they hold.
BEGINNINGS = frozenset({EntryKind.LOGGED, EntryKind.STATE, EntryKind.ERASED})
#: Kinds that change nothing of the state: what they add is a receipt, or concerns the card.
WITHOUT_EFFECT = frozenset(
    {EntryKind.RECEIPT, EntryKind.MESSAGE, EntryKind.LETTER, EntryKind.CARD_CHANGED, EntryKind.NUMBER_CORRECTED}
)
#: Kinds that change which entries count, or what they say.
CORRECTIONS = frozenset({EntryKind.VOIDED, EntryKind.AMENDED})


def recorded_verb(kind: str, content: JsonObject) -> Verb:
    """The verb of an entry, as it was recorded; KeyError, ValueError or TypeError where the content lacks something."""
    if kind == EntryKind.CONFIRMED and "finding" in content:
        return replace(Verify.from_content(content), confirm=True)
    if kind in (EntryKind.SUBMITTED, EntryKind.RESUBMITTED) and "batch" in content:
        return SubmitInBatch.from_content(content)
    return VERBS[kind].from_content(content)
