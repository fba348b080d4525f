"""Cases with whole records, made by the verbs themselves over many cases at once: for the check of integrity.

Ten entries a case on average: a third of the cases waits, a third was found alive after 'done', a third is confirmed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.management import call_command

from bench.page_dataset import manager, people
from cases import operations as ops
from cases.domain.business_days import SHANGHAI
from cases.models import Carrier, Case, Team, User
from cases.operations.open_cases import open_cases

#: Cases that go through their steps together.
TOGETHER = 500
_FIRST_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def fill(count: int) -> None:
    """Add cases until there are N. SystemExit on a database that holds anything else."""
    if Team.objects.exclude(name__startswith="bench").exists():
        raise SystemExit("This database is used by others: the benchmark needs one of its own.")
    if not Team.objects.exists():
        call_command("load_carriers", verbosity=0)
        people()
    team, by, carrier = Team.objects.order_by("pk")[0], manager(), Carrier.objects.order_by("pk")[0]
    for start in range(Case.objects.count(), count, TOGETHER):
        numbers = [str(13000000000 + number) for number in range(start, min(start + TOGETHER, count))]
        _record(team, carrier, numbers, by)


def _record(team: Team, carrier: Carrier, numbers: Sequence[str], by: User) -> None:
    submit = ops.Submit(_at(0), reference="SL2026", words="交了身份证复印件")
    facts = ops.CardFacts(holder="演示电销有限公司")
    new_cases = [
        ops.NewCase(number, carrier, "cost", "hotline", handler=by, ready=("card",), submit=submit, facts=facts)
        for number in numbers
    ]
    opened = open_cases(team, new_cases, by=by, now=_at(0, 1))
    cases = [case for case in opened if isinstance(case, Case)]
    answered, confirmed = cases[len(cases) // 3 :], cases[2 * len(cases) // 3 :]
    for selected, moment, verb in (
        (cases, _at(1), ops.Acknowledged(_at(1), reference="SL2026-2")),
        (cases, _at(3), ops.FollowUp(_at(3), words="催办，客服说三天内答复", agent="工号 1001")),
        (cases, _at(8), ops.UnderReview(_at(8), words="还在审核")),
        (cases, _at(9), ops.Promised(_at(9), promised_on=_at(11).date())),
        (answered, _at(12), ops.ReportedDone(_at(12), words="已经办结")),
        (answered, _at(13), ops.Verify(_at(13), "call", "alive", "还能打通")),
        (answered, _at(13, 1), ops.RecordCharge(ops.NewCharge(Decimal("58.00"), _at(12).date()))),
        (answered, _at(14), ops.Complain(_at(14), "TS1", "投诉")),
        (answered, _at(20), ops.ComplaintAnswered(_at(20), satisfied=True)),
        (confirmed, _at(21), ops.ReportedDone(_at(21))),
        (confirmed, _at(22), ops.Verify(_at(22), "hotline", "cancelled", confirm=True)),
    ):
        refused = ops.perform(verb, selected, by=by, now=moment).refused
        if refused:
            raise refused[0][1]


def _at(days: int, hours: int = 0) -> datetime:
    return _FIRST_DAY + timedelta(days=days, hours=hours)
