"""``manage.py read_sms FILE|- [--json]``: what carriers' messages say, without storing anything."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from cases import selectors
from cases.domain.business_days import SHANGHAI, WorkingCalendar
from cases.domain.json_values import Json
from cases.domain.message_disposition import Disposition
from cases.domain.message_meaning import MEANING_LABELS
from cases.formats.sms.reader import carrier_identifiers
from cases.formats.sms.refund import RefundMention, read_refund
from cases.formats.sms.types import CarrierIdentifiers, Reading, Sms
from cases.inbox.as_if import read_as_if_open
from cases.management.commands.load_carriers import DATA

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    """Reads every message or none: one that is malformed is named by its place in the list, and nothing is printed."""

    help = "Interprets SMS from a JSON list of {sender, text, received_at} and prints the results; stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a JSON file, or - for standard input")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print a JSON list, in the same order")

    def handle(self, *args: object, file: str, as_json: bool, **options: object) -> None:
        messages = list(parse_messages(load_json(file)))
        carriers, calendar = load_reference_data()
        readings = [read_as_if_open(message, carriers, calendar) for message in messages]
        if as_json:
            data = [
                as_data(reading, would, read_refund(message, reading, calendar))
                for message, (reading, would) in zip(messages, readings, strict=True)
            ]
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            lines = as_lines(messages, [reading for reading, _would in readings])
            self.stdout.writelines(f"{line}\n" for line in lines)


def load_json(file: str) -> list[object]:
    """The JSON list in a file or on standard input; CommandError in words for anything else."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        data = json.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise CommandError(_("“%(file)s” cannot be read: %(why)s") % {"file": file, "why": error.strerror}) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(_("“%(file)s” is not JSON: %(why)s") % {"file": file, "why": error}) from error
    if not isinstance(data, list):
        raise CommandError(_("The file must be a JSON list of objects with sender, text and received_at."))
    return data


def parse_messages(data: Sequence[object]) -> Iterator[Sms]:
    """The messages of a list; CommandError that names the place (from 0) of the first that is none."""
    for index, item in enumerate(data):
        if not isinstance(item, dict):
            raise CommandError(_("SMS %(place)s is not an object.") % {"place": index})
        for key in ("sender", "text"):
            if not isinstance(item.get(key), str):
                raise CommandError(_("SMS %(place)s: “%(key)s” must be text.") % {"place": index, "key": key})
        try:
            received_at = parse_received_at(item.get("received_at"))
        except (ValueError, OverflowError, TypeError) as error:
            raise CommandError(
                _(
                    "SMS %(place)s: “received_at” must be a date and time like 2026-10-09T10:20:00+08:00, or "
                    "milliseconds."
                )
                % {"place": index}
            ) from error
        yield Sms(item["sender"], item["text"], received_at)


def parse_received_at(value: object) -> datetime:
    """An aware moment: from ISO 8601 (Shanghai time where it names no zone) or milliseconds since 1970.

    ValueError, TypeError or OverflowError for what is none.
    """
    if isinstance(value, str) and not value.strip().isdigit():
        moment = datetime.fromisoformat(value.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        moment = _EPOCH + timedelta(milliseconds=float(value))
    else:
        raise TypeError(value)
    return moment.astimezone(SHANGHAI)


def load_reference_data() -> tuple[list[CarrierIdentifiers], WorkingCalendar]:
    """Carriers and calendar as they were edited; without a database, those that the product starts with."""
    try:
        carriers = selectors.carrier_marks()
        calendar = selectors.working_calendar()
    except DatabaseError:
        carriers, calendar = [], WorkingCalendar()
    return carriers or shipped_carriers(), calendar


def shipped_carriers() -> list[CarrierIdentifiers]:
    """The carriers that the product knows from the start."""
    return [
        carrier_identifiers(
            entry["slug"], entry["name"], entry["sms_senders"], entry["hotline"], entry["complaint_line"]
        )
        for entry in json.loads((DATA / "carriers.json").read_text(encoding="utf-8"))
    ]


def as_data(reading: Reading, would: Disposition, refund: RefundMention | None) -> dict[str, Json]:
    """A reading for programs, with what would be done with the message if its number had an open case, and the refund
    that it names."""
    return {
        "meaning": reading.meaning.value,
        "number": reading.number,
        "reference": reading.reference,
        "promised": reading.promised.isoformat() if reading.promised else None,
        "amount": None if reading.amount is None else f"{reading.amount:.2f}",
        "words": list(reading.words),
        "would": would.value,
        "refund": refund.to_json() if refund else None,
    }


def as_lines(messages: Sequence[Sms], readings: Sequence[Reading]) -> Iterator[str]:
    """A table for people, a line for each message and one for its text."""
    for index, (message, reading) in enumerate(zip(messages, readings, strict=True)):
        parts = [
            _(MEANING_LABELS[reading.meaning]),
            reading.number,
            reading.reference,
            reading.promised and reading.promised.isoformat(),
            None if reading.amount is None else f"{reading.amount:.2f}",
            " ".join(reading.words),
        ]
        yield f"{index:>4}  " + "  ".join(part or "–" for part in parts)
        yield f"      {message.sender[:20]}  {' '.join(message.text[:70].split())}"
