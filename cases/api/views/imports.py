"""Imports of card tables: uploaded, checked in a dry run, run by the worker, and the rows that failed."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from ninja import Query

from cases import selectors
from cases.api import lookups
from cases.api.auth import require_right
from cases.api.instance import api
from cases.api.openapi import BINARY, file_response, multipart_body
from cases.api.pagination import add_link_header, paginate, paginate_numbers, respond_page
from cases.api.problem_details import ApiError, MalformedRequest, NotFound
from cases.api.request import ApiRequest
from cases.api.responses import set_location
from cases.api.schemas.imports import (
    FORMER_FIELDS,
    OUTCOMES,
    CarrierNameIn,
    ColumnsIn,
    FixesIn,
    ImportFailureOut,
    ImportOut,
    ImportSummaryOut,
    ReadingIn,
    RowOut,
    RowsParams,
    serialize_import,
    serialize_import_failure,
    serialize_import_summary,
    serialize_row,
)
from cases.api.schemas.pages import Page, PageParams
from cases.api.uploads import require_multipart
from cases.documents import imports
from cases.documents.tables import Format
from cases.domain.errors import gettext_noop
from cases.domain.roles import Right
from cases.formats.tables.refusals import MAX_TABLE_BYTES
from cases.formats.tables.titles import FIELDS
from cases.models import CardImport
from cases.models.choices import ImportState
from cases.operations import card_import
from cases.operations.audit_log import record_list_in_full
from cases.operations.card_import import ImportOptions
from cases.operations.card_import_forecast import rows_with
from cases.operations.carrier_names import name_carrier

TAGS = ["imports"]
#: Reading an import needs the right to work, too.
_WORK_RIGHT_NEEDED = {"x-work-right": True}
_UPLOAD_FORM = multipart_body(
    {
        "file": {
            **BINARY,
            "contentMediaType": "application/octet-stream",
            "description": "XLSX, XLS, ODS, CSV or text, with its titles in any row; at most 20 MB and 200,000 rows.",
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


class ImportNotTakenBack(ApiError):
    status = 409
    code = "import_not_taken_back"
    message = gettext_noop("This import cannot be taken back any more.")


class InvalidColumns(ApiError):
    status = 422
    code = "wrong_columns"
    message = gettext_noop(
        "Use existing field names, each at most once. Use null for columns that should not be imported."
    )
    field = "columns"


#: What several columns may be at once.
_REPEATABLE = {"number", "note", "custom"}
_ASSIGNABLE = set(FIELDS) - {"ignored"}


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
    return _described(request, import_)


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
    return _described(request, lookups.get_import(request, pk))


def _described(request: ApiRequest, import_: CardImport) -> ImportOut:
    return serialize_import(import_, by=request.user, now=request.now)


def _get_new_import(request: ApiRequest, pk: int) -> CardImport:
    """An import that has not begun and whose table is stored; raises ImportNotRunnable."""
    import_ = lookups.get_import(request, pk)
    if import_.state != ImportState.NEW or not import_.has_rows:
        raise ImportNotRunnable()
    return import_


@api.get(
    "imports/{int:pk}/rows",
    response=Page[RowOut],
    tags=TAGS,
    summary="List the rows of a card import",
    openapi_extra=_WORK_RIGHT_NEEDED,
)
def list_rows(request: ApiRequest, response: HttpResponse, pk: int, params: Query[RowsParams]) -> dict[str, Any]:
    """Every row as it would be imported, until the import is run; a page holds at most `limit` rows of the table."""
    import_ = lookups.get_import(request, pk)
    full = lookups.wants_full_numbers(request, params.numbers, export=True)
    outcomes = [params.outcome] if params.outcome else OUTCOMES
    is_new = import_.state == ImportState.NEW and "counts" in import_.forecast
    numbers = sorted({row for outcome in outcomes for row in rows_with(import_, outcome)}) if is_new else []
    shown, next_cursor = paginate_numbers(numbers, params)
    plans = card_import.plan_rows(import_, by=request.user, now=request.now, rows=set(shown)) if shown else ()
    if full and shown:
        about = f"{import_.name} · {import_.pk}, {lookups.audit_source(request)}"
        record_list_in_full(import_.team, about, by=request.user, now=request.now)
    add_link_header(request, response, next_cursor)
    return {"items": [serialize_row(plan, full=full) for plan in plans], "next": next_cursor}


@api.put("imports/{int:pk}/columns", response=ImportOut, tags=TAGS, summary="Set the columns of a card import")
def name_columns(request: ApiRequest, pk: int, data: ColumnsIn) -> ImportOut:
    """Creates a new preview. Possible only before the import is run."""
    import_ = _get_new_import(request, pk)
    fields = [FORMER_FIELDS.get(name, name) if name else "" for name in data.columns]
    columns = imports.read_columns(import_)
    counted = Counter(field for field in fields if field)
    if set(counted) - _ASSIGNABLE or any(counted[name] > 1 for name in set(counted) - _REPEATABLE):
        raise InvalidColumns()
    if len(fields) > len(columns):
        raise InvalidColumns()
    fields += [""] * (len(columns) - len(fields))
    field_by_column = {index: field for (index, _title, _field), field in zip(columns, fields, strict=True)}
    request.error_fields = {"upload": "columns"}
    with transaction.atomic():
        options = ImportOptions(import_.sheet, import_.header_row, field_by_column, import_.carrier)
        card_import.set_options(import_, options, now=request.now)
        card_import.dry_run(import_, by=request.user, now=request.now)
    return _described(request, import_)


@api.put(
    "imports/{int:pk}/reading", response=ImportOut, tags=TAGS, summary="Set how the table of a card import is read"
)
def set_reading(request: ApiRequest, pk: int, data: ReadingIn) -> ImportOut:
    """Which sheet, which row of titles, which carrier where a row names none. The columns are recognized again. Creates
    a new preview; possible only before the import is run."""
    import_ = _get_new_import(request, pk)
    carrier = lookups.get_carrier(data.carrier) if data.carrier else None
    sheet = import_.sheet if data.sheet is None else data.sheet
    card_import.set_options(import_, ImportOptions(sheet, data.header_row, carrier=carrier), now=request.now)
    imports.preview_again(import_, by=request.user, now=request.now)
    return _described(request, import_)


@api.put("imports/{int:pk}/cells", response=ImportOut, tags=TAGS, summary="Replace cells of a card import")
def replace_cells(request: ApiRequest, pk: int, data: FixesIn) -> ImportOut:
    """Texts that count instead of those of the table. Creates a new preview; possible only before the import is run."""
    import_ = _get_new_import(request, pk)
    cells = {(fix.row, fix.column): fix.text for fix in data.fixes}
    imports.mend_cells(import_, cells, by=request.user, now=request.now)
    return _described(request, import_)


@api.put("imports/{int:pk}/carriers", response=ImportOut, tags=TAGS, summary="Name a carrier of a card import")
def name_unknown_carrier(request: ApiRequest, pk: int, data: CarrierNameIn) -> ImportOut:
    """Which carrier the table means by a name; remembered for the team’s next tables. Creates a new preview."""
    import_ = _get_new_import(request, pk)
    name_carrier(import_.team, data.name, lookups.get_carrier(data.carrier))
    imports.preview_again(import_, by=request.user, now=request.now)
    return _described(request, import_)


@api.post("imports/{int:pk}/run", response=ImportOut, tags=TAGS, summary="Run a card import")
def run_import(request: ApiRequest, pk: int) -> ImportOut:
    """Starts in the background, or continues after the last imported row."""
    import_ = lookups.get_import(request, pk)
    if not imports.start_import(import_, by=request.user, now=request.now):
        raise ImportNotRunnable()
    return _described(request, lookups.get_import(request, pk))


@api.post("imports/{int:pk}/stop", response=ImportOut, tags=TAGS, summary="Stop a card import")
def stop_import(request: ApiRequest, pk: int) -> ImportOut:
    """Stops after the rows being imported; imported rows are kept. Has no effect if the import is not running."""
    card_import.cancel(lookups.get_import(request, pk))
    return _described(request, lookups.get_import(request, pk))


@api.post("imports/{int:pk}/take-back", response=ImportOut, tags=TAGS, summary="Take back a card import")
def take_back_import(request: ApiRequest, pk: int) -> ImportOut:
    """Undoes in the background what the import has done: added cards are deleted, updated ones get back what they had,
    cases are withdrawn as logged by mistake. What has been changed since is left, and listed in `failures`."""
    if not imports.take_back_import(lookups.get_import(request, pk), by=request.user, now=request.now):
        raise ImportNotTakenBack()
    return _described(request, lookups.get_import(request, pk))


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
    file_response = imports.failed_rows_response(lookups.get_import(request, pk), request.now)
    if file_response is None:
        raise NotFound()
    return file_response
