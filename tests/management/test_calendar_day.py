"""``manage.py calendar_day``: a day from the terminal, and the open cases follow before the command ends."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.models import CalendarOverride, Carrier, Case, Team, User
from tests.helpers import local_str, new_case
from tests.moments import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def waiting(team: Team, mobile: Carrier, manager: User) -> Case:
    """Submitted on Thursday 15 October; its fifth working day is the 22nd."""
    return new_case(team, mobile, manager, number="13800138000", submitted="2026-10-15T15:00", now="2026-10-15T15:00")


def output(*arguments: str) -> str:
    out = StringIO()
    call_command("calendar_day", *arguments, stdout=out)
    return out.getvalue()


def reply_by(case: Case) -> str | None:
    return local_str(Case.objects.get(pk=case.pk).reply_by)


def next_reminder(case: Case) -> str | None:
    return local_str(Case.objects.get(pk=case.pk).next_reminder_at)


def test_a_day_off_moves_deadline_and_reminder_without_a_worker(waiting: Case) -> None:
    assert (reply_by(waiting), next_reminder(waiting)) == ("2026-10-23 00:00", "2026-10-16 15:00")
    summary: dict[str, Any] = json.loads(output("2026-10-16", "off", "--why", "台风", "--json"))
    assert summary == {"date": "2026-10-16", "change": "off", "changed": True, "moved": [waiting.reference]}
    # Friday is off, so what is due at 15:00 is told on Monday.
    assert (reply_by(waiting), next_reminder(waiting)) == ("2026-10-24 00:00", "2026-10-19 09:00")
    entry = waiting.entries.select_related("content").last()
    assert entry is not None
    assert (entry.kind, entry.recorded_by, entry.content.body["words"]) == ("recalculated", None, "2026-10-16 台风")


def test_a_saturday_that_is_worked_and_taken_back(waiting: Case) -> None:
    assert output("2026-10-17", "work", "--why", "补班") == "17 Oct was saved.\n1 deadline moved.\n".replace(
        "17 Oct", "Sat 17 Oct"
    )
    assert reply_by(waiting) == "2026-10-22 00:00"
    assert "1 deadline moved." in output("2026-10-17", "clear")
    assert reply_by(waiting) == "2026-10-23 00:00"
    assert not CalendarOverride.objects.exists()


def test_the_same_again_changes_nothing(waiting: Case) -> None:
    output("2026-10-16", "off", "--why", "台风")
    entries = waiting.entries.count()
    assert json.loads(output("2026-10-16", "off", "--why", "台风", "--json")) == {
        "date": "2026-10-16",
        "change": "off",
        "changed": False,
        "moved": [],
    }
    assert json.loads(output("2026-10-18", "clear", "--json"))["changed"] is False
    assert waiting.entries.count() == entries


def test_off_becomes_worked(waiting: Case) -> None:
    output("2026-10-17", "off")
    output("2026-10-17", "work")
    assert list(CalendarOverride.objects.values_list("working", "name")) == [(True, "Working day")]
    assert reply_by(waiting) == "2026-10-22 00:00"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["16.10.2026", "off"], "“16.10.2026” is not a date. Write it like 2026-10-16."),
        (["2031-10-16", "off"], "2031"),
        (["2026-10-16", "off", "--why", "x" * 61], "--why is too long: 60 characters at most."),
        (["2026-10-16", "holiday"], "invalid choice: 'holiday'"),
    ],
)
def test_what_is_refused_says_why_and_saves_nothing(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message.replace(".", r"\.").replace("?", r"\?")):
        output(*arguments)
    assert not CalendarOverride.objects.exists()
