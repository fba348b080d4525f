"""Imports of card tables: uploaded, checked in a dry run, run by the worker, and the rows that failed."""

from django.http import FileResponse, HttpResponse
from ninja import Query

from cases import selectors
from cases.api import lookups
from cases.api.auth import require_right
from cases.api.instance import api
from cases.api.openapi import BINARY, file_response, multipart_body
from cases.api.pagination import paginate, respond_page
from cases.api.problem_details import ApiError, MalformedRequest, NotFound
from cases.api.request import ApiRequest
from cases.api.responses import set_location
from cases.api.schemas.imports import (
    ColumnsIn,
    ImportFailureOut,
    ImportOut,
    ImportSummaryOut,
    serialize_import,
    serialize_import_failure,
    serialize_import_summary,
)
from cases.api.schemas.pages import Page, PageParams
from cases.api.uploads import require_multipart
from cases.documents import imports
from cases.documents.tables import Format
from cases.domain.errors import gettext_noop
from cases.domain.roles import Right
from cases.formats.card_table import CARD_FIELDS
from cases.formats.spreadsheets import MAX_TABLE_BYTES
from cases.models.choices import ImportState
from cases.operations import card_import

TAGS = ["imports"]
#: Reading an import needs the right to work, too.
_WORK_RIGHT_NEEDED = {"x-work-right": True}
_UPLOAD_FORM = multipart_body(
    {
        "file": {
            **BINARY,
            "contentMediaType": "application/octet-stream",
            "description": "XLSX or CSV with a title row first; at most 20 MB and 200,000 rows.",
        },
        "text": {"type": "string", "description": "Pasted rows, instead of a file."},
    }
)


class TableMissing(ApiError):
    status = 422
    code = "no_table"
    message = gettext_noop("Choose a file or paste rows.")
    field = "file"


class ImportNotRunnable(ApiError):
    status = 409
    code = "import_not_as_it_stands"
    message = gettext_noop("This import cannot start yet. Check the column settings and preview again.")


class InvalidColumns(ApiError):
    status = 422
    code = "wrong_columns"
    message = gettext_noop(
        "Use existing field names, each at most once. Use null for columns that should not be imported."
    )
    field = "columns"


@api.post("imports", response={201: ImportOut}, tags=TAGS, summary="Upload a card import", openapi_extra=_UPLOAD_FORM)
def hand_in_table(request: ApiRequest, response: HttpResponse) -> ImportOut:
    """Creates a preview. Nothing changes until the import is run."""
    require_multipart(request, MAX_TABLE_BYTES)
    fields = api.parser.parse_querydict(request.POST, [], request)
    upload, pasted_text = request.FILES.get("file"), fields.pop("text", "")
    if fields or set(request.FILES) - {"file"} or len(request.FILES.getlist("file")) > 1:
        raise MalformedRequest(why="the form has more than one “file” and one “text”")
    if not upload and not pasted_text.strip():
        raise TableMissing()
    request.error_fields = {"upload": "file" if upload else "text"}
    import_ = imports.upload_table(request.team, upload, pasted_text, by=request.user, now=request.now)
    set_location(response, "read_import", pk=import_.pk)
    return serialize_import(import_)


@api.get(
    "imports",
    response=Page[ImportSummaryOut],
    tags=TAGS,
    summary="List card imports",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def list_imports(request: ApiRequest, response: HttpResponse, params: Query[PageParams]) -> Page[ImportSummaryOut]:
    """Newest first. Viewers are refused."""
    require_right(request, Right.WORK)
    page = paginate(selectors.imports_of(request.team), params)
    return respond_page(request, response, page, Page[ImportSummaryOut], serialize_import_summary)


@api.get(
    "imports/{int:pk}",
    response=ImportOut,
    tags=TAGS,
    summary="Get the progress of a card import",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def read_import(request: ApiRequest, pk: int) -> ImportOut:
    """The preview of its rows, and how many have been imported."""
    return serialize_import(lookups.get_import(request, pk))


@api.put("imports/{int:pk}/columns", response=ImportOut, tags=TAGS, summary="Set the columns of a card import")
def name_columns(request: ApiRequest, pk: int, data: ColumnsIn) -> ImportOut:
    """Creates a new preview. Possible only before the import is run."""
    import_ = lookups.get_import(request, pk)
    if import_.state != ImportState.NEW or not import_.has_rows:
        raise ImportNotRunnable()
    columns = {index: name for index, name in enumerate(data.columns) if name}
    field_names = list(columns.values())
    if (
        not set(field_names) <= set(CARD_FIELDS)
        or len(set(field_names)) < len(field_names)
        or len(data.columns) > len(import_.titles)
    ):
        raise InvalidColumns()
    request.error_fields = {"upload": "columns"}
    card_import.dry_run(import_, columns, by=request.user, now=request.now)
    return serialize_import(import_)


@api.post("imports/{int:pk}/run", response=ImportOut, tags=TAGS, summary="Run a card import")
def run_import(request: ApiRequest, pk: int) -> ImportOut:
    """Starts in the background, or continues after the last imported row."""
    import_ = lookups.get_import(request, pk)
    if not imports.start_import(import_, by=request.user, now=request.now):
        raise ImportNotRunnable()
    return serialize_import(lookups.get_import(request, pk))


@api.post("imports/{int:pk}/stop", response=ImportOut, tags=TAGS, summary="Stop a card import")
def stop_import(request: ApiRequest, pk: int) -> ImportOut:
    """Stops after the rows being imported; imported rows are kept. Has no effect if the import is not running."""
    card_import.cancel(lookups.get_import(request, pk))
    return serialize_import(lookups.get_import(request, pk))


@api.get(
    "imports/{int:pk}/failures",
    response=Page[ImportFailureOut],
    tags=TAGS,
    summary="List rows not imported",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def list_failures(
    request: ApiRequest, response: HttpResponse, pk: int, params: Query[PageParams]
) -> Page[ImportFailureOut]:
    page = paginate(lookups.get_import(request, pk).failures.all(), params, ascending=True)
    return respond_page(request, response, page, Page[ImportFailureOut], serialize_import_failure)


@api.get(
    "imports/{int:pk}/failed",
    tags=TAGS,
    summary="Download rows not imported",
    openapi_extra={
        **_WORK_RIGHT_NEEDED,
        "responses": {
            200: file_response(
                "An XLSX file with the rows as uploaded, each with the reason. 404 if there are none.",
                Format.XLSX.content_type,
            )
        },
    },
)
def get_failed_rows(request: ApiRequest, pk: int) -> FileResponse:
    """Correct them and upload them again. Numbers are in full, as uploaded."""
    file_response = imports.failed_rows_response(lookups.get_import(request, pk))
    if file_response is None:
        raise NotFound()
    return file_response
