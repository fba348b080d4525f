"""The status of a page whose form tells that the disk is full: 507, as of any other answer that says so."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from cases.domain.errors import CaseError
from cases.models.storage_errors import StorageFull

GetResponse = Callable[[HttpRequest], HttpResponse]

_was_full: ContextVar[bool] = ContextVar("was_full", default=False)


def note_error(error: CaseError) -> None:
    """A form shows this error; what was typed stays on the page, so no exception reaches the middleware."""
    if isinstance(error, StorageFull):
        _was_full.set(True)


def set_storage_status(get_response: GetResponse) -> GetResponse:
    """Middleware: 507 instead of 200 where `note_error` was told of a full disk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _was_full.set(False)
        try:
            response = get_response(request)
            if _was_full.get() and response.status_code == 200:
                response.status_code = 507
            return response
        finally:
            _was_full.reset(token)

    return middleware
