"""The records in a file that a phone's program exported, one for each message, as fields for `parse_message`.

CSV with a header row, or with none as Nokia and 豌豆荚 wrote it; JSON: a list, NDJSON, SmsForwarder's answer to
/sms/query; the XML of 'SMS Backup & Restore'; a ZIP with one of these (sms-ie from version 2).
"""

import csv
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import IO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.text_encoding import decode, encodings_of
from cases.formats.forwarders.shapes import MOMENT_NAMES, SENDER_NAMES, TEXT_NAMES

Record = Mapping[str, object]

MAX_FILE_BYTES = 10 * 1024 * 1024
#: What a ZIP may unpack to, whatever it says of itself.
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
_ZIP_START = b"PK\x03\x04"
_NDJSON_NAME = "messages.ndjson"
_FILE_ENDINGS = (".ndjson", ".json", ".xml", ".csv", ".txt")
# Older versions wrote a character outside the first plane as two references, of which neither is a character.
_SURROGATE_PAIR = re.compile(r"&#(5[5-7]\d{3});&#(5[5-7]\d{3});")
_LISTS = ("messages", "data")
_NOKIA_START = re.compile(r"\ufeff?\"?sms\"?,\"?(?:deliver|submit)\"?,", re.IGNORECASE)
_NOKIA_DATE = re.compile(r"\s*\d{4}[-.]\s*\d{1,2}[-.]\s*\d{1,2}\s+\d{1,2}:\s*\d{1,2}.*")
_SIZE = re.compile(r"\d{0,6}")
_DAY_NAMES, _TIME_NAMES = ("date", "日期"), ("time", "时间")
_TIME_OF_DAY = re.compile(r"\s*(?:[上下]午\s*)?\d{1,2}:\d{2}.*")


class MessageFileUnreadable(CaseError):
    code = "file_not_understood"
    message = gettext_noop(
        "This file format is not supported. Use CSV with a header row (sender, text, received_at), a JSON list of SMS, "
        "an SMS Backup & Restore XML file, or an export of SMS Import / Export, iMazing or SmsForwarder."
    )


class MessageFileTooLarge(CaseError):
    code = "file_unpacks_too_large"
    message = gettext_noop("The ZIP file unpacks to more than %(limit)s MB. Unpack it, split it and import the parts.")


def message_records(data: bytes) -> Iterator[Record]:
    """The records of a file in UTF-8, GB18030 or UTF-16. Raises MessageFileUnreadable or MessageFileTooLarge, also
    while iterated."""
    if data.startswith(_ZIP_START):
        data = _unpack(data)
    text = decode(data, encodings_of(data))
    if text is None:
        raise MessageFileUnreadable
    start = text.lstrip()[:1]
    if start == "<":
        return iter(_xml_records(text))
    if start in ("[", "{"):
        return _json_records(text)
    return _nokia_records(text) if _NOKIA_START.match(text) else _csv_records(text)


def _unpack(data: bytes) -> bytes:
    """The file with messages in a ZIP; of what stands beside it (pictures of MMS) nothing is unpacked."""
    try:
        with ZipFile(io.BytesIO(data)) as archive, archive.open(_message_member(archive.infolist())) as member:
            return _read_bounded(member)
    except (BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError):  # RuntimeError: it has a password
        raise MessageFileUnreadable from None


def _message_member(members: list[ZipInfo]) -> ZipInfo:
    plain = [member for member in members if member.compress_type in (ZIP_STORED, ZIP_DEFLATED)]
    named = [member for member in plain if member.filename.rpartition("/")[2] == _NDJSON_NAME]
    candidates = named or [member for member in plain if member.filename.lower().endswith(_FILE_ENDINGS)]
    if len(candidates) != 1:
        raise MessageFileUnreadable
    return candidates[0]


def _read_bounded(member: IO[bytes]) -> bytes:
    data = member.read(MAX_UNPACKED_BYTES + 1)
    if len(data) > MAX_UNPACKED_BYTES:
        raise MessageFileTooLarge(limit=MAX_UNPACKED_BYTES // 2**20)
    return data


# JSON


def _json_records(text: str) -> Iterator[Record]:
    """A list, one in an object, or an object in each line."""
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        yield from _ndjson_records(text)
        return
    if isinstance(data, dict):
        one = [data] if set(data) & set(TEXT_NAMES) else None
        data = next((data[name] for name in _LISTS if isinstance(data.get(name), list)), one)
    if not isinstance(data, list):
        raise MessageFileUnreadable
    for entry in data:
        yield _json_record(entry)


def _ndjson_records(text: str) -> Iterator[Record]:
    lines = [line for line in text.split("\n") if line.strip()]
    entries = [_json_line(line) for line in lines]
    if len(lines) < 2 or not isinstance(entries[0], dict):
        raise MessageFileUnreadable
    for entry in entries:
        yield _json_record(entry)


def _json_line(line: str) -> object:
    try:
        return json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None


def _json_record(entry: object) -> Record:
    """An object of the list; of an MMS as sms-ie has it, sender, text parts and whether it was received."""
    if not isinstance(entry, dict):
        return {}
    if "msg_box" not in entry:
        return entry
    sender = entry.get("__sender_address", entry.get("sender_address"))
    parts = entry.get("__parts", entry.get("parts"))
    texts = [part.get("text") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return {
        "address": sender.get("address") if isinstance(sender, dict) else None,
        "body": "\n".join(text for text in texts if isinstance(text, str) and text.strip()),
        "date": entry.get("date"),
        "type": entry["msg_box"],
    }


# CSV


def _csv_records(text: str) -> Iterator[Record]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        names = [name.strip().lower() for name in next(lines, [])]
        if not set(names) & set(SENDER_NAMES) or not set(names) & set(TEXT_NAMES):
            raise MessageFileUnreadable
        for line in lines:
            if any(cell.strip() for cell in line):
                # Of two columns for the same thing the first that holds something counts.
                fields: dict[str, object] = {}
                for name, cell in zip(names, line, strict=False):
                    if name and cell.strip():
                        fields.setdefault(name, cell)
                yield _with_joined_moment(fields)
    except csv.Error:
        raise MessageFileUnreadable from None


def _with_joined_moment(fields: dict[str, object]) -> dict[str, object]:
    """Day and time of day in two columns as one moment."""
    day = next((str(fields[name]) for name in _DAY_NAMES if name in fields), "")
    time = next((str(fields[name]) for name in _TIME_NAMES if name in fields), "")
    if day and _TIME_OF_DAY.fullmatch(time):
        rest = {name: value for name, value in fields.items() if name not in MOMENT_NAMES}
        return rest | {"date": f"{day.strip()} {time.strip()}"}
    return fields


def _nokia_records(text: str) -> Iterator[Record]:
    """Rows 'sms,deliver,NUMBER,NAME,,DATE,SIZE,TEXT' and 'sms,submit,NAME,NUMBER,,DATE,SIZE,TEXT'; some programs leave
    the size out. The text is in quotation marks or not, commas or not."""
    try:
        for line in csv.reader(io.StringIO(text, newline="")):
            if any(cell.strip() for cell in line):
                yield _nokia_record(line)
    except csv.Error:
        raise MessageFileUnreadable from None


def _nokia_record(line: list[str]) -> Record:
    date_index = next((index for index, cell in enumerate(line[:7]) if _NOKIA_DATE.fullmatch(cell)), None)
    if len(line) < 3 or date_index is None:
        return {}
    rest = line[date_index + 1 :]
    if len(rest) > 1 and _SIZE.fullmatch(rest[0].strip()):
        rest = rest[1:]
    people = [cell.strip() for cell in line[2:date_index] if cell.strip()]
    number = next((cell for cell in people if re.search(r"\d{3}", cell)), people[0] if people else "")
    return {"from": number, "content": ",".join(rest), "date": line[date_index].strip(), "type": line[1].strip()}


# XML


def _xml_records(text: str) -> list[Record]:
    """The SMS of <smses>; a file that declares a document type is none: its entities could grow."""
    records: list[Record] = []
    root: list[str] = []

    def on_start_element(name: str, attributes: dict[str, str]) -> None:
        root.append(name)
        if name == "sms":
            records.append(
                {
                    "from": attributes.get("address", ""),
                    "content": attributes.get("body", ""),
                    "received_at": attributes.get("date", ""),
                    "type": attributes.get("type", "1"),
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
