"""What a person says of the columns of a bill: it is read anew by that, and that is remembered for its carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.domain.errors import CaseError, gettext_noop
from cases.domain.roles import Right
from cases.formats.bills.columns import Column
from cases.formats.bills.tables import columns_under, tables_of, titles_digest, titles_row_of
from cases.formats.tables.merged_cells import fill_merged
from cases.formats.tables.workbook import Sheet
from cases.models import Bill, BillColumns, Carrier, User
from cases.models.choices import AuditKind, FindingState
from cases.models.receipt_store import ReceiptAltered, receipt_store
from cases.operations.audit_log import record_audit_entry
from cases.operations.bill_reading import BillFile, compare_sheets, read_sheets, remembered_columns
from cases.operations.bills import BillInUse, bill_facts, store_findings
from cases.operations.engine.rights import ActorRoles

#: What only one column can be.
_SINGLE = (Column.NUMBER, Column.NET, Column.ITEM)


class ColumnsIncomplete(CaseError):
    code = "bill_columns_incomplete"
    message = gettext_noop(
        "Choose one column with the numbers, and one with the sum to be paid (or those with the plan’s fee and other "
        "charges)."
    )


class BillFileGone(CaseError):
    code = "bill_file_gone"
    message = gettext_noop("The file of this bill cannot be read any more. Import it again to change its columns.")


@dataclass(frozen=True)
class ColumnChoice:
    """How a bill is read: its sheet and its row of titles (both from 0), what each column is, and whose bill it is."""

    sheet: int
    titles_row: int
    columns: tuple[Column, ...] = ()
    carrier: Carrier | None = None


@dataclass(frozen=True)
class SheetColumns:
    """A sheet as a person sees it who says what its columns are: titles, what they seem to be, cells below."""

    choice: ColumnChoice
    titles: list[str]
    samples: list[list[str]]


def sheets_of_bill(bill: Bill) -> list[Sheet]:
    """The sheets of a bill's file that are shown; raises BillFileGone for one removed, altered, or without its key."""
    try:
        data = receipt_store.read(bill.team_id, bill.sha256)
    except ReceiptAltered:
        raise BillFileGone() from None
    return [sheet for sheet in read_sheets(data) if not sheet.hidden]


def columns_of_sheet(
    bill: Bill, sheets: Sequence[Sheet], sheet: int | None = None, titles_row: int | None = None
) -> SheetColumns:
    """The columns of a sheet under a row of titles, both from 0; None: where the bill was read, or seems to stand."""
    known = remembered_columns(bill.team, sheets, bill.name)
    tables = [(at, table) for at, one in enumerate(sheets) for table in tables_of(one, known)]
    if sheet is None:
        largest = max(range(len(sheets)), key=lambda at: len(sheets[at].rows))
        sheet = tables[0][0] if tables else largest
    rows = fill_merged(sheets[sheet], across=False)
    table = next((table for at, table in tables if at == sheet and titles_row in (None, table.first_row - 1)), None)
    if titles_row is None:
        titles_row = table.first_row - 1 if table else titles_row_of(rows)
    titles_row = min(titles_row, len(rows) - 1)
    columns = table.columns if table else columns_under(rows, titles_row)
    width = max(len(rows[titles_row]), len(columns))
    below = [row for row in rows[titles_row + 1 :] if any(row)]
    return SheetColumns(
        ColumnChoice(sheet, titles_row, (*columns, *[Column.OTHER] * (width - len(columns)))),
        [*rows[titles_row], *[""] * (width - len(rows[titles_row]))],
        [[row[index] for row in below if index < len(row) and row[index]][:3] for index in range(width)],
    )


def set_columns(bill: Bill, choice: ColumnChoice, *, by: User, now: datetime) -> None:
    """Read a bill of which nothing was handled as a person says, and remember its columns.

    Raises ColumnsIncomplete, BillInUse, BillFileGone, NoBill, BillOfAnotherMonth, OtherTeam, ViewerReadOnly.
    """
    ActorRoles.of(by).check(Right.WORK, bill.team_id)
    sheets = sheets_of_bill(bill)
    _check_columns(choice.columns)
    digest = titles_digest(fill_merged(sheets[choice.sheet], across=False)[choice.titles_row])
    file = BillFile(bill.name, b"", bill.month)
    slug = choice.carrier.slug if choice.carrier else ""
    compared = compare_sheets(bill.team, file, sheets, known={digest: choice.columns}, carrier=slug)
    with transaction.atomic():
        locked = Bill.objects.select_for_update(of=("self",)).get(pk=bill.pk)
        if locked.findings.exclude(state=FindingState.OPEN).exists():
            raise BillInUse()
        locked.findings.all().delete()
        for name, value in {**bill_facts(compared), "is_read": True}.items():
            setattr(locked, name, value)
        locked.save()
        store_findings(locked, compared)
        BillColumns.objects.update_or_create(
            team_id=bill.team_id, titles=digest, carrier=locked.carrier, defaults={"columns": list(choice.columns)}
        )
        about = f"{locked.month:%Y-%m}, {locked.lines} lines"
        record_audit_entry(AuditKind.IMPORTED, by=by, now=now, team=bill.team, about=about)


def _check_columns(columns: Sequence[Column]) -> None:
    is_single = all(columns.count(column) <= 1 for column in _SINGLE)
    has_sums = Column.NET in columns or (Column.ITEM not in columns and {Column.PLAN_FEE, Column.CHARGE} & {*columns})
    if not is_single or Column.NUMBER not in columns or not has_sums:
        raise ColumnsIncomplete()
