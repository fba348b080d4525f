"""Receipts: uploaded as files or a text, listed, downloaded."""

from django.http import HttpResponse

from cases import operations as ops
from cases.api import lookups
from cases.api.conditional import expected_version, set_etag_source
from cases.api.instance import api
from cases.api.openapi import file_response
from cases.api.problem_details import FileAltered
from cases.api.request import ApiRequest
from cases.api.schemas.receipts import ReceiptOut, serialize_receipt
from cases.api.uploads import read_receipt_form, receipt_form_schema
from cases.documents.downloads import serve_receipt
from cases.domain import file_types
from cases.models import Case, ReceiptAltered
from cases.operations.voided_receipts import standing_hashes_of

TAGS = ["receipts"]
_CONTENT_TYPES = ["text/plain; charset=utf-8" if name == "text/plain" else name for name in file_types.EXTENSIONS]


def _serialize_receipts(case: Case) -> list[ReceiptOut]:
    standing = standing_hashes_of(case)
    return [
        serialize_receipt(receipt, voided=receipt.sha256 not in standing)
        for receipt in case.receipts.select_related("added_by")
    ]


@api.get("cases/{slug:reference}/receipts", response=list[ReceiptOut], tags=TAGS, summary="List a case's receipts")
def list_receipts(request: ApiRequest, reference: str) -> list[ReceiptOut]:
    """Voided receipts are among them, marked."""
    return _serialize_receipts(lookups.get_case(request, reference))


@api.post(
    "cases/{slug:reference}/receipts",
    response={201: list[ReceiptOut]},
    tags=TAGS,
    summary="Upload receipts",
    openapi_extra={**receipt_form_schema(), "x-if-match": False},
)
def add_receipts(request: ApiRequest, reference: str) -> list[ReceiptOut]:
    """Stores all of the files, or none and returns the reason; identical files are stored once. Returns all receipts of
    the case."""
    case = lookups.get_case(request, reference)
    expected_version(request, case, if_match_required=False)
    request.error_fields = {"uploads": "files"}
    form, files = read_receipt_form(request)
    ops.attach_receipts(
        case,
        ops.ReceiptUpload(form.kind.value, files, form.text),
        words=form.words,
        by=request.user,
        now=request.now,
        submit_token=request.submit_token,
    )
    return _serialize_receipts(case)


@api.get(
    "cases/{slug:reference}/receipts/{int:pk}",
    tags=TAGS,
    summary="Download a receipt",
    openapi_extra={
        "responses": {
            200: file_response("The file, as uploaded.", *_CONTENT_TYPES),
            206: file_response("The requested range.", *_CONTENT_TYPES),
            416: {"description": "Range not satisfiable"},
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
        "x-410": True,
    },
)
def get_receipt(request: ApiRequest, reference: str, pk: int) -> HttpResponse:
    """The hash is verified first: a file that was changed on disk is refused (410)."""
    case = lookups.get_case(request, reference)
    receipt = lookups.get_or_404(case.receipts.select_related("case"), pk=pk)
    try:
        return serve_receipt(request, receipt)
    except ReceiptAltered:
        raise FileAltered() from None


@api.get(
    "cases/{slug:reference}/receipts/{int:pk}/facts",
    response=ReceiptOut,
    tags=TAGS,
    summary="Get a receipt's metadata",
    openapi_extra={"x-etag": True},
)
def read_receipt(request: ApiRequest, reference: str, pk: int) -> ReceiptOut:
    case = lookups.get_case(request, reference)
    receipt = lookups.get_or_404(case.receipts.select_related("added_by"), pk=pk)
    set_etag_source(request, receipt)
    return serialize_receipt(receipt, voided=receipt.sha256 not in standing_hashes_of(case))
