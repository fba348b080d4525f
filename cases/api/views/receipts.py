"""Receipts: handed in as files or a text, listed, and got back as they were."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError
from pydantic import Field
from pydantic import ValidationError as Wrong

from cases import operations as ops
from cases.api import lookups
from cases.api.conditional import expected_version, set_etag_source
from cases.api.instance import api
from cases.api.problem_details import (
    ApiError,
    FileAltered,
    MalformedRequest,
    RequestTooLarge,
    UnsupportedMediaType,
)
from cases.api.request import ApiRequest
from cases.api.schemas.cases import PersonOut, serialize_person
from cases.api.schemas.fields import DateTime, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.documents.downloads import serve_receipt
from cases.domain import file_types
from cases.domain.errors import FileTooLarge, gettext_noop
from cases.domain.file_types import MEGABYTE, clean_file_name
from cases.models import Case, Receipt, ReceiptAltered
from cases.models.choices import ReceiptKind

#: Files of one request, and what the envelope around them may add.
MAX_FILES, _FORM_OVERHEAD_BYTES = 10, 256 * 1024
MULTIPART = "multipart/form-data"
PastedText = Annotated[str, bounded_text(20_000)]


class NoReceiptSent(ApiError):
    status = 422
    code = "nothing_handed_in"
    message = gettext_noop("Choose at least one file, or paste a text.")
    field = "files"


class ReceiptOut(SchemaOut):
    id: int
    kind: Annotated[str, enum_of(ReceiptKind.values)]
    name: str
    type: str = Field(examples=["image/jpeg"])
    size: int
    sha256: str
    added_at: DateTime
    added_by: PersonOut | None


class ReceiptIn(SchemaIn):
    """What comes beside the files of a form."""

    kind: ReceiptKind = ReceiptKind.SCREENSHOT
    words: Annotated[str, bounded_text(500)] = ""
    text: PastedText = ""


def receipt_form_schema(*, references: bool = False) -> dict[str, Any]:
    """The contract of a form with files."""
    properties: dict[str, Any] = {
        "files": {
            "type": "array",
            "maxItems": MAX_FILES,
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


def require_multipart(request: HttpRequest, max_bytes: int) -> None:
    """Before it is read: raises WrongType, and TooLarge where its files are more than so many bytes."""
    if request.content_type != MULTIPART:
        raise UnsupportedMediaType(wanted=MULTIPART)
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > max_bytes + _FORM_OVERHEAD_BYTES:
        raise RequestTooLarge(limit=(max_bytes + _FORM_OVERHEAD_BYTES) // MEGABYTE)


def read_receipt_form(request: HttpRequest) -> tuple[ReceiptIn, list[tuple[str, bytes]]]:
    """The form and its files; raises WrongType, TooLarge, FileTooLarge, NothingHandedIn and what pydantic finds."""
    require_multipart(request, MAX_FILES * settings.RECEIPT_MAX_BYTES)
    fields = api.parser.parse_querydict(request.POST, [], request)
    fields.pop("references", None)
    try:
        form = ReceiptIn.model_validate(fields)
    except Wrong as error:
        raise ValidationError(
            [{**field_error, "loc": ("form", *field_error["loc"])} for field_error in error.errors()]
        ) from None
    files = request.FILES.getlist("files")
    if len(files) > MAX_FILES:
        raise MalformedRequest(why=f"more than {MAX_FILES} files")
    for file in files:
        if (file.size or 0) > settings.RECEIPT_MAX_BYTES:  # before it is read into memory
            raise FileTooLarge(name=clean_file_name(file.name or ""), limit=settings.RECEIPT_MAX_BYTES // MEGABYTE)
    if not files and not form.text:
        raise NoReceiptSent()
    return form, [(file.name or "", file.read()) for file in files]


def serialize_receipt(receipt: Receipt) -> ReceiptOut:
    return ReceiptOut.model_construct(
        id=receipt.pk,
        kind=receipt.kind,
        name=receipt.name,
        type=receipt.detected_type,
        size=receipt.size,
        sha256=receipt.sha256,
        added_at=receipt.added_at,
        added_by=serialize_person(receipt.added_by),
    )


def _serialize_receipts(case: Case) -> list[ReceiptOut]:
    return [serialize_receipt(receipt) for receipt in case.receipts.select_related("added_by")]


@api.get(
    "cases/{slug:reference}/receipts", response=list[ReceiptOut], tags=["receipts"], summary="List a case's receipts"
)
def list_receipts(request: ApiRequest, reference: str) -> list[ReceiptOut]:
    return _serialize_receipts(lookups.get_case(request, reference))


@api.post(
    "cases/{slug:reference}/receipts",
    response={201: list[ReceiptOut]},
    tags=["receipts"],
    summary="Hand in receipts",
    openapi_extra={**receipt_form_schema(), "x-guard": False},
)
def add_receipts(request: ApiRequest, reference: str) -> list[ReceiptOut]:
    """All of the files, or none and the reason; the same bytes are kept once. Answers all receipts of the case."""
    case = lookups.get_case(request, reference)
    expected_version(request, case, if_match_required=False)
    request.error_fields = {"uploads": "files"}
    form, files = read_receipt_form(request)
    ops.attach_receipts(
        case,
        files,
        kind=form.kind.value,
        text=form.text,
        words=form.words,
        by=request.user,
        now=request.now,
        submit_token=request.submit_token,
    )
    return _serialize_receipts(case)


_CONTENT_TYPES = ["text/plain; charset=utf-8" if name == "text/plain" else name for name in file_types.EXTENSIONS]
_FILE_CONTENT = {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in _CONTENT_TYPES}}


@api.get(
    "cases/{slug:reference}/receipts/{int:pk}",
    tags=["receipts"],
    summary="Get a receipt's file",
    openapi_extra={
        "responses": {
            200: {"description": "The bytes as they were handed in.", **_FILE_CONTENT},
            206: {"description": "The range that was asked for.", **_FILE_CONTENT},
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
    receipt = lookups.get_or_404(case.receipts.select_related("case"), pk=pk)
    try:
        return serve_receipt(request, receipt)
    except ReceiptAltered:
        raise FileAltered() from None


@api.get(
    "cases/{slug:reference}/receipts/{int:pk}/facts",
    response=ReceiptOut,
    tags=["receipts"],
    summary="Read what is known of a receipt",
    openapi_extra={"x-etag": True},
)
def read_receipt(request: ApiRequest, reference: str, pk: int) -> ReceiptOut:
    case = lookups.get_case(request, reference)
    receipt = lookups.get_or_404(case.receipts.select_related("added_by"), pk=pk)
    set_etag_source(request, receipt)
    return serialize_receipt(receipt)
