"""What a phone sends on, a person pastes or a file brings: looked at in memory, and kept or only counted.

Before anything is written, codes are dropped, and so is whatever neither comes from a carrier nor names a card of the
team (个人信息保护法, art. 19: no more than necessary). What remains is stored as it came, unread; reading it is a job.

A message that comes again is stored once: the same sender and text within AGAIN_WITHIN is the same message, for
forwarders try again, and two phones' clocks differ by seconds. Each team's messages are taken one at a time, behind a
lock on the team, so that this holds whoever sends at once.
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
from django.db.models import Q

from cases import selectors
from cases.domain.forwarder_silence import add_arrival
from cases.formats.sms.reader import contains_code, matching_numbers
from cases.formats.sms.relevance import is_from_carrier, mentioned_numbers, normalize_sender
from cases.formats.sms.types import Sms
from cases.models import Card, CarrierMessage, Case, Forwarder, Team
from cases.models.choices import MessageSource

AGAIN_WITHIN = timedelta(minutes=5)
#: Parameters of one statement.
_CHUNK = 400


class Outcome(StrEnum):
    """What became of a message; the values of those that a forwarder counts are its counters."""

    KEPT = "kept"
    REPEATED = "repeated"
    CODE = "codes"
    STRANGER = "strangers"


@dataclass(frozen=True)
class Arrived:
    """A message as it came; `late`: sent on long after it was received, so that a person must look."""

    sms: Sms
    late: bool = False


def receive(
    team: Team,
    arrived: Sequence[Arrived],
    source: MessageSource,
    now: datetime,
    *,
    kept: Callable[[], None],
    forwarder: Forwarder | None = None,
    case: Case | None = None,
) -> list[Outcome]:
    """Keep what is to be kept, and say of each message, in order, what became of it.

    `kept` is called within the transaction when at least one message was stored: it asks for the job that reads them.
    `case` is the one that a person says they are about. Safe to repeat; all or nothing.
    """
    outcomes = _judged(team, [one.sms for one in arrived])
    with transaction.atomic():
        # Whoever stores or counts for this team waits here; other work on the team's rows goes on.
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        stored = _store(team, arrived, outcomes, source, now, forwarder, case)
        if stored:
            kept()
        if forwarder:
            _count(forwarder, outcomes, now)
    return outcomes


def refuse(forwarder: Forwarder, code: str, now: datetime) -> None:
    """Count what was refused at a forwarder's address; `code` is that of the error, kept as the last refusal."""
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=forwarder.team_id)
        forwarder.refresh_from_db(fields=["refused"])
        forwarder.refused += 1
        forwarder.last_refusal, forwarder.last_refusal_at = code, now
        forwarder.save(update_fields=["refused", "last_refusal", "last_refusal_at"])


def _judged(team: Team, messages: Sequence[Sms]) -> list[Outcome]:
    """What is to become of each, were it not there yet."""
    carriers = selectors.carrier_marks()
    named = [mentioned_numbers(sms.text) for sms in messages]
    cards = _cards(team, frozenset[str]().union(*named))
    outcomes = []
    for sms, forms in zip(messages, named, strict=True):
        if contains_code(sms.text):
            outcomes.append(Outcome.CODE)
        elif is_from_carrier(sms.sender, sms.text, carriers) or any(matching_numbers(form, cards) for form in forms):
            outcomes.append(Outcome.KEPT)
        else:
            outcomes.append(Outcome.STRANGER)
    return outcomes


def _cards(team: Team, forms: Iterable[str]) -> list[str]:
    """The team's numbers that any of these forms may be of: those that end like it."""
    ends = {re.split(r"\D", form)[-1][-4:] for form in forms}
    found: set[str] = set()
    tails = sorted(end for end in ends if len(end) == 4)
    wanted = [Q(tail__in=tails[i : i + _CHUNK]) for i in range(0, len(tails), _CHUNK)]
    wanted += [Q(number__endswith=end) for end in sorted(ends) if len(end) in (2, 3)]
    for these in wanted:
        found.update(Card.objects.filter(these, team=team).values_list("number", flat=True))
    return sorted(found)


def _store(
    team: Team,
    arrived: Sequence[Arrived],
    outcomes: list[Outcome],
    source: MessageSource,
    now: datetime,
    forwarder: Forwarder | None,
    case: Case | None,
) -> list[CarrierMessage]:
    """Store what is to be kept and is not there yet; in `outcomes`, what is there already becomes REPEATED."""
    wanted = [number for number, outcome in enumerate(outcomes) if outcome is Outcome.KEPT]
    near = {digest for number in wanted for digest in _digests(arrived[number].sms)}
    there = _there(team, sorted(near))
    new: list[CarrierMessage] = []
    for number in wanted:
        sms = arrived[number].sms
        before, own, after = _digests(sms)
        if any(
            digest in there and abs(there[digest] - sms.received_at) < AGAIN_WITHIN for digest in (before, own, after)
        ):
            outcomes[number] = Outcome.REPEATED
            continue
        there[own] = sms.received_at
        new.append(
            CarrierMessage(
                team=team,
                forwarder=forwarder,
                source=source,
                sender=sms.sender,
                text=sms.text,
                received_at=sms.received_at,
                stored_at=now,
                digest=own,
                late=arrived[number].late,
                card=case.card if case else None,
                case=case,
            )
        )
    return CarrierMessage.objects.bulk_create(new, batch_size=_CHUNK)


def _there(team: Team, digests: Sequence[str]) -> dict[str, datetime]:
    """When the messages with these digests were received."""
    found: dict[str, datetime] = {}
    for start in range(0, len(digests), _CHUNK):
        rows = CarrierMessage.objects.filter(team=team, digest__in=digests[start : start + _CHUNK])
        found.update(rows.values_list("digest", "received_at"))
    return found


def _digests(sms: Sms) -> tuple[str, str, str]:
    """The digest of a message in its stretch of AGAIN_WITHIN, between those that it would have in the stretches beside.

    Two within one stretch are the same message, and so are two in neighbouring ones that are closer than that."""
    stretch = int(sms.received_at.timestamp() // AGAIN_WITHIN.total_seconds())
    text = " ".join(unicodedata.normalize("NFC", sms.text).split())
    said = f"{normalize_sender(sms.sender)}\0{text}\0".encode()

    def digest(number: int) -> str:
        return hashlib.sha256(said + str(number).encode()).hexdigest()

    return digest(stretch - 1), digest(stretch), digest(stretch + 1)


def _count(forwarder: Forwarder, outcomes: Sequence[Outcome], now: datetime) -> None:
    """What came is counted at its phone, which has been heard of; behind the lock on the team."""
    counted = Counter(outcomes)
    forwarder.refresh_from_db(fields=["arrivals", *Outcome])
    for outcome in Outcome:
        setattr(forwarder, outcome, getattr(forwarder, outcome) + counted[outcome])
    forwarder.arrivals = [moment.isoformat() for moment in add_arrival(forwarder.arrival_times(), now)]
    forwarder.last_seen_at = now
    forwarder.save(update_fields=["arrivals", "last_seen_at", *Outcome])
