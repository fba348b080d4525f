"""What a carrier's SMS that names a refund proposes for its case. A person decides; nothing is recorded here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.message_meaning import Meaning
from cases.formats.sms.refund import RefundMention, RefundMentionKind, read_refund
from cases.formats.sms.types import Reading, Sms
from cases.models import CarrierMessage, Case, TimelineEntry
from cases.models.choices import AnswerWay, EntryKind
from cases.operations.actions.spec import Action, InputValue
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.refunds import cancelled_at, is_amount_unknown

_SETTLED = frozenset({EntryKind.REFUND_RECEIVED, EntryKind.REFUND_WRITTEN_OFF})
_REFUND_KINDS = _SETTLED | {EntryKind.REFUND_EXPECTED, EntryKind.REFUND_PROMISED}


@dataclass(frozen=True)
class RefundProposal:
    """An action that a message proposes by the refund that it names."""

    message: CarrierMessage
    mention: RefundMention
    action: Action

    @property
    def values(self) -> dict[str, InputValue]:
        """The values of the action's inputs that the message names; what it does not name is left out."""
        mention, received_at = self.mention, self.message.received_at
        values: dict[str, InputValue] = {}
        if self.action is Action.EXPECT_REFUND:
            values = {"way": mention.way, "account_ending": mention.account_ending, "due_on": mention.due_on}
            values["amount"] = mention.amount
        elif self.action is Action.PROMISE_REFUND:
            values = {"promised_on": mention.due_on, "way": AnswerWay.UNASKED.value, "happened_at": received_at}
        elif self.action is Action.RECEIVE_REFUND:
            values = {"amount": mention.amount, "day": local(received_at).date()}
        return {name: value for name, value in values.items() if value}


def refund_in(message: CarrierMessage, calendar: WorkingCalendar | None = None) -> RefundMention | None:
    """The refund that a message names, by what a person said it means, or else by its reading."""
    if message.decided_meaning:
        reading = Reading(Meaning(message.decided_meaning))
    elif message.meaning:
        reading = Reading.from_json(Meaning(message.meaning), message.reading)
    else:
        return None
    return read_refund(Sms(message.sender, message.text, message.received_at), reading, calendar)


def proposed_refund(
    messages: Iterable[CarrierMessage], case: Case, entries: Sequence[TimelineEntry], calendar: WorkingCalendar
) -> RefundProposal | None:
    """What the newest of a case's messages that still has something to propose proposes; None where none has.

    `entries`: the case's, with their contents, in order. What a person recorded about the refund since a message came
    counts before it: it proposes no more.
    """
    if cancelled_at(case) is None or case.erased_at:
        return None
    recorded = [entry for entry in effective_entries(entries) if entry.kind in _REFUND_KINDS]
    for message in sorted(messages, key=lambda message: (message.received_at, message.pk), reverse=True):
        mention = refund_in(message, calendar)
        since = {entry.kind for entry in recorded if entry.recorded_at >= message.received_at}
        action = mention and _proposed_action(mention, case, since, is_first=not recorded)
        if mention and action:
            return RefundProposal(message, mention, action)
    return None


def _proposed_action(mention: RefundMention, case: Case, since: Collection[str], *, is_first: bool) -> Action | None:
    """`since`: what was recorded of refunds since the message; `is_first`: nothing ever was."""
    is_open = case.refund_due_on is not None
    if mention.kind is RefundMentionKind.RECEIVED:
        if is_open:
            return None if _SETTLED.intersection(since) else Action.RECEIVE_REFUND
        # Money that came without having been expected: it is owed first, and then received.
        return Action.EXPECT_REFUND if is_first else None
    if since:
        return None
    if not is_open:
        return Action.EXPECT_REFUND
    if mention.amount is not None and is_amount_unknown(case):
        return Action.EXPECT_REFUND  # it takes the amount; a day that it names comes with it
    is_another_day = mention.due_on is not None and mention.due_on != case.refund_due_on
    return Action.PROMISE_REFUND if is_another_day else None
