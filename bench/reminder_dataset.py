"""Cases by the million, on a database of the benchmark's own; the same ones each time, but for today's date."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Mod
from django.utils import timezone

from cases.domain.business_days import local
from cases.domain.deadlines import Terms, deadlines_of
from cases.domain.roles import Role
from cases.models import Card, Carrier, Case, Membership, Notice, Reminder, ReminderGroup, Team, User
from cases.models.choices import NoticeState
from cases.selectors import working_calendar

PEOPLE = 1000
#: Different cases, of which the others are copies. A prime number, so that those that are due have all of them.
PATTERNS = 61
TEAM = "bench"
_NOT_DUE = timedelta(days=30)


def fill(count: int) -> None:
    """Add cases until there are N, none of them due; where there are more, start over.

    The first are written by the models, each submitted at another moment and never answered: all are late, and
    nobody was told yet. The others are copies of these, made by the database. SystemExit on a database that holds
    anything else.
    """
    if Team.objects.exclude(name=TEAM).exists():
        raise SystemExit("This database is used by others: the benchmark needs one of its own.")
    if Case.objects.count() > count:
        call_command("flush", interactive=False, verbosity=0)
    with transaction.atomic():
        existing_count = Case.objects.count() or _patterns()
        numbers = (
            f"WITH RECURSIVE n(i) AS (SELECT {existing_count} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) "
        )
        with connection.cursor() as cursor:
            number = f"CAST({_number(0)} + i AS varchar(13))"
            cursor.execute(numbers + copies(Card, {"id": "i + 1", "number": number}))
            own = {"id": "i + 1", "card_id": "i + 1", "handler_id": f"{_first_person()} + i % {PEOPLE}"}
            cursor.execute(numbers + copies(Case, own | {"reference": "'XK-' || (10000000 + i)"}))


def copies(model: type[models.Model], own: dict[str, str], patterns: int = PATTERNS) -> str:
    """SQL: a row for each i of n, which differs from its pattern only in its own values."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    values = [own.get(column, f'p."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM n JOIN {table} p ON p.id = 1 + i % {patterns}"
    )


def _patterns() -> int:
    """Everything but the copies; returns the number of cases."""
    now, calendar = timezone.now(), working_calendar()
    team = Team.objects.create(name=TEAM)
    carrier = Carrier.objects.create(slug="bench", name="基准", hotline="10086")
    # At every hour of every day, so that it can be measured then.
    hours = {"remind_from": datetime.min.time(), "remind_until": datetime.max.time(), "remind_on_days_off": True}
    User.objects.bulk_create(User(email=f"p{i:04}@example.com", name=f"P{i:04}", **hours) for i in range(PEOPLE))
    people = User.objects.order_by("pk")
    Membership.objects.bulk_create(Membership(team=team, user=user, role=Role.AGENT) for user in people)
    for i in range(PATTERNS):
        # Three to six weeks ago, by day and by night.
        deadlines = deadlines_of(local(now) - timedelta(days=21 + i % 22, minutes=97 * i), Terms(), calendar)
        Case.objects.create(
            pk=i + 1,
            team=team,
            card=Card.objects.create(pk=i + 1, team=team, carrier=carrier, number=str(_number(i))),
            carrier=carrier,
            handler=people[i],
            status="submitted",
            reason="cost",
            channel="app",
            submission=1,
            submitted_at=deadlines.submitted_at,
            acknowledge_by=deadlines.acknowledge_by,
            review_by=deadlines.review_by,
            window_opens=deadlines.window_opens,
            reply_by=deadlines.reply_by,
            first_reply_by=deadlines.reply_by,
            round=1,
            basis="submission",
            next_reminder_at=now + _NOT_DUE,
        )
    return PATTERNS


def _first_person() -> int:
    return User.objects.order_by("pk").values_list("pk", flat=True)[0]


def _number(i: int) -> int:
    return 13_000_000_000 + i


def make_due(count: int, people: int = PEOPLE) -> None:
    """Make N cases due, spread over all stored ones and over the people; none had a reminder yet.

    Earlier notices stay, as sent: tables that are always empty would mislead a database that plans by their size.
    """
    now = timezone.now()
    with transaction.atomic():
        Reminder.objects.all()._raw_delete("default")
        ReminderGroup.objects.filter(gathered_at=None).update(gathered_at=now)
        Notice.objects.filter(state=NoticeState.PENDING).update(state=NoticeState.SENT)
        previously_due = Case.objects.exclude(reminded_until=None) | Case.objects.filter(next_reminder_at__lte=now)
        previously_due.update(reminded_until=None, next_reminder_at=now + _NOT_DUE)
        step = Case.objects.count() // count
        chosen_cases = Case.objects.alias(rest=Mod(F("pk"), step)).filter(rest=0, pk__lte=count * step)
        # By turns: each handles as many as the next.
        handler = _first_person() + F("pk") / step % people
        assert chosen_cases.update(next_reminder_at=now - timedelta(minutes=1), handler_id=handler) == count
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
