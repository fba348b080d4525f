"""Mail goes into memory unless a test says otherwise."""

from typing import Any

import pytest

from cases.models import Carrier, Case, Team, User
from tests.helpers import new_case


@pytest.fixture
def overdue(team: Team, mobile: Carrier, owner: User) -> Case:
    """Handed in on 2026-09-30 15:00, handled by the owner; its answer is due by 2026-10-13 24:00."""
    return new_case(team, mobile, owner, submitted="2026-09-30T15:00", handler=owner)


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://xiaoka.example"
