"""The NinjaAPI instance: its error handlers, its OpenAPI document."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from cases.api.openapi import DESCRIPTION, complete_schema
from cases.api.parser import StrictParser
from cases.api.problem_details import (
    NotFound,
    problem_response,
    validation_problem_response,
)
from cases.domain.errors import CaseError


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
    title="Xiaoka",  # generators name their packages after it: xiaoka-client
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    parser=StrictParser(),
    urls_namespace="api",
    openapi_extra={"info": {"license": {"name": "MIT", "identifier": "MIT"}}},
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
