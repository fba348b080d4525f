"""/healthz: are the database and the worker well? For monitors, load balancers and ``serve``."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from cases.jobs import SWEEP_SILENT, WORKER_SILENT, sweep_silent_for, worker_silent_for

PATH = "/healthz"

log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers PATH before anything else does.

    A middleware and not a view: sessions, the user's language and the host's name are behind it, so that it
    answers without a login, under any host name, and when the database that those need is gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return health() if request.path == PATH else self.get_response(request)


def health() -> JsonResponse:
    """200 and ``{"status": "ok"}``, or 503 and ``{"status": "unwell", "why": …}``; never cached.

    `why` is plain English for operators and never holds the database's own words, which may name hosts.
    """
    why = what_is_wrong(timezone.now())
    answer = JsonResponse({"status": "unwell", "why": why} if why else {"status": "ok"}, status=503 if why else 200)
    add_never_cache_headers(answer)
    return answer


def what_is_wrong(now: datetime) -> str | None:
    """What is wrong at now (aware), or None when all is well."""
    try:
        silent, unswept = worker_silent_for(now), sweep_silent_for(now)
    except Error as error:
        log.warning("The database does not answer: %s", " ".join(str(error).split()))
        return "the database does not answer"
    if silent is None:
        return "the worker has never reported"
    if silent > WORKER_SILENT:
        since = timezone.localtime(now - silent).isoformat(timespec="seconds")
        return f"the worker has been silent since {since}"
    if unswept is None:
        return "no sweep of the reminders has finished yet"
    if unswept > SWEEP_SILENT:
        since = timezone.localtime(now - unswept).isoformat(timespec="seconds")
        return f"no sweep of the reminders has finished since {since}"
    return None
