"""The OpenAPI document, completed: every possible response with an example, and its headers and parameters.

Endpoints mark what their signature does not show, by keys of `openapi_extra` that are removed here: `x-etag` (the
response has an ETag), `x-if-match` (whether If-Match is required), `x-read-only` (a POST that changes nothing), `x-404`
(refers to an object in its body or query), `x-410` (a file that may be altered), `x-work-right` (viewers are refused).
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from cases.api import examples, problem_details
from cases.api.schemas.published_names import PUBLISHED_NAMES
from cases.domain.errors import CaseError, ChangedMeanwhile, InTheFuture, WrongState
from cases.domain.file_types import FileTooLarge, FileTypeRefused

DESCRIPTION = """\
Keep track of SIM card cancellations from your own programs: everything that the pages can do.

* **Authentication**: `Authorization: Bearer xiaoka_…`. Create a token under *My account*, for one team. A token may do
  what you may do in that team, within its scopes (`read`, `write`, `numbers`), until it expires, is revoked, or you
  leave the team.
* **Dates and times**: send times with a UTC offset (`2026-09-30T15:00:00+08:00`); they are returned in Beijing time
  (`+08:00`). Dates are days in Beijing time.
* **Phone numbers** are masked. `numbers=full` returns full numbers to tokens with the scope `numbers`; each card
  records this.
* **Language**: texts follow `Accept-Language`, English or Chinese (the default).
* **Pagination**: the `Link` header of a list has the URL of the next page.
* **Conditional requests**: to change a case, send the `ETag` you read in `If-Match`.
* **Idempotency**: every POST that changes something accepts an `Idempotency-Key`. The same request with the same key
  is performed once within 24 hours; later ones get the first response again.
* **Rate limits**: `RateLimit` and `RateLimit-Policy` say how many requests are left in this minute. Beyond the limit
  the status is 429, with `Retry-After`.
* **Errors** are `application/problem+json` (RFC 9457), with a `code` for programs and a `detail` for people.
"""
#: A part of the document.
JsonObject = dict[str, Any]
MULTIPART = "multipart/form-data"
BINARY = {"type": "string", "format": "binary"}

#: For each status an error that has it, with the parameters of its message.
_EXAMPLE_ERRORS: dict[int, tuple[type[CaseError], dict[str, object]]] = {
    400: (problem_details.MalformedRequest, {"why": "Expecting value: line 1 column 1 (char 0)"}),
    401: (problem_details.TokenInvalid, {}),
    403: (problem_details.ScopeMissing, {"scope": "write"}),
    404: (problem_details.NotFound, {}),
    409: (WrongState, {"from_status": "draft"}),
    410: (problem_details.FileAltered, {}),
    412: (ChangedMeanwhile, {}),
    413: (FileTooLarge, {"name": "scan.pdf", "limit": 20}),
    415: (FileTypeRefused, {"name": "scan.exe"}),
    422: (InTheFuture, {}),
    428: (problem_details.PreconditionRequired, {}),
    429: (problem_details.TooManyRequests, {"limit": 600, "seconds": 42}),
}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "description": "A URN that ends with the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in the language of the response."},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "The name of the error, for programs."},
        "errors": {
            "type": "array",
            "maxItems": problem_details.MAX_ERRORS,
            "description": "The invalid fields, each with the reason.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
        "more_errors": {
            "type": "integer",
            "description": "How many more invalid fields there are, if not all are named.",
        },
        "case": {"type": "string", "description": "The reference of the conflicting case."},
        "card": {"type": "integer", "description": "The id of the card that has the number already."},
    },
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text you choose; a new one for each request that must be performed only once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]{1,200}$"},
    "example": "9c1f0e5a-import-2026-10-16-0001",
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag: the response is 304 if nothing has changed.",
    "schema": {"type": "string"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": 'The ETag you read, weak (`W/"…"`) or not, or `*` for any version.',
    "schema": {"type": "string"},
    "example": "*",
}
_PATH_PARAMETERS: dict[str, JsonObject] = {
    "reference": {"pattern": "^XK-[2-9A-HJ-NP-Z]{8}$", "example": "XK-7QF2M4ZP"},
    "carrier": {"pattern": "^[-a-z0-9]{1,50}$", "example": "china-mobile"},
    "month": {"pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$", "example": "2026-09"},
    "kind": {"example": "complaint"},
    "pk": {"minimum": 1, "maximum": 2**63 - 1},
    "sequence": {"minimum": 1, "maximum": 2**31 - 1, "example": 3},
}
_RATE_LIMIT_HEADERS = {
    "RateLimit": {"description": "Requests left in this minute.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "Requests per window, in seconds.", "schema": {"type": "string"}},
}


def complete_schema(schema: JsonObject) -> None:
    """Completes the document that ninja generates, in place; always in English."""
    schema["servers"] = [{"url": settings.SITE_URL}]
    components = schema["components"]
    components["schemas"]["Problem"] = _PROBLEM_SCHEMA
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token, created under “My account”."}
    }
    schema["security"] = [{"token": []}]
    operations = [operation for methods in schema["paths"].values() for operation in methods.values()]
    schema["tags"] = [{"name": name} for name in dict.fromkeys(tag for one in operations for tag in one["tags"])]
    with translation.override("en"):
        components["responses"] = {f"Problem{status}": _problem_response(status) for status in _EXAMPLE_ERRORS}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            _complete_operation(path, method, operation)
    schema["paths"] = _with_published_refs(schema["paths"])
    components["schemas"] = {
        PUBLISHED_NAMES.get(name, name): _with_published_refs(component)
        for name, component in components["schemas"].items()
    }
    for name, component in components["schemas"].items():
        component["title"] = name


def _with_published_refs(node: Any) -> Any:
    """A part of the document with every reference to a schema by its published name."""
    if isinstance(node, dict):
        return {
            key: _published_ref(value) if key == "$ref" else _with_published_refs(value) for key, value in node.items()
        }
    return [_with_published_refs(item) for item in node] if isinstance(node, list) else node


def _published_ref(ref: str) -> str:
    head, _, name = ref.rpartition("/")
    return f"{head}/{PUBLISHED_NAMES.get(name, name)}"


def _problem_response(status: int) -> JsonObject:
    error_class, params = _EXAMPLE_ERRORS[status]
    error = error_class(**params)
    example = {
        "title": problem_details.titles()[status],
        "status": status,
        "instance": "/api/v1/…",
        **problem_details.error_details(error),
    }
    headers: JsonObject = dict(_RATE_LIMIT_HEADERS) if status != 401 else {}
    if status in (409, 429):
        headers["Retry-After"] = {"description": "Seconds.", "schema": {"type": "string"}}
    return {
        "description": problem_details.titles()[status],
        "headers": headers,
        "content": {
            problem_details.CONTENT_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {error.code: {"value": example}},
            }
        },
    }


def _complete_operation(path: str, method: str, operation: JsonObject) -> None:
    parameters, responses = operation["parameters"], operation["responses"]
    has_etag, if_match_required = operation.pop("x-etag", False), operation.pop("x-if-match", None)
    is_change = method != "get" and not operation.get("x-read-only")
    if operation.pop("x-410", False):
        responses[410] = {"$ref": "#/components/responses/Problem410"}
    statuses = _possible_statuses(path, operation, is_post=method == "post", is_change=is_change)
    if method == "post" and is_change:
        parameters.append(_IDEMPOTENCY_KEY)
    if if_match_required is not None:
        parameters.append({**_IF_MATCH, "required": if_match_required})
        statuses |= {412, 428} if if_match_required else {412}
    if has_etag and method == "get":
        parameters.append(_IF_NONE_MATCH)
        responses[304] = {"description": "Not modified", "headers": {"ETag": {"schema": {"type": "string"}}}}
    _add_examples(operation)
    for status, response in responses.items():
        if "$ref" in response:
            continue  # what it refers to has them
        response.setdefault("headers", {}).update(_RATE_LIMIT_HEADERS)
        if has_etag and str(status).startswith("2"):
            response["headers"]["ETag"] = {"schema": {"type": "string"}}
    for status in sorted(statuses):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})


def _possible_statuses(path: str, operation: JsonObject, *, is_post: bool, is_change: bool) -> set[int]:
    """The statuses of problems that an operation can respond with, but for those of If-Match."""
    is_read_only, needs_work_right, refers_to_objects = (
        operation.pop(name, False) for name in ("x-read-only", "x-work-right", "x-404")
    )
    query_names = []
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] |= _PATH_PARAMETERS[parameter["name"]]
        elif parameter["in"] == "query":
            query_names.append(parameter["name"])
    has_body, has_path_parameters = "requestBody" in operation, "{" in path
    conditions = {
        400: has_body or query_names or (is_post and is_change),
        403: is_change or is_read_only or needs_work_right or "numbers" in query_names,
        404: has_path_parameters or refers_to_objects,
        409: is_change,
        413: has_body,
        415: has_body,
        422: has_body or query_names or has_path_parameters,
    }
    return {401, 429, *(status for status, is_possible in conditions.items() if is_possible)}


def _add_examples(operation: JsonObject) -> None:
    """Adds an example of the request body, and of the response if it is a case; those of parameters get their form."""
    for parameter in operation["parameters"]:
        if isinstance(parameter.get("examples"), list):  # as in a schema, which ninja copies (OpenAPI 3.1, 4.8.12)
            (parameter["example"],) = parameter.pop("examples")
    request_content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if request_content:
        request_content["examples"] = {"usual": {"value": examples.REQUEST_BODIES[operation["operationId"]]}}
    for response in operation["responses"].values():
        response_content = response.get("content", {}).get("application/json", {})
        if response_content.get("schema", {}).get("$ref", "").endswith("/CaseOut"):
            response_content["examples"] = {"overdue": {"value": examples.CASE}}


def file_response(description: str, *content_types: str) -> JsonObject:
    """A response, for `openapi_extra`, whose body is a file."""
    return {"description": description, "content": {name: {"schema": BINARY} for name in content_types}}


def multipart_body(properties: JsonObject, required: Sequence[str] | None = None) -> JsonObject:
    """A request body, for `openapi_extra`, that is a form."""
    form: JsonObject = {"type": "object", "properties": properties}
    if required is not None:
        form["required"] = list(required)
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": form}}}}
