"""Card imports: progress, preview, how the table is read, its rows, and those not imported."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from cases.api.schemas.common import PersonOut, serialize_person
from cases.api.schemas.fields import (
    CarrierSlug,
    DateTime,
    Day,
    NumbersParam,
    SchemaIn,
    SchemaOut,
    bounded_text,
    enum_of,
)
from cases.api.schemas.pages import PageParams
from cases.documents.import_rows import describe_plan, message_text
from cases.documents.imports import read_columns
from cases.domain import masking
from cases.formats.tables.readings import CaseStatus
from cases.formats.tables.refusals import MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS
from cases.models import CardImport, ImportFailure, User
from cases.models.choices import ImportState, Purpose, Reason, RequestChannel, ReturnReason
from cases.operations import card_import
from cases.operations.card_import_forecast import rows_with
from cases.operations.card_import_plan import CHANGED, NEW, SAME, SKIPPED, WRONG, RowPlan
from cases.wording.stored_sentences import stored_text

ROW_FATES = (NEW, CHANGED, SAME, WRONG)
OUTCOMES = (*ROW_FATES, SKIPPED)
CASE_STATUSES = get_args(CaseStatus)
#: Rows of each result that a preview shows by itself.
SAMPLE_SIZE = 20
#: Names of fields that older programs use.
FORMER_FIELDS = {
    "contract_end": "contract_ends_on",
    "reference": "carrier_reference",
    "state": "status",
    "words": "note",
}


class RowCountsOut(SchemaOut):
    """How many rows have which result, how many cases are logged with them, and how many have warnings."""

    new: int
    changed: int
    same: int
    wrong: int
    case: int
    skipped: int = Field(description="Rows without a card: empty ones, totals, repeated titles.")
    warned: int = Field(description="Rows of which something could not be read; they are imported all the same.")


class SampleRowOut(SchemaOut):
    """One of the first rows with each result."""

    row: int = Field(description="As in the table: its first row is row 1.")
    fate: Annotated[str, enum_of(ROW_FATES)]
    number: str = Field(description="Masked.")
    why: list[str]
    changes: list[str]
    logs_case: bool


class SheetOut(SchemaOut):
    name: str | None = Field(description="Null for a table of text.")
    rows: int


class UnknownCarrierOut(SchemaOut):
    name: str = Field(description="As the table writes it.")
    rows: int


class FixOut(SchemaOut):
    """A cell whose text was replaced."""

    row: int
    column: int = Field(description="Counted from 0.")
    text: str = Field(description="Numbers in it are masked.")


class ImportSummaryOut(SchemaOut):
    id: int
    name: str
    state: Annotated[str, enum_of(ImportState.values)]
    made_at: DateTime
    made_by: PersonOut | None
    rows: int = Field(description="Without the title row.")
    percent: int
    became: RowCountsOut = Field(description="The rows imported so far.")
    finished_at: DateTime | None


class ImportOut(ImportSummaryOut):
    """A card import with how its table is read and its preview (`forecast`), which is null until a column is set to
    `number`."""

    titles: list[str]
    columns: list[str | None] = Field(
        description="The field of each column; `custom` for a column of the team’s own, null if it is not imported."
    )
    forecast: RowCountsOut | None
    samples: list[SampleRowOut] = Field(description="Until the import is run; all rows: see /imports/{pk}/rows.")
    sheets: list[SheetOut]
    sheet: int = Field(description="Which of the sheets is imported, counted from 0.")
    header_row: int | None = Field(description="The row of the titles; 0 if there are none.")
    carrier: str | None = Field(description="The carrier of all rows that name none.")
    unknown_carriers: list[UnknownCarrierOut]
    fixes: list[FixOut]


class RefundOfRowOut(SchemaOut):
    """A balance that a row says is owed back, or that came (`received`); yuan and days, null for what is not known.

    `received_amount`: what came, where that is another sum than what was owed."""

    amount: str | None
    due_on: Day | None
    received_on: Day | None
    received: bool
    received_amount: str | None


class CaseOfRowOut(SchemaOut):
    """The case that a row names, in the state in which it is logged."""

    status: Annotated[str, enum_of(CASE_STATUSES)]
    submitted_at: DateTime | None
    closed_on: Day | None
    returned_on: Day | None
    return_reason: Annotated[str, enum_of(ReturnReason.values)] | None
    carrier_reference: str | None
    reason: Annotated[str, enum_of(Reason.values)] | None
    reason_words: str | None
    status_words: str | None
    channel: Annotated[str, enum_of(RequestChannel.values)] | None
    refund: RefundOfRowOut | None


class FactsOfRowOut(SchemaOut):
    """What a row says of its card; what it does not say is left out."""

    holder: str = ""
    user: str = ""
    department: str = ""
    plan: str = ""
    monthly_fee: str = ""
    purpose: Annotated[str, enum_of(Purpose.values, or_empty=True)] = ""
    iccid: str = ""
    opened_on: str = ""
    contract_ends_on: str = ""
    note: str = ""


class RowOut(SchemaOut):
    """What would become of a card of a row; a row with two numbers comes twice. Numbers are masked everywhere in it,
    unless `numbers=full` is asked for."""

    row: int = Field(description="As in the table: its first row is row 1.")
    outcome: Annotated[str, enum_of(OUTCOMES)]
    number: str | None
    carrier: str | None
    carrier_name: str | None = Field(None, description="As the table writes it, where it is not known.")
    facts: FactsOfRowOut
    custom: dict[str, str] = Field(description="Columns of the team’s own, by their titles.")
    handler: str | None = Field(description="The assignee as the table writes it.")
    case: CaseOfRowOut | None
    warnings: list[str] = Field(description="What could not be read, and why; the row is imported all the same.")
    reason: str | None = Field(description="Why the row is not imported, or is no card.")
    changes: dict[str, list[str | None]] = Field(
        description="Of a card that is there already: what it has, and what it gets."
    )


class ImportFailureOut(SchemaOut):
    row: int
    why: str


class RowsParams(PageParams):
    outcome: Annotated[Literal["new", "changed", "same", "wrong", "skipped", "case", "warned"], Field()] | None = None
    numbers: NumbersParam = "masked"


class ColumnsIn(SchemaIn):
    """The field of each column, starting with the first; columns with null, or omitted at the end, are not imported."""

    columns: Annotated[list[Annotated[str, bounded_text(20)] | None], Field(min_length=1, max_length=MAX_COLUMNS)]


class ReadingIn(SchemaIn):
    """How the table is read; null, or omitted: as it is recognized."""

    sheet: Annotated[int, Field(strict=True, ge=0, le=255)] | None = None
    header_row: Annotated[int, Field(strict=True, ge=0, le=MAX_ROWS)] | None = None
    carrier: CarrierSlug | None = None


class FixIn(SchemaIn):
    row: Annotated[int, Field(strict=True, ge=1, le=MAX_ROWS)]
    column: Annotated[int, Field(strict=True, ge=0, lt=MAX_COLUMNS, description="Counted from 0.")]
    text: Annotated[str, Field(max_length=MAX_CELL_LENGTH)]


class FixesIn(SchemaIn):
    """Texts that replace those of the table."""

    fixes: Annotated[list[FixIn], Field(min_length=1, max_length=1000)]


class CarrierNameIn(SchemaIn):
    """Which carrier the team’s tables mean by a name."""

    name: Annotated[str, bounded_text(80, 1)]
    carrier: CarrierSlug


def _row_counts(counts: Mapping[str, int]) -> RowCountsOut:
    return RowCountsOut.model_validate({name: counts.get(name, 0) for name in RowCountsOut.model_fields})


def _import_summary_fields(import_: CardImport) -> dict[str, Any]:
    return {
        "id": import_.pk,
        "name": import_.name,
        "state": import_.state,
        "made_at": import_.made_at,
        "made_by": serialize_person(import_.made_by),
        "rows": max(import_.last_row - 1, 0),
        "percent": import_.percent,
        "became": _row_counts(import_.counts),
        "finished_at": import_.finished_at,
    }


def serialize_import_summary(import_: CardImport) -> ImportSummaryOut:
    return ImportSummaryOut.model_construct(**_import_summary_fields(import_))


def serialize_import(import_: CardImport, *, by: User, now: datetime) -> ImportOut:
    """`by` and `now`: whom and when the first rows of the preview are for."""
    forecast = import_.forecast or {}
    columns = read_columns(import_)
    return ImportOut.model_construct(
        **_import_summary_fields(import_),
        titles=[title for _index, title, _field in columns],
        columns=[None if field in ("", "ignored") else field for _index, _title, field in columns],
        forecast=_row_counts(forecast["counts"]) if "counts" in forecast else None,
        samples=list(_samples(import_, by, now)),
        sheets=[SheetOut(name=name, rows=rows) for name, rows in import_.sheets],
        sheet=import_.sheet,
        header_row=forecast.get("header_row"),
        carrier=import_.carrier.slug if import_.carrier else None,
        unknown_carriers=[
            UnknownCarrierOut(name=name, rows=rows) for name, rows in forecast.get("unknown_carriers", [])
        ],
        fixes=[
            FixOut(row=int(row), column=int(column), text=masking.mask_text(text))
            for row, cells in import_.fixes.items()
            for column, text in cells.items()
        ],
    )


def _samples(import_: CardImport, by: User, now: datetime) -> Iterator[SampleRowOut]:
    """The first rows of each result, in one reading of the table."""
    if import_.state != ImportState.NEW or "counts" not in import_.forecast:
        return
    rows = {fate: rows_with(import_, fate)[:SAMPLE_SIZE] for fate in ROW_FATES}
    sample_rows = {row for sample in rows.values() for row in sample}
    plans = list(card_import.plan_rows(import_, by=by, now=now, rows=sample_rows)) if sample_rows else []
    for fate in ROW_FATES:
        for plan in [plan for plan in plans if plan.outcome == fate][:SAMPLE_SIZE]:
            yield _serialize_sample(plan)


def _serialize_sample(plan: RowPlan) -> SampleRowOut:
    return SampleRowOut(
        row=plan.row,
        fate=plan.outcome,
        number=masking.mask_number(plan.number) if plan.number else "",
        why=[masking.mask_text(message_text(plan.reason))] if plan.reason else [],
        changes=sorted(plan.changes),
        logs_case=plan.opens_case,
    )


def serialize_row(plan: RowPlan, *, full: bool) -> dict[str, Any]:
    """A row as a RowOut; numbers are masked everywhere in it unless `full`."""
    return {"carrier_name": None, **describe_plan(plan, full_numbers=full)}


def serialize_import_failure(failure: ImportFailure) -> ImportFailureOut:
    return ImportFailureOut(row=failure.row, why=stored_text(failure.why))
