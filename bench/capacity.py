"""The figures that docs/capacity.md uses: `python -m bench.capacity`, DATABASE_URL an empty PostgreSQL.

Prints milliseconds by the clock (median) and of our CPU, for a team of 10,000 among 100,000 cases.
"""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from bench import page_dataset, pages  # the first sets Django up
from cases import operations as ops
from cases import selectors
from cases.domain.statement_months import Month
from cases.models import Case, Team
from cases.operations import erasure
from cases.selectors import monthly_statement
from cases.web import installation_metrics

CASES = 100_000


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    page_dataset.fill(CASES)
    now, site, team = timezone.now(), pages.SiteClient(page_dataset.manager()), Team.objects.order_by("pk")[0]
    case = Case.objects.filter(team=team, status="submitted").order_by("pk")[50]
    by = team.members.all()[0]

    def call() -> None:
        ops.perform_one(ops.FollowUp(timezone.now(), words="call"), case, by=by, now=timezone.now())

    for _ in range(10):
        call()
    mine, last = selectors.cases_of(team), Month.of(now).previous
    Team.objects.update(keep_months=36)
    measurements: dict[str, Callable[[], Any]] = {
        "work list": lambda: site.get("/"),
        "case list": lambda: site.get("/cases/"),
        "case page": lambda: site.get(f"/cases/{case.reference}/"),
        "statement": lambda: monthly_statement.load_statement(mine, last, now),
        "/metrics": lambda: installation_metrics.collect_metrics(now),
        "a call recorded": call,
        "what to erase": lambda: erasure.plan_erasures(now),
    }
    for name, run in measurements.items():
        timings = pages.measure(run)
        print(f"{name:16} {timings['p50']:8.1f} {timings['busy']:8.1f}", flush=True)


if __name__ == "__main__":
    main()
