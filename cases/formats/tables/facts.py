"""What a row says of its card, cell by cell; what cannot be read is named in a warning and kept in the note."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, cast

from cases.domain.errors import gettext_noop
from cases.formats.csv_injection import unescape_cell
from cases.formats.tables.choices import read_purpose
from cases.formats.tables.column_styles import plain_amount, year_first
from cases.formats.tables.days import DayRead, read_day
from cases.formats.tables.fees import read_fee
from cases.formats.tables.layout import ColumnGuess
from cases.formats.tables.readings import CardFactsRead, Message
from cases.formats.tables.titles import Field
from cases.formats.tables.word_lists import words_of

#: Characters that a card keeps of a name, and of its note.
MAX_NAME, MAX_NOTE = 80, 2000
_QUOTED_LENGTH = 60

NOT_A_FEE = gettext_noop("“%(title)s”: “%(text)s” is not an amount in yuan a month. It was kept in the note.")
FEE_PARTLY = gettext_noop("“%(title)s”: of “%(text)s”, %(amount)s was taken as the fee. The text was kept in the note.")
NOT_A_DAY = gettext_noop("“%(title)s”: “%(text)s” is not a complete date. It was kept in the note.")
SHORT_YEAR = gettext_noop("“%(title)s”: “%(text)s” was read as %(day)s. Check the year.")
DAY_BY_COLUMN = gettext_noop(
    "“%(title)s”: “%(text)s” was read as %(day)s, because other dates of the column are written so."
)
NOT_AN_ICCID = gettext_noop("“%(title)s”: “%(text)s” is not an ICCID of 19 or 20 digits. It was kept in the note.")
ROUNDED = gettext_noop("“%(title)s”: “%(text)s” was rounded by the spreadsheet; its last digits are lost.")
TOO_LONG = gettext_noop("“%(title)s”: longer than %(most)s characters (“%(text)s”). It was kept in the note.")
CELL_ERROR = gettext_noop("“%(title)s”: “%(text)s” is an error of the spreadsheet. It was kept in the note.")

#: The fields that speak of a balance that is owed back.
REFUND_FIELDS: tuple[Field, ...] = (
    "refund_amount",
    "refund_received",
    "refund_status",
    "refund_due_on",
    "refund_received_on",
)
#: The fields that speak of a request to cancel.
CASE_FIELDS: frozenset[Field] = frozenset(
    {
        "status",
        "submitted_at",
        "cancelled_on",
        "returned_on",
        "returned_reason",
        "carrier_reference",
        "channel",
        "reason",
        *REFUND_FIELDS,
    }
)
_NOTHING = re.compile(r"[-‐-―－/\\—_~.。·\s]*|[(（][)）]")
_ERRORS = frozenset(words_of("#N/A #REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA"))
_ROUNDED = re.compile(r"\d\.\d{2,}E\+?1[4-9]|\d\.?\d*E\+?[12]\d", re.IGNORECASE)
#: Digits that a spreadsheet rounded to fifteen before they were written as a text.
_ROUNDED_DIGITS = re.compile(r"[1-9]\d{14}0{3,}")
_ICCID = re.compile(r"89\d{2}[0-9A-F]{15,16}")


NameField = Literal["holder", "user", "department", "plan"]


@dataclass
class RowFacts:
    """What has been read of a row so far."""

    facts: CardFactsRead = field(default_factory=CardFactsRead)
    custom: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    handler: str = ""
    carrier_cell: tuple[ColumnGuess, str] | None = None
    case_cells: dict[str, tuple[ColumnGuess, str]] = field(default_factory=dict)
    #: The cells that say something of a refund, once they are read.
    refund_cells: dict[str, tuple[ColumnGuess, str]] = field(default_factory=dict)
    #: Columns of the table that speak of a request.
    case_columns: int = 0

    def warn(self, msgid: str, column: ColumnGuess, text: str, **params: str | int) -> None:
        """Name a cell; `msgid` has places for its title and its text."""
        values: dict[str, str | int] = {"title": column.title, "text": _quoted(text), **params}
        self.warnings.append(Message(msgid, values, column.index))

    def keep_in_note(self, column: ColumnGuess, text: str) -> None:
        """Keep a cell's text under its title."""
        self.notes.append(f"{column.title}：{text}")

    def refuse(self, msgid: str, column: ColumnGuess, text: str, **params: str | int) -> None:
        """Say that a cell was not taken, and keep it in the note."""
        self.warn(msgid, column, text, **params)
        self.keep_in_note(column, text)


def _quoted(text: str) -> str:
    return text if len(text) <= _QUOTED_LENGTH else f"{text[: _QUOTED_LENGTH - 1]}…"


def clean_cell(text: str) -> str:
    """A cell's text without what nobody sees, and without the apostrophe that keeps a formula from running."""
    if not text.isprintable():
        text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c >= " " or c in "\n\t").strip()
    return unescape_cell(text)


def says_nothing(text: str) -> bool:
    """Whether a cell is empty but for the dashes that people fill empty cells with."""
    return len(text) <= 6 and bool(_NOTHING.fullmatch(text))


def read_cell(row: RowFacts, column: ColumnGuess, text: str) -> None:
    """Put a cell where it belongs."""
    if not (text.isprintable() and text[:1].isalnum()):  # nearly all cells are
        text = clean_cell(text)
        if not text or says_nothing(text):
            return
    if text in _ERRORS:
        row.refuse(CELL_ERROR, column, text)
        return
    reader = _READERS.get(column.field)
    if reader:
        reader(row, column, text)
    else:
        row.case_cells[column.field] = (column, text)


def _read_name(row: RowFacts, column: ColumnGuess, text: str) -> None:
    if len(text) > MAX_NAME:
        row.refuse(TOO_LONG, column, text, most=MAX_NAME)
    else:
        row.facts[cast("NameField", column.field)] = text


def _read_handler(row: RowFacts, column: ColumnGuess, text: str) -> None:
    if len(text) > MAX_NAME:
        row.refuse(TOO_LONG, column, text, most=MAX_NAME)
    else:
        row.handler = text


def _read_note(row: RowFacts, column: ColumnGuess, text: str) -> None:
    if len(text) > MAX_NOTE:
        row.custom[column.title] = text
    else:
        row.notes.insert(0 if not row.notes else len(row.notes), text)


def _read_custom(row: RowFacts, column: ColumnGuess, text: str) -> None:
    row.custom[column.title] = text
    if is_rounded(text):
        row.warn(ROUNDED, column, text)


def is_rounded(text: str) -> bool:
    """Whether digits that name something were rounded by a spreadsheet."""
    return bool(_ROUNDED.fullmatch(text) or _ROUNDED_DIGITS.fullmatch(text))


def _read_carrier(row: RowFacts, column: ColumnGuess, text: str) -> None:
    row.carrier_cell = (column, text)


def _read_purpose(row: RowFacts, column: ColumnGuess, text: str) -> None:
    choice = read_purpose(text)
    if choice:
        row.facts["purpose"], row.facts["purpose_words"] = choice.value, text
    if not choice or not choice.is_whole:
        row.keep_in_note(column, text)


def _read_fee(row: RowFacts, column: ColumnGuess, text: str) -> None:
    fee = read_fee(plain_amount(text, column.style))
    if fee is None:
        row.refuse(NOT_A_FEE, column, text)
        return
    row.facts["monthly_fee"] = fee.amount
    if fee.words:
        row.refuse(FEE_PARTLY, column, text, amount=str(fee.amount))


def _read_iccid(row: RowFacts, column: ColumnGuess, text: str) -> None:
    compact = re.sub(r"[\s\-'\"‘’=]", "", text).upper()
    if is_rounded(text) or is_rounded(compact):
        row.warn(ROUNDED, column, text)
        row.keep_in_note(column, text)
    elif _ICCID.fullmatch(compact):
        row.facts["iccid"] = compact
    else:
        row.refuse(NOT_AN_ICCID, column, text)


def _read_day_of_card(row: RowFacts, column: ColumnGuess, text: str) -> None:
    read = day_of_cell(row, column, text)
    if read and column.field == "opened_on":
        row.facts["opened_on"] = read.day
    elif read:
        row.facts["contract_ends_on"] = read.day


def day_of_cell(row: RowFacts, column: ColumnGuess, text: str) -> DayRead | None:
    """The day in a cell; what stands beside it goes to the note, and a cell without one is refused."""
    read = read_day(year_first(text, column.style))
    if read and column.style and read_day(text) is None:
        row.warn(DAY_BY_COLUMN, column, text, day=read.day.isoformat())
    if read is None:
        row.refuse(NOT_A_DAY, column, text)
    elif read.words:
        row.keep_in_note(column, text)
    if read and read.is_short:
        row.warn(SHORT_YEAR, column, text, day=read.day.isoformat())
    return read


def _leave_out(row: RowFacts, column: ColumnGuess, text: str) -> None:
    """What counts the rows says nothing of the card."""


_READERS: dict[Field | str, Callable[[RowFacts, ColumnGuess, str], None]] = {
    "holder": _read_name,
    "user": _read_name,
    "department": _read_name,
    "plan": _read_name,
    "handler": _read_handler,
    "note": _read_note,
    "custom": _read_custom,
    "carrier": _read_carrier,
    "purpose": _read_purpose,
    "monthly_fee": _read_fee,
    "iccid": _read_iccid,
    "opened_on": _read_day_of_card,
    "contract_ends_on": _read_day_of_card,
    "ignored": _leave_out,
}
