"""Files with messages that a phone's program exported: CSV, a JSON list, or the XML of 'SMS Backup & Restore'."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.text_encoding import decode, encodings_of
from cases.formats.forwarder_payloads import ForwardedMessage, MessageRefused, TimestampInvalid, parse_message

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_MESSAGES = 20_000

# What columns are called, in small letters -> the field of `parse_message`.
_COLUMNS = {
    **dict.fromkeys(["from", "sender", "address", "phone", "number"], "from"),
    **dict.fromkeys(["发件人", "发送方", "发送者", "来源", "号码", "手机号", "手机号码", "电话", "对方号码"], "from"),
    **dict.fromkeys(["org_content", "text", "content", "message", "body", "msg"], "content"),
    **dict.fromkeys(["内容", "短信内容", "正文", "原文", "信息内容", "短信"], "content"),
    **dict.fromkeys(["received_at", "receivedstamp", "timestamp", "receive_time", "date", "time"], "received_at"),
    **dict.fromkeys(["时间", "接收时间", "收到时间", "日期", "短信时间"], "received_at"),
}
# Older versions wrote a character outside the first plane as two references, of which neither is a character.
_SURROGATE_PAIR = re.compile(r"&#(5[5-7]\d{3});&#(5[5-7]\d{3});")


class MessageFileUnreadable(CaseError):
    code = "file_not_understood"
    message = gettext_noop(
        "This file format is not supported. Use CSV with a header row (sender, text, received_at), a JSON list of SMS, "
        "or an SMS Backup & Restore XML file."
    )


class TooManyMessages(CaseError):
    code = "too_many_messages"
    message = gettext_noop("This file has more than %(most)s SMS. Split it and import the parts.")


@dataclass(frozen=True)
class MessageRow:
    """A message of a file, or why there is none in its place; the first has the number 1."""

    number: int
    message: ForwardedMessage | None
    error: MessageRefused | None = None


def read_message_file(data: bytes) -> list[MessageRow]:
    """The messages of a file, each with its moment; raises MessageFileUnreadable or TooManyMessages.

    Text is UTF-8 or GB18030. Of a backup only what the phone received counts. A message that is refused has its
    error in its row, and the others are read.
    """
    text = _decode(data)
    rows: list[MessageRow] = []
    for number, fields in enumerate(_records(text), 1):
        if number > MAX_MESSAGES:
            raise TooManyMessages(most=MAX_MESSAGES)
        rows.append(_message_row(number, fields))
    if not rows:
        raise MessageFileUnreadable
    return rows


def _message_row(number: int, fields: Mapping[str, object]) -> MessageRow:
    try:
        message = parse_message(fields)
        return (
            MessageRow(number, None, TimestampInvalid()) if message.received_at is None else MessageRow(number, message)
        )
    except MessageRefused as error:
        return MessageRow(number, None, error)


def _decode(data: bytes) -> str:
    text = decode(data, encodings_of(data))
    if text is None:
        raise MessageFileUnreadable
    return text


def _records(text: str) -> Iterator[Mapping[str, object]]:
    start = text.lstrip()[:1]
    if start == "<":
        return iter(_xml_records(text))
    return _json_records(text) if start in ("[", "{") else _csv_records(text)


def _json_records(text: str) -> Iterator[Mapping[str, object]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise MessageFileUnreadable from None
    if isinstance(data, dict):
        data = data.get("messages")
    if not isinstance(data, list):
        raise MessageFileUnreadable
    for entry in data:
        yield entry if isinstance(entry, dict) else {}


def _csv_records(text: str) -> Iterator[Mapping[str, object]]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        names = [_COLUMNS.get(name.strip().lower(), "") for name in next(lines, [])]
        if not {"from", "content"} <= set(names):
            raise MessageFileUnreadable
        for line in lines:
            if any(cell.strip() for cell in line):
                # Of two columns for the same thing the first that holds something counts.
                fields: dict[str, str] = {}
                for name, cell in zip(names, line, strict=False):
                    if name and cell.strip():
                        fields.setdefault(name, cell)
                yield fields
    except csv.Error:
        raise MessageFileUnreadable from None


def _xml_records(text: str) -> list[Mapping[str, object]]:
    """The received messages of <smses>; a file that declares a document type is none: its entities could grow."""
    records: list[Mapping[str, object]] = []
    root: list[str] = []

    def on_start_element(name: str, attributes: dict[str, str]) -> None:
        root.append(name)
        if name == "sms" and attributes.get("type", "1") == "1":
            records.append(
                {
                    "from": attributes.get("address", ""),
                    "content": attributes.get("body", ""),
                    "received_at": attributes.get("date", ""),
                }
            )

    def on_doctype(*arguments: object) -> None:
        raise MessageFileUnreadable

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = on_start_element
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        # The declared encoding is that of the bytes, which are text already.
        parser.Parse(_SURROGATE_PAIR.sub(_join_surrogates, text).encode("utf-8", "replace"), True)
    except expat.ExpatError:
        raise MessageFileUnreadable from None
    if not root or root[0] != "smses":
        raise MessageFileUnreadable
    return records


def _join_surrogates(halves: re.Match[str]) -> str:
    pair = chr(int(halves[1])) + chr(int(halves[2]))
    return pair.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
