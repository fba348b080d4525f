"""Receipts: handed in as files or a text, listed, and got back as they were."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError
from pydantic import Field
from pydantic import ValidationError as Wrong

from cases import operations as ops
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.conditional import keep_state, seen
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.problem_details import ApiError, FileAltered, Malformed, TooLarge, WrongType, renamed
from cases.api.schemas.cases import Person, person
from cases.api.schemas.fields import Asked, Moment, Told, one_of, text
from cases.documents.downloads import hand_out
from cases.domain import file_types
from cases.domain.errors import FileTooLarge, gettext_noop
from cases.domain.file_types import MEGABYTE, clean_file_name
from cases.models import Case, Receipt, ReceiptAltered
from cases.models.choices import ReceiptKind

#: Files of one request, and what the envelope around them may add.
MOST_FILES, _AROUND = 10, 256 * 1024
MULTIPART = "multipart/form-data"
Pasted = Annotated[str, text(20_000)]


class NothingHandedIn(ApiError):
    status = 422
    code = "nothing_handed_in"
    message = gettext_noop("Choose at least one file, or paste a text.")
    field = "files"


class ReceiptTold(Told):
    id: int
    kind: Annotated[str, one_of(ReceiptKind.values)]
    name: str
    type: str = Field(examples=["image/jpeg"])
    size: int
    sha256: str
    added_at: Moment
    added_by: Person | None


class ReceiptAsked(Asked):
    """What comes beside the files of a form."""

    kind: ReceiptKind = ReceiptKind.SCREENSHOT
    words: Annotated[str, text(500)] = ""
    text: Pasted = ""


def form_of(*, references: bool = False) -> dict[str, Any]:
    """The contract of a form with files."""
    properties: dict[str, Any] = {
        "files": {
            "type": "array",
            "maxItems": MOST_FILES,
            "items": {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"},
            "description": "PDF, pictures, recordings, plain text; at most 20 MB each.",
        },
        "kind": {"type": "string", "enum": ReceiptKind.values},
        "text": {"type": "string", "maxLength": 20_000, "description": "A pasted text, such as the carrier's SMS."},
        "words": {"type": "string", "maxLength": 500},
    }
    if references:
        properties["references"] = {"type": "string", "description": "Of the cases, with spaces between."}
    schema = {"type": "object", "properties": properties, "required": ["references"] if references else []}
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": schema}}}}


def check_form(request: HttpRequest, most: int) -> None:
    """Before it is read: raises WrongType, and TooLarge where its files are more than so many bytes."""
    if request.content_type != MULTIPART:
        raise WrongType(wanted=MULTIPART)
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > most + _AROUND:
        raise TooLarge(limit=(most + _AROUND) // MEGABYTE)


def handed_in(request: HttpRequest) -> tuple[ReceiptAsked, list[tuple[str, bytes]]]:
    """The form and its files; raises WrongType, TooLarge, FileTooLarge, NothingHandedIn and what pydantic finds."""
    check_form(request, MOST_FILES * settings.RECEIPT_MAX_BYTES)
    fields = api.parser.parse_querydict(request.POST, [], request)
    fields.pop("references", None)
    try:
        asked = ReceiptAsked.model_validate(fields)
    except Wrong as error:
        raise ValidationError([{**one, "loc": ("form", *one["loc"])} for one in error.errors()]) from None
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        raise Malformed(why=f"more than {MOST_FILES} files")
    for file in files:
        if (file.size or 0) > settings.RECEIPT_MAX_BYTES:  # before it is read into memory
            raise FileTooLarge(name=clean_file_name(file.name or ""), limit=settings.RECEIPT_MAX_BYTES // MEGABYTE)
    if not files and not asked.text:
        raise NothingHandedIn()
    return asked, [(file.name or "", file.read()) for file in files]


def receipt_told(receipt: Receipt) -> ReceiptTold:
    return ReceiptTold.model_construct(
        id=receipt.pk,
        kind=receipt.kind,
        name=receipt.name,
        type=receipt.detected_type,
        size=receipt.size,
        sha256=receipt.sha256,
        added_at=receipt.added_at,
        added_by=person(receipt.added_by),
    )


def _all(case: Case) -> list[ReceiptTold]:
    return [receipt_told(receipt) for receipt in case.receipts.select_related("added_by")]


@api.get(
    "cases/{slug:reference}/receipts", response=list[ReceiptTold], tags=["receipts"], summary="List a case's receipts"
)
def list_receipts(request: ApiRequest, reference: str) -> list[ReceiptTold]:
    return _all(lookups.get_case(request, reference))


@api.post(
    "cases/{slug:reference}/receipts",
    response={201: list[ReceiptTold]},
    tags=["receipts"],
    summary="Hand in receipts",
    openapi_extra={**form_of(), "x-guard": False},
)
def add_receipts(request: ApiRequest, reference: str) -> list[ReceiptTold]:
    """All of the files, or none and the reason; the same bytes are kept once. Answers all receipts of the case."""
    case = lookups.get_case(request, reference)
    seen(request, case, guarded=False)
    with renamed(uploads="files"):
        asked, files = handed_in(request)
        ops.attach(
            case,
            files,
            kind=asked.kind.value,
            text=asked.text,
            words=asked.words,
            by=request.user,
            now=request.now,
            click=click(request),
        )
    return _all(case)


_TYPES = ["text/plain; charset=utf-8" if name == "text/plain" else name for name in file_types.EXTENSIONS]
_BYTES = {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in _TYPES}}


@api.get(
    "cases/{slug:reference}/receipts/{int:pk}",
    tags=["receipts"],
    summary="Get a receipt's file",
    openapi_extra={
        "responses": {
            200: {"description": "The bytes as they were handed in.", **_BYTES},
            206: {"description": "The range that was asked for.", **_BYTES},
            416: {"description": "The range begins behind the end."},
        },
        "parameters": [
            {
                "name": "Range",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "example": "bytes=0-1023",
            }
        ],
        "x-altered": True,
    },
)
def get_receipt(request: ApiRequest, reference: str, pk: int) -> HttpResponse:
    """Checked against its hash; what was altered on the disk is not handed out (410)."""
    case = lookups.get_case(request, reference)
    receipt = lookups.one(case.receipts.select_related("case"), pk=pk)
    try:
        return hand_out(request, receipt)
    except ReceiptAltered:
        raise FileAltered() from None


@api.get(
    "cases/{slug:reference}/receipts/{int:pk}/facts",
    response=ReceiptTold,
    tags=["receipts"],
    summary="Read what is known of a receipt",
    openapi_extra={"x-etag": True},
)
def read_receipt(request: ApiRequest, reference: str, pk: int) -> ReceiptTold:
    case = lookups.get_case(request, reference)
    receipt = lookups.one(case.receipts.select_related("added_by"), pk=pk)
    keep_state(request, receipt)
    return receipt_told(receipt)
