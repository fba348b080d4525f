"""A recorded SMS that was read wrongly: its entry is voided and it is recorded again as what it says, in one step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.domain import corrections as rules
from cases.domain.json_values import JsonObject
from cases.models import CarrierMessage, Case, User
from cases.operations.corrections import VoidEntry, is_recorded_in, load_records
from cases.operations.engine.perform import perform_one
from cases.operations.messages import RecordMessage
from cases.operations.replies import Reply


def recorded_message(case: Case, sequence: int) -> CarrierMessage:
    """The message that an entry of a case recorded; raises NoSuchEntry, AlreadyVoided, NotReplayed, and EntryFixed
    where the entry recorded none."""
    with transaction.atomic():  # the messages are locked while they are looked at
        return _find(case, sequence)[0]


def _find(case: Case, sequence: int) -> tuple[CarrierMessage, rules.CorrectableEntry]:
    record = load_records([case])[case.pk]
    entry = record.find(sequence)
    for message in record.messages:
        if is_recorded_in(message, entry.content or {}):
            return message, entry
    raise rules.EntryFixed(**entry.names)


@dataclass(frozen=True)
class ReadingCorrection:
    """The message that the entry with this number recorded says `reply`, or nothing of the case without one; `words`
    are the reason."""

    sequence: int
    reply: Reply | None
    words: str


def correct_reading(
    case: Case,
    correction: ReadingCorrection,
    *,
    by: User,
    now: datetime,
    submit_token: UUID | None = None,
    expected_version: int | None = None,
) -> Case:
    """Void an entry that recorded a message, and record the message again; both, or nothing.

    Returns the case as it stands then. Raises what `VoidEntry`, `RecordMessage` and `recorded_message` raise, and
    NothingAmended where that is recorded already.
    """
    sequence, reply = correction.sequence, correction.reply
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if submit_token and case.entries.filter(recorded_by=by, click=submit_token).exists():
            return case
        message, entry = _find(case, sequence)
        if entry.kind == (reply.kind if reply else RecordMessage.kind) and _is_same(reply, entry.content or {}):
            raise rules.NothingAmended()
        perform_one(VoidEntry(sequence, correction.words), case, by=by, now=now, expected_version=expected_version)
        message.refresh_from_db()
        return perform_one(RecordMessage(message, reply), case, by=by, now=now, submit_token=submit_token)


def _is_same(reply: Reply | None, content: JsonObject) -> bool:
    """Whether what a reply says is what the content of an entry of its kind says already."""
    if reply is None:
        return True
    parts = ("promised_on", "effective_on", "reason", "owed", "reference")
    return all(str(getattr(reply, part, None) or "") == str(content.get(part) or "") for part in parts)
