"""``manage.py load_demo``: cases in every state on any day, the same each time, and only in an empty database."""

import re
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from cases import selectors
from cases.domain.case_standing import Standing, StandingKind, Step, current_standing
from cases.domain.savings import Period
from cases.domain.status import Status
from cases.management.demo import account_lines
from cases.models import Card, Carrier, Case, Receipt, Team, TimelineEntry, User
from cases.models.choices import ReturnReason
from cases.operations.integrity import first_chain_flaw
from cases.operations.next_reminder import reminder_state
from cases.selectors.settlement import settled
from cases.selectors.statistics.savings import savings

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = "2026-06-09T14:30"
#: One for each kind of story, and the single person's.
ENOUGH = 65


def load(*, as_of: str = TUESDAY, cases: int = ENOUGH, **options: Any) -> str:
    """Runs the command; what it printed."""
    out = StringIO()
    call_command("load_demo", as_of=as_of, cases=cases, stdout=out, **options)
    return out.getvalue()


def standings(as_of: str) -> dict[Case, Standing]:
    """Where every case stands at the moment."""
    now = datetime.fromisoformat(as_of).replace(tzinfo=SHANGHAI)
    calendar = selectors.working_calendar()
    return {
        case: current_standing(case.state, reminder_state(case, list(case.escalations.all())), now, calendar)
        for case in Case.objects.prefetch_related("escalations")
    }


@pytest.mark.parametrize(
    "as_of",
    [
        pytest.param(TUESDAY, id="an ordinary Tuesday"),
        pytest.param("2026-11-23T04:25", id="a Monday before work", marks=pytest.mark.drill),
        pytest.param("2026-02-20T12:00", id="Spring Festival", marks=pytest.mark.drill),
        pytest.param("2026-12-30T16:00", id="the year's end", marks=pytest.mark.drill),
    ],
)
def test_every_state_occurs_on_any_day(as_of: str) -> None:
    load(as_of=as_of)

    found = standings(as_of)
    assert {case.state for case in found} == set(Status)
    assert {stands.kind for stands in found.values()} == set(StandingKind)
    assert {stands.step for stands in found.values()} == set(Step)
    assert {stands.late_days for stands in found.values()} >= {1, 2, 3, 5, 8, 11, 16}
    now = datetime.fromisoformat(as_of).replace(tzinfo=SHANGHAI)
    everything = Case.objects.all()
    for rows in (
        selectors.overdue(everything, now),
        selectors.due_today(everything, now),
        selectors.promised_today(everything, now),
        selectors.waiting(everything, now),
        selectors.to_verify(everything),
        selectors.confirmed_without_receipt(everything),
        everything.filter(status=Status.CONFIRMED, was_late=True),
        everything.filter(snoozed_until__gt=now.date()),
        everything.filter(reply_by__lte=now, handler=None),
    ):
        assert rows.exists(), rows.query
    returned = everything.filter(status=Status.RETURNED).values_list("return_reason", flat=True)
    assert set(returned) == {reason.value for reason in ReturnReason}
    recorded = TimelineEntry.objects.order_by("pk").values_list("recorded_at", flat=True)
    moments = [moment.astimezone(SHANGHAI) for moment in recorded]
    assert moments == sorted(moments)
    assert moments[-1] <= now
    for at in moments:
        assert chinese_calendar.is_workday(at.date()), at
        assert "09:00" <= f"{at:%H:%M}" <= "18:30", at


def test_late_in_the_year_deadlines_are_provisional() -> None:
    load(as_of="2026-12-30T16:00")

    assert selectors.provisional(Case.objects.all()).exists()


def test_the_record_reads_as_if_people_had_worked() -> None:
    load()

    assert [first_chain_flaw(case) for case in Case.objects.all()] == [None] * ENOUGH
    entries = TimelineEntry.objects.exclude(recorded_by=None)
    assert entries.values("recorded_by").distinct().count() == 4  # all but the one who only looks
    kinds = set(TimelineEntry.objects.values_list("kind", flat=True))
    assert kinds >= {"handed_over", "reopened", "submission_corrected", "resubmitted", "appeal_answered", "follow_up"}
    # In the order in which they began, as if each had been logged in its time.
    created = list(Case.objects.order_by("pk").values_list("created_at", flat=True))
    assert created == sorted(created)


def test_receipts_can_be_read_and_say_that_they_are_made_up() -> None:
    load()

    data = {receipt.detected_type: receipt.read() for receipt in Receipt.objects.select_related("case")}
    assert set(data) == {"application/pdf", "image/png", "text/plain"}
    assert b"NOT A REAL DOCUMENT" in data["application/pdf"]
    assert "演示短信" in data["text/plain"].decode()


def test_numbers_follow_the_one_pattern() -> None:
    load(cases=30)

    for number in Card.objects.values_list("number", flat=True):
        assert re.fullmatch(r"1[3-9]\d0000\d{4}|144000000\d{4}", number), number
    assert Card.objects.values("carrier").distinct().count() >= 4


def test_two_teams_have_cases_of_their_own() -> None:
    load(cases=30)

    company, solo = Team.objects.order_by("pk")
    assert company.cases.count() == 29
    assert solo.cases.count() == 1
    assert set(solo.members.values_list("email", flat=True)) == {"solo@xiaoka.example"}
    assert not company.members.filter(email="solo@xiaoka.example").exists()


def test_the_printed_accounts_sign_in() -> None:
    printed = load(cases=1)

    emails = re.findall(r"\S+@xiaoka\.example", printed)
    assert sorted(emails) == sorted(User.objects.values_list("email", flat=True))
    assert "xiaoka-demo" in printed
    assert all(Client().login(username=email, password="xiaoka-demo") for email in emails)
    assert [user.email for user in User.objects.filter(is_staff=True, is_superuser=True)] == ["demo@xiaoka.example"]


def test_no_accounts_are_announced_where_none_are() -> None:
    assert account_lines() == []


#: What an entry's content has that is another key with each load.
_KEYS = ("by_id", "team", "handler_id", "batch")


def loaded_rows(seed: int) -> list[Any]:
    """What a load with this seed leaves, without keys and salts; it is undone."""
    with transaction.atomic():
        load(cases=25, seed=seed)
        entries = TimelineEntry.objects.select_related("case__card", "case__handler", "content").order_by(
            "case_id", "id"
        )
        left = [
            (
                *(entry.case.reference, entry.case.card.number, entry.case.status, str(entry.case.handler)),
                *(entry.case.reply_by, entry.kind, entry.recorded_at),
                {name: value for name, value in entry.content.body.items() if name not in _KEYS},
            )
            for entry in entries
        ]
        transaction.set_rollback(True)
    return left


def test_the_same_seed_tells_the_same() -> None:
    first = loaded_rows(7)

    assert len(first) > 50
    assert loaded_rows(7) == first
    assert loaded_rows(8) != first


def test_a_database_with_cases_is_refused() -> None:
    load(cases=3)

    with pytest.raises(CommandError, match="accounts or cases already"):
        load(cases=3)
    assert Case.objects.count() == 3


def test_a_database_with_an_account_is_refused_and_left_as_it_was() -> None:
    User.objects.create_user("somebody@example.org", "a long enough password", name="Somebody")

    with pytest.raises(CommandError, match="accounts or cases already"):
        load(cases=3)
    assert User.objects.count() == 1
    assert not Carrier.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"as_of": "yesterday"}, "--as-of yesterday is not a date and time"),
        ({"as_of": "2003-05-01T10:00"}, "--as-of：.*没有 2003 年"),
        ({"as_of": "2039-05-01T10:00"}, "--as-of：.*没有 2039 年"),
        ({"cases": 0}, "--cases must be at least 1"),
    ],
)
def test_wrong_input_is_told_in_one_line(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        load(**options)
    assert "\n" not in str(refused.value)
    assert not Case.objects.exists()


def test_the_demo_is_not_served_to_other_machines(settings: Any) -> None:
    # Its password stands in the README.
    settings.HOST = "0.0.0.0"
    with pytest.raises(CommandError, match="this machine only"):
        call_command("serve", demo=True)


def test_what_the_demo_saved() -> None:
    """The fees of the cancelled cards by the month of their confirmation, and what follows by hand."""
    load()
    team = Team.objects.get(members__email="demo@xiaoka.example")
    fees: dict[str, list[str]] = {}
    confirmed = Case.objects.filter(team=team, status=Status.CONFIRMED).select_related("card")
    for case in confirmed.order_by("confirmed_at"):
        assert case.confirmed_at
        month = f"{case.confirmed_at.astimezone(SHANGHAI):%Y-%m}"
        fees.setdefault(month, []).append(str(case.card.monthly_fee))
    result = savings(selectors.cases_of(team), Period.ALL, datetime.fromisoformat(TUESDAY).replace(tzinfo=SHANGHAI))
    assert fees == {
        "2026-01": ["29.00"],  # February to June: 5 × 29 = 145
        "2026-02": ["29.00", "19.00"],  # 4 × 48 = 192
        "2026-03": ["8.00"],  # 3 × 8 = 24
        "2026-04": ["39.00", "8.00", "59.00"],  # 2 × 106 = 212
        "2026-05": ["8.00", "59.00"],  # 67
        "2026-06": ["39.00"],  # from July on
    }
    # In June 29 + 48 + 8 + 106 + 67; nothing was confirmed before this year.
    assert result.fees == {Period.MONTH: Decimal(258), Period.YEAR: Decimal(640), Period.ALL: Decimal(640)}
    assert settled(selectors.cases_of(team)).exists()
