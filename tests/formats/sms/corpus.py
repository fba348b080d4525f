"""The labelled synthetic corpus of carriers' messages: none of them is anybody's real SMS."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.formats.sms.reader import carrier_identifiers
from cases.formats.sms.types import CarrierIdentifiers, Sms

CORPUS = Path(__file__).with_name("corpus.json")
CARRIERS: list[CarrierIdentifiers] = [
    carrier_identifiers("china-mobile", "中国移动", ["10086"], "10086", "10080"),
    carrier_identifiers("china-unicom", "中国联通", ["10010"], "10010", "10015"),
    carrier_identifiers("china-telecom", "中国电信", ["10000"], "10000", "10000"),
    carrier_identifiers("china-broadnet", "中国广电", [], "10099", ""),
    carrier_identifiers("xiaomi-mobile", "小米移动", [], "4009223838", ""),
]


@dataclass(frozen=True)
class Labelled:
    """One message, and what a person says that it means. `group` tells when it was written: docs/reading.md."""

    group: str
    sms: Sms
    meaning: str
    number: str | None
    reference: str | None
    promised: date | None
    amount: Decimal | None


def corpus() -> list[Labelled]:
    """Every labelled message, in the file's order."""
    return [_labelled(entry) for entry in json.loads(CORPUS.read_text(encoding="utf-8"))]


def _labelled(entry: dict[str, Any]) -> Labelled:
    return Labelled(
        entry["set"],
        Sms(entry["sender"], entry["text"], datetime.fromisoformat(entry["received_at"])),
        entry["meaning"],
        entry["number"],
        entry["reference"],
        entry["promised"] and date.fromisoformat(entry["promised"]),
        entry["amount"] and Decimal(entry["amount"]),
    )
