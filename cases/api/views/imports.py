"""Tables of cards brought in: handed in, looked through, accepted, followed, and what could not be taken."""

from typing import Annotated, Any

from django.http import FileResponse, HttpResponse
from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.auth import ApiRequest, check
from cases.api.instance import api
from cases.api.pagination import link, page
from cases.api.problem_details import ApiError, Malformed, NothingHere, renamed
from cases.api.schemas.cases import Person, person
from cases.api.schemas.fields import Asked, Moment, Told, one_of, text
from cases.api.views.cases import PageAsked
from cases.api.views.receipts import MULTIPART, check_form
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
FATES = (NEW, CHANGED, SAME, WRONG)


class NoTable(ApiError):
    status = 422
    code = "no_table"
    message = gettext_noop("Choose a file, or paste rows.")
    field = "file"


class NotAsItStands(ApiError):
    status = 409
    code = "import_not_as_it_stands"
    message = gettext_noop("It cannot be brought in as it stands.")


class WrongColumns(ApiError):
    status = 422
    code = "wrong_columns"
    message = gettext_noop("Name fields that there are, each once, and null for a column to be left out.")
    field = "columns"


class RowCounts(Told):
    """Rows by what becomes of them, and the cases that are logged with them."""

    new: int
    changed: int
    same: int
    wrong: int
    case: int


class RowTold(Told):
    """One of the first rows of each kind."""

    row: int = Field(description="As in the table: the titles are 1.")
    fate: Annotated[str, one_of(FATES)]
    number: str = Field(description="Masked.")
    why: list[str]
    changes: list[str]
    logs_case: bool


class ImportRow(Told):
    id: int
    name: str
    state: Annotated[str, one_of(ImportState.values)]
    made_at: Moment
    made_by: Person | None
    rows: int = Field(description="Without the titles.")
    percent: int
    became: RowCounts = Field(description="What became of the rows until now.")
    finished_at: Moment | None


class Failure(Told):
    row: int
    why: str


class ImportTold(ImportRow):
    """With its columns, and what would become of its rows; null until a column holds the numbers."""

    titles: list[str]
    columns: list[str | None] = Field(description="The field that each column is; null: it is left out.")
    forecast: RowCounts | None
    samples: list[RowTold]


class ImportPage(Told):
    items: list[ImportRow]
    next: str | None


class FailurePage(Told):
    items: list[Failure]
    next: str | None


def _counts(counts: dict[str, int]) -> RowCounts:
    return RowCounts.model_validate({name: counts.get(name, 0) for name in RowCounts.model_fields})


def _row(its: CardImport) -> dict[str, Any]:
    return {
        "id": its.pk,
        "name": its.name,
        "state": its.state,
        "made_at": its.made_at,
        "made_by": person(its.made_by),
        "rows": max(its.last_row - 1, 0),
        "percent": its.percent,
        "became": _counts(its.counts),
        "finished_at": its.finished_at,
    }


def _told(its: CardImport) -> ImportTold:
    forecast = its.forecast or {}
    return ImportTold.model_construct(
        **_row(its),
        titles=its.titles,
        columns=[its.columns.get(str(at)) for at in range(len(its.titles))],
        forecast=_counts(forecast["counts"]) if forecast else None,
        samples=[
            RowTold(
                row=row,
                fate=fate,
                number=number,
                why=imports.sentences(why),
                changes=changes,
                logs_case=any(logs_case),
            )
            for fate in FATES
            for row, number, why, changes, *logs_case in forecast.get("rows", {}).get(fate, [])
        ],
    )


#: A viewer may not even look.
_FOR_WORK = {"x-for-work": True}
_FORM = {
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


@api.post("imports", response={201: ImportTold}, tags=TAGS, summary="Hand in a table of cards", openapi_extra=_FORM)
def hand_in_table(request: ApiRequest, response: HttpResponse) -> ImportTold:
    """It is looked through, and nothing is changed until it is told to run."""
    check_form(request, MAX_TABLE_BYTES)
    fields = api.parser.parse_querydict(request.POST, [], request)
    upload, pasted = request.FILES.get("file"), fields.pop("text", "")
    if fields or set(request.FILES) - {"file"} or len(request.FILES.getlist("file")) > 1:
        raise Malformed(why="the form has more than one “file” and one “text”")
    if not upload and not pasted.strip():
        raise NoTable()
    with renamed(upload="file" if upload else "text"):
        made = imports.take(request.team, upload, pasted, by=request.user, now=request.now)
    response["Location"] = f"/api/v1/imports/{made.pk}"
    return _told(made)


@api.get("imports", response=ImportPage, tags=TAGS, summary="List tables that were handed in", openapi_extra=_FOR_WORK)
def list_imports(request: ApiRequest, response: HttpResponse, asked: Query[PageAsked]) -> ImportPage:
    """Newest first; for those who work with them."""
    check(request, Right.WORK)
    found, following = page(selectors.imports_of(request.team).order_by("-pk"), asked.cursor, asked.limit)
    link(request, response, following)
    return ImportPage.model_construct(items=[ImportRow.model_construct(**_row(its)) for its in found], next=following)


@api.get("imports/{int:pk}", response=ImportTold, tags=TAGS, summary="Read how far a table is", openapi_extra=_FOR_WORK)
def read_import(request: ApiRequest, pk: int) -> ImportTold:
    """What would become of its rows, and what became of them."""
    return _told(lookups.get_import(request, pk))


class ColumnsAsked(Asked):
    """The field that each column is, from the first; null, or left out at the end: it is left out."""

    columns: Annotated[list[Annotated[str, text(20)] | None], Field(min_length=1, max_length=MAX_COLUMNS)]


@api.put("imports/{int:pk}/columns", response=ImportTold, tags=TAGS, summary="Say what the columns are")
def name_columns(request: ApiRequest, pk: int, data: ColumnsAsked) -> ImportTold:
    """It is looked through again. Only before it runs."""
    its = lookups.get_import(request, pk)
    if its.state != ImportState.NEW or not its.has_rows:
        raise NotAsItStands()
    columns = {at: name for at, name in enumerate(data.columns) if name}
    named = list(columns.values())
    if not set(named) <= set(CARD_FIELDS) or len(set(named)) < len(named) or len(data.columns) > len(its.titles):
        raise WrongColumns()
    with renamed(upload="columns"):
        card_import.look_through(its, columns, by=request.user, now=request.now)
    return _told(its)


@api.post("imports/{int:pk}/run", response=ImportTold, tags=TAGS, summary="Bring a table in")
def run_import(request: ApiRequest, pk: int) -> ImportTold:
    """The worker begins, or goes on behind the last row that is done."""
    its = lookups.get_import(request, pk)
    if not imports.let_run(its, by=request.user, now=request.now):
        raise NotAsItStands()
    return _told(lookups.get_import(request, pk))


@api.post("imports/{int:pk}/stop", response=ImportTold, tags=TAGS, summary="Stop bringing a table in")
def stop_import(request: ApiRequest, pk: int) -> ImportTold:
    """After the rows that are being done, which stay. One that does not run is left as it is."""
    card_import.cancel(lookups.get_import(request, pk))
    return _told(lookups.get_import(request, pk))


@api.get(
    "imports/{int:pk}/failures",
    response=FailurePage,
    tags=TAGS,
    summary="List rows that could not be taken",
    openapi_extra=_FOR_WORK,
)
def list_failures(request: ApiRequest, response: HttpResponse, pk: int, asked: Query[PageAsked]) -> FailurePage:
    rows = lookups.get_import(request, pk).failures.order_by("pk")
    found, following = page(rows, asked.cursor, asked.limit, up=True)
    link(request, response, following)
    return FailurePage.model_construct(items=[Failure(row=one.row, why=one.why) for one in found], next=following)


@api.get(
    "imports/{int:pk}/failed",
    tags=TAGS,
    summary="Get the rows that could not be taken",
    openapi_extra={
        **_FOR_WORK,
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
    failed = imports.failed_rows(lookups.get_import(request, pk))
    if failed is None:
        raise NothingHere()
    return failed
