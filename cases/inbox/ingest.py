"""Taking messages in (forwarded, pasted or imported): examined in memory, then stored or only counted.

Before anything is written, codes are dropped, and so is whatever neither comes from a carrier nor names a card of the
team (个人信息保护法, art. 19: no more than necessary). The rest is stored unchanged and read by a task.

Repeats are stored once: the same sender and text within REPEAT_WINDOW, because forwarders retry and two phones' clocks
differ by seconds. A lock on the team makes this hold for concurrent senders.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q

from cases import selectors
from cases.domain.forwarder_silence import add_arrival
from cases.formats.sms.reader import contains_code, matching_numbers
from cases.formats.sms.relevance import is_from_carrier, mentioned_numbers, normalize_sender
from cases.formats.sms.types import Sms
from cases.models import Card, CarrierMessage, Case, Forwarder, Team
from cases.models.choices import MessageSource

REPEAT_WINDOW = timedelta(minutes=5)
#: Parameters of one statement.
_CHUNK = 400
#: A sender that nothing names is taken for a line for bulk messages: its signature says whose message it is.
_UNNAMED_SENDER = "10690000"


class IngestOutcome(StrEnum):
    """What happened to an SMS; the values that a forwarder counts are the names of its counters."""

    STORED = "kept"
    REPEATED = "repeated"
    CODE = "codes"
    UNRELATED = "strangers"


@dataclass(frozen=True)
class Incoming:
    """A message as it came; `late`: sent on long after it was received, so that a person must look; `receiver`: the
    number at which it arrived as national digits, empty where nothing says so."""

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
    outcomes = _classify(team, [item.sms for item in incoming])
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


def _classify(team: Team, messages: Sequence[Sms]) -> list[IngestOutcome]:
    """What is to become of each, were it not there yet."""
    carriers = selectors.carrier_marks()
    numbers_by_message = [mentioned_numbers(sms.text) for sms in messages]
    card_numbers = _candidate_numbers(team, frozenset[str]().union(*numbers_by_message))
    outcomes = []
    for sms, forms in zip(messages, numbers_by_message, strict=True):
        if contains_code(sms.text):
            outcomes.append(IngestOutcome.CODE)
        elif is_from_carrier(sms.sender or _UNNAMED_SENDER, sms.text, carriers) or any(
            matching_numbers(form, card_numbers) for form in forms
        ):
            outcomes.append(IngestOutcome.STORED)
        else:
            outcomes.append(IngestOutcome.UNRELATED)
    return outcomes


def _candidate_numbers(team: Team, forms: Iterable[str]) -> list[str]:
    """The team's numbers that any of these forms may be of: those that end like it."""
    ends = {re.split(r"\D", form)[-1][-4:] for form in forms}
    numbers: set[str] = set()
    tails = sorted(end for end in ends if len(end) == 4)
    conditions = [Q(tail__in=tails[i : i + _CHUNK]) for i in range(0, len(tails), _CHUNK)]
    conditions += [Q(number__endswith=end) for end in sorted(ends) if len(end) in (2, 3)]
    for condition in conditions:
        numbers.update(Card.objects.filter(condition, team=team).values_list("number", flat=True))
    return sorted(numbers)


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
                receiver=incoming[index].receiver,
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
