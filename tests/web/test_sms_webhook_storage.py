"""The door when nothing can be stored: the answer asks for another try, and the spool keeps what it may.

Every message here is synthetic."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from cases import tasks
from cases.inbox import spool
from cases.models import Carrier, CarrierMessage, Team
from cases.models.keyrings import RECEIPT_KEYS
from cases.operations.forwarders import find_forwarder
from cases.web.middleware.health import report
from tests.inbox.senders import TEXT, Phone
from tests.moments import NOW


@pytest.fixture
def phone(team: Team, mobile: Carrier, receipts_folder: Path) -> Phone:
    return Phone(team, signed=True)


@pytest.fixture
def folder(settings: Any, phone: Phone) -> Path:
    return Path(settings.SPOOL_ROOT)


def waiting(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sms"))


def fail(monkeypatch: pytest.MonkeyPatch, place: str, error: Exception) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(place, broken)


LOOKUP, STORE = "cases.web.views.sms_webhook.find_forwarder", "cases.inbox.ingest._store_new"


@pytest.mark.parametrize(
    ("place", "error"),
    [
        (LOOKUP, OperationalError("connection refused")),
        (LOOKUP, InterfaceError("connection already closed")),
        (STORE, OperationalError("database or disk is full")),
        (STORE, DatabaseError("disk I/O error")),
        (STORE, OSError(28, "No space left on device")),
    ],
)
def test_what_cannot_be_stored_now_waits_and_the_phone_is_asked_to_try_again(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch, place: str, error: Exception
) -> None:
    with monkeypatch.context() as broken:
        fail(broken, place, error)
        answer = phone.post(received_at="2026-10-16T09:58:00+08:00")
    assert (answer.status, answer.response["Retry-After"]) == (503, "60")
    assert answer.response.json()["ok"] is False
    assert not CarrierMessage.objects.exists()
    (file,) = waiting(folder)
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert b"10086" not in file.read_bytes()
    assert json.loads(RECEIPT_KEYS.decrypt(file.read_bytes()))["fields"]["text"] == TEXT
    assert report(NOW)["spooled_messages"] == 1
    tasks.read_messages()
    assert waiting(folder) == []
    assert "spooled_messages" not in report(NOW)
    stored = CarrierMessage.objects.get()
    assert (stored.sender, stored.text, stored.forwarder, stored.late) == ("10086", TEXT, phone.row, False)
    assert phone.counts == (1, 0, 0, 0, 0)
    # The phone tries again.
    assert phone.post(received_at="2026-10-16T09:58:00+08:00").response.json()["outcome"] == "repeated"


def test_the_same_request_lies_there_once(phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, LOOKUP, OperationalError())
    for text in (TEXT, TEXT, f"{TEXT}2"):
        assert phone.post(text=text).status == 503
    assert len(waiting(folder)) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "【中国移动】验证码123456，您正在办理销户。"},
        {"text": "【中国移动】您好", "content": "验证码123456"},
        {"text": "您好", "extra": {"deep": ["验证码 123456"]}},
    ],
)
def test_a_code_never_lies_there(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any]
) -> None:
    fail(monkeypatch, LOOKUP, OperationalError())
    assert phone.post(**fields).status == 503
    assert not folder.exists()
    assert phone.post(text=TEXT).status == 503
    assert len(waiting(folder)) == 1


def test_what_is_no_message_is_refused_without_the_database(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, LOOKUP, OperationalError())
    assert phone.send(b"{").status == 400
    assert phone.send(b'{"from":"10086"}').status == 400
    assert phone.post(text="长" * 22_000).status == 413
    assert not folder.exists()


def test_a_refusal_that_cannot_be_counted_is_answered_all_the_same(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "cases.web.views.sms_webhook.count_refusal", OperationalError())
    assert phone.post(key="wrong").status == 403


def test_a_disk_that_is_too_full_for_the_rate_refuses_nobody(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, "cases.web.views.sms_webhook.allow_request", OSError(28, "No space left on device"))
    assert phone.post().status == 200


def test_where_the_spool_has_no_room_the_answer_is_the_same(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    fail(monkeypatch, LOOKUP, OperationalError())
    monkeypatch.setattr(spool, "MAX_FILES_OF_ADDRESS", 2)
    assert [phone.post(text=f"{TEXT}{n}").status for n in range(4)] == [503] * 4
    assert len(waiting(folder)) == 2
    other = Phone(phone.row.team)
    assert other.post().status == 503
    assert len(waiting(folder)) == 3
    monkeypatch.setattr(spool, "MAX_FILES", 3)
    assert other.post(text=f"{TEXT}2").status == 503
    assert len(waiting(folder)) == 3
    monkeypatch.setattr(spool, "MAX_FILES", 9)
    monkeypatch.setattr(spool, "MAX_BYTES", sum(file.stat().st_size for file in folder.iterdir()) + 100)
    assert other.post(text=f"{TEXT}2").status == 503
    assert len(waiting(folder)) == 3


@pytest.mark.parametrize("place", ["os.fsync", "os.replace", "os.open"])
def test_a_disk_that_takes_no_file_leaves_none(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder.mkdir()
    RECEIPT_KEYS.encrypt(b"the key's file is made")
    with monkeypatch.context() as broken:
        fail(broken, LOOKUP, OperationalError())
        fail(broken, place, OSError(28, "No space left on device"))
        assert phone.post().status == 503
    assert os.listdir(folder) == []
    assert find_forwarder(phone.secret) == phone.row


def test_without_the_key_nothing_is_written(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    fail(monkeypatch, LOOKUP, OperationalError())
    settings.RECEIPT_KEYS_FILE.write_text("no key\n")
    assert phone.post().status == 503
    assert not folder.exists() or os.listdir(folder) == []
