"""/metrics in the Prometheus format (docs/operations.md, 'Monitoring').

Each web process counts its requests, in files of its own that a scrape adds up where PROMETHEUS_MULTIPROC_DIR names
their folder (`serve` sets it). The other metrics are `cases.web.installation_metrics`.
"""

import logging
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import perf_counter

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cases import clock
from cases.checks import LOOPBACK
from cases.operations.free_space import folder_spaces
from cases.queue import WORKER_SILENT, worker_silences
from cases.web import installation_metrics

PATH = "/metrics"
#: What a middleware answers, before an address is looked up.
_BEFORE_ROUTES = {settings.HEALTH_PATH: "healthz", settings.STATIC_URL: "static"}

log = logging.getLogger(__name__)

_process_registry = CollectorRegistry()
REQUESTS = Counter(
    "xiaoka_requests",
    "Requests answered, by class of address and status.",
    ["route", "status"],
    registry=_process_registry,
)
SECONDS = Histogram(
    "xiaoka_request_seconds",
    "Time from a request's arrival in a web process to its answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_process_registry,
)


class MetricsMiddleware:
    """Answers PATH; counts and times every other request.

    It is the first middleware, so that it times all that a web process does for a request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            return metrics(request)
        started = perf_counter()
        response = self.get_response(request)
        route = route_class(request)
        SECONDS.labels(route).observe(perf_counter() - started)
        REQUESTS.labels(route, str(response.status_code)).inc()
        return response


def route_class(request: HttpRequest) -> str:
    """The first part of the URL pattern ('cases', 'admin', 'in'): few values, and never user input."""
    match = request.resolver_match
    if match is None:
        return next((name for start, name in _BEFORE_ROUTES.items() if request.path.startswith(start)), "none")
    first = match.route.partition("/")[0]
    return "channels" if first.startswith("<") else first or "home"


def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics; 403 for whoever may not read them."""
    if not _is_allowed(request):
        return HttpResponse("Not from here, or not with this token (METRICS_TOKEN).\n", "text/plain", 403)
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_process_registry)
    registry.register(_DatabaseCollector(clock.now()))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    response = HttpResponse(encode(registry), content_type)
    add_never_cache_headers(response)
    return response


def _is_allowed(request: HttpRequest) -> bool:
    """By the token where one is set; otherwise from this machine and not by a proxy, behind which all clients seem
    local."""
    if settings.METRICS_TOKEN:
        authorization = request.headers.get("Authorization", "")
        return constant_time_compare(authorization, f"Bearer {settings.METRICS_TOKEN}")
    is_proxied = settings.HTTPS or any(name in request.headers for name in ("Forwarded", "Via", "X-Forwarded-For"))
    return not is_proxied and "X-Forwarded-Proto" not in request.headers and request.META.get("REMOTE_ADDR") in LOOPBACK


class _DatabaseCollector(Collector):
    """The metrics of the database at a moment, or that it is down."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        silences: dict[str, timedelta] = {}
        try:
            gauges = installation_metrics.collect_metrics(self._now)
            silences = worker_silences(self._now)
        except Error as error:
            log.warning("The database does not answer: %s", " ".join(str(error).split()))
            gauges = {}
        yield GaugeMetricFamily("xiaoka_database_up", "Whether the database answers.", bool(gauges))
        for name, (help_text, value) in gauges.items():
            if value is not None:
                yield GaugeMetricFamily(f"xiaoka_{name}", help_text, value)
        workers = GaugeMetricFamily(
            "xiaoka_each_worker_silent_seconds", "Since each worker last reported, by its name.", labels=["worker"]
        )
        for worker, silence in silences.items():
            workers.add_metric([worker], silence.total_seconds())
        yield workers
        if gauges:
            reporting = sum(silence <= WORKER_SILENT for silence in silences.values())
            yield GaugeMetricFamily("xiaoka_workers_reporting", "Workers heard within three minutes.", reporting)
        yield from _space_metrics()


def _space_metrics() -> Iterator[Metric]:
    """The room on each file system that is written to; 0 where it refuses."""
    free = GaugeMetricFamily("xiaoka_free_bytes", "Room left where something is stored.", labels=["folder"])
    least = GaugeMetricFamily("xiaoka_free_wanted_bytes", "The room that should be left.", labels=["folder"])
    for space in folder_spaces():
        free.add_metric([space.name], 0 if space.refusal else space.free)
        least.add_metric([space.name], max(space.wanted, 1))
    yield free
    yield least
