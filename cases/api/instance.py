"""The NinjaAPI instance: its parser, its error handlers, its OpenAPI document."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
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
    """JSON in UTF-8 by RFC 8259: no NaN, no lone surrogates; and no NUL, which PostgreSQL cannot store."""

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
    raise ValueError(f"{name} is not JSON")


def _parse_error_reason(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]


def _check_storable(value: object) -> None:
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
    """Raises MalformedRequest for a text that the database cannot store."""
    if "\0" in text:
        raise MalformedRequest(why="a text contains NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedRequest(why="a text contains a lone surrogate") from None


class Api(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        complete_schema(schema)
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
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
def handle_case_error(request: HttpRequest, error: CaseError) -> HttpResponse:
    return problem_response(request, error)


@api.exception_handler(ValidationError)
def handle_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return validation_problem_response(request, error)


@api.exception_handler(HttpError)
def handle_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja wraps in HttpError what the parser raised."""
    cause = error.__cause__
    if isinstance(cause, CaseError):
        return problem_response(request, cause)
    if cause is not None:
        raise cause
    raise error


@api.exception_handler(Http404)
def handle_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(request, NotFound())


@api.exception_handler(Exception)
def handle_unexpected_error(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # to `endpoint`, after the transaction is rolled back
