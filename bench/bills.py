"""A bill of 20,000 lines beside a register of 20,000 cards: how long it takes to compare it, and to bring it in.

On a database of its own: `DATABASE_URL= DATA_DIR=/tmp/bills .venv/bin/python -m bench.bills`. Cards and bill are made
up, the same each time; the numbers are synthetic.
"""

import io
import os
import time
from datetime import date

CARDS = 20_000
TITLES = ["手机号码", "使用人", "套餐及固定费", "语音通信费", "优惠及减免", "总计", "通话时长(分钟)"]


def bill() -> bytes:
    """A workbook: every tenth number is not used, every fiftieth costs more, 100 are of nobody, 100 are missing."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("成员账单")
        for at, row in enumerate((["中国移动集团成员账单（虚构）"], ["账期", "202610"], TITLES)):
            sheet.write_row(at, 0, row)
        for n in range(100, CARDS + 100):
            fee = 29 if n % 50 == 0 else 19
            sheet.write_row(n - 97, 0, [f"138{n:08}", "王某", fee, 0, 0, fee, 0 if n % 10 == 0 else 5])
    return file.getvalue()


def main() -> None:
    """Make team and cards, and print seconds and findings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from cases.clock import now
    from cases.domain.roles import Role
    from cases.models import Bill, Card, Carrier, Membership, Team, User
    from cases.operations.bill_reading import BillFile, compare_file
    from cases.operations.bills import bring_in

    call_command("migrate", verbosity=0)
    call_command("load_carriers", verbosity=0)
    Bill.objects.filter(team__name="bench bills").delete()
    team, is_new = Team.objects.get_or_create(name="bench bills")
    by, _ = User.objects.get_or_create(email="bills@bench.example")
    if is_new:
        Membership.objects.create(team=team, user=by, role=Role.MANAGER)
        carrier = Carrier.objects.get(slug="china-mobile")
        cards = (
            Card(team=team, number=f"138{n:08}", carrier=carrier, monthly_fee=19, opened_on=date(2024, 1, 1))
            for n in range(CARDS)
        )
        Card.objects.bulk_create(cards, batch_size=2000)
    file = BillFile("账单.xlsx", bill(), date(2026, 10, 1))
    began = time.perf_counter()
    compared = compare_file(team, file)
    print(f"compared: {time.perf_counter() - began:.1f} s, {compared.bill.lines} lines, ", end="")
    print(f"{len(compared.comparison.findings)} findings")
    began = time.perf_counter()
    stored, _ = bring_in(team, file, by=by, now=now())
    print(f"brought in: {time.perf_counter() - began:.1f} s, {stored.findings.count()} findings stored")


if __name__ == "__main__":
    main()
