"""Multipart forms: receipts with their fields; limits are checked before a form is read."""

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import ValidationError
from pydantic import ValidationError as PydanticError

from cases.api.instance import api
from cases.api.openapi import BINARY, MULTIPART, JsonObject, multipart_body
from cases.api.problem_details import ApiError, MalformedRequest, RequestTooLarge, UnsupportedMediaType
from cases.api.schemas.receipts import ReceiptIn
from cases.domain.errors import gettext_noop
from cases.domain.file_types import MEGABYTE, FileTooLarge, clean_file_name
from cases.models.choices import ReceiptKind

#: Files per request, and bytes that a form may have in addition to its files.
MAX_FILES, _FORM_OVERHEAD_BYTES = 10, 256 * 1024
_MAX_MEGABYTES = settings.RECEIPT_MAX_BYTES // MEGABYTE


class NoReceiptSent(ApiError):
    status = 422
    code = "nothing_handed_in"
    message = gettext_noop("Choose at least one file, or paste text.")
    field = "files"


def receipt_form_schema(*, references: bool = False) -> JsonObject:
    """The request body, for OpenAPI, that `read_receipt_form` reads."""
    properties: JsonObject = {
        "files": {
            "type": "array",
            "maxItems": MAX_FILES,
            "items": {**BINARY, "contentMediaType": "application/octet-stream"},
            "description": f"PDF, pictures, recordings, plain text; at most {_MAX_MEGABYTES} MB each.",
        },
        "kind": {"type": "string", "enum": ReceiptKind.values},
        "text": {"type": "string", "maxLength": 20_000, "description": "Pasted text, such as an SMS from the carrier."},
        "words": {"type": "string", "maxLength": 500},
    }
    if references:
        properties["references"] = {
            "type": "string",
            "description": "The references of the cases, separated by spaces.",
        }
    return multipart_body(properties, required=["references"] if references else [])


def require_multipart(request: HttpRequest, max_bytes: int) -> None:
    """Checks the type and size of a form before it is read; raises UnsupportedMediaType, RequestTooLarge."""
    if request.content_type != MULTIPART:
        raise UnsupportedMediaType(wanted=MULTIPART)
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > max_bytes + _FORM_OVERHEAD_BYTES:
        raise RequestTooLarge(limit=(max_bytes + _FORM_OVERHEAD_BYTES) // MEGABYTE)


def read_receipt_form(request: HttpRequest) -> tuple[ReceiptIn, list[tuple[str, bytes]]]:
    """The fields of a form, and the names and contents of its files.

    Raises UnsupportedMediaType, RequestTooLarge, MalformedRequest, FileTooLarge, NoReceiptSent, and ValidationError for
    its fields.
    """
    require_multipart(request, MAX_FILES * settings.RECEIPT_MAX_BYTES)
    fields = api.parser.parse_querydict(request.POST, [], request)
    fields.pop("references", None)
    try:
        form = ReceiptIn.model_validate(fields)
    except PydanticError as error:
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
