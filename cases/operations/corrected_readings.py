"""A recorded SMS that was read wrongly: its entry is voided and it is recorded again as what it says, in one step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.domain import corrections as rules
from cases.domain.corrections import EntryFixed
from cases.models import CarrierMessage, Case, User
from cases.operations.corrections import VoidEntry, is_recorded_in, load_records
from cases.operations.engine.perform import perform_one
from cases.operations.messages import RecordMessage
from cases.operations.replies import Reply


def recorded_message(case: Case, sequence: int) -> CarrierMessage:
    """The message that an entry of a case recorded; raises NoSuchEntry, AlreadyVoided, NotReplayed, and EntryFixed
    where the entry recorded none."""
    with transaction.atomic():  # `load_records` locks the messages
        record = load_records([case])[case.pk]
        entry = record.find(sequence)
        message = next((message for message in record.messages if is_recorded_in(message, entry.content or {})), None)
    if message is None:
        raise EntryFixed(**entry.names)
    return message


def correct_reading(
    case: Case,
    sequence: int,
    reply: Reply | None,
    *,
    words: str,
    by: User,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> Case:
    """Void the entry that recorded a message, because of `words`, and record the message as `reply`, or as evidence
    without one; both, or nothing. Returns the case as it stands then.

    Raises what `VoidEntry` and `RecordMessage` raise, and NothingAmended where the reply is the one recorded.
    """
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if submit_token and case.entries.filter(recorded_by=by, click=submit_token).exists():
            return case
        message = recorded_message(case, sequence)
        entry = load_records([case])[case.pk].find(sequence)
        if entry.kind == (reply.kind if reply else RecordMessage.kind) and _is_same(reply, entry.content or {}):
            raise rules.NothingAmended()
        void = VoidEntry(sequence, words)
        perform_one(void, case, by=by, now=now, expected_version=expected_version)
        message.refresh_from_db()
        return perform_one(RecordMessage(message, reply), case, by=by, now=now, submit_token=submit_token)


def _is_same(reply: Reply | None, content: object) -> bool:
    """Whether what a reply says is what the content of an entry of its kind says already."""
    assert isinstance(content, dict)
    if reply is None:
        return True
    parts = ("promised_on", "effective_on", "reason", "reference")
    return all(str(getattr(reply, part, None) or "") == str(content.get(part) or "") for part in parts)
