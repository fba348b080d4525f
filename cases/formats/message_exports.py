"""Files with messages that a phone's program exported, read row by row; what is in which file: `message_records`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.domain.errors import CaseError, gettext_noop
from cases.formats.forwarders.payloads import ForwardedMessage, parse_message
from cases.formats.forwarders.refusals import MessageRefused, TimestampInvalid
from cases.formats.forwarders.shapes import MOMENT_NAMES
from cases.formats.message_records import MAX_FILE_BYTES, MessageFileUnreadable, Record, message_records

__all__ = ["MAX_FILE_BYTES", "MessageFile", "MessageFileUnreadable", "MessageRow", "TooManyMessages"]

MAX_MESSAGES = 20_000
#: Columns that say whether the phone received or sent a message.
_DIRECTION_NAMES = ("type", "direction", "类型", "短信类型", "收发", "收发类型", "方向")
#: Android's boxes are numbers: 1 the inbox, the others what the phone sent or was about to.
_SENT = re.compile(
    r"[2-6]|.{0,2}(?:发送|发出|已发|发件|草稿|發送|寄出).{0,3}|sent|send|out|outbox|outgoing|submit|draft|queued|failed",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"\s*(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{2,4}\b")


class TooManyMessages(CaseError):
    code = "too_many_messages"
    message = gettext_noop("This file has more than %(most)s SMS. Split it and import the parts.")


@dataclass(frozen=True)
class MessageRow:
    """A message of a file, or why there is none in its place; the first has the number 1."""

    number: int
    message: ForwardedMessage | None
    error: MessageRefused | None = None


@dataclass(frozen=True)
class MessageFile:
    """The messages that the phone received, and how many it sent: those are no carrier's."""

    rows: list[MessageRow] = field(default_factory=list)
    sent: int = 0


def read_message_file(data: bytes) -> MessageFile:
    """The messages of a file, each with its moment; raises MessageFileUnreadable, MessageFileTooLarge or
    TooManyMessages.

    A message that is refused has its error in its row, and the others are read. Where one of its dates can only be read
    with the day first ('22/11/2026'), all of the file are.
    """
    received: list[tuple[int, Record]] = []
    number = 0
    for number, fields in enumerate(message_records(data), 1):
        if not _is_sent(fields):
            received.append((number, fields))
        if len(received) > MAX_MESSAGES:
            raise TooManyMessages(most=MAX_MESSAGES)
    if not number:
        raise MessageFileUnreadable
    is_day_first = _is_day_first(fields for _, fields in received)
    rows = [_message_row(row_number, fields, is_day_first=is_day_first) for row_number, fields in received]
    return MessageFile(rows, number - len(received))


def _is_sent(fields: Record) -> bool:
    values = (str(value) for name, value in fields.items() if name.strip().lower() in _DIRECTION_NAMES)
    return any(_SENT.fullmatch(value.strip()) for value in values)


def _is_day_first(records: Iterable[Record]) -> bool:
    return any(
        _DAY_FIRST.match(str(value))
        for fields in records
        for name, value in fields.items()
        if name.strip().lower() in MOMENT_NAMES
    )


def _message_row(number: int, fields: Record, *, is_day_first: bool) -> MessageRow:
    try:
        message = parse_message(fields, is_day_first=is_day_first)
    except MessageRefused as error:
        return MessageRow(number, None, error)
    return MessageRow(number, message) if message.received_at else MessageRow(number, None, TimestampInvalid())
