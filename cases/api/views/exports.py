"""What is taken out as a file: dossiers, and the lists of cases and cards as tables. It is noted, as on the pages."""

from typing import Annotated, Any

from django.http import FileResponse
from ninja import Query
from pydantic import Field

from cases import selectors
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.instance import api
from cases.api.problem_details import ApiError
from cases.api.schemas.fields import Asked, text
from cases.api.views.cases import FOUND_BY, CaseNarrow, Numbers
from cases.documents import exports
from cases.documents.dossier import Choices
from cases.documents.exports import MOST_CASES, Listed
from cases.documents.tables import Format
from cases.domain.errors import gettext_noop
from cases.models import Case
from cases.selectors.filters import cards_found, narrow, order_of


class NoSuchCases(ApiError):
    status = 422
    code = "no_such_cases"
    message = gettext_noop("There is no case %(references)s.")
    field = "references"


def _file(description: str, *types: str) -> dict[str, Any]:
    """The contract of an answer that is a file."""
    content = {name: {"schema": {"type": "string", "format": "binary"}} for name in types}
    return {"responses": {200: {"description": description, "content": content}}}


class DossierAsked(Asked):
    """What goes into it."""

    numbers: Numbers = "masked"
    receipts: Annotated[bool, Field(description="The files themselves; without, their hashes stand for them.")] = True


class ManyDossierAsked(DossierAsked):
    """Of which cases, in which order."""

    references: Annotated[
        list[Annotated[str, text(20)]], Field(min_length=1, max_length=MOST_CASES, examples=[["XK-7QF2M4ZP"]])
    ]


_DOSSIER = _file("A ZIP: PDF, timelines, receipts, manifest and signature.", "application/zip")


@api.get(
    "cases/{slug:reference}/dossier",
    tags=["dossiers"],
    summary="Take a case out as a dossier",
    openapi_extra=_DOSSIER,
)
def take_dossier(request: ApiRequest, reference: str, asked: Query[DossierAsked]) -> FileResponse:
    """Everything there is about a case, signed. It is noted with the case."""
    full = lookups.in_full(request, asked.numbers)
    case = lookups.get_case(request, reference)
    return _dossier(request, [case], case.reference, asked, full=full)


@api.get("dossiers", tags=["dossiers"], summary="Take many cases out as one dossier", openapi_extra=_DOSSIER)
def take_dossiers(request: ApiRequest, asked: Query[ManyDossierAsked]) -> FileResponse:
    """At most 100; all of them, or none and which there are not."""
    full = lookups.in_full(request, asked.numbers, many=True)
    wanted = list(dict.fromkeys(asked.references))
    cases = {case.reference: case for case in selectors.cases_of(request.team).filter(reference__in=wanted)}
    if missing := [reference for reference in wanted if reference not in cases]:
        raise NoSuchCases(references=", ".join(missing))
    return _dossier(request, [cases[one] for one in wanted], f"{len(wanted)}-cases", asked, full=full)


def _dossier(request: ApiRequest, cases: list[Case], name: str, asked: DossierAsked, *, full: bool) -> FileResponse:
    choices = Choices(full_numbers=full, with_receipts=asked.receipts)
    through = lookups.through(request)
    return exports.dossier(cases, name, choices=choices, by=request.user, now=request.now, through=through)


class CaseTableAsked(CaseNarrow):
    """The list's filters, and which kind of file."""

    format: Format = Format.XLSX


class CardTableAsked(Asked):
    """The list's filter, and which kind of file."""

    q: Annotated[str, text(60), Field(description=FOUND_BY)] = ""
    format: Format = Format.XLSX
    numbers: Numbers = "masked"


_TABLE = _file("The file, its titles in the language of the answer.", *(one.content_type for one in Format))


@api.get(
    "tables/cases",
    tags=["tables"],
    summary="Take the list of cases out",
    openapi_extra={**_TABLE, "x-names-others": True},
)
def take_cases(request: ApiRequest, asked: Query[CaseTableAsked]) -> FileResponse:
    """All that the list shows, as XLSX or CSV, 200,000 rows at most. It is noted."""
    lookups.no_number(asked.q)
    narrowed = asked.narrowed()
    cases = narrow(selectors.cases_of(request.team), request.now, narrowed, request.team)
    cases = cases.order_by(*order_of(narrowed, request.team).by())
    return _table(request, exports.listed_cases(cases, request.now), asked)


@api.get("tables/cards", tags=["tables"], summary="Take the card register out", openapi_extra=_TABLE)
def take_cards(request: ApiRequest, asked: Query[CardTableAsked]) -> FileResponse:
    """As the list of cases."""
    return _table(request, exports.listed_cards(cards_found(request.team, lookups.no_number(asked.q))), asked)


def _table(request: ApiRequest, its: Listed, asked: CaseTableAsked | CardTableAsked) -> FileResponse:
    full = lookups.in_full(request, asked.numbers, many=True)
    return exports.table(
        its,
        asked.format,
        team=request.team,
        by=request.user,
        now=request.now,
        full=full,
        through=lookups.through(request),
    )
