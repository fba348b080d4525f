"""A carrier's message recorded on a case, proposed for one, or set aside.

A case knows since when a proposed message waits (`Case.message_at`), as its reminders depend on it; whatever changes
that here does so under the lock of the case and sets the next reminder. Cases are locked before messages.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple, TypedDict

from django.db import transaction

from cases.domain.business_days import local, local_iso
from cases.domain.errors import CaseError, MessageAlreadyHandled, MessageTooOld, WrongState
from cases.domain.message_decisions import Decision, RecordedReply, decide
from cases.domain.message_meaning import Meaning
from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import CarrierMessage, Case, Receipt, User
from cases.models.choices import EntryKind, MessageState, ReceiptKind, ReturnReason
from cases.models.receipt_store import receipt_store
from cases.operations.engine.verb import Verb, Work
from cases.operations.next_reminder import end_snooze, schedule_next_reminder
from cases.operations.receipts import NewReceipt, receipt_entry
from cases.operations.replies import Reply, make_reply
from cases.operations.voided_receipts import standing_hashes
from cases.selectors import working_calendar

_INSTANT = timedelta(microseconds=1)
#: Words of refusal (facts.md) and what the carrier wants; the first that stands in the text counts.
_RETURN_REASON_WORDS = {
    ReturnReason.ARREARS: ("欠费", "欠款", "未结清", "缴清", "结清"),
    ReturnReason.SPECIAL: ("靓号", "吉祥号", "主副卡", "副卡", "主卡"),
    ReturnReason.CONTRACT: ("合约", "协议", "套餐未到期", "融合", "捆绑", "违约金"),
    ReturnReason.HOME: ("归属地", "归属省", "号码归属", "入网地"),
    ReturnReason.PAPERS: ("材料", "附件", "证件", "证明", "资料", "照片"),
}


class ReplyFields(TypedDict):
    """A reply as forms and programs fill it in; `kind` is a key of REPLIES, or empty."""

    kind: str
    promised_on: date | None
    effective_on: date | None
    reason: str
    reference: str


def proposed_reply(message: CarrierMessage, read_as: str = "") -> ReplyFields:
    """What a message says, as the reply to propose; `kind` is empty when a person must decide.

    `read_as`: its meaning, unless it is the stored one, or a language model's where that one is ambiguous. Cancelled
    for a trial time can be revoked, so it is not 'done' (docs/decisions/0020): it takes effect later.
    """
    meaning, named_day = read_as or _proposed_meaning(message), message.reading.get("promised")
    day = date.fromisoformat(named_day) if named_day else None
    kinds: dict[str, EntryKind] = {
        Meaning.REGISTERED: EntryKind.ACKNOWLEDGED,
        Meaning.UNDER_REVIEW: EntryKind.UNDER_REVIEW,
        Meaning.PROMISED: EntryKind.PROMISED,
        Meaning.PRECANCELLED: EntryKind.TAKES_EFFECT,
        Meaning.MORE_PAPERS: EntryKind.RETURNED,
        Meaning.REFUSED: EntryKind.RETURNED,
        Meaning.DONE: EntryKind.REPORTED_DONE,
    }
    kind = kinds.get(meaning)
    reason = ReturnReason.PAPERS if meaning == Meaning.MORE_PAPERS else _return_reason(message.text)
    return {
        "kind": str(kind or ""),
        "promised_on": None if kind is EntryKind.TAKES_EFFECT else day,
        "effective_on": day if kind is EntryKind.TAKES_EFFECT else None,
        "reason": str(reason) if kind is EntryKind.RETURNED else "",
        "reference": message.reading.get("reference") or "",
    }


def _proposed_meaning(message: CarrierMessage) -> str:
    third_reading = message.reading.get("language_model")
    return third_reading["meaning"] if third_reading and message.meaning == Meaning.AMBIGUOUS else message.meaning


def _decision(message: CarrierMessage, reply: Reply | None, *, could_reply: bool) -> dict[str, str]:
    """What a person who records a message so decided about its reading, as its columns."""
    proposed = proposed_reply(message, message.meaning) if message.meaning else None
    decision, meaning = decide(
        Meaning(message.meaning) if message.meaning else None,
        RecordedReply(proposed["kind"], proposed["reason"]) if proposed else RecordedReply(""),
        RecordedReply(str(reply.kind), str(getattr(reply, "reason", ""))) if reply else RecordedReply(""),
        could_reply=could_reply,
    )
    return {"decision": decision or "", "decided_meaning": meaning or ""}


#: Of a message about whose reading nobody has decided, or no longer.
UNDECIDED = {"decision": "", "decided_meaning": ""}


def _return_reason(text: str) -> ReturnReason:
    return next(
        (reason for reason, words in _RETURN_REASON_WORDS.items() if any(w in text for w in words)), ReturnReason.OTHER
    )


def reply_from_message(message: CarrierMessage, kind: str, **fields: object) -> Reply:
    """The reply of this kind that a message is: its words, its moment."""
    return make_reply(kind, **fields, at=message.received_at, words=message.text)


def reply_error(message: CarrierMessage, case: Case) -> CaseError | None:
    """Why a message cannot be a reply of this case as it stands now; None when it can. As evidence it always fits."""
    if case.state not in STATUSES_WITH_CARRIER:
        return WrongState(from_status=case.state)
    if case.submitted_at and message.received_at < case.submitted_at:
        return MessageTooOld(submitted_at=local(case.submitted_at))
    return None


@dataclass
class _MessageContext:
    message: CarrierMessage
    #: Whether the text is among the case's receipts already, and whether it has a row there (as a voided one has).
    has_receipt: bool
    has_row: bool
    #: The first message that waits on the case, with this one and without it.
    before: "WaitingMessage | None"
    after: "WaitingMessage | None"
    receipt: NewReceipt | None = None
    #: What its recording decides about its reading, where a person does it.
    decision: Mapping[str, str] = field(default_factory=lambda: UNDECIDED)


@dataclass(frozen=True)
class RecordMessage(Verb):
    """A message goes on the record of a case: its text becomes a receipt and, with `reply`, the carrier's answer.

    Without one it is stored as evidence and changes nothing else, which is possible in every status. One transaction,
    one entry, the message's own state with it; a message is recorded once (MessageAlreadyHandled).

    Recorded by itself it ends the case's snooze, as one does that waits: the carrier has moved, and nobody has seen it.
    """

    message: CarrierMessage
    reply: Reply | None = None
    kind: ClassVar[EntryKind] = EntryKind.MESSAGE

    def load(self, cases: Sequence[Case]) -> Mapping[int, _MessageContext]:
        message = CarrierMessage.objects.select_for_update(of=("self",)).get(pk=self.message.pk)
        receipt = _text_receipt(message)
        cases_with_row = set(
            Receipt.objects.filter(case__in=cases, sha256=receipt.sha256).values_list("case_id", flat=True)
        )
        standing = standing_hashes(cases) if cases_with_row else {}
        return {
            case.pk: _MessageContext(
                message,
                receipt.sha256 in standing.get(case.pk, ()),
                case.pk in cases_with_row,
                _first_waiting(case),
                _first_waiting(case, except_for=message),
                receipt,
            )
            for case in cases
        }

    def apply(self, work: Work) -> None:
        loaded: _MessageContext = work.loaded
        message, case = loaded.message, work.case
        belongs_to_case = message.team_id == case.team_id and message.case_id in (None, case.pk)
        if message.state == MessageState.RECORDED or not belongs_to_case:
            raise MessageAlreadyHandled()
        if work.by:
            could_reply = reply_error(message, case) is None
            loaded.decision = _decision(message, self.reply, could_reply=could_reply)
        else:
            end_snooze(case)
        if self.reply:
            error = reply_error(message, case)
            if error:
                raise error
            self.reply.apply(work)
            work.kind = self.reply.kind
        else:
            work.content |= {"at": local_iso(message.received_at), "words": message.text}
        work.content["sender"] = message.sender
        if loaded.receipt and not loaded.has_receipt:
            work.content["receipts"] = [receipt_entry(loaded.receipt)]
        case.message_at = waiting_from(case, loaded.before, loaded.after, work.now)

    def write(self, works: Sequence[Work]) -> None:
        for work in works:
            loaded: _MessageContext = work.loaded
            if loaded.receipt and not loaded.has_row:
                receipt = {**vars(loaded.receipt), "added_at": work.now, "added_by": work.by}
                Receipt.objects.create(case=work.case, **receipt)
            CarrierMessage.objects.filter(pk=loaded.message.pk).update(
                state=MessageState.RECORDED,
                case=work.case,
                card=work.case.card,
                handled_at=work.now,
                handled_by=work.by,
                **loaded.decision,
            )


def _text_receipt(message: CarrierMessage) -> NewReceipt:
    """The text of a message, stored as a file; it is plain text whatever its bytes look like."""
    data = message.text.encode("utf-8", "replace")
    name = f"{message.sender} {local(message.received_at):%Y-%m-%d %H%M}.txt".strip()
    return NewReceipt(ReceiptKind.SMS, name, "text/plain", len(data), receipt_store.write(message.team_id, data))


def propose_message(
    message: CarrierMessage, case: Case, *, by: User | None, now: datetime, is_move: bool = True
) -> CarrierMessage:
    """Let a message wait on a case for a person's decision; it waits there and nowhere else.

    With `is_move` the carrier has moved, which ends the case's snooze (`ends_snooze` in the domain). Raises
    MessageAlreadyHandled when it is on a record already.
    """
    with transaction.atomic():
        cases = _lock_cases({case.pk, message.case_id})
        current = CarrierMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if (
            current.state == MessageState.RECORDED
            or current.case_id not in (None, *cases)
            or current.team_id != case.team_id
        ):
            raise MessageAlreadyHandled()
        waiting_before = {key: _first_waiting(locked_case) for key, locked_case in cases.items()}
        current.state, current.case_id, current.card_id = MessageState.PROPOSED, case.pk, case.card_id
        current.handled_at = current.handled_by = None
        current.decision = current.decided_meaning = ""
        current.save(update_fields=["state", "case", "card", "handled_at", "handled_by", "decision", "decided_meaning"])
        if is_move:
            end_snooze(cases[case.pk])
        for key, locked_case in cases.items():
            _update_waiting(locked_case, waiting_before[key], by=by, now=now)
    return current


def set_message_aside(message: CarrierMessage, *, by: User | None, now: datetime) -> CarrierMessage:
    """Close a message without a case; it stays on the list of messages. Raises MessageAlreadyHandled."""
    with transaction.atomic():
        cases = _lock_cases({message.case_id})
        current = CarrierMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if current.state == MessageState.RECORDED or current.case_id not in (None, *cases):
            raise MessageAlreadyHandled()
        waiting_before = {key: _first_waiting(locked_case) for key, locked_case in cases.items()}
        current.state, current.handled_at, current.handled_by = MessageState.SET_ASIDE, now, by
        current.decision, current.decided_meaning = Decision.SET_ASIDE if by else "", ""
        current.save(update_fields=["state", "handled_at", "handled_by", "decision", "decided_meaning"])
        for key, locked_case in cases.items():
            _update_waiting(locked_case, waiting_before[key], by=by, now=now)
    return current


def _lock_cases(keys: Collection[int | None]) -> dict[int, Case]:
    """These cases, locked in the order of their keys."""
    locked_cases = Case.objects.select_for_update(of=("self",)).select_related("handler").order_by("pk")
    return {case.pk: case for case in locked_cases.filter(pk__in=[key for key in keys if key])}


def _update_waiting(case: Case, before: "WaitingMessage | None", *, by: User | None, now: datetime) -> None:
    """Since when a message waits on a locked case (the first before this change: `before`), and its next reminder."""
    case.message_at = waiting_from(case, before, _first_waiting(case), now)
    escalations = list(case.escalations.order_by("id"))
    schedule_next_reminder(case, escalations, working_calendar(), seen_at=now if by else None)
    case.save(update_fields=["message_at", "next_reminder_at", "snoozed_at", "snoozed_until"])


class WaitingMessage(NamedTuple):
    """A message that waits on a case. Several may be stored at one moment: the key tells them apart."""

    stored_at: datetime
    pk: int


def waiting_from(
    case: Case, before: WaitingMessage | None, after: WaitingMessage | None, now: datetime
) -> datetime | None:
    """From when on a case says that a message waits: from now on where another one has become the first."""
    if after is None:
        return None
    if case.message_at and before and after <= before:
        return case.message_at
    # The sweep does not return to moments that it has passed.
    return max(now, case.reminded_until + _INSTANT) if case.reminded_until else now


def first_waiting(
    messages: Iterable[CarrierMessage], *, also: Collection[CarrierMessage] = ()
) -> WaitingMessage | None:
    """The first of a case's messages that waits, of those given and `also`; None where none does."""
    waiting = [m for m in messages if m.state == MessageState.PROPOSED or m in also]
    return min((WaitingMessage(message.stored_at, message.pk) for message in waiting), default=None)


def _first_waiting(case: Case, *, except_for: CarrierMessage | None = None) -> WaitingMessage | None:
    waiting = CarrierMessage.objects.filter(case=case, state=MessageState.PROPOSED)
    if except_for:
        waiting = waiting.exclude(pk=except_for.pk)
    first = waiting.order_by("stored_at", "pk").values_list("stored_at", "pk").first()
    return WaitingMessage(*first) if first else None
