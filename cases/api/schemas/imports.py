"""Card imports: progress, preview, columns and rows not imported."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from cases.api.schemas.common import PersonOut, serialize_person
from cases.api.schemas.fields import DateTime, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.documents.imports import failure_messages
from cases.formats.spreadsheets import MAX_COLUMNS
from cases.models import CardImport, ImportFailure
from cases.models.choices import ImportState
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG

ROW_FATES = (NEW, CHANGED, SAME, WRONG)


class RowCountsOut(SchemaOut):
    """How many rows have which result, and how many cases are logged with them."""

    new: int
    changed: int
    same: int
    wrong: int
    case: int


class SampleRowOut(SchemaOut):
    """One of the first rows with each result."""

    row: int = Field(description="As in the table: the title row is row 1.")
    fate: Annotated[str, enum_of(ROW_FATES)]
    number: str = Field(description="Masked.")
    why: list[str]
    changes: list[str]
    logs_case: bool


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
    """A card import with its columns and preview (`forecast`), which is null until a column is set to `number`."""

    titles: list[str]
    columns: list[str | None] = Field(description="The field of each column; null if it is not imported.")
    forecast: RowCountsOut | None
    samples: list[SampleRowOut]


class ImportFailureOut(SchemaOut):
    row: int
    why: str


class ColumnsIn(SchemaIn):
    """The field of each column, starting with the first; columns with null, or omitted at the end, are not imported."""

    columns: Annotated[list[Annotated[str, bounded_text(20)] | None], Field(min_length=1, max_length=MAX_COLUMNS)]


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


def serialize_import(import_: CardImport) -> ImportOut:
    forecast = import_.forecast or {}
    return ImportOut.model_construct(
        **_import_summary_fields(import_),
        titles=import_.titles,
        columns=[import_.columns.get(str(index)) for index in range(len(import_.titles))],
        forecast=_row_counts(forecast["counts"]) if forecast else None,
        samples=[
            SampleRowOut(
                row=row,
                fate=fate,
                number=number,
                why=failure_messages(errors),
                changes=changes,
                logs_case=any(logs_case),
            )
            for fate in ROW_FATES
            for row, number, errors, changes, *logs_case in forecast.get("rows", {}).get(fate, [])
        ],
    )


def serialize_import_failure(failure: ImportFailure) -> ImportFailureOut:
    return ImportFailureOut(row=failure.row, why=failure.why)
