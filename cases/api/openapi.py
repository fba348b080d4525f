"""The OpenAPI document, completed: every answer that can come, with an example, and the headers that go with it."""

from typing import Any

from django.utils import translation

from cases.api import examples, problem_details
from cases.api.schemas.published_names import PUBLISHED_NAMES
from cases.domain.errors import ChangedMeanwhile, FileTooLarge, FileTypeRefused, InTheFuture, WrongState

DESCRIPTION = """\
What the pages of Xiaoka do, for programs.

* **Token**: `Authorization: Bearer xiaoka_…`. Tokens are made under one's account, for one team; they do what their
  person may do there, within their scopes (`read`, `write`, `numbers`), until they expire, are revoked, or the person
  leaves the team.
* **Moments** are sent with an offset (`2026-09-30T15:00:00+08:00`) and told in Beijing's; days are days in Shanghai.
* **Numbers** are masked. `numbers=full` tells them in full to tokens with the scope `numbers`, and is noted with each
  card.
* **Language** of all words: `Accept-Language`, Chinese unless it asks for English.
* **Lists** come by the page; the `Link` header leads to the next one.
* **Lost updates**: a case is changed with the `ETag` that was read, in `If-Match`.
* **Sent twice, done once**: every POST that changes something takes an `Idempotency-Key`; the same again within 24
  hours gets the first answer again.
* **Problems** are `application/problem+json` (RFC 9457) with a `code` for programs and a `detail` for people.
"""

#: For each status an error that gives it, with what fills its sentence.
_EXAMPLE_ERRORS: dict[int, tuple[type[Any], dict[str, Any]]] = {
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
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "description": "A URN that ends in the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in the language of the answer."},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "The name of the error, for programs."},
        "errors": {
            "type": "array",
            "description": "What is wrong with which field.",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
        "case": {"type": "string", "description": "The case that stands in the way."},
    },
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your own, new for each thing that is to be done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]{1,200}$"},
    "example": "9c1f0e5a-import-2026-10-16-0001",
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag: 304 where nothing differs.",
    "schema": {"type": "string"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag that was read, or `*` to overwrite whatever there is.",
    "schema": {"type": "string"},
    "example": "*",
}
_PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "reference": {"pattern": "^XK-[2-9A-HJ-NP-Z]{8}$", "example": "XK-7QF2M4ZP"},
    "carrier": {"pattern": "^[-a-z0-9]{1,50}$", "example": "china-mobile"},
    "month": {"pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$", "example": "2026-09"},
    "kind": {"example": "complaint"},
    "pk": {"minimum": 1, "maximum": 2**63 - 1},
}
_RATE_LIMIT_HEADERS = {
    "RateLimit": {"description": "What is left of this minute.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "Requests in how many seconds.", "schema": {"type": "string"}},
}


def complete_schema(schema: dict[str, Any]) -> None:
    """Adds to each operation what its shape implies; in English, whoever asks."""
    components = schema["components"]
    components["schemas"]["Problem"] = _PROBLEM_SCHEMA
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token, made under one's account."}
    }
    schema["security"] = [{"token": []}]
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


def _with_published_refs(node: Any) -> Any:
    """The same part of the document, every reference to a schema by its published name."""
    if isinstance(node, dict):
        return {
            key: _published_ref(value) if key == "$ref" else _with_published_refs(value) for key, value in node.items()
        }
    return [_with_published_refs(item) for item in node] if isinstance(node, list) else node


def _published_ref(ref: str) -> str:
    head, _, name = ref.rpartition("/")
    return f"{head}/{PUBLISHED_NAMES.get(name, name)}"


def _problem_response(status: int) -> dict[str, Any]:
    error_class, params = _EXAMPLE_ERRORS[status]
    error = error_class(**params)
    example = {
        "title": problem_details.titles()[status],
        "status": status,
        "instance": "/api/v1/…",
        **problem_details.error_details(error),
    }
    headers: dict[str, Any] = dict(_RATE_LIMIT_HEADERS) if status != 401 else {}
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


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    """`x-guard` on an operation says whether If-Match is needed, `x-etag` that it tells of one thing."""
    parameters, responses = operation["parameters"], operation["responses"]
    if_match_required, has_etag = operation.pop("x-guard", None), operation.pop("x-etag", False)
    is_read_only = operation.pop("x-looking", False)
    if operation.pop("x-altered", False):
        responses[410] = {"$ref": "#/components/responses/Problem410"}
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter["schema"] |= _PATH_PARAMETERS[parameter["name"]]
    statuses = {401, 429}
    has_body = "requestBody" in operation
    query_parameters = [parameter for parameter in parameters if parameter["in"] == "query"]
    is_change = method != "get" and not is_read_only
    needs_work_right = operation.pop("x-for-work", False)
    if (
        is_change
        or any(parameter["name"] == "numbers" for parameter in query_parameters)
        or is_read_only
        or needs_work_right
    ):
        statuses.add(403)
    if has_body or query_parameters or (method == "post" and is_change):
        statuses.add(400)
    if has_body or query_parameters or "{" in path:
        statuses.add(422)
    if "{" in path or operation.pop("x-names-others", False):
        statuses.add(404)
    if has_body:
        statuses |= {413, 415}
    if is_change:
        statuses.add(409)
    if method == "post" and is_change:
        parameters.append(_IDEMPOTENCY_KEY)
    if if_match_required is not None:
        parameters.append({**_IF_MATCH, "required": if_match_required})
        statuses |= {412, 428} if if_match_required else {412}
    if has_etag and method == "get":
        parameters.append(_IF_NONE_MATCH)
        responses[304] = {"description": "Nothing differs.", "headers": {"ETag": {"schema": {"type": "string"}}}}
    _add_examples(operation)
    for status, response in responses.items():
        response.setdefault("headers", {}).update(_RATE_LIMIT_HEADERS)
        if has_etag and str(status).startswith("2"):
            response["headers"]["ETag"] = {"schema": {"type": "string"}}
    for status in sorted(statuses):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})


def _add_examples(operation: dict[str, Any]) -> None:
    """An example of what is sent, and of a case where one is answered."""
    request_content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if request_content:
        request_content["examples"] = {"usual": {"value": examples.REQUEST_BODIES[operation["operationId"]]}}
    for response in operation["responses"].values():
        response_content = response.get("content", {}).get("application/json", {})
        if response_content.get("schema", {}).get("$ref", "").endswith("/CaseOut"):
            response_content["examples"] = {"overdue": {"value": examples.CASE}}
