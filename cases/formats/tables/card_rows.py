"""The cards of a sheet: which rows are cards, and what each says."""

from collections.abc import Sequence

from cases.formats.tables.readings import (
    CardFactsRead,
    CaseStatus,
    Message,
    ReadCard,
    ReadCase,
    ReadColumn,
    ReadOptions,
    ReadRow,
    RowKind,
    SheetReading,
)
from cases.formats.tables.workbook import Sheet

__all__ = [
    "CardFactsRead",
    "CaseStatus",
    "Message",
    "ReadCard",
    "ReadCase",
    "ReadColumn",
    "ReadOptions",
    "ReadRow",
    "RowKind",
    "SheetReading",
    "choose_sheet",
    "read_sheet",
]


def read_sheet(sheet: Sheet, options: ReadOptions) -> SheetReading:
    """Every row of a sheet that has anything in it, as cards, as wrong, or as skipped with the reason."""
    raise NotImplementedError


def choose_sheet(sheets: Sequence[Sheet]) -> int:
    """The index of the sheet to take where nobody chose: visible ones that hold numbers first."""
    raise NotImplementedError
