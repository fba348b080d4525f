"""What is read from a table of cards: plain values, and messages that name what was not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypedDict

CaseStatus = Literal["draft", "submitted", "under_review", "returned", "reported_done", "confirmed"]
RowKind = Literal["card", "wrong", "skipped"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell about a row: an English msgid with %(name)s places, what fills them, and the 0-based column."""

    msgid: str
    params: dict[str, str | int] = field(default_factory=dict)
    column: int | None = None

    def __str__(self) -> str:
        return self.msgid % self.params


@dataclass(frozen=True)
class ReadOptions:
    """How a sheet is read.

    `now` is aware; `carriers` are slugs by normalized name (`titles.normalize_title`), of the database and as the team
    named them. What a person set in the preview: `header_row` (1-based, 0: the sheet has no titles), `columns` (field
    by 0-based column; "" leaves a column out, "custom" makes it a column of the team's own), `carrier` (slug: all cards
    of the file are of this carrier), `fixes` (the text that replaces a cell's, by 1-based row and 0-based column).
    """

    now: datetime
    carriers: Mapping[str, str]
    header_row: int | None = None
    columns: Mapping[int, str] | None = None
    carrier: str | None = None
    fixes: Mapping[tuple[int, int], str] = field(default_factory=dict)


class CardFactsRead(TypedDict, total=False):
    """What a row says of its card; what it leaves out is not there. `purpose` is a value of models' Purpose,
    `purpose_words` what the table writes.
    """

    holder: str
    user: str
    department: str
    plan: str
    monthly_fee: Decimal
    purpose: str
    purpose_words: str
    iccid: str
    opened_on: date
    contract_ends_on: date
    note: str


@dataclass(frozen=True, slots=True)
class ReadRefund:
    """A balance (yuan, None: not known) that a row says is owed back, by a day, or `is_received`, on a day (None: not
    known); `received` (yuan): what came where it is not the whole sum."""

    amount: Decimal | None
    due_on: date | None
    received_on: date | None
    is_received: bool
    received: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReadCase:
    """The request to cancel that a row names, as it stands.

    `submitted_at` is aware, in Shanghai; `is_day_only`: the table names no time of that day. `reason` and `channel` are
    choice values or empty; `return_reason` a value of models' ReturnReason or empty. `status_words` and `reason_words`
    are the words of the table.
    """

    status: CaseStatus
    submitted_at: datetime | None = None
    is_day_only: bool = False
    closed_on: date | None = None
    returned_on: date | None = None
    carrier_reference: str = ""
    reason: str = ""
    reason_words: str = ""
    return_reason: str = ""
    channel: str = ""
    status_words: str = ""
    refund: ReadRefund | None = None


@dataclass(frozen=True, slots=True)
class ReadCard:
    """One number of a row with what the row says of it.

    `carrier` is a slug or None; `carrier_name` is as written (empty where nothing is); `carrier_is_guess`: the number's
    prefix tells it, nothing in the table does. `custom` holds the columns of the team's own, by title.
    """

    number: str
    carrier: str | None
    carrier_name: str
    carrier_is_guess: bool
    facts: CardFactsRead
    custom: dict[str, str]
    handler: str
    case: ReadCase | None
    warnings: list[Message]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of the table: 0-based index, title as a person reads it (of several rows joined), and its field."""

    index: int
    title: str
    field: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the sheet, 1-based; `cards` where it is a card's, `reason` why it is wrong or skipped.

    `cells` are the row's texts, those of merged cells included; nobody changes them. Where two tables stand beside each
    other, a row of the sheet comes once for each.
    """

    row: int
    kind: RowKind
    cards: list[ReadCard]
    reason: Message | None
    cells: list[str]


@dataclass(frozen=True)
class SheetReading:
    """A sheet as read; `header_row` is 1-based, 0 where there are no titles."""

    sheet: str | None
    header_row: int
    columns: list[ReadColumn]
    rows: list[ReadRow]
