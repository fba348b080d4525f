"""Runs in django-helpdesk's own environment: its pages with N tickets on SQLite; prints JSON.

As with us (`bench/page_dataset.py`): 200 queues, a tenth of all tickets in the first, whose owner looks at it and
sees no other; half of all are closed; one ticket has ten follow-ups.
"""

import json
import re
import sys
from datetime import timedelta
from urllib.parse import urlencode

from bench import helpdesk_site as site  # isort: skip  # before everything that wants its settings

from django.db import connection
from django.utils import timezone
from helpdesk.models import FollowUp, Ticket

from bench.client import SiteClient, measure

QUEUES = 200
#: What the list's script asks for: it fetches its rows by itself, after the page.
TABLE = {"draw": 1, "start": 0, "length": 25, "search[value]": ""}
OPEN, CLOSED = 1, 4

count, now = int(sys.argv[2]), timezone.now()
owner = site.person()
queues = [site.queue(n, None if n else owner) for n in range(QUEUES)]
site.tickets(
    count,
    now - timedelta(days=10),
    lambda n: {
        "queue": queues[1 + n % (QUEUES - 1) if n % 10 else 0],
        "assigned_to": None if n % 10 else owner,
        "status": OPEN if n // 10 % 2 else CLOSED,
    },
)
mine = Ticket.objects.filter(queue=queues[0], status=OPEN).order_by("pk")
some, other = mine[mine.count() // 2], mine[mine.count() // 3]
FollowUp.objects.bulk_create(
    FollowUp(ticket=some, date=now, title="Comment", comment=f"call {n}", user=owner) for n in range(10)
)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")

browser = SiteClient(owner)
list_page = browser.get("/tickets/").decode()
rows = re.search(r"/datatables_ticket_list/[^\"']+", list_page)
assert rows, "the list's script fetches its rows no more"
rows_url = f"{rows.group(0)}?{urlencode(TABLE)}"
total = json.loads(browser.get(rows_url))
assert (len(total["data"]), total["recordsTotal"]) == (25, mine.count()), total
before = FollowUp.objects.count()
for name, run in {
    "list": lambda: (browser.get("/tickets/"), browser.get(rows_url)),
    "list: only the page": lambda: browser.get("/tickets/"),
    "list: only the rows": lambda: browser.get(rows_url),
    "one": lambda: browser.get(f"/tickets/{some.pk}/"),
    "saving a follow-up": lambda: browser.post(
        f"/tickets/{other.pk}/update/",
        {"comment": "called the shop", "title": other.title, "queue": queues[0].pk, "priority": 3, "new_status": OPEN},
    ),
}.items():
    print(json.dumps({"name": name} | measure(run)), flush=True)
assert FollowUp.objects.count() > before, "no follow-up was saved"
