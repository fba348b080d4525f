"""`manage.py send_reminders --once` does without a worker what the worker does."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import Carrier, Case, Team, User
from tests.helpers import new_case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]


def send_reminders(*arguments: str) -> str:
    out = StringIO()
    call_command("send_reminders", "--once", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_what_it_did_as_json(team: Team, mobile: Carrier, manager: User) -> None:
    new_case(team, mobile, manager, submitted="2026-09-30T15:00", handler=manager)
    first = json.loads(send_reminders("--as-of", "2026-10-14T09:00", "--json"))
    told = {"kind": "overdue", "ordinal": 1, "to": "li.na@example.com", "channel": "email"}
    told |= {"case": Case.objects.get().reference, "at": "2026-10-14T09:00:00+08:00"}
    assert first == {"reminders": 1, "notices": 1, "sent": 1, "failed": 0, "pending": 0, "told": [told]}
    again = json.loads(send_reminders("--as-of", "2026-10-14T09:00", "--json"))
    assert again == {"reminders": 0, "notices": 0, "sent": 0, "failed": 0, "pending": 0, "told": []}


def test_it_says_it_in_words(team: Team) -> None:
    assert "0" in send_reminders("--as-of", "2026-10-14T09:00")


def test_it_acts_now_when_no_moment_is_given(team: Team) -> None:
    assert json.loads(send_reminders("--json"))["reminders"] == 0


def test_a_moment_that_is_none_is_refused_in_words(team: Team) -> None:
    with pytest.raises(CommandError, match="2026-09-30T15:00"):
        send_reminders("--as-of", "tomorrow")
