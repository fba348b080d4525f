"""Reading what was stored, and what becomes of it.

Each message is read and acted on in one transaction of its own, under its lock: killed anywhere, it is either as new as
before or dealt with, and any number of workers may do this at once (they skip each other's; on SQLite they take turns).
"""

import logging
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from math import inf
from time import monotonic
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F

from cases import selectors
from cases.domain.errors import CaseError
from cases.formats.sms.reader import matching_numbers, read_sms
from cases.formats.sms.types import CarrierIdentifiers, Meaning, Reading, Sms
from cases.inbox.matching import Match, match
from cases.models import CarrierMessage, Forwarder
from cases.models.choices import EntryKind, MessageState
from cases.operations import perform_one
from cases.operations.messages import Disposition, RecordMessage, disposition_of, propose_message, reply_from_message, set_message_aside

log = logging.getLogger(__name__)

#: Messages looked up at once.
BATCH = 500
_KINDS = {Meaning.REGISTERED: EntryKind.ACKNOWLEDGED, Meaning.UNDER_REVIEW: EntryKind.UNDER_REVIEW}


def read_stored(now: datetime, *, seconds: float = inf) -> Counter[str]:
    """Read every message stored until now (aware) that is not read yet; returns how many came to which state.

    After `seconds` no more are taken up. A message that cannot be read for a fault of ours waits for a person like one
    that fits no case; it never holds up the others.
    """
    outcome: Counter[str] = Counter()
    until, tried = monotonic() + seconds, set[int]()
    unread = selectors.unread_messages(now)
    while keys := list(unread.exclude(pk__in=tried).values_list("pk", flat=True)[:BATCH]):
        marks = selectors.carrier_marks()
        for pk in keys:
            if monotonic() > until:
                return outcome
            tried.add(pk)
            became = _file_or_keep(pk, marks, now)
            if became:
                outcome[became] += 1
    return outcome


def _file_or_keep(pk: int, marks: list[CarrierIdentifiers], now: datetime) -> str | None:
    try:
        return file(pk, marks, now)
    except OperationalError:
        log.warning("message %s: the database was busy; it stays new", pk)
        return None
    except Exception:
        log.exception("message %s could not be read", pk)
        fault = {"state": MessageState.UNMATCHED, "meaning": Meaning.AMBIGUOUS}
        CarrierMessage.objects.filter(pk=pk, state=MessageState.NEW).update(**fault)
        return str(MessageState.UNMATCHED)


def file(pk: int, marks: list[CarrierIdentifiers], now: datetime) -> str | None:
    """Read one message and act on it; returns its state, or None when somebody else has it."""
    with transaction.atomic():
        new = CarrierMessage.objects.select_for_update(skip_locked=True, of=("self",)).select_related("team")
        message = new.filter(pk=pk, state=MessageState.NEW).first()
        if message is None:
            return None
        reading = read_sms(Sms(message.sender, message.text, message.received_at), marks)
        if reading.meaning is Meaning.CODE:
            return _forget(message)
        message.meaning, message.reading = reading.meaning, _as_json(reading)
        return str(_act(message, reading, now))


def _act(message: CarrierMessage, reading: Reading, now: datetime) -> MessageState:
    found = _placed(message, reading) or match(message.team, reading, message.received_at)
    message.card, message.case = found.card, None
    message.reading["suggested"] = [[its.case.reference, its.why] for its in found.suggestions]
    message.save(update_fields=["meaning", "reading", "card", "case"])
    its_fate = disposition_of(reading.meaning, found.case, is_late=message.late)
    if its_fate is Disposition.SET_ASIDE:
        return MessageState(set_message_aside(message, by=None, now=now).state)
    if found.case is None:
        message.state = MessageState.UNMATCHED
        message.save(update_fields=["state"])
        return MessageState.UNMATCHED
    if its_fate is Disposition.RECORD:
        reply = reply_from_message(message, _KINDS[reading.meaning], reference=reading.reference or "")
        try:
            perform_one(RecordMessage(message, reply), found.case, by=None, now=now)
        except CaseError as error:
            # Closed meanwhile, or in preparation again: a person decides, and is told why.
            log.info("message %s is proposed: %s", message.pk, error.code)
        else:
            return MessageState.RECORDED
    return MessageState(propose_message(message, found.case, by=None, now=now).state)


def _placed(message: CarrierMessage, reading: Reading) -> Match | None:
    """The case on whose page somebody pasted the message, unless it names another card."""
    case = message.case
    if case is None or (reading.number and not matching_numbers(reading.number, [case.card.number])):
        return None
    return Match(case, case.card)


def _forget(message: CarrierMessage) -> str:
    """A code that was not known as one at the door: nothing of it stays."""
    if message.forwarder:
        Forwarder.objects.filter(pk=message.forwarder.pk).update(codes=F("codes") + 1)
    message.delete()
    return "forgotten"


def _as_json(reading: Reading) -> dict[str, Any]:
    """What was picked out, as it is stored with the message."""
    found = asdict(reading)
    return {
        "number": found["number"],
        "reference": found["reference"],
        "promised": reading.promised.isoformat() if reading.promised else None,
        "amount": f"{reading.amount:.2f}" if reading.amount is not None else None,
        "words": list(reading.words),
        "carrier": found["carrier"],
    }


def suggestions(message: CarrierMessage) -> Match:
    """Where a message that was read may belong as the cases stand now."""
    stored = message.reading
    promised, amount = stored.get("promised"), stored.get("amount")
    reading = Reading(
        Meaning(message.meaning or Meaning.AMBIGUOUS),
        stored.get("number"),
        stored.get("reference"),
        date.fromisoformat(promised) if promised else None,
        Decimal(amount) if amount else None,
        tuple(stored.get("words", ())),
        stored.get("carrier"),
    )
    return match(message.team, reading, message.received_at)
