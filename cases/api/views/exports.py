"""Exports: dossiers, and the lists of cases and cards as tables. Each is recorded in the audit log."""

from django.http import FileResponse
from ninja import Query

from cases import selectors
from cases.api import lookups
from cases.api.instance import api
from cases.api.openapi import file_response
from cases.api.problem_details import ApiError
from cases.api.request import ApiRequest
from cases.api.schemas.exports import CardTableParams, CaseTableParams, DossierParams, DossiersParams
from cases.documents import exports
from cases.documents.dossier import DossierOptions
from cases.documents.exports import ListExport, TableOptions
from cases.documents.tables import Format
from cases.domain.errors import gettext_noop
from cases.models import Case
from cases.operations.card_columns import own_columns
from cases.selectors.filters import filter_cases, order_of, search_team_cards

_DOSSIER_FILE = {
    "responses": {
        200: file_response("A ZIP file with PDF, timelines, receipts, manifest and signature.", "application/zip")
    }
}
_TABLE_FILE = {
    "responses": {
        200: file_response(
            "The file, with column titles in the language of the response.",
            *(file_format.content_type for file_format in Format),
        )
    }
}


class UnknownReferences(ApiError):
    status = 422
    code = "no_such_cases"
    message = gettext_noop("Case not found: %(references)s.")
    field = "references"


@api.get(
    "cases/{slug:reference}/dossier",
    tags=["exports"],
    summary="Export a case as a dossier",
    openapi_extra=_DOSSIER_FILE,
)
def take_dossier(request: ApiRequest, reference: str, params: Query[DossierParams]) -> FileResponse:
    """Everything recorded about a case, signed. Viewers get it masked. The export is recorded in the audit log."""
    full = lookups.wants_full_numbers(request, params.numbers, export=True)
    case = lookups.get_case(request, reference)
    return _dossier_response(request, [case], case.reference, params, full=full)


@api.get("dossiers", tags=["exports"], summary="Export several cases as one dossier", openapi_extra=_DOSSIER_FILE)
def take_dossiers(request: ApiRequest, params: Query[DossiersParams]) -> FileResponse:
    """At most 100 cases. If one is unknown, the request is refused and the error names it. Viewers get several cases
    masked, with `receipts` false."""
    full = lookups.wants_full_numbers(request, params.numbers, export=True)
    references = list(dict.fromkeys(params.references))
    cases = {case.reference: case for case in lookups.get_cases(request, references)}
    if missing := [reference for reference in references if reference not in cases]:
        raise UnknownReferences(references=missing)
    ordered_cases = [cases[reference] for reference in references]
    return _dossier_response(request, ordered_cases, f"{len(references)}-cases", params, full=full)


def _dossier_response(
    request: ApiRequest, cases: list[Case], name: str, params: DossierParams, *, full: bool
) -> FileResponse:
    options = DossierOptions(full_numbers=full, with_receipts=params.receipts)
    audit_source = lookups.audit_source(request)
    return exports.dossier_response(
        cases, name, options=options, by=request.user, now=request.now, audit_source=audit_source
    )


@api.get(
    "tables/cases",
    tags=["exports"],
    summary="Export the case list",
    openapi_extra={**_TABLE_FILE, "x-404": True},
)
def take_cases(request: ApiRequest, params: Query[CaseTableParams]) -> FileResponse:
    """The filtered list as XLSX or CSV, at most 200,000 rows. The export is recorded in the audit log."""
    for text in params.typed_texts():
        lookups.refuse_full_number(text)
    filters = params.filter_values(lookups.get_carrier_or_none(params.carrier))
    cases = filter_cases(selectors.cases_of(request.team), request.now, filters, request.team)
    cases = cases.order_by(*order_of(filters, request.team).order_by())
    return _table_response(request, exports.cases_export(cases, request.now), params)


@api.get("tables/cards", tags=["exports"], summary="Export the card list", openapi_extra=_TABLE_FILE)
def take_cards(request: ApiRequest, params: Query[CardTableParams]) -> FileResponse:
    """The filtered list as XLSX or CSV, like the case list; with every column, the team's own among them."""
    cards = search_team_cards(request.team, lookups.refuse_full_number(params.q))
    return _table_response(request, exports.cards_export(cards, own_columns(request.team.pk)), params)


def _table_response(request: ApiRequest, export: ListExport, params: CaseTableParams | CardTableParams) -> FileResponse:
    full = lookups.wants_full_numbers(request, params.numbers, export=True)
    return exports.table_response(
        export,
        TableOptions(params.format, full),
        team=request.team,
        by=request.user,
        now=request.now,
        audit_source=lookups.audit_source(request),
    )
