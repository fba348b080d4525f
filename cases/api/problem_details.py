"""What went wrong, told to a program: problem details (RFC 9457), in the reader's language."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import ValidationError

from cases import wording
from cases.documents.exports import TooManyRows
from cases.domain.business_days import YearNotCovered
from cases.domain.errors import (
    CaseError,
    ChangedMeanwhile,
    FileTooLarge,
    FileTypeRefused,
    IdentityNumber,
    MessageAlreadyHandled,
    NumberRefused,
    OpenCaseExists,
    gettext_noop,
)
from cases.domain.roles import ManagerRequired, OtherTeam, ViewerReadOnly
from cases.formats.zip_archive import ArchiveTooLarge

#: What names a problem: these, and the name of the error.
TYPE_PREFIX = "urn:xiaoka:problem:"
CONTENT_TYPE = "application/problem+json"

FieldErrors = Sequence[Mapping[str, Any]]


class ApiError(CaseError):
    """What only programs can do wrong. `headers` go with the answer."""

    status: ClassVar[int] = 400
    headers: Mapping[str, str] = {}


class TokenMissing(ApiError):
    status = 401
    code = "no_token"
    message = gettext_noop("Send a token: “Authorization: Bearer …”. Tokens are made under your account.")
    headers = {"WWW-Authenticate": 'Bearer realm="xiaoka"'}


class TokenInvalid(ApiError):
    status = 401
    code = "token_not_good"
    message = gettext_noop("This token is not good: it expired, it was revoked, or its person has left the team.")
    headers = {"WWW-Authenticate": 'Bearer realm="xiaoka", error="invalid_token"'}


class ScopeMissing(ApiError):
    status = 403
    code = "scope_missing"
    message = gettext_noop("This token may not do this: it was made without the scope “%(scope)s”.")


class NotFound(ApiError):
    status = 404
    code = "not_found"
    message = gettext_noop("There is nothing here, or it belongs to another team.")


class MethodNotAllowed(ApiError):
    status = 405
    code = "method_not_allowed"
    message = gettext_noop("This address does not take %(method)s.")


class MalformedRequest(ApiError):
    code = "malformed"
    message = gettext_noop("What was sent cannot be read: %(why)s.")


class InvalidCursor(ApiError):
    code = "bad_cursor"
    message = gettext_noop("This cursor is none of this list. Begin without one, and follow the links.")


class NumberInUrl(ApiError):
    code = "number_in_address"
    message = gettext_noop(
        "Addresses are kept in logs, so none takes a number in full. Search with POST /api/v1/cases/search."
    )


class InvalidIdempotencyKey(ApiError):
    code = "bad_idempotency_key"
    message = gettext_noop("An Idempotency-Key has 1 to 200 visible ASCII characters.")


class IdempotencyKeyInUse(ApiError):
    status = 409
    code = "idempotency_key_running"
    message = gettext_noop("A request with this Idempotency-Key is still being worked on. Ask again in a moment.")
    headers = {"Retry-After": "1"}


class IdempotencyKeyReused(ApiError):
    status = 422
    code = "idempotency_key_reused"
    message = gettext_noop("Something else was sent with this Idempotency-Key before. Take a new one.")


class CardExists(ApiError):
    status = 409
    code = "card_known"
    message = gettext_noop("This card is registered already.")
    field = "number"


class FileAltered(ApiError):
    status = 410
    code = "receipt_altered"
    message = gettext_noop("The stored file is not the one that was handed in any more; it is not handed out.")


class ETagMismatch(ApiError):
    status = 412
    code = "changed_since"
    message = gettext_noop("This was changed since you read it. Nothing was saved: read it again, then decide.")


class PreconditionRequired(ApiError):
    status = 428
    code = "if_match_missing"
    message = gettext_noop("Send If-Match with the ETag that you read, so that nobody's change is overwritten.")


class RequestTooLarge(ApiError):
    status = 413
    code = "too_large"
    message = gettext_noop("This is more than one request may hold (%(limit)s MB).")


class UnsupportedMediaType(ApiError):
    status = 415
    code = "wrong_content_type"
    message = gettext_noop("Send this as %(wanted)s.")


class TooManyRequests(ApiError):
    status = 429
    code = "too_many_requests"
    message = gettext_noop("More than %(limit)s requests in a minute. Go on in %(seconds)s s.")


class InternalError(ApiError):
    status = 500
    code = "broken"
    message = gettext_noop("Something broke here, and nothing was saved. It is in the log of this installation.")


class ServiceUnavailable(ApiError):
    status = 503
    code = "database_away"
    message = gettext_noop("The database does not answer; nothing was saved. Try again soon.")
    headers = {"Retry-After": "30"}


_STATUSES: dict[type[CaseError], int] = {
    ManagerRequired: 403,
    ViewerReadOnly: 403,
    OtherTeam: 404,
    ChangedMeanwhile: 412,
    FileTooLarge: 413,
    FileTypeRefused: 415,
    OpenCaseExists: 409,
    MessageAlreadyHandled: 409,
    YearNotCovered: 422,
    ArchiveTooLarge: 422,
    IdentityNumber: 422,
    TooManyRows: 422,
}


def status_of(error: CaseError) -> int:
    """What is wrong with a field is 422; what stands in the way, whatever is sent, is 409."""
    if isinstance(error, ApiError):
        return error.status
    return _STATUSES.get(type(error), 422 if error.field else 409)


def titles() -> dict[int, str]:
    return {
        400: _("It cannot be read"),
        401: _("Who asks?"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Not this method"),
        409: _("Not as things stand"),
        410: _("Gone"),
        412: _("Changed meanwhile"),
        413: _("Too large"),
        415: _("Not this kind"),
        416: _("Behind its end"),
        422: _("Something is wrong with what was sent"),
        428: _("A condition is needed"),
        429: _("Too many requests"),
        500: _("Broken"),
        503: _("Away for a moment"),
    }


def error_details(error: CaseError) -> dict[str, Any]:
    """A named error as part of an answer."""
    detail = wording.error_message(error)
    members: dict[str, Any] = {"type": f"{TYPE_PREFIX}{error.code}", "code": error.code, "detail": detail}
    if error.field:
        members["errors"] = [{"field": error.field, "code": error.code, "detail": detail}]
    if isinstance(error, OpenCaseExists):
        members["case"] = error.params["reference"]
    return members


def problem_response(request: HttpRequest, error: CaseError) -> HttpResponse:
    response = _response(request, status_of(error), error_details(error))
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    return response


def invalid_fields_response(request: HttpRequest, errors: FieldErrors) -> HttpResponse:
    """422: what is wrong, field by field."""
    detail = _("Look at `errors`: it names each field and what is wrong with it.")
    members = {"type": f"{TYPE_PREFIX}invalid", "code": "invalid", "detail": detail, "errors": list(errors)}
    return _response(request, 422, members)


def _response(request: HttpRequest, status: int, members: dict[str, Any]) -> HttpResponse:
    title = titles()[status]
    body = {"type": members.pop("type"), "title": title, "status": status, "instance": request.path, **members}
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(content, status=status, content_type=CONTENT_TYPE)


def validation_problem_response(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What pydantic found, said in our words."""
    return invalid_fields_response(request, [_field_error(field_error) for field_error in error.errors])


def _field_error(error: Mapping[str, Any]) -> dict[str, Any]:
    kind, context = str(error["type"]), error.get("ctx") or {}
    # ("body", "data", "items", 0, "number"): where it was sent, the argument's own name, then the path to the field.
    path = [part for part in error["loc"][1:] if part not in ("data", "params")]
    detail = (
        wording.error_message(NumberRefused(**context)) if kind == NumberRefused.code else _field_detail(kind, context)
    )
    return {"field": ".".join(map(str, path)) or str(error["loc"][0]), "code": kind, "detail": detail}


def _field_detail(kind: str, context: Mapping[str, Any]) -> str:
    sentences = {
        "missing": _("This is needed."),
        "extra_forbidden": _("There is no such field."),
        "string_type": _("Send a text."),
        "string_too_long": _("At most %(max_length)s characters."),
        "string_too_short": _("At least %(min_length)s characters."),
        "too_long": _("At most %(max_length)s at once."),
        "too_short": _("At least %(min_length)s."),
        "enum": _("One of these: %(expected)s."),
        "literal_error": _("One of these: %(expected)s."),
        "bool_type": _("Send true or false."),
        "int_type": _("Send a whole number."),
        "int_parsing": _("Send a whole number."),
        "greater_than_equal": _("At least %(ge)s."),
        "less_than_equal": _("At most %(le)s."),
        "greater_than": _("More than %(gt)s."),
        "decimal_type": _("Send an amount as text, like “19.80”."),
        "less_than": _("Less than %(lt)s."),
        "decimal_max_places": _("At most %(decimal_places)s decimal places."),
        "no_moment": _("Send a moment with its offset, like 2026-09-30T15:00:00+08:00."),
        "no_day": _("Send a day, like 2026-09-30."),
    }
    return sentences.get(kind, _("This is not valid.")) % context


@contextmanager
def rename_error_fields(**names: str) -> Iterator[None]:
    """A named error inside belongs to another field of this endpoint."""
    try:
        yield
    except CaseError as error:
        error.field = names.get(error.field or "", error.field)  # type: ignore[misc]
        raise
