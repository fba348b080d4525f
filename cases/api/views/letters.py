"""Letters: a draft from the record, changed, shown as PDF, and made final."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja.errors import ValidationError
from pydantic import Field

from cases import operations as ops
from cases.api import lookups
from cases.api.auth import require_right, require_scope
from cases.api.conditional import require_match, set_etag_source
from cases.api.instance import api
from cases.api.problem_details import ETagMismatch, NotFound
from cases.api.request import ApiRequest
from cases.api.schemas.fields import DateTime, Day, SchemaIn, SchemaOut, bounded_text, enum_of
from cases.api.views.receipts import ReceiptOut, serialize_receipt
from cases.documents import letters
from cases.domain.errors import LetterChanged, LetterGone, LetterIncomplete
from cases.domain.letter_rules import LETTER_FIELDS, missing_letter_fields
from cases.domain.roles import Right, Scope
from cases.models import Case, Letter
from cases.models.choices import EscalationKind

TAGS = ["letters"]
Postcode = Annotated[str, Field(pattern=r"^([0-9]{6})?$", examples=["310000"])]


class DraftIn(SchemaIn):
    """A draft; it may lack anything."""

    name: Annotated[str, bounded_text(80)] = ""
    phone: Annotated[str, bounded_text(30)] = ""
    address: Annotated[str, bounded_text(200)] = ""
    postcode: Postcode = ""
    carrier_name: Annotated[str, bounded_text(120)] = ""
    carrier_address: Annotated[str, bounded_text(200)] = ""
    province: Annotated[str, bounded_text(20), Field(description="Where the card was opened; of an appeal only.")] = ""
    signed_on: Day | None = None
    body: Annotated[str, bounded_text(20_000), Field(description="Always in Chinese.")] = ""

    def field_values(self, kind: EscalationKind) -> dict[str, str]:
        """As they are kept: a complaint has no province."""
        names = [name for name in LETTER_FIELDS if name != "province" or self.province or kind == EscalationKind.APPEAL]
        return {name: str(getattr(self, name) or "") for name in names}


class DraftOut(SchemaOut):
    """What is kept; or, where there is no draft yet, what the record and the register say."""

    kind: Annotated[str, enum_of(EscalationKind.values)]
    kept: bool = Field(description="Whether there is a draft.")
    changed_at: DateTime | None
    name: str
    phone: str
    address: str
    postcode: str
    carrier_name: str
    carrier_address: str
    province: str
    signed_on: Day | None
    body: str
    from_record: str = Field(description="The text as the record tells it now.")
    missing: list[str] = Field(description="What it lacks before it can be final.")


class FinalLetterOut(SchemaOut):
    kind: Annotated[str, enum_of(EscalationKind.values)]
    final_at: DateTime
    receipt: ReceiptOut


def _get_case_for_work(request: ApiRequest, reference: str) -> Case:
    """For those who work with it, as on the pages."""
    case = lookups.get_case(request, reference)
    require_right(request, Right.WORK)
    return case


def _fields_and_body(
    case: Case, kind: EscalationKind, draft: Letter | None, request: ApiRequest
) -> tuple[dict[str, str], str]:
    if draft is not None:
        return dict(draft.fields), draft.body
    body = letters.draft_from_record(case, kind, request.now) if ops.may_write_letter(case) else ""
    return letters.initial_fields(case, request.now), body


def _serialize_draft_with_etag(request: ApiRequest, case: Case, kind: EscalationKind) -> DraftOut:
    draft = ops.letter_draft(case, kind)
    fields, body = _fields_and_body(case, kind, draft, request)
    set_etag_source(request, _etag_source(draft))
    signed_on = fields.get("signed_on")
    plain: dict[str, Any] = {name: fields.get(name, "") for name in LETTER_FIELDS}
    plain["signed_on"] = date.fromisoformat(signed_on) if signed_on else None
    return DraftOut.model_construct(
        **plain,
        kind=kind.value,
        kept=draft is not None,
        changed_at=draft.changed_at if draft else None,
        body=body,
        from_record=letters.draft_from_record(case, kind, request.now) if ops.may_write_letter(case) else "",
        missing=missing_letter_fields(kind, fields, body),
    )


def _etag_source(draft: Letter | None) -> Letter | str:
    return draft or "no draft"


@contextmanager
def _conflict_as_etag_mismatch() -> Iterator[None]:
    """Somebody who was quicker is told like any other ETag that does not fit."""
    try:
        yield
    except (LetterChanged, LetterGone):
        raise ETagMismatch() from None


_WITH_ETAG_AND_IF_MATCH: dict[str, Any] = {"x-etag": True, "x-guard": True}


@api.get(
    "cases/{slug:reference}/letters",
    response=list[FinalLetterOut],
    tags=TAGS,
    summary="List a case's final letters",
)
def list_letters(request: ApiRequest, reference: str) -> list[FinalLetterOut]:
    """Each with its PDF, a receipt of the case."""
    final_letters = lookups.get_case(request, reference).letters.filter(final_at__isnull=False)
    return [
        _serialize_final_letter(letter) for letter in final_letters.select_related("receipt__added_by").order_by("pk")
    ]


def _serialize_final_letter(letter: Letter) -> FinalLetterOut:
    assert letter.receipt is not None  # a constraint holds it
    return FinalLetterOut.model_construct(
        kind=letter.kind, final_at=letter.final_at, receipt=serialize_receipt(letter.receipt)
    )


@api.get(
    "cases/{slug:reference}/letters/{slug:kind}",
    response=DraftOut,
    tags=TAGS,
    summary="Read a letter's draft",
    openapi_extra={"x-etag": True, "x-for-work": True},
)
def read_draft(request: ApiRequest, reference: str, kind: EscalationKind) -> DraftOut:
    """Or, where there is none, what one would begin with; reading keeps nothing."""
    return _serialize_draft_with_etag(request, _get_case_for_work(request, reference), kind)


@api.put(
    "cases/{slug:reference}/letters/{slug:kind}",
    response=DraftOut,
    tags=TAGS,
    summary="Save a letter's draft",
    openapi_extra=_WITH_ETAG_AND_IF_MATCH,
)
def save_draft(request: ApiRequest, reference: str, kind: EscalationKind, data: DraftIn) -> DraftOut:
    """All of it: what is left out is empty. While the request is out and not settled."""
    case = _get_case_for_work(request, reference)
    draft = ops.letter_draft(case, kind)
    require_match(request, _etag_source(draft))
    expected_changed_at = draft.changed_at if draft else None
    with _conflict_as_etag_mismatch():
        ops.save_letter_draft(
            case,
            kind,
            data.field_values(kind),
            data.body,
            expected_changed_at=expected_changed_at,
            by=request.user,
            now=request.now,
        )
    return _serialize_draft_with_etag(request, case, kind)


@api.delete(
    "cases/{slug:reference}/letters/{slug:kind}",
    response={204: None},
    tags=TAGS,
    summary="Throw a letter's draft away",
    openapi_extra={"x-guard": True},
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
    summary="Get a letter's draft as PDF",
    openapi_extra={
        "x-for-work": True,
        "responses": {
            200: {
                "description": "What it lacks is left to be filled in by hand.",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    },
)
def preview_letter(request: ApiRequest, reference: str, kind: EscalationKind) -> HttpResponse:
    """It shows the number, so it needs the scope `numbers`, and the card tells of it. Nothing is kept."""
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
    summary="Make a letter final",
    openapi_extra={"x-guard": True},
)
def finish_letter(request: ApiRequest, response: HttpResponse, reference: str, kind: EscalationKind) -> FinalLetterOut:
    """Its PDF becomes a receipt of the case, and the draft is gone. It shows the number: the scope `numbers`."""
    case = _get_case_for_work(request, reference)
    require_scope(request, Scope.NUMBERS)
    draft = _get_draft(case, kind)
    require_match(request, draft)
    source = lookups.audit_source(request)
    try:
        with _conflict_as_etag_mismatch():
            letters.finalize(
                case,
                draft,
                by=request.user,
                now=request.now,
                submit_token=request.submit_token,
                audit_source=source,
            )
    except LetterIncomplete as error:
        raise ValidationError(
            [{"type": "missing", "loc": ("letter", name)} for name in error.params["missing"]]
        ) from None
    final = _serialize_final_letter(case.letters.select_related("receipt__added_by").get(pk=draft.pk))
    response["Location"] = f"/api/v1/cases/{case.reference}/receipts/{final.receipt.id}"
    return final
