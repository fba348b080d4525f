"""The table of cards of a team with 100,000 of them: how long each way to look at it takes.

On a database of its own: `DATABASE_URL= DATA_DIR=/tmp/cards .venv/bin/python -m bench.card_register`, after
`manage.py collectstatic`. The cards are made up, the same each time; the numbers are synthetic.
"""

import os
import random
import statistics
import sys
import time
from datetime import date, timedelta
from decimal import Decimal

CARDS, ROUNDS = 100_000, 5
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_PARTS = ("销售一部", "销售二部", "客服部")
_DEPARTMENTS = [f"{place}{part}" for place in ("华南", "华北", "华东", "西南") for part in _PARTS]

#: Name -> query of the page.
PAGES = {
    "newest": "view=0",
    "200 rows": "view=0&rows=200",
    **{
        f"by {name}": f"sort={name}"
        for name in (
            *("number", "carrier", "holder", "-holder", "user", "department", "purpose", "plan", "monthly_fee"),
            *("-opened_on", "contract_end", "iccid", "note", "cases", "standing", "c1", "-c2", "c3", "c4"),
        )
    },
    "department is": "department==华南客服部",
    "department is, by fee": "department==华南客服部&sort=-monthly_fee",
    "department has": "department=客服",
    "holder has": "holder=王",
    "holder has nothing": "holder==",
    "user has, few": "user=某77",
    "plan has": "plan=19",
    "note has": "note=押金 77",
    "fee from": "fee_from=50",
    "purpose": "purpose=care",
    "own text has": "c1=802",
    "own number from": "c2_from=990",
    "own choice": "c4=蓝",
    "without any case": "cases=none",
    "with an open case": "cases=open",
    "overdue": "standing=overdue",
    "overdue, by user": "standing=overdue&sort=user",
    "four filters": "department=客服&fee_from=19&cases=not_open&c4=蓝&sort=holder",
    "search tail": "q=0077",
}


def fill() -> None:
    """The team with its cards and, for a fifth of them, cases."""
    from django.db import connection

    from bench import page_dataset
    from cases.models import Card, CardColumn, Carrier, Team

    if Card.objects.filter(note__startswith="合约").count() > CARDS // 3:
        return
    page_dataset.fill(200_000)  # a tenth belongs to the first team
    team, chance = Team.objects.get(name="bench 000"), random.Random(1)
    own = (("text", "分机"), ("number", "积分"), ("date", "盘点日"), ("choice", "颜色"))
    for at, (kind, title) in enumerate(own, 1):
        choices = ["红", "蓝"] if kind == "choice" else []
        CardColumn.objects.create(team=team, key=f"c{at}", title=title, kind=kind, choices=choices, position=at)
    carriers = list(Carrier.objects.all()[:8])
    start = date(2020, 1, 1)
    have = Card.objects.filter(team=team).count()

    def facts(n: int) -> dict[str, object]:
        return {
            "holder": "" if n % 5 == 0 else f"{chance.choice(_SURNAMES)}某{n % 1000}",
            "user": "" if n % 4 == 0 else f"{chance.choice(_SURNAMES)}某{chance.randrange(5000)}",
            "department": "" if n % 9 == 0 else chance.choice(_DEPARTMENTS),
            "purpose": chance.choice(("", "marketing", "care", "data")),
            "plan": chance.choice(("", "8元保号", "19元套餐", "59元畅享")),
            "monthly_fee": chance.choice((None, Decimal(8), Decimal(19), Decimal("59.90"))),
            "iccid": f"898600{n:014}",
            "opened_on": start + timedelta(days=chance.randrange(2000)),
            "contract_end": None if n % 3 else start + timedelta(days=2000 + chance.randrange(900)),
            "note": f"合约机，押金 {n % 997} 元" if n % 2 else "",
            "custom": {"c1": str(8000 + n % 999), "c2": str(n % 1000), "c4": ("红", "蓝")[n % 2]}
            | ({"c3": (start + timedelta(days=n % 900)).isoformat()} if n % 3 else {}),
        }

    Card.objects.bulk_create(
        (
            Card(team=team, number=f"180{n:08}", carrier=carriers[n % len(carriers)], **facts(n))
            for n in range(CARDS - have)
        ),
        batch_size=2000,
    )
    for n, card in enumerate(Card.objects.filter(team=team, note="", iccid="").iterator()):
        Card.objects.filter(pk=card.pk).update(**facts(n))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    """Fill the database where that is not done, and print queries and milliseconds of each page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench import page_dataset

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    fill()
    client = Client()
    client.force_login(page_dataset.manager(7 if "--small" in sys.argv else 0))
    for name, query in PAGES.items():
        if len(sys.argv) > 1 and not any(word in name for word in sys.argv[1:]):
            continue
        times = []
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as queries:
                began = time.perf_counter()
                response = client.get(f"/cards/?{query}")
                times.append(1000 * (time.perf_counter() - began))
            assert response.status_code == 200, (name, response.status_code)
        slowest = max(queries.captured_queries, key=lambda one: float(one["time"]))
        print(f"{name:28} {len(queries):3} queries {statistics.median(times):7.0f} ms, slowest {slowest['time']} s")
        if "-v" in sys.argv:
            print("   ", slowest["sql"][:3000])


if __name__ == "__main__":
    main()
