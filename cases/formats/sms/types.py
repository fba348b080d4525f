"""What an SMS is, and what can be read out of it. The reading itself is `cases.formats.sms.reader`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from cases.domain.message_meaning import Meaning


@dataclass(frozen=True)
class Sms:
    """`received_at` is aware; dates without a year and 'tomorrow' are counted from its day in Shanghai."""

    sender: str
    text: str
    received_at: datetime


@dataclass(frozen=True)
class CarrierIdentifiers:
    """How a carrier's messages are recognized: the numbers it sends from, and the names it signs with in 【…】."""

    slug: str
    senders: tuple[str, ...]
    signatures: tuple[str, ...]


class StoredModelReading(TypedDict):
    """What a language model made of a message: a meaning, its words of reason, the model's name."""

    meaning: str
    reason: str
    model: str


class StoredReading(TypedDict, total=False):
    """What was picked out of a message, as JSON; `promised` as an ISO date, `amount` in yuan.

    `language_model`: the third reading, where the team has one; it decides nothing.
    """

    number: str | None
    reference: str | None
    promised: str | None
    amount: str | None
    words: list[str]
    carrier: str | None
    suggested: list[list[str]]
    candidates: list[str]
    certainty: float | None
    language_model: StoredModelReading


@dataclass(frozen=True)
class Reading:
    """What a message says, and by which words that was decided (as they stand in the message)."""

    meaning: Meaning
    #: ASCII digits in full, or the masked ('138****8000') or last-four ('8000') form as it stands in the message.
    number: str | None = None
    reference: str | None = None
    promised: date | None = None
    amount: Decimal | None = None
    words: tuple[str, ...] = ()
    #: Slug of the carrier that sent it, by sender and signature; None when they do not say, or contradict each other.
    carrier: str | None = None
    #: The two readings, rules first, where the message is `ambiguous` because they differ.
    candidates: tuple[Meaning, ...] = ()
    #: Whether rules and classifier read the same, the classifier with enough certainty.
    is_agreed: bool = False
    #: The classifier's calibrated certainty of its own reading, 0 to 1; None where it was not asked.
    certainty: float | None = None
    #: False where the text is cut off, garbled or a part of a longer one.
    is_whole: bool = True
    #: Whether the text speaks of the cancellation of a number, whatever it says of it.
    speaks_of_cancellation: bool = False

    def to_json(self) -> StoredReading:
        """What was picked out, as it is stored with the message, which has a column for the meaning."""
        return {
            "number": self.number,
            "reference": self.reference,
            "promised": self.promised.isoformat() if self.promised else None,
            "amount": f"{self.amount:.2f}" if self.amount is not None else None,
            "words": list(self.words),
            "carrier": self.carrier,
            "candidates": [meaning.value for meaning in self.candidates],
            "certainty": self.certainty,
        }

    @classmethod
    def from_json(cls, meaning: Meaning, stored: StoredReading) -> "Reading":
        """The reading that `to_json` stored; what an older version did not store is None."""
        promised, amount = stored.get("promised"), stored.get("amount")
        return cls(
            meaning,
            stored.get("number"),
            stored.get("reference"),
            date.fromisoformat(promised) if promised else None,
            Decimal(amount) if amount else None,
            tuple(stored.get("words", ())),
            stored.get("carrier"),
            tuple(Meaning(value) for value in stored.get("candidates", ())),
            certainty=stored.get("certainty"),
        )
