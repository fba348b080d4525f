"""A site called through its WSGI handler, in this process, and how long it takes; ours, or another to compare."""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client

#: Of each: so often unmeasured, and then until so many seconds or runs are over.
SECONDS = float(os.environ.get("BENCH_SECONDS", "1.5"))
WARM_UP_RUNS, MIN_RUNS, MAX_RUNS = 3, 3, 40
HOST = "127.0.0.1"
#: Whoever forges requests cannot set the cookie; we may.
_CSRF = "x" * 32


class SiteClient:
    """Calls the WSGI handler with a session, or with a program's token."""

    def __init__(self, user: Any = None, *, token: str = "") -> None:
        self.handler = WSGIHandler()
        self.cookie = ""
        self.auth_headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
        if user:
            client = Client()
            client.force_login(user)
            self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
            self.auth_headers = {"HTTP_COOKIE": f"{self.cookie}; csrftoken={_CSRF}"}

    def get(self, address: str, handler: WSGIHandler | None = None) -> bytes:
        return self._request("GET", address, b"", "200", handler or self.handler)

    def post(self, address: str, fields: dict[str, Any]) -> bytes:
        """Sends a form; it must be saved and answered with a redirect."""
        body = urlencode(fields | {"csrfmiddlewaretoken": _CSRF}).encode()
        return self._request("POST", address, body, "302", self.handler)

    def _request(
        self, method: str, address: str, request_body: bytes, expected_status: str, handler: WSGIHandler
    ) -> bytes:
        location, _, query = address.partition("?")
        environ = self.auth_headers | {
            "REQUEST_METHOD": method,
            "PATH_INFO": location,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": HOST,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if request_body else "",
            "CONTENT_LENGTH": str(len(request_body)),
            "REMOTE_ADDR": HOST,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request_body),
            "wsgi.errors": sys.stderr,
        }
        status: list[str] = []
        response = handler(environ, lambda code, headers, info=None: status.append(code))
        body = b"".join(response)
        response.close()
        if not status[0].startswith(expected_status):
            raise SystemExit(f"{method} {address}: {status[0]}")
        return body


def measure(run: Callable[..., Any], make_arguments: Callable[[], tuple[Any, ...]] = tuple) -> dict[str, float]:
    """Median, 95th percentile and quickest of some runs in milliseconds, by the clock; and the median of our CPU.

    `given` makes, unmeasured, what each of them takes.
    """
    for _ in range(WARM_UP_RUNS):
        run(*make_arguments())
    walls, busy, stop_at = [], [], time.perf_counter() + SECONDS
    while len(walls) < MAX_RUNS and (len(walls) < MIN_RUNS or time.perf_counter() < stop_at):
        arguments = make_arguments()
        began, cpu = time.perf_counter(), time.process_time()
        run(*arguments)
        walls.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - cpu))
    return summarize(walls, busy) | {"queries": count_queries(run, *make_arguments())}


def summarize(walls: list[float], busy: list[float]) -> dict[str, float]:
    walls = sorted(walls)
    return {
        "p50": statistics.median(walls),
        "p95": walls[min(len(walls) - 1, round(0.95 * len(walls)))],
        "best": walls[0],
        "busy": statistics.median(busy),
    }


def count_queries(run: Callable[..., Any], *arguments: Any) -> int:
    """The number of statements that a call sends to the database."""
    statements = []

    def record_statement(execute: Callable[..., Any], *statement: Any) -> Any:
        statements.append(statement[0])
        return execute(*statement)

    with connection.execute_wrapper(record_statement):
        run(*arguments)
    return len(statements)
