"""The parts of one long SMS put together, and their codes blacked out where a code is cut by the end of a part.

Parts of the same sender, at the same phone, of the same number of parts and received within PARTS_WINDOW of each other
are one message. Its first part's row gets the whole text and is read; the others are marked as its parts. Joining is
one transaction under the locks of all parts: killed anywhere, they are all as before or all joined.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cases.domain.message_disposition import PARTS_WINDOW
from cases.formats.sms.one_time_codes import BLACK, blacken_codes, contains_code
from cases.formats.sms.parts import SmsPart, parse_part
from cases.formats.sms.relevance import normalize_sender
from cases.formats.sms.types import Sms
from cases.inbox.concern import ArrivedText, find_concerns, references_of
from cases.models import CarrierMessage, Team
from cases.models.choices import MessageState
from cases.selectors import cases_of

#: Where one index came twice within the window, it may still be clear which parts are closest.
_CLOSENESS = (PARTS_WINDOW, timedelta(minutes=1), timedelta(seconds=10))
#: How far from the end of a part a code can begin that goes on in the next.
_REACH = 20
#: What may have stood at the end of a part that is not here yet, or at the beginning of the next.
_BEFORE = ("您的验证码为", "您的验证", "您的验")
_AFTER = ("是您的验证码", "为您的验证码")
#: The end of a part at which a card's number may be cut off; a code seldom begins so.
_CUT_NUMBER = re.compile(r"(?<![0-9])1[3-9][0-9]{1,8}\s*\Z")


@dataclass(frozen=True)
class _StoredPart:
    message: CarrierMessage
    part: SmsPart


def ready_message(pk: int, now: datetime) -> int | None:
    """The key of the message to read now for this one: itself, or the first part of the long SMS that it completes.

    None while it waits for the rest, at most PARTS_WINDOW after it was stored, or was joined by somebody else.
    """
    message = CarrierMessage.objects.filter(pk=pk, state=MessageState.NEW).first()
    if message is None:
        return None
    part = unjoined_part(message)
    if part is None:
        return message.pk
    first = _join(message, part)
    if first is not None:
        return first
    return message.pk if now - message.stored_at >= PARTS_WINDOW else None


def unjoined_part(message: CarrierMessage) -> SmsPart | None:
    """The part that a message is by its text; None for a whole one and for one to which the others were joined."""
    part = parse_part(message.text)
    return None if part is None or message.parts.exists() else part


def blacken_part(team: Team, sms: Sms, part: SmsPart, keep: Collection[str]) -> str:
    """The text of a part without its codes, and without what may be one by what stands in the parts beside it."""
    own = blacken_codes(sms.text, keep)
    body = sms.text[part.start : part.end]
    stored = {it.part.index: it.part.body for it in _new_parts(team, sms.sender, sms.received_at, part.total)}
    black = {place for place, char in enumerate(own) if char == BLACK}
    if part.index > 1:
        for before in _contexts(stored.get(part.index - 1), _BEFORE):
            joined = blacken_codes(before + body, keep)[len(before) :]
            black |= {part.start + place for place, char in enumerate(joined[:_REACH]) if char == BLACK}
    if part.index < part.total and not (part.index + 1 not in stored and _CUT_NUMBER.search(body)):
        for after in _contexts(stored.get(part.index + 1), _AFTER):
            joined = blacken_codes(body + after, keep)[: len(body)]
            tail = max(0, len(body) - _REACH)
            black |= {part.start + tail + place for place, char in enumerate(joined[tail:]) if char == BLACK}
    return "".join(BLACK if place in black else char for place, char in enumerate(sms.text))


def _contexts(stored: str | None, likely: tuple[str, ...]) -> tuple[str, ...]:
    """What stands beside a part: what is stored there, else what would make a code of it."""
    return likely if stored is None else (stored,)


def _join(message: CarrierMessage, part: SmsPart) -> int | None:
    """Join all parts of the SMS of which this is one; the key of the first, or None when they are not all there."""
    with transaction.atomic():
        group = _complete_group(message, part)
        # In the order of their keys, so that two workers never wait for each other.
        keys = sorted(it.message.pk for it in group)
        locked = CarrierMessage.objects.select_for_update(of=("self",)).filter(pk__in=keys, state=MessageState.NEW)
        if not keys or [row.pk for row in locked.order_by("pk")] != keys:
            return None
        bodies = {it.part.index: it.part.body for it in group}
        whole = "".join(bodies[index] for index in sorted(bodies))
        text = _without_codes(message, whole)
        first = group[0].message
        first.text, first.late = text, any(it.message.late for it in group)
        first.save(update_fields=["text", "late"])
        for it in group[1:]:
            row = it.message
            if text != whole:
                start = sum(len(body) for index, body in bodies.items() if index < it.part.index)
                row.text = text[start : start + len(it.part.body)]
            row.state, row.part_of = MessageState.PART, first
            row.save(update_fields=["text", "state", "part_of"])
        return first.pk


def _without_codes(message: CarrierMessage, text: str) -> str:
    """The text of a whole SMS as it may be kept."""
    if not contains_code(text):
        return text
    (concern,) = find_concerns(message.team, [ArrivedText(text, message.receiver)], message.forwarder)
    return blacken_codes(text, references_of(cases_of(message.team).filter(pk__in=concern.keys)))


def _complete_group(message: CarrierMessage, part: SmsPart) -> list[_StoredPart]:
    """The parts by their numbers, the first of each that was sent twice in the same words before the others.

    Empty when one is missing, or when two differ and it is not clear which are of one SMS.
    """
    others = (
        it
        for it in _new_parts(message.team, message.sender, message.received_at, part.total)
        if it.message.pk != message.pk and _same_origin(it.message, message)
    )
    parts = sorted(
        [_StoredPart(message, part), *others],
        key=lambda it: (it.part.index, it.message.received_at, it.message.pk),
    )
    for closeness in _CLOSENESS:
        near = [it for it in parts if abs(it.message.received_at - message.received_at) < closeness]
        bodies: dict[int, set[str]] = {}
        for it in near:
            bodies.setdefault(it.part.index, set()).add(it.part.body)
        moments = [it.message.received_at for it in near]
        if (
            len(bodies) == part.total
            and all(len(same) == 1 for same in bodies.values())
            and max(moments) - min(moments) < PARTS_WINDOW
        ):
            return near
    return []


def _same_origin(one: CarrierMessage, other: CarrierMessage) -> bool:
    return (one.forwarder_id, one.receiver, one.case_id) == (other.forwarder_id, other.receiver, other.case_id)


def _new_parts(team: Team, sender: str, received_at: datetime, total: int) -> Iterator[_StoredPart]:
    """The parts that wait, of this sender, this number of parts and about this time, oldest first."""
    rows = CarrierMessage.objects.filter(
        team=team,
        state=MessageState.NEW,
        received_at__gt=received_at - PARTS_WINDOW,
        received_at__lt=received_at + PARTS_WINDOW,
    ).select_related("team", "forwarder")
    for row in rows.order_by("received_at", "pk"):
        part = parse_part(row.text)
        if part and part.total == total and normalize_sender(row.sender) == normalize_sender(sender):
            yield _StoredPart(row, part)
