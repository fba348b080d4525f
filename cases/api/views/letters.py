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
from cases.api.auth import ApiRequest, check, need
from cases.api.conditional import check_state, keep_state
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.problem_details import ApiError, ChangedSince, NothingHere
from cases.api.schemas.fields import Asked, Day, Moment, Told, one_of, text
from cases.api.views.receipts import ReceiptTold, receipt_told
from cases.documents import letters
from cases.domain.errors import IdentityNumber, LetterChanged, LetterGone, gettext_noop
from cases.domain.id_numbers import refuse_identity_number
from cases.domain.letter_rules import LETTER_FIELDS, missing_letter_fields
from cases.domain.roles import Right, Scope
from cases.models import AppealBody, Case, Letter
from cases.models.choices import EscalationKind

TAGS = ["letters"]
Postcode = Annotated[str, Field(pattern=r"^([0-9]{6})?$", examples=["310000"])]


class NoSuchProvince(ApiError):
    status = 422
    code = "no_such_province"
    message = gettext_noop("An appeal names one of these provinces, a complaint none: %(provinces)s.")
    field = "province"


class DraftAsked(Asked):
    """A draft; it may lack anything."""

    name: Annotated[str, text(80)] = ""
    phone: Annotated[str, text(30)] = ""
    address: Annotated[str, text(200)] = ""
    postcode: Postcode = ""
    carrier_name: Annotated[str, text(120)] = ""
    carrier_address: Annotated[str, text(200)] = ""
    province: Annotated[str, text(20), Field(description="Where the card was opened; of an appeal only.")] = ""
    signed_on: Day | None = None
    body: Annotated[str, text(20_000), Field(description="Always in Chinese.")] = ""

    def fields(self, kind: EscalationKind) -> dict[str, str]:
        """As they are kept; raises NoSuchProvince, IdentityNumber at its field."""
        if self.province:
            provinces = list(AppealBody.objects.order_by("province").values_list("province", flat=True))
            if kind != EscalationKind.APPEAL or self.province not in provinces:
                raise NoSuchProvince(provinces=", ".join(provinces))
        names = [name for name in LETTER_FIELDS if name != "province" or kind == EscalationKind.APPEAL]
        kept = {name: str(getattr(self, name) or "") for name in names}
        for name, value in {**kept, "body": self.body}.items():
            try:
                refuse_identity_number(value)
            except IdentityNumber as error:
                error.field = name  # type: ignore[misc]
                raise
        return kept


class DraftTold(Told):
    """What is kept; or, where there is no draft yet, what the record and the register say."""

    kind: Annotated[str, one_of(EscalationKind.values)]
    kept: bool = Field(description="Whether there is a draft.")
    changed_at: Moment | None
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


class FinalTold(Told):
    kind: Annotated[str, one_of(EscalationKind.values)]
    final_at: Moment
    receipt: ReceiptTold


def _case(request: ApiRequest, reference: str) -> Case:
    """For those who work with it, as on the pages."""
    case = lookups.get_case(request, reference)
    check(request, Right.WORK)
    return case


def _content(case: Case, kind: EscalationKind, draft: Letter | None, request: ApiRequest) -> tuple[dict[str, str], str]:
    if draft is not None:
        return dict(draft.fields), draft.body
    body = letters.from_record(case, kind, request.now) if ops.may_write(case) else ""
    return letters.known(case, request.now), body


def _told(request: ApiRequest, case: Case, kind: EscalationKind) -> DraftTold:
    draft = ops.draft_of(case, kind)
    fields, body = _content(case, kind, draft, request)
    keep_state(request, _state(draft))
    signed_on = fields.get("signed_on")
    plain: dict[str, Any] = {name: fields.get(name, "") for name in LETTER_FIELDS}
    plain["signed_on"] = date.fromisoformat(signed_on) if signed_on else None
    return DraftTold.model_construct(
        **plain,
        kind=kind.value,
        kept=draft is not None,
        changed_at=draft.changed_at if draft else None,
        body=body,
        from_record=letters.from_record(case, kind, request.now) if ops.may_write(case) else "",
        missing=missing_letter_fields(kind, fields, body),
    )


def _state(draft: Letter | None) -> Letter | str:
    return draft or "no draft"


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Somebody who was quicker is told like any other ETag that does not fit."""
    try:
        yield
    except (LetterChanged, LetterGone):
        raise ChangedSince() from None


_THING: dict[str, Any] = {"x-etag": True, "x-guard": True}


@api.get(
    "cases/{slug:reference}/letters",
    response=list[FinalTold],
    tags=TAGS,
    summary="List a case's final letters",
)
def list_letters(request: ApiRequest, reference: str) -> list[FinalTold]:
    """Each with its PDF, a receipt of the case."""
    found = lookups.get_case(request, reference).letters.filter(final_at__isnull=False)
    return [_final(letter) for letter in found.select_related("receipt__added_by").order_by("pk")]


def _final(letter: Letter) -> FinalTold:
    assert letter.receipt is not None  # a constraint holds it
    return FinalTold.model_construct(kind=letter.kind, final_at=letter.final_at, receipt=receipt_told(letter.receipt))


@api.get(
    "cases/{slug:reference}/letters/{slug:kind}",
    response=DraftTold,
    tags=TAGS,
    summary="Read a letter's draft",
    openapi_extra={"x-etag": True, "x-for-work": True},
)
def read_draft(request: ApiRequest, reference: str, kind: EscalationKind) -> DraftTold:
    """Or, where there is none, what one would begin with; reading keeps nothing."""
    return _told(request, _case(request, reference), kind)


@api.put(
    "cases/{slug:reference}/letters/{slug:kind}",
    response=DraftTold,
    tags=TAGS,
    summary="Save a letter's draft",
    openapi_extra=_THING,
)
def save_draft(request: ApiRequest, reference: str, kind: EscalationKind, data: DraftAsked) -> DraftTold:
    """All of it: what is left out is empty. While the request is out and not settled."""
    case = _case(request, reference)
    draft = ops.draft_of(case, kind)
    check_state(request, _state(draft))
    seen = draft.changed_at if draft else None
    with _as_it_was():
        ops.save_draft(case, kind, data.fields(kind), data.body, seen=seen, by=request.user, now=request.now)
    return _told(request, case, kind)


@api.delete(
    "cases/{slug:reference}/letters/{slug:kind}",
    response={204: None},
    tags=TAGS,
    summary="Throw a letter's draft away",
    openapi_extra={"x-guard": True},
)
def throw_draft_away(request: ApiRequest, reference: str, kind: EscalationKind) -> None:
    case = _case(request, reference)
    draft = _draft(case, kind)
    check_state(request, draft)
    with _as_it_was():
        ops.throw_away(case, kind, seen=draft.changed_at)


def _draft(case: Case, kind: EscalationKind) -> Letter:
    draft = ops.draft_of(case, kind)
    if draft is None:
        raise NothingHere()
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
    case = _case(request, reference)
    need(request, Scope.NUMBERS)
    lookups.note_cases(request, [case], full=True)
    name, made = letters.paper(case, kind, *_content(case, kind, ops.draft_of(case, kind), request))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@api.post(
    "cases/{slug:reference}/letters/{slug:kind}/final",
    response={201: FinalTold},
    tags=TAGS,
    summary="Make a letter final",
    openapi_extra={"x-guard": True},
)
def finish_letter(request: ApiRequest, response: HttpResponse, reference: str, kind: EscalationKind) -> FinalTold:
    """Its PDF becomes a receipt of the case, and the draft is gone. It shows the number: the scope `numbers`."""
    case = _case(request, reference)
    need(request, Scope.NUMBERS)
    draft = _draft(case, kind)
    check_state(request, draft)
    if lacking := missing_letter_fields(kind, draft.fields, draft.body):
        raise ValidationError([{"type": "missing", "loc": ("letter", name)} for name in lacking])
    lookups.note_cases(request, [case], full=True)
    with _as_it_was():
        letters.make_final(case, draft, by=request.user, now=request.now, click=click(request))
    final = _final(case.letters.select_related("receipt__added_by").get(pk=draft.pk))
    response["Location"] = f"/api/v1/cases/{case.reference}/receipts/{final.receipt.id}"
    return final
