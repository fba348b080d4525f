"""What an SMS is, and what can be read out of it. The reading itself is `cases.formats.sms.reader`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cases.domain.errors import gettext_noop


class Meaning(StrEnum):
    """What a message says about a cancellation."""

    REGISTERED = "registered"
    UNDER_REVIEW = "under_review"
    MORE_PAPERS = "more_papers"
    REFUSED = "refused"
    PROMISED = "promised"
    PRECANCELLED = "precancelled"
    DONE = "done"
    CODE = "code"
    MARKETING = "marketing"
    #: Another card or service, a bill.
    UNRELATED = "unrelated"
    #: A person must look: better than a guess.
    AMBIGUOUS = "ambiguous"


MEANING_LABELS: dict[str, str] = {
    Meaning.REGISTERED: gettext_noop("Registered"),
    Meaning.UNDER_REVIEW: gettext_noop("Under review"),
    Meaning.MORE_PAPERS: gettext_noop("More papers wanted"),
    Meaning.REFUSED: gettext_noop("Refused"),
    Meaning.PROMISED: gettext_noop("A day promised"),
    Meaning.PRECANCELLED: gettext_noop("Cancelled for a trial time (revocable)"),
    Meaning.DONE: gettext_noop("Done"),
    Meaning.CODE: gettext_noop("A code"),
    Meaning.MARKETING: gettext_noop("Advertising"),
    Meaning.UNRELATED: gettext_noop("Something else"),
    Meaning.AMBIGUOUS: gettext_noop("Unclear: somebody must look"),
}


@dataclass(frozen=True)
class Sms:
    """`received_at` is aware; dates without a year and 'tomorrow' are counted from its day in Shanghai."""

    sender: str
    text: str
    received_at: datetime


@dataclass(frozen=True)
class CarrierIdentifiers:
    """By what a carrier's messages are known: the numbers it sends from, and the names it signs with in 【…】."""

    slug: str
    senders: tuple[str, ...]
    signatures: tuple[str, ...]


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
