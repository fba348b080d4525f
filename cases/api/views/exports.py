"""What is taken out as a file: dossiers, and the lists of cases and cards as tables. It is noted, as on the pages."""

from typing import Annotated, Any

from django.http import FileResponse
from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.problem_details import ApiError
from cases.api.request import ApiRequest
from cases.api.schemas.fields import SchemaIn, bounded_text
from cases.api.views.cases import SEARCH_DESCRIPTION, CaseCriteria, NumbersParam
from cases.documents import exports
from cases.documents.dossier import DossierOptions
from cases.documents.exports import MAX_CASES, ListExport
from cases.documents.tables import Format
from cases.domain.errors import gettext_noop
from cases.models import Case
from cases.selectors.filters import filter_cases, order_of, search_team_cards


class UnknownReferences(ApiError):
    status = 422
    code = "no_such_cases"
    message = gettext_noop("There is no case %(references)s.")
    field = "references"


def _file_response_schema(description: str, *types: str) -> dict[str, Any]:
    """The contract of an answer that is a file."""
    content = {name: {"schema": {"type": "string", "format": "binary"}} for name in types}
    return {"responses": {200: {"description": description, "content": content}}}


class DossierParams(SchemaIn):
    """What goes into it."""

    numbers: NumbersParam = "masked"
    receipts: Annotated[bool, Field(description="The files themselves; without, their hashes stand for them.")] = True


class DossiersParams(DossierParams):
    """Of which cases, in which order."""

    references: Annotated[
        list[Annotated[str, bounded_text(20)]], Field(min_length=1, max_length=MAX_CASES, examples=[["XK-7QF2M4ZP"]])
    ]


_DOSSIER_FILE = _file_response_schema("A ZIP: PDF, timelines, receipts, manifest and signature.", "application/zip")


@api.get(
    "cases/{slug:reference}/dossier",
    tags=["dossiers"],
    summary="Take a case out as a dossier",
    openapi_extra=_DOSSIER_FILE,
)
def take_dossier(request: ApiRequest, reference: str, params: Query[DossierParams]) -> FileResponse:
    """Everything there is about a case, signed. It is noted with the case."""
    full = lookups.wants_full_numbers(request, params.numbers)
    case = lookups.get_case(request, reference)
    return _dossier_response(request, [case], case.reference, params, full=full)


@api.get("dossiers", tags=["dossiers"], summary="Take many cases out as one dossier", openapi_extra=_DOSSIER_FILE)
def take_dossiers(request: ApiRequest, params: Query[DossiersParams]) -> FileResponse:
    """At most 100; all of them, or none and which there are not."""
    full = lookups.wants_full_numbers(request, params.numbers, whole_list=True)
    references = list(dict.fromkeys(params.references))
    cases = {case.reference: case for case in selectors.cases_of(request.team).filter(reference__in=references)}
    if missing := [reference for reference in references if reference not in cases]:
        raise UnknownReferences(references=", ".join(missing))
    return _dossier_response(request, [cases[one] for one in references], f"{len(references)}-cases", params, full=full)


def _dossier_response(
    request: ApiRequest, cases: list[Case], name: str, params: DossierParams, *, full: bool
) -> FileResponse:
    choices = DossierOptions(full_numbers=full, with_receipts=params.receipts)
    audit_source = lookups.audit_source(request)
    return exports.dossier_response(
        cases, name, options=choices, by=request.user, now=request.now, audit_source=audit_source
    )


class CaseTableParams(CaseCriteria):
    """The list's filters, and which kind of file."""

    format: Format = Format.XLSX


class CardTableParams(SchemaIn):
    """The list's filter, and which kind of file."""

    q: Annotated[str, bounded_text(60), Field(description=SEARCH_DESCRIPTION)] = ""
    format: Format = Format.XLSX
    numbers: NumbersParam = "masked"


_TABLE_FILE = _file_response_schema(
    "The file, its titles in the language of the answer.", *(one.content_type for one in Format)
)


@api.get(
    "tables/cases",
    tags=["tables"],
    summary="Take the list of cases out",
    openapi_extra={**_TABLE_FILE, "x-names-others": True},
)
def take_cases(request: ApiRequest, params: Query[CaseTableParams]) -> FileResponse:
    """All that the list shows, as XLSX or CSV, 200,000 rows at most. It is noted."""
    lookups.refuse_full_number(params.q)
    filters = params.filter_values()
    cases = filter_cases(selectors.cases_of(request.team), request.now, filters, request.team)
    cases = cases.order_by(*order_of(filters, request.team).order_by())
    return _table_response(request, exports.cases_export(cases, request.now), params)


@api.get("tables/cards", tags=["tables"], summary="Take the card register out", openapi_extra=_TABLE_FILE)
def take_cards(request: ApiRequest, params: Query[CardTableParams]) -> FileResponse:
    """As the list of cases."""
    return _table_response(
        request, exports.cards_export(search_team_cards(request.team, lookups.refuse_full_number(params.q))), params
    )


def _table_response(
    request: ApiRequest, listing: ListExport, params: CaseTableParams | CardTableParams
) -> FileResponse:
    full = lookups.wants_full_numbers(request, params.numbers, whole_list=True)
    return exports.table_response(
        listing,
        params.format,
        team=request.team,
        by=request.user,
        now=request.now,
        full_numbers=full,
        audit_source=lookups.audit_source(request),
    )
