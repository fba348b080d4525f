"""Errors as problem details (RFC 9457), in the language of the request, and the errors that only the API has."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypedDict

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from ninja.errors import ValidationError

from cases import wording
from cases.api.error_fields import field_of
from cases.documents.exports import TooManyRows
from cases.domain import corrections
from cases.domain.business_days import YearNotCovered
from cases.domain.errors import (
    CaseError,
    ChangedMeanwhile,
    IdentityNumber,
    MessageAlreadyHandled,
    NumberRefused,
    NumberTaken,
    OpenCaseExists,
    gettext_noop,
)
from cases.domain.file_types import FileTooLarge, FileTypeRefused
from cases.domain.roles import ManagerRequired, OtherTeam, ViewerMasked, ViewerReadOnly
from cases.formats.zip_archive import ArchiveTooLarge
from cases.models.storage_errors import StorageFull, StorageProblem

#: A problem's type is this prefix and the error's code.
TYPE_PREFIX = "urn:xiaoka:problem:"
CONTENT_TYPE = "application/problem+json"
#: Seconds after which a client may try again where something was not available.
RETRY_AFTER = "30"
#: A problem names so many invalid fields and counts the others: what is sent wrongly must not come back multiplied.
MAX_ERRORS = 50
#: Characters of what a problem repeats of the request: the name of a field or the path; and of a sentence.
_MAX_NAME, _MAX_DETAIL = 200, 1000


class FieldError(TypedDict):
    field: str
    code: str
    detail: str


class ApiError(CaseError):
    """An error that only requests of the API can have; `headers` are added to the response, `field` is the field of the
    request that it is about, if any."""

    status: ClassVar[int] = 400
    field: ClassVar[str | None] = None
    headers: Mapping[str, str] = {}


class TokenMissing(ApiError):
    status = 401
    code = "no_token"
    message = gettext_noop(
        "No API token was sent. Add the header “Authorization: Bearer xiaoka_…”. Create a token under “My account”."
    )
    headers = {"WWW-Authenticate": 'Bearer realm="xiaoka"'}


class TokenInvalid(ApiError):
    status = 401
    code = "token_not_good"
    message = gettext_noop(
        "This token is not valid: it has expired, was revoked, or belongs to someone who has left the team."
    )
    headers = {"WWW-Authenticate": 'Bearer realm="xiaoka", error="invalid_token"'}


class ScopeMissing(ApiError):
    status = 403
    code = "scope_missing"
    message = gettext_noop("This token does not have the scope “%(scope)s”.")


class NotFound(ApiError):
    status = 404
    code = "not_found"
    message = gettext_noop("Not found. It may have been deleted, or belongs to another team.")


class MethodNotAllowed(ApiError):
    status = 405
    code = "method_not_allowed"
    message = gettext_noop("This address does not support %(method)s.")


class MalformedRequest(ApiError):
    code = "malformed"
    message = gettext_noop("The request could not be parsed: %(why)s.")


class InvalidCursor(ApiError):
    code = "bad_cursor"
    message = gettext_noop("This cursor does not belong to this list. Start without one, and follow the links.")


class NumberInUrl(ApiError):
    code = "number_in_address"
    message = gettext_noop(
        "Do not put a full number in the URL, because URLs are logged. Use POST /api/v1/cases/search."
    )


class InvalidIdempotencyKey(ApiError):
    code = "bad_idempotency_key"
    message = gettext_noop("An Idempotency-Key must be 1 to 200 visible ASCII characters.")


class IdempotencyKeyInUse(ApiError):
    status = 409
    code = "idempotency_key_running"
    message = gettext_noop("A request with this Idempotency-Key is still being processed. Try again in a moment.")
    headers = {"Retry-After": "1"}


class IdempotencyKeyReused(ApiError):
    status = 422
    code = "idempotency_key_reused"
    message = gettext_noop("This Idempotency-Key was used for another request before. Use a new one.")


class CardExists(ApiError):
    status = 409
    code = "card_known"
    message = gettext_noop("This card has already been added.")
    field = "number"


class FileAltered(ApiError):
    status = 410
    code = "receipt_altered"
    message = gettext_noop("The stored file differs from the one that was uploaded, so it is not returned.")


class ETagMismatch(ApiError):
    status = 412
    code = "changed_since"
    message = gettext_noop("This has been changed since you read it. Nothing was saved. Read it again, then decide.")


class PreconditionRequired(ApiError):
    status = 428
    code = "if_match_missing"
    message = gettext_noop("Send If-Match with the ETag you read, so that you do not overwrite someone else’s change.")


class RequestTooLarge(ApiError):
    status = 413
    code = "too_large"
    message = gettext_noop("This is larger than a request may be (%(limit)s MB).")


class UnsupportedMediaType(ApiError):
    status = 415
    code = "wrong_content_type"
    message = gettext_noop("Send this as %(wanted)s.")


class TooManyRequests(ApiError):
    status = 429
    code = "too_many_requests"
    message = gettext_noop("More than %(limit)s requests in a minute. Continue in %(seconds)s s.")


class InternalError(ApiError):
    status = 500
    code = "broken"
    message = gettext_noop("An internal error occurred; nothing was saved. The server log has the details.")


class ServiceUnavailable(ApiError):
    status = 503
    code = "database_away"
    message = gettext_noop("The database is unavailable; nothing was saved. Try again soon.")
    headers = {"Retry-After": RETRY_AFTER}


_STATUSES: dict[type[CaseError], int] = {
    ManagerRequired: 403,
    corrections.CorrectionNeedsManager: 403,
    corrections.UndoneByOthers: 403,
    corrections.NoSuchEntry: 404,
    ViewerReadOnly: 403,
    ViewerMasked: 403,
    OtherTeam: 404,
    ChangedMeanwhile: 412,
    FileTooLarge: 413,
    FileTypeRefused: 415,
    OpenCaseExists: 409,
    NumberTaken: 409,
    MessageAlreadyHandled: 409,
    YearNotCovered: 422,
    ArchiveTooLarge: 422,
    IdentityNumber: 422,
    TooManyRows: 422,
}


def status_of(error: CaseError) -> int:
    """The HTTP status of an error: by its class, otherwise 422 for an invalid field and 409 for a conflict."""
    if isinstance(error, ApiError):
        return error.status
    if isinstance(error, StorageProblem):  # whatever was to be stored
        return 507 if isinstance(error, StorageFull) else 503
    return _STATUSES.get(type(error), 422 if field_of(error) else 409)


def titles() -> dict[int, str]:
    """The titles of problems by status, after the reason phrases of RFC 9110."""
    return {
        400: _("Bad request"),
        401: _("Unauthorized"),
        403: _("Forbidden"),
        404: pgettext("HTTP status", "Not found"),
        405: _("Method not allowed"),
        409: _("Conflict"),
        410: _("Gone"),
        412: _("Precondition failed"),
        413: _("Content too large"),
        415: _("Unsupported media type"),
        422: _("Unprocessable content"),
        428: _("Precondition required"),
        429: _("Too many requests"),
        500: _("Internal server error"),
        503: _("Service unavailable"),
        507: _("Insufficient storage"),
    }


def error_details(error: CaseError, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The members of a problem that depend on the error alone; `names` as in `field_of`."""
    detail = _shortened(wording.error_message(error), _MAX_DETAIL)
    members: dict[str, Any] = {"type": f"{TYPE_PREFIX}{error.code}", "code": error.code, "detail": detail}
    if field := field_of(error, names):
        members["errors"] = [{"field": field, "code": error.code, "detail": detail}]
    if isinstance(error, OpenCaseExists):
        members["case"] = error.params["reference"]
    if isinstance(error, NumberTaken):
        members["card"] = error.card
    return members


def problem_response(request: HttpRequest, error: CaseError) -> HttpResponse:
    names = getattr(request, "error_fields", None)
    response = _response(request, status_of(error), error_details(error, names))
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", RETRY_AFTER)
    return response


def invalid_fields_response(request: HttpRequest, errors: Sequence[FieldError], more_errors: int = 0) -> HttpResponse:
    """422, with the invalid fields, and how many more there are."""
    detail = _("See `errors` for the problem with each field.")
    members: dict[str, Any] = {"type": f"{TYPE_PREFIX}invalid", "code": "invalid", "detail": detail}
    members["errors"] = list(errors)
    if more_errors:
        members["more_errors"] = more_errors
    return _response(request, 422, members)


def _response(request: HttpRequest, status: int, members: dict[str, Any]) -> HttpResponse:
    title = titles()[status]
    instance = request.path[:_MAX_NAME]
    body = {"type": members.pop("type"), "title": title, "status": status, "instance": instance, **members}
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(content, status=status, content_type=CONTENT_TYPE)


def validation_problem_response(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422, with the first MAX_ERRORS fields that pydantic refused and our messages."""
    named = [_field_error(field_error) for field_error in error.errors[:MAX_ERRORS]]
    return invalid_fields_response(request, named, more_errors=len(error.errors) - len(named))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _field_error(error: Mapping[str, Any]) -> FieldError:
    kind, context = str(error["type"]), error.get("ctx") or {}
    # ("body", "data", "items", 0, "number"): the source, the endpoint's parameter, then the path to the field.
    path = list(error["loc"][1:])
    if path and path[0] in ("data", "params"):
        del path[0]
    detail = (
        wording.error_message(NumberRefused(**context)) if kind == NumberRefused.code else _field_detail(kind, context)
    )
    field = ".".join(_shortened(str(part), _MAX_NAME) for part in path) or str(error["loc"][0])
    return {"field": _shortened(field, _MAX_NAME), "code": kind, "detail": _shortened(detail, _MAX_DETAIL)}


def _field_detail(kind: str, context: Mapping[str, Any]) -> str:
    sentences = {
        "missing": _("This field is required."),
        "extra_forbidden": _("Unknown field."),
        "string_type": _("Must be a string."),
        "string_too_long": _("Must be %(max_length)s characters or fewer."),
        "string_too_short": _("At least %(min_length)s characters."),
        "too_long": _("Must have %(max_length)s items or fewer."),
        "too_short": _("At least %(min_length)s."),
        "enum": _("Must be one of: %(expected)s."),
        "literal_error": _("Must be one of: %(expected)s."),
        "bool_type": _("Send true or false."),
        "int_type": _("Send a whole number."),
        "int_parsing": _("Send a whole number."),
        "greater_than_equal": _("At least %(ge)s."),
        "less_than_equal": _("At most %(le)s."),
        "greater_than": _("More than %(gt)s."),
        "decimal_type": _("Must be an amount as a string, like “19.80”."),
        "less_than": _("Less than %(lt)s."),
        "decimal_max_places": _("At most %(decimal_places)s decimal places."),
        "no_moment": _("Must be a date and time with a UTC offset, like 2026-09-30T15:00:00+08:00."),
        "no_day": _("Must be a date, like 2026-09-30."),
    }
    return sentences.get(kind, _("Not a valid value.")) % context
