"""A request to a phone's address: whether it may send, and what becomes of its message."""

from datetime import datetime

from cases import queue
from cases.domain.message_disposition import resolve_received_at
from cases.formats.forwarders.payloads import parse_message
from cases.formats.forwarders.shapes import is_other_event
from cases.formats.forwarders.signatures import Delivery, check_signature
from cases.formats.sms.types import Sms
from cases.inbox.errors import ForwarderDisabled, SigningKeyMissing
from cases.inbox.ingest import Incoming, IngestOutcome, MessageOrigin, count_event, ingest
from cases.models import Forwarder
from cases.models.choices import MessageSource
from cases.models.encryption import SecretUnreadable
from cases.operations.forwarders import secrets_of


def receive(forwarder: Forwarder, delivery: Delivery, *, arrived_at: datetime, now: datetime) -> IngestOutcome:
    """Take the message of a request in, and queue its reading.

    `arrived_at` is when the request came, by which signature and moment are judged; `now` when it is stored (both
    aware). A moment that cannot be read keeps the message, as received when it came and late. Raises MessageRefused.
    """
    if not forwarder.is_on:
        raise ForwarderDisabled
    try:
        address, key = secrets_of(forwarder)
    except SecretUnreadable:
        raise SigningKeyMissing from None
    if key:
        check_signature(key, delivery, address=address, now=arrived_at)
    if is_other_event(delivery.fields):
        count_event(forwarder)
        return IngestOutcome.UNRELATED
    message = parse_message(delivery.fields)
    received_at, is_late = resolve_received_at(message.received_at, arrived_at)
    sms = Sms(message.sender, message.text, received_at)
    (outcome,) = ingest(
        forwarder.team,
        [Incoming(sms, is_late or message.is_moment_unknown, message.receiver)],
        MessageOrigin(MessageSource.FORWARDER, forwarder=forwarder),
        now,
        on_stored=queue.enqueue_message_processing,
    )
    return outcome
