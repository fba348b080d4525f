"""A carrier's bill read and compared with the register, by what the team has said of its columns; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cases.domain.bill_comparison import Comparison, compare_bill, main_carrier
from cases.domain.errors import CaseError, gettext_noop
from cases.formats.bills import types
from cases.formats.bills.columns import Column
from cases.formats.bills.origin import carrier_of
from cases.formats.bills.reader import read_bill
from cases.formats.bills.tables import KnownColumns
from cases.formats.tables.readings import Message
from cases.formats.tables.workbook import Sheet, read_workbook
from cases.models import BillColumns, Team
from cases.operations.spreadsheet_process import read_spreadsheet
from cases.selectors.bills import registered_cards

#: Why a masked number is compared with nothing.
FITS = gettext_noop("“%(number)s” fits %(count)s cards.")


class BillOfAnotherMonth(CaseError):
    code = "bill_of_another_month"
    message = gettext_noop("This bill is of %(billed)s, not of %(chosen)s. Choose the month that it is of.")


@dataclass(frozen=True)
class BillFile:
    """A file as it was handed in, and the billed month (its first day)."""

    name: str
    data: bytes
    month: date


@dataclass(frozen=True)
class ComparedBill:
    """A bill that was read, and what it and the register do not agree on; nothing of it is stored."""

    bill: types.Bill
    comparison: Comparison

    def skipped(self) -> list[types.SkippedLine]:
        """The lines that were compared with nothing, with what is masked and fits no card or several."""
        masked = [
            types.SkippedLine(row, Message(FITS, {"number": part.number, "count": part.fits}))
            for part in self.comparison.unmatched
            for row in part.rows
        ]
        return sorted([*self.bill.skipped, *masked], key=lambda line: line.row)


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a file; raises TableRefused."""
    return read_workbook(data, read_spreadsheet)


def compare_file(team: Team, file: BillFile) -> ComparedBill:
    """Read a bill and compare it with the team's register.

    Raises TableRefused, NoBill, and BillOfAnotherMonth where the bill names another month.
    """
    return compare_sheets(team, file, read_sheets(file.data))


def compare_sheets(
    team: Team, file: BillFile, sheets: Sequence[Sheet], *, known: KnownColumns | None = None, carrier: str = ""
) -> ComparedBill:
    """As `compare_file`, of a file's sheets; `known`: what its columns are, instead of what is remembered of them;
    `carrier`: whose it is (a slug), as a person says."""
    bill = read_bill(sheets, file.name, remembered_columns(team, sheets, file.name) if known is None else known)
    year, month = file.month.year, file.month.month
    if bill.month and bill.month != (year, month):
        billed = f"{bill.month.year}-{bill.month.month:02}"
        raise BillOfAnotherMonth(billed=billed, chosen=f"{year}-{month:02}")
    cards = list(registered_cards(team))
    bill = replace(bill, carrier=carrier or bill.carrier or main_carrier(bill.numbers, cards))
    return ComparedBill(bill, compare_bill(bill.numbers, cards, year=year, month=month, carrier=bill.carrier))


def remembered_columns(team: Team, sheets: Sequence[Sheet], name: str) -> KnownColumns:
    """What the team has said of columns, by the digest of their titles: of bills of the carrier that this one names,
    and of bills of which nobody said whose they were."""
    banners = [" ".join(row) for sheet in sheets for row in sheet.rows[:5]]
    carrier = carrier_of([name, *(sheet.name or "" for sheet in sheets), *banners])
    stored = BillColumns.objects.filter(team=team).order_by("pk").values_list("titles", "carrier__slug", "columns")
    return {
        titles: [Column(column) for column in columns]
        for titles, slug, columns in stored
        if carrier is None or slug in (None, carrier)
    }
