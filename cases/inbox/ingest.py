"""Taking messages in (forwarded, pasted or imported): examined in memory, then stored or only counted.

Before anything is written, codes are dropped, and so is what is nobody's business here (个人信息保护法, art. 19: no
more than necessary): neither a carrier's, nor about a card of the team or a cancellation. What concerns an open case is
stored whatever it says, a code in it blacked out; so are the parts of a long SMS, until its rest is there. All else is
stored unchanged and read by a task.

Repeats are stored once: the same sender and text within REPEAT_WINDOW, because forwarders retry and two phones' clocks
differ by seconds. A lock on the team makes this hold for concurrent senders.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from cases import selectors
from cases.domain.forwarder_silence import add_arrival
from cases.domain.message_disposition import MessageStanding, is_dropped
from cases.domain.status import OPEN_STATUSES
from cases.formats.sms.one_time_codes import blacken_codes, contains_code
from cases.formats.sms.parts import parse_part
from cases.formats.sms.relevance import is_relevant, normalize_sender
from cases.formats.sms.types import CarrierIdentifiers, Sms
from cases.inbox.concern import ArrivedText, Concern, find_concerns, references_of
from cases.inbox.long_sms import blacken_part
from cases.models import CarrierMessage, Case, Forwarder, Team
from cases.models.choices import MessageSource

REPEAT_WINDOW = timedelta(minutes=5)
#: Parameters of one statement.
_CHUNK = 400


class IngestOutcome(StrEnum):
    """What happened to an SMS; the values that a forwarder counts are the names of its counters."""

    STORED = "kept"
    REPEATED = "repeated"
    CODE = "codes"
    UNRELATED = "strangers"


@dataclass(frozen=True)
class Incoming:
    """A message as it came; `late`: sent on long after it was received, so that a person must look.

    `receiver`: the number at which it arrived, where the forwarder tells it.
    """

    sms: Sms
    late: bool = False
    receiver: str = ""


@dataclass(frozen=True)
class MessageOrigin:
    """The way that messages came; `case` is the one that a person says they are about."""

    source: MessageSource
    forwarder: Forwarder | None = None
    case: Case | None = None


def ingest(
    team: Team,
    incoming: Sequence[Incoming],
    origin: MessageOrigin,
    now: datetime,
    *,
    on_stored: Callable[[], None],
) -> list[IngestOutcome]:
    """Store what is to be stored, and return what became of each message, in order.

    `on_stored` is called within the transaction when at least one was stored, to queue the task that reads them. Safe
    to repeat; all or nothing.
    """
    examined = _examine(team, incoming, origin)
    incoming, outcomes = [item for item, _ in examined], [outcome for _, outcome in examined]
    with transaction.atomic():
        # Whoever stores or counts for this team waits here; other work on the team's rows goes on.
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        stored = _store_new(team, incoming, outcomes, origin, now)
        if stored:
            on_stored()
        if origin.forwarder:
            _update_counters(origin.forwarder, outcomes, now)
    return outcomes


def count_refusal(forwarder: Forwarder, code: str, now: datetime) -> None:
    """Count what was refused at a forwarder's address; `code` is that of the error, stored as the last refusal."""
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=forwarder.team_id)
        forwarder.refresh_from_db(fields=["refused"])
        forwarder.refused += 1
        forwarder.last_refusal, forwarder.last_refusal_at = code, now
        forwarder.save(update_fields=["refused", "last_refusal", "last_refusal_at"])


def count_event(forwarder: Forwarder) -> None:
    """Count what a forwarder reports beside the SMS that it received, among what is discarded; no SMS has arrived."""
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=forwarder.team_id)
        Forwarder.objects.filter(pk=forwarder.pk).update(strangers=F("strangers") + 1)


def _examine(team: Team, incoming: Sequence[Incoming], origin: MessageOrigin) -> list[tuple[Incoming, IngestOutcome]]:
    """Each message as it may be stored, and what is to become of it, were it not there yet."""
    carriers = selectors.carrier_marks()
    texts = [ArrivedText(item.sms.text, item.receiver) for item in incoming]
    concerns = find_concerns(team, texts, origin.forwarder)
    return [_examine_one(team, *pair, origin, carriers) for pair in zip(incoming, concerns, strict=True)]


def _examine_one(
    team: Team, item: Incoming, concern: Concern, origin: MessageOrigin, carriers: Sequence[CarrierIdentifiers]
) -> tuple[Incoming, IngestOutcome]:
    sms, part = item.sms, parse_part(item.sms.text)
    is_code = contains_code(sms.text) or contains_code(sms.sender)
    standing = MessageStanding(
        is_agreed=False,
        is_whole=part is None,
        is_late=item.late,
        was_reported_done=False,
        concerns_open_case=bool(concern) or (origin.case is not None and origin.case.status in OPEN_STATUSES),
        speaks_of_cancellation=False,
        is_relevant=part is not None or concern.names_card or is_relevant(sms.sender, sms.text, carriers),
        is_part=part is not None,
        is_handed_in=origin.case is not None,
    )
    if is_dropped(standing, is_code=is_code):
        return item, IngestOutcome.CODE if is_code else IngestOutcome.UNRELATED
    if part is None and not is_code:
        return item, IngestOutcome.STORED
    keys = concern.keys | ({origin.case.pk} if origin.case else set())
    keep = references_of(selectors.cases_of(team).filter(pk__in=keys)) if keys else []
    text = blacken_part(team, sms, part, keep) if part else blacken_codes(sms.text, keep)
    return replace(item, sms=replace(sms, text=text, sender=blacken_codes(sms.sender))), IngestOutcome.STORED


def _store_new(
    team: Team,
    incoming: Sequence[Incoming],
    outcomes: list[IngestOutcome],
    origin: MessageOrigin,
    now: datetime,
) -> list[CarrierMessage]:
    """Store what is not stored yet; in `outcomes`, what is stored already becomes REPEATED."""
    indexes_to_store = [index for index, outcome in enumerate(outcomes) if outcome is IngestOutcome.STORED]
    nearby_digests = {digest for index in indexes_to_store for digest in _digests(incoming[index].sms)}
    received_at_by_digest = _stored_times(team, sorted(nearby_digests))
    new: list[CarrierMessage] = []
    for index in indexes_to_store:
        sms = incoming[index].sms
        before, current, after = _digests(sms)
        if any(
            digest in received_at_by_digest and abs(received_at_by_digest[digest] - sms.received_at) < REPEAT_WINDOW
            for digest in (before, current, after)
        ):
            outcomes[index] = IngestOutcome.REPEATED
            continue
        received_at_by_digest[current] = sms.received_at
        new.append(
            CarrierMessage(
                team=team,
                forwarder=origin.forwarder,
                source=origin.source,
                sender=sms.sender,
                receiver=normalize_sender(incoming[index].receiver)[:20],
                text=sms.text,
                received_at=sms.received_at,
                stored_at=now,
                digest=current,
                late=incoming[index].late,
                card=origin.case.card if origin.case else None,
                case=origin.case,
            )
        )
    return CarrierMessage.objects.bulk_create(new, batch_size=_CHUNK)


def _stored_times(team: Team, digests: Sequence[str]) -> dict[str, datetime]:
    """When the messages with these digests were received."""
    received_at_by_digest: dict[str, datetime] = {}
    for start in range(0, len(digests), _CHUNK):
        rows = CarrierMessage.objects.filter(team=team, digest__in=digests[start : start + _CHUNK])
        received_at_by_digest.update(rows.values_list("digest", "received_at"))
    return received_at_by_digest


def _digests(sms: Sms) -> tuple[str, str, str]:
    """The digest of a message in its REPEAT_WINDOW, between those that it would have in the windows beside.

    Two within one window are the same message, and so are two in neighbouring ones that are closer than that."""
    time_slot = int(sms.received_at.timestamp() // REPEAT_WINDOW.total_seconds())
    text = " ".join(unicodedata.normalize("NFC", sms.text).split())
    content = f"{normalize_sender(sms.sender)}\0{text}\0".encode()

    def digest_in_slot(number: int) -> str:
        return hashlib.sha256(content + str(number).encode()).hexdigest()

    return digest_in_slot(time_slot - 1), digest_in_slot(time_slot), digest_in_slot(time_slot + 1)


def _update_counters(forwarder: Forwarder, outcomes: Sequence[IngestOutcome], now: datetime) -> None:
    """Add the outcomes to the forwarder's counters and arrival times, under the lock on the team."""
    counts = Counter(outcomes)
    forwarder.refresh_from_db(fields=["arrivals", *IngestOutcome])
    for outcome in IngestOutcome:
        setattr(forwarder, outcome, getattr(forwarder, outcome) + counts[outcome])
    forwarder.arrivals = [moment.isoformat() for moment in add_arrival(forwarder.arrival_times(), now)]
    forwarder.last_seen_at = now
    forwarder.save(update_fields=["arrivals", "last_seen_at", *IngestOutcome])
