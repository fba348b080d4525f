"""Changing the keys of channels and calendars while the product runs."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from cases.formats.channel_urls import parse_address
from cases.management.commands import rotate_channel_keys
from cases.models import CalendarAddress, NotificationChannel, Team, User
from cases.models.encryption import decrypt_values, is_encrypted_with_newest
from cases.operations.account_mails import Letter, queue_account_mail
from cases.operations.calendar_address import create_calendar_address
from cases.operations.channels import add_channel, ensure_mailbox
from tests.helpers import SECRET, with_second_factor
from tests.moments import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.CHANNEL_KEYS, settings.CHANNEL_KEYS_FILE = [], tmp_path / "channel-keys"
    return tmp_path / "channel-keys"


@pytest.fixture
def secrets(manager: User, team: Team) -> list[str]:
    """Five channels and a calendar, and beside them a mailbox, which has no secret."""
    ensure_mailbox(manager)
    for i in range(5):
        add_channel(team, "wecombot", parse_address("wecombot", f"693a91f6-7aaa-4bc4-{i:04}"))
    return [create_calendar_address(manager)]


def rotate(*flags: str) -> str:
    out = StringIO()
    call_command("rotate_channel_keys", *flags, stdout=out)
    return out.getvalue()


def keys() -> list[str]:
    return [decrypt_values(c.encrypted)["key"] for c in NotificationChannel.objects.filter(kind="wecombot")]


def test_everything_is_encrypted_anew_and_then_the_old_key_can_go(key_file: Path, secrets: list[str]) -> None:
    before = key_file.read_text()
    assert "6" in rotate("--new-key")
    assert key_file.read_text().split()[1:] == before.split()
    rotate("--forget-old")
    assert len(key_file.read_text().split()) == 1
    assert before not in key_file.read_text()
    assert keys() == [f"693a91f6-7aaa-4bc4-{i:04}" for i in range(5)]
    assert decrypt_values(CalendarAddress.objects.get().encrypted)["secret"] == secrets[0]


def test_second_factors_and_emails_that_wait_outlive_the_old_key(key_file: Path, manager: User, agent: User) -> None:
    """All that CHANNEL_KEYS encrypt: whoever set an app up could not sign in any more."""
    app = with_second_factor(manager) and Authenticator.objects.get(user=manager)
    codes = RecoveryCodes.activate(agent).instance
    unused = codes.wrap().get_unused_codes()
    key = Authenticator.objects.create(user=agent, type="webauthn", data={"name": "x", "credential": {}})
    letter = Letter("li.na@example.com", "s", "a link")
    mail = queue_account_mail("x", letter, now=NOW, lifetime=timedelta(days=1))
    assert "3" in rotate("--new-key")
    rotate("--forget-old")
    for row in (app, codes, key, mail):
        row.refresh_from_db()
    assert get_adapter().decrypt(app.data["secret"]) == SECRET
    assert codes.wrap().get_unused_codes() == unused
    assert codes.data["used_mask"] == 0
    assert key.data == {"name": "x", "credential": {}}
    assert decrypt_values(mail.encrypted)["text"] == "a link"


def test_stopped_anywhere_it_goes_on(key_file: Path, secrets: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate_channel_keys, "CHUNK_SIZE", 2)
    real, calls = rotate_channel_keys.encryption.encrypt_values, []

    def stopped(values: dict[str, str]) -> str:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(values)

    with monkeypatch.context() as patch:
        patch.setattr(rotate_channel_keys.encryption, "encrypt_values", stopped)
        with pytest.raises(KeyboardInterrupt):
            rotate("--new-key")
    assert len(keys()) == 5  # all can be read half way
    assert sum(is_encrypted_with_newest(c.encrypted) for c in NotificationChannel.objects.exclude(encrypted="")) in (
        2,
        3,
    )
    rotate()
    assert all(is_encrypted_with_newest(c.encrypted) for c in NotificationChannel.objects.exclude(encrypted=""))
    assert len(key_file.read_text().split()) == 2


def test_keys_stay_while_something_cannot_be_read(key_file: Path, secrets: list[str]) -> None:
    NotificationChannel.objects.filter(kind="wecombot").update(
        encrypted=Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    )
    rotate("--new-key")
    with pytest.raises(CommandError):
        rotate("--forget-old")
    assert len(key_file.read_text().split()) == 2


def test_making_and_forgetting_are_two_calls(secrets: list[str]) -> None:
    with pytest.raises(CommandError):
        rotate("--new-key", "--forget-old")


def test_keys_of_the_environment_are_changed_there(settings: Any, manager: User, key_file: Path) -> None:
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    create_calendar_address(manager)
    for flag in ("--new-key", "--forget-old"):
        with pytest.raises(CommandError):
            rotate(flag)
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode(), *settings.CHANNEL_KEYS]
    rotate()
    assert is_encrypted_with_newest(CalendarAddress.objects.get().encrypted)
    assert not key_file.exists()
