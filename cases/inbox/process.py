"""Stored messages read, and recorded, proposed or set aside.

Each message is read and acted on in one transaction of its own, under its lock: killed anywhere, it is either as new as
before or dealt with, and any number of workers may do this at once (they skip each other's; on SQLite they take turns).
"""

import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime
from math import inf
from time import monotonic

from django.db import OperationalError, transaction
from django.db.models import F

from cases import selectors
from cases.domain.deadlines import Basis
from cases.domain.errors import CaseError
from cases.domain.message_disposition import (
    Disposition,
    MessageStanding,
    disposition_of,
    ends_snooze,
    overwrites_entry,
)
from cases.domain.message_meaning import Meaning
from cases.domain.status import OPEN_STATUSES
from cases.formats.sms.one_time_codes import had_code, is_blackened
from cases.formats.sms.reader import matching_numbers, read_sms
from cases.formats.sms.relevance import is_relevant, may_speak_of_request
from cases.formats.sms.types import CarrierIdentifiers, Reading, Sms
from cases.inbox.concern import ArrivedText, Concern, find_concerns
from cases.inbox.long_sms import ready_message, unjoined_part
from cases.inbox.matching import Match, match_message
from cases.models import CarrierMessage, Case, Forwarder
from cases.models.choices import EntryKind, MessageState
from cases.operations import perform_one
from cases.operations.messages import (
    RecordMessage,
    propose_message,
    reply_from_message,
    set_message_aside,
)
from cases.operations.proposed_refunds import refund_in
from cases.operations.refunds import cancelled_at

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
    """Read one message and act on it; returns its state, or None when somebody else has it or it waits for its rest."""
    ready_id = ready_message(message_id, now)
    if ready_id is None:
        return None
    with transaction.atomic():
        unprocessed = CarrierMessage.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "team", "forwarder", "case__card"
        )
        message = unprocessed.filter(pk=ready_id, state=MessageState.NEW).first()
        if message is None:
            return None
        part = unjoined_part(message)
        text = part.body if part else message.text
        reading = read_sms(Sms(message.sender, text, message.received_at), marks)
        message.meaning, message.reading = reading.meaning, reading.to_json()
        return _apply_reading(message, reading, marks, now)


def _apply_reading(message: CarrierMessage, reading: Reading, marks: list[CarrierIdentifiers], now: datetime) -> str:
    concern = concern_of(message)
    case_match = _match_by_case_page(message, reading) or match_message(
        message.team, reading, message.received_at, concern
    )
    # Nobody changes the case until what is done here is done.
    case = _lock(case_match.case)
    standing = _standing(message, reading, marks, concern, replace(case_match, case=case))
    # The code of a long SMS is blacked out before it is known what the whole concerns.
    is_code = reading.meaning is Meaning.CODE or (message.parts.exists() and had_code(message.text) and not concern)
    disposition = disposition_of(Meaning.CODE if is_code else reading.meaning, standing)
    if disposition is Disposition.DROP:
        return _delete(message, is_code=is_code)
    message.card, message.case = case_match.card, None
    message.reading["suggested"] = [
        [suggestion.case.reference, suggestion.reason] for suggestion in case_match.suggestions
    ]
    message.save(update_fields=["meaning", "reading", "card", "case"])
    if disposition is Disposition.SET_ASIDE:
        return str(set_message_aside(message, by=None, now=now).state)
    if case is None:
        message.state = MessageState.UNMATCHED
        message.save(update_fields=["state"])
        return str(MessageState.UNMATCHED)
    if disposition is Disposition.RECORD:
        # The same reference in another writing leaves the one that is there as it is.
        reference = case.carrier_reference or reading.reference or ""
        reply = reply_from_message(message, _ENTRY_KINDS[reading.meaning], reference=reference)
        try:
            perform_one(RecordMessage(message, reply), case, by=None, now=now)
        except CaseError as error:
            # In preparation again, or another flaw: a person decides, and the page says why.
            log.info("message %s is proposed: %s", message.pk, error.code)
        else:
            return str(MessageState.RECORDED)
    is_move = ends_snooze(reading.meaning, standing)
    return str(propose_message(message, case, by=None, now=now, is_move=is_move).state)


def _standing(
    message: CarrierMessage, reading: Reading, marks: list[CarrierIdentifiers], concern: Concern, match: Match
) -> MessageStanding:
    case, is_part, is_joined = match.case, unjoined_part(message) is not None, message.parts.exists()
    is_black = is_blackened(message.text)
    # A code was blacked out because the message concerned an open case when it came; a part's in any case.
    was_concerned = is_black and not is_part and not (is_joined and had_code(message.text))
    return MessageStanding(
        is_agreed=reading.is_agreed,
        is_whole=reading.is_whole and not is_black,
        is_late=message.late,
        was_reported_done=case is not None and case.reported_done_at is not None,
        concerns_open_case=bool(concern) or was_concerned or (case is not None and case.state in OPEN_STATUSES),
        speaks_of_cancellation=reading.speaks_of_cancellation or may_speak_of_request(message.text),
        is_relevant=not (is_part or is_joined)
        or concern.names_card
        or is_relevant(message.sender, message.text, marks),
        is_part=is_part,
        is_handed_in=message.case_id is not None,
        names_refund=case is not None and cancelled_at(case) is not None and refund_in(message) is not None,
        fits_one_case=match.is_named and reading.carrier is not None,
        is_contradicted=case is not None
        and overwrites_entry(
            reading.meaning,
            read_reference=reading.reference or "",
            entered_reference=case.carrier_reference,
            rests_on_named_day=case.basis in (Basis.PROMISE, Basis.TAKES_EFFECT),
        ),
    )


def concern_of(message: CarrierMessage) -> Concern:
    """The open cases that a stored message concerns as they stand now."""
    (concern,) = find_concerns(message.team, [ArrivedText(message.text, message.receiver)], message.forwarder)
    return concern


def _lock(case: Case | None) -> Case | None:
    if case is None:
        return None
    return Case.objects.select_for_update(of=("self",)).select_related("card", "carrier", "team").get(pk=case.pk)


def _match_by_case_page(message: CarrierMessage, reading: Reading) -> Match | None:
    """The case on whose page somebody pasted the message, unless it names another card."""
    case = message.case
    if case is None or (reading.number and not matching_numbers(reading.number, [case.card.number])):
        return None
    return Match(case, case.card, is_named=True)


def _delete(message: CarrierMessage, *, is_code: bool) -> str:
    """Delete a message that turned out after it was stored to be one that is not; parts go with their whole."""
    if message.forwarder:
        counter = "codes" if is_code else "strangers"
        Forwarder.objects.filter(pk=message.forwarder.pk).update(**{counter: F(counter) + 1})
    message.delete()
    return "forgotten"


def current_match(message: CarrierMessage) -> Match:
    """Where a message that was read may belong as the cases stand now."""
    reading = Reading.from_json(Meaning(message.meaning or Meaning.AMBIGUOUS), message.reading)
    return match_message(message.team, reading, message.received_at, concern_of(message))
