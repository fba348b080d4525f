"""Over which channels anything is told: those that are on, of a team or of somebody who still has an account."""

import pytest

from cases.models import NotificationChannel, Team, User
from cases.reminders.selection import is_reachable


@pytest.mark.parametrize(
    ("is_on", "has_account", "is_so"),
    [(True, None, True), (False, None, False), (True, True, True), (True, False, False), (False, True, False)],
)
def test_a_channel_is_reachable(is_on: bool, has_account: bool | None, is_so: bool) -> None:
    owner = {"team": Team()} if has_account is None else {"user": User(is_active=has_account)}
    assert is_reachable(NotificationChannel(kind="webhook", is_on=is_on, **owner)) is is_so
