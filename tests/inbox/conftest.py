"""A carrier's messages arriving, all of them made up."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cases.formats.sms import reader
from cases.formats.sms.types import Reading
from cases.inbox import process
from cases.models import Carrier, CarrierMessage, Team
from tests.helpers import at

Arrive = Callable[..., CarrierMessage]


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Receipts go into the test's own folder."""


@pytest.fixture(autouse=True)
def _two_readings_agree(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done with a reading is tested here, and not how sure the readers are of one."""
    read, is_agreed = reader.read_sms, request.node.get_closest_marker("readings_differ") is None

    def reads(*args: Any) -> Reading:
        return replace(read(*args), is_agreed=is_agreed)

    monkeypatch.setattr(process, "read_sms", reads)


@pytest.fixture(autouse=True)
def _senders(request: pytest.FixtureRequest) -> None:
    """The carriers send from their hotlines."""
    for name in ("mobile", "unicom"):
        if name in request.fixturenames or ("submitted" in request.fixturenames and name == "mobile"):
            carrier: Carrier = request.getfixturevalue(name)
            carrier.sms_senders = [carrier.hotline]
            carrier.save()


@pytest.fixture
def arrive(team: Team) -> Arrive:
    """Stores a message as the door does: `arrive("…", when="2026-10-09T10:20", late=True)`."""
    return storing(team)


def storing(team: Team) -> Arrive:
    def stored(text: str, *, when: str = "2026-10-09T10:20", sender: str = "10086", **more: object) -> CarrierMessage:
        digest = sha256(f"{sender}{text}{when}".encode()).hexdigest()
        fields = {"source": "forwarder", "stored_at": at(when), **more}
        return CarrierMessage.objects.create(
            team=team, sender=sender, text=text, received_at=at(when), digest=digest, **fields
        )

    return stored
