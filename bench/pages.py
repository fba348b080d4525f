"""What the pages take in the server, one process, through its WSGI handler: `python -m bench.pages` prints JSON."""

import io
import json
import os
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import population  # noqa: E402
from cases import operations as ops  # noqa: E402
from cases.models import Case, Team, User  # noqa: E402

#: Of each page: unmeasured, and then until so many seconds or runs are over.
SECONDS = float(os.environ.get("BENCH_SECONDS", "1.5"))
WARM, LEAST, RUNS = 3, 3, 40
HOST = "127.0.0.1"


def bare(request: HttpRequest) -> HttpResponse:
    """The floor: one look into an index, and its answer."""
    return HttpResponse(Case.objects.values_list("reference", flat=True).get(pk=request.GET["pk"]))


urlpatterns = [path("bare/", bare)]


class Site:
    """The product's handler, called as a server calls it, by somebody who is signed in."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self.handler = WSGIHandler()

    def get(self, address: str, handler: WSGIHandler | None = None) -> bytes:
        location, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": location,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": HOST,
            "HTTP_COOKIE": self.cookie,
            "REMOTE_ADDR": HOST,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        status: list[str] = []
        response = (handler or self.handler)(environ, lambda code, headers, info=None: status.append(code))
        body = b"".join(response)
        response.close()
        if not status[0].startswith("200"):
            raise SystemExit(f"{address}: {status[0]}")
        return body


def measured(run: Callable[[], Any]) -> dict[str, float]:
    """Median, 95th percentile and quickest of some runs in milliseconds, by the clock; and the median of our CPU."""
    for _ in range(WARM):
        run()
    walls, busy, until = [], [], time.perf_counter() + SECONDS
    while len(walls) < RUNS and (len(walls) < LEAST or time.perf_counter() < until):
        began, cpu = time.perf_counter(), time.process_time()
        run()
        walls.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - cpu))
    return figures(walls, busy)


def figures(walls: list[float], busy: list[float]) -> dict[str, float]:
    walls = sorted(walls)
    return {
        "p50": statistics.median(walls),
        "p95": walls[min(len(walls) - 1, round(0.95 * len(walls)))],
        "best": walls[0],
        "busy": statistics.median(busy),
    }


def queries_of(run: Callable[[], Any]) -> int:
    connection.force_debug_cursor = True
    reset_queries()
    try:
        run()
        return len(connection.queries)
    finally:
        connection.force_debug_cursor = False


def addresses(team: Team, site: Site) -> Iterator[tuple[str, str]]:
    """The pages by name, with examples from the middle of what the team has."""
    mine = Case.objects.filter(team=team).select_related("card", "carrier").order_by("pk")
    some = mine.filter(status="submitted")[mine.filter(status="submitted").count() // 2]
    for number in range(10):
        ops.perform_one(
            ops.FollowUp(timezone.now(), words=f"call {number}"), some, by=team.members.all()[0], now=timezone.now()
        )
    yield "work list", "/"
    yield "case list: first page", "/cases/"
    deep = mine[mine.count() // 2]
    yield "case list: deep inside", f"/cases/?after={deep.pk}"
    for sort in ("reply_by", "submitted", "number"):
        yield f"case list: by {sort}", f"/cases/?sort={sort}"
    yield "case list: by number, deep inside", f"/cases/?sort=number&after={deep.pk}"
    for standing in (
        "overdue",
        "due_today",
        "promised_today",
        "to_verify",
        "returned",
        "waiting",
        "draft",
        "no_receipt",
    ):
        yield f"case list: {standing}", f"/cases/?standing={standing}"
    for status in ("confirmed", "withdrawn"):
        yield f"case list: status {status}", f"/cases/?status={status}"
    yield "case list: carrier", f"/cases/?carrier={some.carrier.slug}"
    yield "case list: reason", "/cases/?reason=harassment"
    number = some.card.number
    yield "search: number", f"/cases/?q={number[:3]}****{number[-4:]}"
    yield "search: last four", f"/cases/?q={number[-4:]}"
    yield "search: beginning", f"/cases/?q={number[:7]}"
    yield "search: three digits", f"/cases/?q={number[:3]}"
    yield "search: reference", f"/cases/?q={some.reference}"
    yield "search: carrier's reference", f"/cases/?q={some.carrier_reference.lower()}"
    yield "search: beginning of a name", f"/cases/?q={quote(some.card.holder[:2] or '王某')}"
    yield "search: carrier", f"/cases/?q={quote('联通')}"
    yield "search: nothing", "/cases/?q=nothing"
    yield "case", f"/cases/{some.reference}/"
    yield "card list: first page", "/cards/"
    yield "card list: deep inside", f"/cards/?after={deep.card_id}"
    yield "card list: last four", f"/cards/?q={number[-4:]}"
    yield "card", f"/cards/{some.card_id}/"
    yield "statistics", "/statistics/"
    yield "admin: cases", "/admin/cases/case/"
    yield "admin: overdue", "/admin/cases/case/?standing=overdue"
    yield "admin: search", f"/admin/cases/case/?q={number[-4:]}"
    yield "admin: cards", "/admin/cases/card/"
    yield "admin: index", "/admin/"


def pages() -> Iterator[tuple[str, dict[str, float]]]:
    """Each page and each verb by name, with its figures."""
    with override_settings(ALLOWED_HOSTS=[HOST], ADMIN_SECOND_FACTOR=False):
        yield from _pages()


def _pages() -> Iterator[tuple[str, dict[str, float]]]:
    user = population.manager()
    team, site = user.teams.get(), Site(user)
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        handler, address = WSGIHandler(), f"/bare/?pk={Case.objects.order_by('pk')[0].pk}"
        yield "a bare view", measured(lambda: site.get(address, handler)) | {"queries": 1}
    only = os.environ.get("BENCH_ONLY", "")
    for name, address in addresses(team, site):
        if not re.search(only, name):
            continue

        def run(address: str = address) -> bytes:
            return site.get(address)

        yield name, measured(run) | {"queries": queries_of(run)}
    if not only:
        from bench import verbs  # which stands on this module

        yield from verbs.measured(team, user)


def main() -> None:
    if sys.argv[1:] == ["cookie"]:  # of somebody who is signed in, for `bench.load`
        print(Site(population.manager()).cookie)
        return
    for name, figures in pages():
        print(json.dumps({"name": name} | figures), flush=True)
    print(json.dumps({"name": "", "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
