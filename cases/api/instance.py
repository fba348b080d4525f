"""The one NinjaAPI: its parser, its answers to what went wrong, and its contract."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from cases.api.openapi import DESCRIPTION, complete
from cases.api.problem_details import Malformed, NothingHere, WrongType, invalid, problem
from cases.domain.errors import CaseError


class StrictParser(Parser):
    """JSON in UTF-8, as RFC 8259 has it: no NaN, no half characters, and no NUL, which no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongType(wanted="application/json")
        try:
            sent = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
            _check_texts(sent)
        except (ValueError, RecursionError) as error:
            raise Malformed(why=_why(error)) from None
        return sent

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        for name, values in data.lists():
            for text in (name, *(value for value in values if isinstance(value, str))):
                _check_text(text)
        return super().parse_querydict(data, list_fields, request)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _why(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]


def _check_texts(sent: Any) -> None:
    if isinstance(sent, str):
        _check_text(sent)
    elif isinstance(sent, list):
        for item in sent:
            _check_texts(item)
    elif isinstance(sent, dict):
        for key, item in sent.items():
            _check_text(key)
            _check_texts(item)


def _check_text(text: str) -> None:
    """Raises Malformed for what no database keeps."""
    if "\0" in text:
        raise Malformed(why="a NUL within a text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Malformed(why="half a character within a text") from None


class Api(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        complete(schema)
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
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(ValidationError)
def wrong(request: HttpRequest, error: Any) -> HttpResponse:
    return invalid(request, error)


@api.exception_handler(HttpError)
def unread(request: HttpRequest, error: Any) -> HttpResponse:
    """The body: ninja wraps what the parser raised."""
    cause = error.__cause__
    if isinstance(cause, CaseError):
        return problem(request, cause)
    if cause is not None:
        raise cause
    raise error


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, NothingHere())


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Any) -> HttpResponse:
    raise error  # to the door, which rolls back first
