"""Cases by the hundred thousand, on a database of the benchmark's own."""

from datetime import datetime, timedelta, timezone
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone as clock

from cases.models import Card, Carrier, Case, Membership, Notice, NoticeLine, Reminder, Team, User
from cases.models.choices import Role

PEOPLE = 1000
_BEIJING = timezone(timedelta(hours=8))
#: Handed in four weeks before and never answered: late, and told nothing of it yet.
_NOW = datetime.now(_BEIJING)
_SUBMITTED = _NOW - timedelta(days=28)
_REPLY_BY = datetime.combine(_NOW.date() - timedelta(days=20), datetime.min.time(), _BEIJING)
_NOT_DUE = timedelta(days=30)


def fill(count: int) -> None:
    """Add cases until there are so many, none of them due; a thousand people handle them by turns."""
    team, _ = Team.objects.get_or_create(name="bench")
    carrier, _ = Carrier.objects.get_or_create(slug="bench", defaults={"name": "基准", "hotline": "10086"})
    people = _people(team)
    have = Case.objects.count()
    later = clock.now() + _NOT_DUE
    for start in range(have, count, 10_000):
        numbers = range(start, min(start + 10_000, count))
        cards = Card.objects.bulk_create(
            [Card(team=team, carrier=carrier, number=str(13_000_000_000 + n)) for n in numbers], batch_size=1000
        )
        cases = (
            Case(
                team=team,
                card=card,
                carrier=carrier,
                handler_id=people[n % PEOPLE],
                status="submitted",
                reason="cost",
                channel="app",
                submission=1,
                submitted_at=_SUBMITTED,
                acknowledge_by=_SUBMITTED + timedelta(days=1),
                review_by=_REPLY_BY - timedelta(days=2),
                window_opens=_REPLY_BY - timedelta(days=2),
                reply_by=_REPLY_BY,
                first_reply_by=_REPLY_BY,
                round=1,
                basis="submission",
                next_reminder_at=later,
            )
            for n, card in zip(numbers, cards, strict=True)
        )
        while batch := list(islice(cases, 500)):
            Case.objects.bulk_create(batch)


def _people(team: Team) -> list[int]:
    if not User.objects.exists():
        User.objects.bulk_create(
            User(
                email=f"p{i:04}@example.com",
                name=f"P{i:04}",
                remind_from=datetime.min.time(),
                remind_until=datetime.max.time(),
                remind_on_days_off=True,
            )
            for i in range(PEOPLE)
        )
        users = User.objects.all()
        Membership.objects.bulk_create(Membership(team=team, user=user, role=Role.AGENT) for user in users)
    return list(User.objects.order_by("id").values_list("pk", flat=True))


def make_due(count: int) -> None:
    """So many cases, spread over all that are stored, are due; nothing was written or sent before."""
    with transaction.atomic():
        for model in (NoticeLine, Notice, Reminder):
            model._default_manager.all()._raw_delete("default")
        table = Case.objects.filter(reminded_until__isnull=False) | Case.objects.filter(
            next_reminder_at__lte=clock.now()
        )
        table.update(reminded_until=None, next_reminder_at=clock.now() + _NOT_DUE)
        keys = list(Case.objects.order_by("id").values_list("pk", flat=True))
        step = max(1, len(keys) // count)
        due = keys[::step][:count]
        for start in range(0, len(due), 1000):
            Case.objects.filter(pk__in=due[start : start + 1000]).update(
                next_reminder_at=clock.now() - timedelta(minutes=1)
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
