"""Cases by the million for the pages: 200 teams, every state, on a database of the benchmark's own.

The same each time, but for today's date. A tenth of all belongs to the first team, whose pages are measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from bench.reminder_dataset import copies
from cases.domain.business_days import WorkingCalendar, end_of_day, local
from cases.domain.deadlines import Terms, deadlines_of
from cases.domain.roles import Role
from cases.models import Card, Carrier, Case, Membership, Receipt, Team, User, Verification, WaitingRound
from cases.selectors import working_calendar

TEAMS = 200
#: Of a hundred and one cases so many stand so. A prime number: every team has all of them.
STATES = {
    "draft": 5,
    "waiting": 20,
    "due_today": 2,
    "overdue": 12,
    "to_verify": 3,
    "returned": 3,
    "confirmed": 49,
    "withdrawn": 7,
}
PATTERNS = sum(STATES.values())
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_REASONS = ("cost", "cost", "cost", "business", "harassment", "switching")
TABLES = (Card, Verification, Case, WaitingRound, Receipt)


def fill(count: int) -> None:
    """Start over with N cases. SystemExit on a database that holds anything else."""
    if Team.objects.exclude(name__startswith="bench").exists():
        raise SystemExit("This database is used by others: the benchmark needs one of its own.")
    if Case.objects.count() == count:
        return
    call_command("flush", interactive=False, verbosity=0)
    call_command("load_carriers", verbosity=0)
    people()
    with _bulk_insert_mode(), transaction.atomic():
        cases(count)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(TABLES)):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def manager(number: int = 0) -> User:
    """The manager of the team with this number; the first may open the admin, too."""
    return User.objects.get(email=f"m{number:03}@example.com")


def people() -> None:
    User.objects.bulk_create(
        User(email=f"m{n:03}@example.com", name=f"M{n:03}", is_staff=n == 0, is_superuser=n == 0) for n in range(TEAMS)
    )
    Team.objects.bulk_create(Team(name=f"bench {n:03}") for n in range(TEAMS))
    pairs = zip(Team.objects.order_by("pk"), User.objects.order_by("pk"), strict=True)
    Membership.objects.bulk_create(Membership(team=team, user=user, role=Role.MANAGER) for team, user in pairs)


@contextmanager
def _bulk_insert_mode() -> Iterator[None]:
    """Without foreign key checks, which copies do not need, and without indexes, which are built once afterwards."""
    is_postgresql = connection.vendor == "postgresql"
    off, on = (
        ("SET session_replication_role = replica", "SET session_replication_role = origin")
        if is_postgresql
        else ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    )
    indexes = [(model, index) for model in TABLES for index in model._meta.indexes]
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    with connection.cursor() as cursor:  # after the editor, which switches the checks on again
        cursor.execute(off)
        for pragma in () if is_postgresql else ("synchronous = OFF", "secure_delete = OFF", "cache_size = -400000"):
            cursor.execute(f"PRAGMA {pragma}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(on)
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.add_index(model, index)


def cases(count: int) -> None:
    """N cases: the first by the models, the others copied from them by the database."""
    _patterns()
    _multiply(count)


def _patterns() -> None:
    now, calendar = timezone.now(), working_calendar()
    team, user = Team.objects.order_by("pk")[0], User.objects.order_by("pk")[0]
    carriers = list(Carrier.objects.all())
    for n, state in enumerate(state for state, count in STATES.items() for _ in range(count)):
        pk, carrier = n + 1, carriers[n % 4] if n % 5 else carriers[n % len(carriers)]
        card = Card.objects.create(pk=pk, team=team, carrier=carrier, number=f"199{n:08}", holder="-", monthly_fee=19)
        case = Case(
            pk=pk,
            team=team,
            card=card,
            carrier=carrier,
            handler=user,
            reason=_REASONS[n % len(_REASONS)],
            channel="hotline",
            created_at=now - timedelta(days=60),
        )
        vars(case).update(dict(_standing(state, n, now, calendar)))
        if state == "confirmed":
            case.verification_id = pk
            at = case.confirmed_at
            Verification.objects.create(
                pk=pk, case_id=pk, submission=1, method="hotline", finding="cancelled", happened_at=at, recorded_at=at
            )
            if n % 10:
                Receipt.objects.create(
                    pk=pk, case_id=pk, kind="sms", sha256="0" * 64, name="-", size=1, added_by=user, added_at=now
                )
        case.save(force_insert=True)
        if case.submitted_at:
            WaitingRound.objects.create(
                pk=pk,
                case_id=pk,
                number=1,
                submission=1,
                basis="submission",
                started_at=case.submitted_at,
                reply_by=case.first_reply_by,
                ended_at=None if case.reply_by else now,
            )


def _standing(state: str, n: int, now: datetime, calendar: WorkingCalendar) -> Iterator[tuple[str, Any]]:
    """The columns of a case with this standing."""
    yield "status", {"waiting": "submitted", "due_today": "submitted", "overdue": "under_review"}.get(state, state)
    if state == "to_verify":
        yield "status", "under_review"
    if state == "withdrawn":
        yield "closed_at", now - timedelta(days=n % 30)
    if state in ("draft", "withdrawn"):
        return
    days = {"waiting": n % 5, "due_today": 7}.get(state, 12 + n % 30)
    deadlines = deadlines_of(local(now) - timedelta(days=days, minutes=13 * n), Terms(), calendar)
    first = end_of_day(local(now).date()) if state == "due_today" else deadlines.reply_by
    yield from {
        "submission": 1,
        "round": 1,
        "basis": "submission",
        "submitted_at": deadlines.submitted_at,
        "acknowledge_by": deadlines.acknowledge_by,
        "review_by": deadlines.review_by,
        "window_opens": deadlines.window_opens,
        "first_reply_by": first,
    }.items()
    if state in ("waiting", "due_today", "overdue"):
        yield "reply_by", first
    if state == "to_verify":
        yield "reported_done_at", now - timedelta(days=n % 4, minutes=n)
    if state == "returned":
        yield "returned_at", now - timedelta(days=n % 4, minutes=n)
        yield "return_reason", "arrears"
    if state == "confirmed":
        yield "confirmed_at", now - timedelta(days=n % 9, minutes=n)
        yield "closed_at", now - timedelta(days=n % 9, minutes=n)
        yield "was_late", n % 3 == 0


def _multiply(count: int) -> None:
    team, person = Team.objects.order_by("pk")[0].pk, User.objects.order_by("pk")[0].pk
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {PATTERNS} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) "
    other = f"1 + i % {TEAMS - 1}"
    teams = f"{team} + CASE WHEN i % 10 = 0 THEN 0 ELSE {other} END"
    surname = f"SUBSTR('{_SURNAMES}', CAST(1 + i % 20 AS int), 1)"
    holder = f"CASE WHEN i % 5 = 0 THEN '' ELSE {surname} || '某' || (i % 1000) END"
    department = (
        "CASE WHEN i % 500 = 0 THEN '法务部' WHEN i / 10 % 10 < 6 THEN '销售一部' WHEN i / 10 % 10 < 9 THEN '客服部' "
        "ELSE '' END"
    )
    user = f"CASE WHEN i % 3 = 0 THEN '' ELSE {surname} || '小' || (i % 997) END"
    number = "CAST(13000000000 + CAST(i AS bigint) * 7919 % 1000000000 AS varchar(13))"
    reference = "CASE WHEN p.submitted_at IS NULL THEN '' ELSE 'SL' || (20260000000 + i) END"
    own: dict[type[Any], dict[str, str]] = {
        Card: {"team_id": teams, "number": number, "holder": holder, "department": department, "user": user},
        Verification: {"case_id": "i + 1"},
        Case: {
            "team_id": teams,
            "card_id": "i + 1",
            "handler_id": f"{person} + CASE WHEN i % 10 = 0 THEN 0 ELSE {other} END",
            "reference": "'XK-' || (10000000 + i)",
            "carrier_reference": reference,
            "verification_id": "CASE WHEN p.verification_id IS NULL THEN NULL ELSE i + 1 END",
        },
        WaitingRound: {"case_id": "i + 1"},
        Receipt: {"case_id": "i + 1"},
    }
    with connection.cursor() as cursor:
        for model, columns in own.items():
            cursor.execute(numbers + copies(model, {"id": "i + 1"} | columns, PATTERNS))
