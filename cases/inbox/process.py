"""Stored messages read, and recorded, proposed or set aside.

Each message is read and acted on in one transaction of its own, under its lock: killed anywhere, it is either as new as
before or dealt with, and any number of workers may do this at once (they skip each other's; on SQLite they take turns).
"""

import logging
from collections import Counter
from datetime import datetime
from math import inf
from time import monotonic

from django.db import OperationalError, transaction
from django.db.models import F

from cases import selectors
from cases.domain.errors import CaseError
from cases.domain.message_disposition import Disposition, MessageStanding, disposition_of
from cases.domain.message_meaning import Meaning
from cases.formats.sms.reader import matching_numbers, read_sms
from cases.formats.sms.types import CarrierIdentifiers, Reading, Sms
from cases.inbox.matching import Match, match_message
from cases.models import CarrierMessage, Forwarder
from cases.models.choices import EntryKind, MessageState
from cases.operations import perform_one
from cases.operations.messages import (
    RecordMessage,
    propose_message,
    reply_from_message,
    set_message_aside,
)

log = logging.getLogger(__name__)

#: Messages looked up at once.
BATCH_SIZE = 500
_ENTRY_KINDS = {Meaning.REGISTERED: EntryKind.ACKNOWLEDGED, Meaning.UNDER_REVIEW: EntryKind.UNDER_REVIEW}


def process_stored(now: datetime, *, seconds: float = inf) -> Counter[str]:
    """Read every message stored until now (aware) that is not read yet; returns how many came to which state.

    After `seconds` no more are started. A message that cannot be read for a fault of ours waits for a person like one
    that fits no case; it never holds up the others.
    """
    outcome: Counter[str] = Counter()
    stop_at, attempted = monotonic() + seconds, set[int]()
    unread = selectors.unread_messages(now)
    while keys := list(unread.exclude(pk__in=attempted).values_list("pk", flat=True)[:BATCH_SIZE]):
        marks = selectors.carrier_marks()
        for pk in keys:
            if monotonic() > stop_at:
                return outcome
            attempted.add(pk)
            new_state = _process_safely(pk, marks, now)
            if new_state:
                outcome[new_state] += 1
    return outcome


def _process_safely(message_id: int, marks: list[CarrierIdentifiers], now: datetime) -> str | None:
    try:
        return process_message(message_id, marks, now)
    except OperationalError:
        log.warning("message %s: the database was busy; it stays new", message_id)
        return None
    except Exception:
        log.exception("message %s could not be read", message_id)
        fault = {"state": MessageState.UNMATCHED, "meaning": Meaning.AMBIGUOUS}
        CarrierMessage.objects.filter(pk=message_id, state=MessageState.NEW).update(**fault)
        return str(MessageState.UNMATCHED)


def process_message(message_id: int, marks: list[CarrierIdentifiers], now: datetime) -> str | None:
    """Read one message and act on it; returns its state, or None when somebody else has it."""
    with transaction.atomic():
        unprocessed = CarrierMessage.objects.select_for_update(skip_locked=True, of=("self",)).select_related("team")
        message = unprocessed.filter(pk=message_id, state=MessageState.NEW).first()
        if message is None:
            return None
        reading = read_sms(Sms(message.sender, message.text, message.received_at), marks)
        if reading.meaning is Meaning.CODE:
            return _delete_code(message)
        message.meaning, message.reading = reading.meaning, reading.to_json()
        return str(_apply_reading(message, reading, now))


def _apply_reading(message: CarrierMessage, reading: Reading, now: datetime) -> MessageState:
    case_match = _match_by_case_page(message, reading) or match_message(message.team, reading, message.received_at)
    message.card, message.case = case_match.card, None
    message.reading["suggested"] = [
        [suggestion.case.reference, suggestion.reason] for suggestion in case_match.suggestions
    ]
    message.save(update_fields=["meaning", "reading", "card", "case"])
    was_reported_done = case_match.case is not None and case_match.case.reported_done_at is not None
    standing = MessageStanding(
        is_agreed=True,
        is_whole=reading.is_whole,
        is_late=message.late,
        was_reported_done=was_reported_done,
        concerns_open_case=False,
        speaks_of_cancellation=reading.speaks_of_cancellation,
    )
    disposition = disposition_of(reading.meaning, standing)
    if disposition is Disposition.SET_ASIDE:
        return MessageState(set_message_aside(message, by=None, now=now).state)
    if case_match.case is None:
        message.state = MessageState.UNMATCHED
        message.save(update_fields=["state"])
        return MessageState.UNMATCHED
    if disposition is Disposition.RECORD:
        reply = reply_from_message(message, _ENTRY_KINDS[reading.meaning], reference=reading.reference or "")
        try:
            perform_one(RecordMessage(message, reply), case_match.case, by=None, now=now)
        except CaseError as error:
            # Closed meanwhile, or in preparation again: a person decides, and the page says why.
            log.info("message %s is proposed: %s", message.pk, error.code)
        else:
            return MessageState.RECORDED
    return MessageState(propose_message(message, case_match.case, by=None, now=now).state)


def _match_by_case_page(message: CarrierMessage, reading: Reading) -> Match | None:
    """The case on whose page somebody pasted the message, unless it names another card."""
    case = message.case
    if case is None or (reading.number and not matching_numbers(reading.number, [case.card.number])):
        return None
    return Match(case, case.card)


def _delete_code(message: CarrierMessage) -> str:
    """Delete a message that turned out to be a code after it was stored."""
    if message.forwarder:
        Forwarder.objects.filter(pk=message.forwarder.pk).update(codes=F("codes") + 1)
    message.delete()
    return "forgotten"


def current_match(message: CarrierMessage) -> Match:
    """Where a message that was read may belong as the cases stand now."""
    reading = Reading.from_json(Meaning(message.meaning or Meaning.AMBIGUOUS), message.reading)
    return match_message(message.team, reading, message.received_at)
