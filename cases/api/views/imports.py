"""Tables of cards brought in: handed in, looked through, accepted, followed, and what could not be taken."""

from typing import Annotated, Any

from django.http import FileResponse, HttpResponse
from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.auth import require_right
from cases.api.instance import api
from cases.api.pagination import add_link_header, paginate
from cases.api.problem_details import ApiError, MalformedRequest, NotFound
from cases.api.request import ApiRequest
from cases.api.schemas.cases import PersonOut, serialize_person
from cases.api.schemas.fields import DateTime, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.api.views.cases import PageParams
from cases.api.views.receipts import MULTIPART, require_multipart
from cases.documents import imports
from cases.documents.tables import Format
from cases.domain.errors import gettext_noop
from cases.domain.roles import Right
from cases.formats.card_table import CARD_FIELDS
from cases.formats.spreadsheets import MAX_COLUMNS, MAX_TABLE_BYTES
from cases.models import CardImport
from cases.models.choices import ImportState
from cases.operations import card_import
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG

TAGS = ["imports"]
ROW_FATES = (NEW, CHANGED, SAME, WRONG)


class TableMissing(ApiError):
    status = 422
    code = "no_table"
    message = gettext_noop("Choose a file, or paste rows.")
    field = "file"


class ImportNotRunnable(ApiError):
    status = 409
    code = "import_not_as_it_stands"
    message = gettext_noop("It cannot be brought in as it stands.")


class InvalidColumns(ApiError):
    status = 422
    code = "wrong_columns"
    message = gettext_noop("Name fields that there are, each once, and null for a column to be left out.")
    field = "columns"


class RowCountsOut(SchemaOut):
    """Rows by what becomes of them, and the cases that are logged with them."""

    new: int
    changed: int
    same: int
    wrong: int
    case: int


class SampleRowOut(SchemaOut):
    """One of the first rows of each kind."""

    row: int = Field(description="As in the table: the titles are 1.")
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
    rows: int = Field(description="Without the titles.")
    percent: int
    became: RowCountsOut = Field(description="What became of the rows until now.")
    finished_at: DateTime | None


class ImportFailureOut(SchemaOut):
    row: int
    why: str


class ImportOut(ImportSummaryOut):
    """With its columns, and what would become of its rows; null until a column holds the numbers."""

    titles: list[str]
    columns: list[str | None] = Field(description="The field that each column is; null: it is left out.")
    forecast: RowCountsOut | None
    samples: list[SampleRowOut]


class ImportPage(SchemaOut):
    items: list[ImportSummaryOut]
    next: str | None


class FailurePage(SchemaOut):
    items: list[ImportFailureOut]
    next: str | None


def _row_counts(counts: dict[str, int]) -> RowCountsOut:
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


def _serialize_import(import_: CardImport) -> ImportOut:
    forecast = import_.forecast or {}
    return ImportOut.model_construct(
        **_import_summary_fields(import_),
        titles=import_.titles,
        columns=[import_.columns.get(str(at)) for at in range(len(import_.titles))],
        forecast=_row_counts(forecast["counts"]) if forecast else None,
        samples=[
            SampleRowOut(
                row=row,
                fate=fate,
                number=number,
                why=imports.failure_messages(why),
                changes=changes,
                logs_case=any(logs_case),
            )
            for fate in ROW_FATES
            for row, number, why, changes, *logs_case in forecast.get("rows", {}).get(fate, [])
        ],
    )


#: A viewer may not even look.
_WORK_RIGHT_NEEDED = {"x-for-work": True}
_UPLOAD_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "contentMediaType": "application/octet-stream",
                            "description": "XLSX or CSV, the row of titles first; at most 20 MB and 200,000 rows.",
                        },
                        "text": {"type": "string", "description": "The rows pasted, instead of a file."},
                    },
                }
            }
        },
    }
}


@api.post(
    "imports", response={201: ImportOut}, tags=TAGS, summary="Hand in a table of cards", openapi_extra=_UPLOAD_FORM
)
def hand_in_table(request: ApiRequest, response: HttpResponse) -> ImportOut:
    """It is looked through, and nothing is changed until it is told to run."""
    require_multipart(request, MAX_TABLE_BYTES)
    fields = api.parser.parse_querydict(request.POST, [], request)
    upload, pasted_text = request.FILES.get("file"), fields.pop("text", "")
    if fields or set(request.FILES) - {"file"} or len(request.FILES.getlist("file")) > 1:
        raise MalformedRequest(why="the form has more than one “file” and one “text”")
    if not upload and not pasted_text.strip():
        raise TableMissing()
    request.error_fields = {"upload": "file" if upload else "text"}
    import_ = imports.upload_table(request.team, upload, pasted_text, by=request.user, now=request.now)
    response["Location"] = f"/api/v1/imports/{import_.pk}"
    return _serialize_import(import_)


@api.get(
    "imports",
    response=ImportPage,
    tags=TAGS,
    summary="List tables that were handed in",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def list_imports(request: ApiRequest, response: HttpResponse, params: Query[PageParams]) -> ImportPage:
    """Newest first; for those who work with them."""
    require_right(request, Right.WORK)
    page_rows, next_cursor = paginate(selectors.imports_of(request.team).order_by("-pk"), params.cursor, params.limit)
    add_link_header(request, response, next_cursor)
    return ImportPage.model_construct(
        items=[ImportSummaryOut.model_construct(**_import_summary_fields(import_)) for import_ in page_rows],
        next=next_cursor,
    )


@api.get(
    "imports/{int:pk}",
    response=ImportOut,
    tags=TAGS,
    summary="Read how far a table is",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def read_import(request: ApiRequest, pk: int) -> ImportOut:
    """What would become of its rows, and what became of them."""
    return _serialize_import(lookups.get_import(request, pk))


class ColumnsIn(SchemaIn):
    """The field that each column is, from the first; null, or left out at the end: it is left out."""

    columns: Annotated[list[Annotated[str, bounded_text(20)] | None], Field(min_length=1, max_length=MAX_COLUMNS)]


@api.put("imports/{int:pk}/columns", response=ImportOut, tags=TAGS, summary="Say what the columns are")
def name_columns(request: ApiRequest, pk: int, data: ColumnsIn) -> ImportOut:
    """It is looked through again. Only before it runs."""
    import_ = lookups.get_import(request, pk)
    if import_.state != ImportState.NEW or not import_.has_rows:
        raise ImportNotRunnable()
    columns = {at: name for at, name in enumerate(data.columns) if name}
    field_names = list(columns.values())
    if (
        not set(field_names) <= set(CARD_FIELDS)
        or len(set(field_names)) < len(field_names)
        or len(data.columns) > len(import_.titles)
    ):
        raise InvalidColumns()
    request.error_fields = {"upload": "columns"}
    card_import.dry_run(import_, columns, by=request.user, now=request.now)
    return _serialize_import(import_)


@api.post("imports/{int:pk}/run", response=ImportOut, tags=TAGS, summary="Bring a table in")
def run_import(request: ApiRequest, pk: int) -> ImportOut:
    """The worker begins, or goes on behind the last row that is done."""
    import_ = lookups.get_import(request, pk)
    if not imports.start_import(import_, by=request.user, now=request.now):
        raise ImportNotRunnable()
    return _serialize_import(lookups.get_import(request, pk))


@api.post("imports/{int:pk}/stop", response=ImportOut, tags=TAGS, summary="Stop bringing a table in")
def stop_import(request: ApiRequest, pk: int) -> ImportOut:
    """After the rows that are being done, which stay. One that does not run is left as it is."""
    card_import.cancel(lookups.get_import(request, pk))
    return _serialize_import(lookups.get_import(request, pk))


@api.get(
    "imports/{int:pk}/failures",
    response=FailurePage,
    tags=TAGS,
    summary="List rows that could not be taken",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def list_failures(request: ApiRequest, response: HttpResponse, pk: int, params: Query[PageParams]) -> FailurePage:
    rows = lookups.get_import(request, pk).failures.order_by("pk")
    page_rows, next_cursor = paginate(rows, params.cursor, params.limit, ascending=True)
    add_link_header(request, response, next_cursor)
    return FailurePage.model_construct(
        items=[ImportFailureOut(row=failure.row, why=failure.why) for failure in page_rows], next=next_cursor
    )


@api.get(
    "imports/{int:pk}/failed",
    tags=TAGS,
    summary="Get the rows that could not be taken",
    openapi_extra={
        **_WORK_RIGHT_NEEDED,
        "responses": {
            200: {
                "description": "An XLSX: the rows as they were, each with why. 404 where there is none.",
                "content": {Format.XLSX.content_type: {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    },
)
def get_failed_rows(request: ApiRequest, pk: int) -> FileResponse:
    """To be mended, and handed in again. Their numbers are as they were handed in."""
    file_response = imports.failed_rows_response(lookups.get_import(request, pk))
    if file_response is None:
        raise NotFound()
    return file_response
