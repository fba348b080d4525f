"""Times of the pages, in one process, through the WSGI handler: `python -m bench.pages` prints JSON."""

import json
import os
import re
import resource
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from bench import page_dataset, verbs
from bench.client import HOST, SiteClient, measure
from cases import operations as ops
from cases.domain.roles import Scope
from cases.models import Case, Membership
from cases.operations.tokens import create_token


def minimal_view(request: HttpRequest) -> HttpResponse:
    """The baseline: one query by key, and a response."""
    return HttpResponse(Case.objects.values_list("reference", flat=True).get(pk=request.GET["pk"]))


urlpatterns = [path("bare/", minimal_view)]


def page_addresses(mine: QuerySet[Case], some: Case) -> Iterator[tuple[str, str]]:
    """The pages by name, with examples from the middle of what the team has."""
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
        "money_open",
        "settled",
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
    yield "search: carrier reference number", f"/cases/?q={some.carrier_reference.lower()}"
    yield "search: beginning of a name", f"/cases/?q={quote(some.card.holder[:2] or '王某')}"
    yield "search: carrier", f"/cases/?q={quote('联通')}"
    yield "search: nothing", "/cases/?q=nothing"
    yield "case", f"/cases/{some.reference}/"
    yield "card list: first page", "/cards/"
    yield "card list: deep inside", f"/cards/?after={deep.card_id}"
    yield "card list: last four", f"/cards/?q={number[-4:]}"
    yield "card", f"/cards/{some.card_id}/"
    yield "statistics", "/statistics/"
    yield "statistics: savings", "/statistics/savings/?period=all"
    yield "admin: cases", "/admin/cases/case/"
    yield "admin: overdue", "/admin/cases/case/?standing=overdue"
    yield "admin: search", f"/admin/cases/case/?q={number[-4:]}"
    yield "admin: cards", "/admin/cases/card/"
    yield "admin: index", "/admin/"


def api_pages(member: Membership, some: Case) -> Iterator[tuple[str, dict[str, float]]]:
    """The API's lists and one case, by a program with a token."""
    _, secret = create_token(member, name="bench", scopes=[Scope.READ], days=1, now=timezone.now())
    site = SiteClient(token=secret)
    deep = urlsafe_b64encode(json.dumps(["newest", some.pk, None]).encode()).decode()  # as cases/api/pagination.py does
    for name, address in {
        "case list: first page": "cases",
        "case list: deep inside": f"cases?cursor={deep}",
        "case list: overdue by reply_by": "cases?standing=overdue&sort=reply_by",
        "case": f"cases/{some.reference}",
        "card list: first page": "cards",
    }.items():
        yield f"API: {name}", measure(lambda address=address: site.get(f"/api/v1/{address}"))


def measure_saving(site: SiteClient, case: Case) -> dict[str, float]:
    """Saving the form of a follow-up, as its page sends it."""
    address = f"/cases/{case.reference}/follow-up/"

    def form() -> tuple[str, dict[str, str]]:
        hidden = re.findall(r'name="(click|seen|happened_at)" value="([^"]*)"', site.get(address).decode())
        return address, dict(hidden) | {"way": "call", "kind": "", "words": "called the shop"}

    return measure(site.post, form)


def pages() -> Iterator[tuple[str, dict[str, float]]]:
    """The figures of each page and each verb, by name."""
    with override_settings(ALLOWED_HOSTS=[HOST], ADMIN_SECOND_FACTOR=False, API_REQUESTS_A_MINUTE=1_000_000):
        yield from _pages()


def _pages() -> Iterator[tuple[str, dict[str, float]]]:
    user = page_dataset.manager()
    member = Membership.objects.get(user=user)
    site, mine = (
        SiteClient(user),
        Case.objects.filter(team=member.team).select_related("card", "carrier").order_by("pk"),
    )
    waiting_cases = mine.filter(status="submitted")
    some = waiting_cases[waiting_cases.count() // 2]
    for number in range(10):
        ops.perform_one(ops.FollowUp(timezone.now(), words=f"call {number}"), some, by=user, now=timezone.now())
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        handler, baseline = WSGIHandler(), f"/bare/?pk={mine[0].pk}"
        yield "a bare view", measure(lambda: site.get(baseline, handler))
    only = os.environ.get("BENCH_ONLY", "")
    for name, address in page_addresses(mine, some):
        if re.search(only, name):
            yield name, measure(lambda address=address: site.get(address))
    if not only:
        yield "saving a follow-up", measure_saving(site, waiting_cases[waiting_cases.count() // 3])
        yield from api_pages(member, some)
        yield from verbs.measure(member.team, user)


def main() -> None:
    if sys.argv[1:] == ["cookie"]:  # of somebody who is signed in, for `bench.load_generator`
        print(SiteClient(page_dataset.manager()).cookie)
        return
    for name, figures in pages():
        print(json.dumps({"name": name} | figures), flush=True)
    print(json.dumps({"name": "", "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
