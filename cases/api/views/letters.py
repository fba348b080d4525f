"""Letters: drafted from the record, edited, previewed as PDF, and finalised."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja.errors import ValidationError

from cases import operations as ops
from cases import selectors
from cases.api import lookups
from cases.api.auth import require_right, require_scope
from cases.api.conditional import require_match, set_etag_source
from cases.api.instance import api
from cases.api.openapi import file_response
from cases.api.problem_details import ETagMismatch, NotFound
from cases.api.request import ApiRequest
from cases.api.responses import set_location
from cases.api.schemas.letters import DraftIn, DraftOut, FinalLetterOut, serialize_draft, serialize_final_letter
from cases.documents import letters
from cases.domain.errors import LetterChanged, LetterGone, LetterIncomplete
from cases.domain.roles import Right, Scope
from cases.models import Case, Letter
from cases.models.choices import EscalationKind
from cases.operations.voided_receipts import standing_hashes_of

TAGS = ["letters"]


def _get_case_for_work(request: ApiRequest, reference: str) -> Case:
    """The case, for those who may work on it; viewers are refused."""
    case = lookups.get_case(request, reference)
    require_right(request, Right.WORK)
    return case


def _text_from_record(case: Case, kind: EscalationKind, request: ApiRequest, signer: str = "") -> str:
    return letters.draft_from_record(case, kind, request.now, signer=signer) if ops.may_write_letter(case) else ""


def _fields_and_body(
    case: Case, kind: EscalationKind, draft: Letter | None, request: ApiRequest
) -> tuple[dict[str, str], str]:
    if draft is not None:
        return dict(draft.fields), draft.body
    return letters.initial_fields(case, kind, request.now), _text_from_record(case, kind, request)


def _serialize_draft_with_etag(request: ApiRequest, case: Case, kind: EscalationKind) -> DraftOut:
    draft = ops.letter_draft(case, kind)
    set_etag_source(request, _etag_source(draft))
    fields, body = _fields_and_body(case, kind, draft, request)
    from_record = _text_from_record(case, kind, request, fields.get("name", ""))
    return serialize_draft(kind, draft, fields, body, from_record)


def _etag_source(draft: Letter | None) -> Letter | str:
    return draft or "no draft"


@contextmanager
def _conflict_as_etag_mismatch() -> Iterator[None]:
    """Turns a change that was made at the same moment into ETagMismatch, like one that was made before."""
    try:
        yield
    except (LetterChanged, LetterGone):
        raise ETagMismatch() from None


@api.get(
    "cases/{slug:reference}/letters",
    response=list[FinalLetterOut],
    tags=TAGS,
    summary="List a case's final letters",
)
def list_letters(request: ApiRequest, reference: str) -> list[FinalLetterOut]:
    """Each with its PDF, which is a receipt of the case; voided ones are marked."""
    case = lookups.get_case(request, reference)
    standing_receipts = standing_hashes_of(case)
    return [serialize_final_letter(letter, standing_receipts) for letter in selectors.final_letters_of(case)]


@api.get(
    "cases/{slug:reference}/letters/{slug:kind}",
    response=DraftOut,
    tags=TAGS,
    summary="Get a letter draft",
    openapi_extra={"x-etag": True, "x-work-right": True},
)
def read_draft(request: ApiRequest, reference: str, kind: EscalationKind) -> DraftOut:
    """The stored draft or, if there is none, the initial values of a new one. Nothing is stored."""
    return _serialize_draft_with_etag(request, _get_case_for_work(request, reference), kind)


@api.put(
    "cases/{slug:reference}/letters/{slug:kind}",
    response=DraftOut,
    tags=TAGS,
    summary="Save a letter draft",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def save_draft(request: ApiRequest, reference: str, kind: EscalationKind, data: DraftIn) -> DraftOut:
    """Replaces the whole draft; omitted fields become empty. The case must be submitted and not yet settled."""
    case = _get_case_for_work(request, reference)
    draft = ops.letter_draft(case, kind)
    require_match(request, _etag_source(draft))
    edit = ops.LetterEdit(kind, data.field_values(kind), data.body, draft.changed_at if draft else None)
    with _conflict_as_etag_mismatch():
        ops.save_letter_draft(case, edit, by=request.user, now=request.now)
    return _serialize_draft_with_etag(request, case, kind)


@api.delete(
    "cases/{slug:reference}/letters/{slug:kind}",
    response={204: None},
    tags=TAGS,
    summary="Delete a letter draft",
    openapi_extra={"x-if-match": True},
)
def throw_draft_away(request: ApiRequest, reference: str, kind: EscalationKind) -> None:
    case = _get_case_for_work(request, reference)
    draft = _get_draft(case, kind)
    require_match(request, draft)
    with _conflict_as_etag_mismatch():
        ops.delete_letter_draft(case, kind, expected_changed_at=draft.changed_at)


def _get_draft(case: Case, kind: EscalationKind) -> Letter:
    draft = ops.letter_draft(case, kind)
    if draft is None:
        raise NotFound()
    return draft


@api.get(
    "cases/{slug:reference}/letters/{slug:kind}/preview",
    tags=TAGS,
    summary="Preview a letter as PDF",
    openapi_extra={
        "x-work-right": True,
        "responses": {200: file_response("The PDF; missing fields are blanks to fill in by hand.", "application/pdf")},
    },
)
def preview_letter(request: ApiRequest, reference: str, kind: EscalationKind) -> HttpResponse:
    """Needs the scope `numbers`, because the PDF contains the full number; the card records this. Nothing is stored."""
    case = _get_case_for_work(request, reference)
    require_scope(request, Scope.NUMBERS)
    lookups.audit_case_numbers_shown(request, [case], full=True)
    name, pdf = letters.render_letter(case, kind, *_fields_and_body(case, kind, ops.letter_draft(case, kind), request))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@api.post(
    "cases/{slug:reference}/letters/{slug:kind}/final",
    response={201: FinalLetterOut},
    tags=TAGS,
    summary="Finalise a letter",
    openapi_extra={"x-if-match": True},
)
def finish_letter(request: ApiRequest, response: HttpResponse, reference: str, kind: EscalationKind) -> FinalLetterOut:
    """Stores the PDF as a receipt of the case; the letter can no longer be changed. Needs the scope `numbers`, because
    the PDF contains the full number."""
    case = _get_case_for_work(request, reference)
    require_scope(request, Scope.NUMBERS)
    draft = _get_draft(case, kind)
    require_match(request, draft)
    audit_source = lookups.audit_source(request)
    try:
        with _conflict_as_etag_mismatch():
            letters.finalize(
                case,
                draft,
                by=request.user,
                now=request.now,
                submit_token=request.submit_token,
                audit_source=audit_source,
            )
    except LetterIncomplete as error:
        raise ValidationError([{"type": "missing", "loc": ("letter", name)} for name in error.missing]) from None
    letter = selectors.final_letters_of(case).get(pk=draft.pk)
    final_letter = serialize_final_letter(letter, standing_hashes_of(case))
    set_location(response, "get_receipt", reference=case.reference, pk=final_letter.receipt.id)
    return final_letter
