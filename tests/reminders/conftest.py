"""Mail goes into memory unless a test says otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest

from cases.models import Carrier, Case, Team, User
from tests.helpers import new_case
from tests.reminders.mailserver import MailServer, mail_server
from tests.reminders.worker_pool import WorkerPool, worker_pool


@pytest.fixture
def overdue(team: Team, mobile: Carrier, manager: User) -> Case:
    """Handed in on 2026-09-30 15:00, handled by the owner; its answer is due by 2026-10-13 24:00."""
    return new_case(team, mobile, manager, submitted="2026-09-30T15:00", handler=manager)


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://xiaoka.example"


@pytest.fixture(scope="package")
def running_server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def server(running_server: MailServer) -> MailServer:
    """A mail server that has taken nothing yet and refuses nobody."""
    running_server.forget()
    return running_server


@pytest.fixture(scope="package")
def running_pool(running_server: MailServer, django_db_setup: None) -> Iterator[WorkerPool]:
    with worker_pool(running_server) as running:
        yield running


@pytest.fixture
def workers(running_pool: WorkerPool, server: MailServer) -> WorkerPool:
    """Worker processes on the tests' database that send by `server`."""
    return running_pool
