"""The one NinjaAPI: its parser, its answers to what went wrong, and its contract."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from cases.api.openapi import DESCRIPTION, complete_schema
from cases.api.problem_details import (
    MalformedRequest,
    NotFound,
    UnsupportedMediaType,
    problem_response,
    validation_problem_response,
)
from cases.domain.errors import CaseError


class StrictParser(Parser):
    """JSON in UTF-8, as RFC 8259 has it: no NaN, no half characters, and no NUL, which no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise UnsupportedMediaType(wanted="application/json")
        try:
            body = json.loads(request.body.decode("utf-8"), parse_constant=_reject_constant)
            _check_storable(body)
        except (ValueError, RecursionError) as error:
            raise MalformedRequest(why=_parse_error_reason(error)) from None
        return body

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        for name, values in data.lists():
            for text in (name, *(value for value in values if isinstance(value, str))):
                _check_storable_text(text)
        return super().parse_querydict(data, list_fields, request)


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _parse_error_reason(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]


def _check_storable(value: Any) -> None:
    if isinstance(value, str):
        _check_storable_text(value)
    elif isinstance(value, list):
        for item in value:
            _check_storable(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_storable_text(key)
            _check_storable(item)


def _check_storable_text(text: str) -> None:
    """Raises Malformed for what no database keeps."""
    if "\0" in text:
        raise MalformedRequest(why="a NUL within a text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedRequest(why="half a character within a text") from None


class Api(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        complete_schema(schema)
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


api = Api(
    title="Xiaoka 销卡",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
)


@api.exception_handler(CaseError)
def handle_case_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, error)


@api.exception_handler(ValidationError)
def handle_validation_error(request: HttpRequest, error: Any) -> HttpResponse:
    return validation_problem_response(request, error)


@api.exception_handler(HttpError)
def handle_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """The body: ninja wraps what the parser raised."""
    cause = error.__cause__
    if isinstance(cause, CaseError):
        return problem_response(request, cause)
    if cause is not None:
        raise cause
    raise error


@api.exception_handler(Http404)
def handle_not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(request, NotFound())


@api.exception_handler(Exception)
def handle_unexpected_error(request: HttpRequest, error: Any) -> HttpResponse:
    raise error  # to the door, which rolls back first
