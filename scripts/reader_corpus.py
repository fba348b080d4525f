"""The labelled synthetic messages from which the readers are trained and measured: tests/data/messages (its README)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cases.domain.message_meaning import Meaning
from cases.formats.sms.types import Sms

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = ROOT / "tests" / "data" / "messages"
RULES_CORPUS = ROOT / "tests" / "formats" / "sms" / "corpus.json"
RULES_WORDINGS = ROOT / "tests" / "formats" / "sms" / "wordings.txt"
#: The name under which the rules' own corpus is kept apart from the writers': its author wrote the rules.
RULES_AUTHOR = "rules"


@dataclass(frozen=True)
class Labelled:
    """One message, and what its writer says that it means."""

    writer: str
    sms: Sms
    meaning: Meaning
    #: Other meanings that a fair judge would accept.
    also: frozenset[Meaning]
    number: str | None
    reference: str | None
    promised: date | None
    #: It promises working days: the writer did not work out the day.
    is_promised_free: bool
    amount: Decimal | None
    is_hard: bool

    def accepts(self, meaning: Meaning) -> bool:
        """Whether a reading is right."""
        return meaning is self.meaning or meaning in self.also


def load_writers(folder: Path = MESSAGES) -> dict[str, list[Labelled]]:
    """The messages of each writer, by name, in the order of the files."""
    return {
        path.stem: [_labelled(path.stem, json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(folder.glob("writer-*.jsonl"))
    }


def load_corpus() -> list[Labelled]:
    """All that the classifier is trained on: the writers' messages, then the rules' own corpus and wordings."""
    own = json.loads(RULES_CORPUS.read_text(encoding="utf-8"))
    lines = RULES_WORDINGS.read_text(encoding="utf-8").splitlines()
    own += [_wording(line) for line in lines if not line.startswith("#")]
    messages = [message for messages in load_writers().values() for message in messages]
    return messages + [_labelled(RULES_AUTHOR, entry) for entry in own]


def _wording(line: str) -> dict[str, Any]:
    """A line of the wordings: its meaning (and day) before the text, all received from 10086 at one moment."""
    meaning, text = line.split("|", 1)
    nothing = dict.fromkeys(("number", "reference", "promised", "amount"))
    received_at = "2026-10-09T10:20:00+08:00"
    return {"sender": "10086", "text": text, "received_at": received_at, "meaning": meaning.split(",")[0], **nothing}


def digest_of(messages: Sequence[Labelled]) -> str:
    """A digest of what is learned from these messages: sender, text, moment and meaning, in order."""
    digest = hashlib.sha256()
    for message in messages:
        parts = [message.sms.sender, message.sms.text, message.sms.received_at.isoformat(), message.meaning.value]
        digest.update(json.dumps(parts, ensure_ascii=False).encode("utf-8"))
    return digest.hexdigest()


def _labelled(writer: str, entry: Mapping[str, Any]) -> Labelled:
    return Labelled(
        writer,
        Sms(entry["sender"], entry["text"], datetime.fromisoformat(entry["received_at"])),
        Meaning(entry["meaning"]),
        frozenset(Meaning(value) for value in entry.get("also", ())),
        entry["number"],
        entry["reference"],
        date.fromisoformat(entry["promised"]) if entry["promised"] else None,
        bool(entry.get("promised_free")),
        Decimal(entry["amount"]) if entry["amount"] else None,
        bool(entry.get("hard")),
    )
