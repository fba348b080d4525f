"""Query strings of exports: dossiers, and tables of cases and cards."""

from typing import Annotated

from pydantic import Field

from cases.api.schemas.cases import CaseCriteria
from cases.api.schemas.fields import NumbersParam, Reference, SchemaIn, SearchText
from cases.documents.exports import MAX_CASES
from cases.documents.tables import Format


class DossierParams(SchemaIn):
    """What the dossier contains."""

    numbers: NumbersParam = "masked"
    receipts: Annotated[bool, Field(description="Include the files of receipts; if false, only their hashes.")] = True


class DossiersParams(DossierParams):
    """The cases, in this order."""

    references: Annotated[list[Reference], Field(min_length=1, max_length=MAX_CASES, examples=[["XK-7QF2M4ZP"]])]


class CaseTableParams(CaseCriteria):
    """The filters of the list, and the file format."""

    format: Format = Format.XLSX


class CardTableParams(SchemaIn):
    """The filter of the list, and the file format."""

    q: SearchText = ""
    format: Format = Format.XLSX
    numbers: NumbersParam = "masked"
