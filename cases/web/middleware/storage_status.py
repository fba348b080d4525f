"""Answers that tell of a full disk: their status, also of a page with a form, and that they arrive."""

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from cases.domain.errors import CaseError
from cases.models.storage_errors import StorageFull
from cases.web.error_views import load_pages

GetResponse = Callable[[HttpRequest], HttpResponse]

#: What may have been answered in the middle of an upload, for want of room or of open files.
_REFUSED = (503, 507)
_CHUNK = 1024 * 1024

_was_full: ContextVar[bool] = ContextVar("was_full", default=False)


def note_error(error: CaseError) -> None:
    """A form shows this error; what was typed stays on the page, so no exception reaches the middleware."""
    if isinstance(error, StorageFull):
        _was_full.set(True)


def set_storage_status(get_response: GetResponse) -> GetResponse:
    """Middleware: 507 instead of 200 where `note_error` was told of a full disk; outside of all that reads the body."""
    load_pages()  # and the module of the error views, with them

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _was_full.set(False)
        try:
            response = get_response(request)
            if _was_full.get() and response.status_code == 200:
                response.status_code = 507
            if response.status_code in _REFUSED:
                _read_rest(request)
            return response
        finally:
            _was_full.reset(token)

    return middleware


def _read_rest(request: HttpRequest) -> None:
    """Read what is left of the body, which `limit_body_size` bounds: a connection that is closed before is reset, and
    the answer lost."""
    with suppress(UnreadablePostError, AttributeError):  # without a stream there was no body
        while request.read(_CHUNK):
            pass
