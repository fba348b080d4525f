"""The spool taken in: once, whole, and past whatever lies there. Every message here is synthetic."""

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from cases.formats.forwarders.signatures import Delivery, SignatureHeaders
from cases.inbox import spool
from cases.inbox.spool import drain_spool, keep_delivery, spool_counts
from cases.models import Carrier, CarrierMessage, Team
from cases.operations.forwarders import remove_forwarder, replace_address, switch_forwarder
from tests.inbox.senders import TEXT, Phone
from tests.moments import NOW

LATER = NOW + timedelta(hours=3)
STAMP = "1792116000"  # NOW


@pytest.fixture
def phone(team: Team, mobile: Carrier, receipts_folder: Path) -> Phone:
    return Phone(team, signed=True)


@pytest.fixture
def folder(settings: Any, phone: Phone) -> Path:
    return Path(settings.SPOOL_ROOT)


def keep(phone: Phone, text: str = TEXT, *, key: str = "", timestamp: str = STAMP, **fields: Any) -> None:
    """Keep a request as capcom6's gateway signs it."""
    fields = {"sender": "10086", "text": text} | fields
    body = json.dumps(fields).encode()
    signature = hmac.new((key or phone.key).encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
    digest = phone.made.digest
    assert keep_delivery(digest, Delivery(body, fields, SignatureHeaders(signature, timestamp)), NOW)


def texts() -> list[str]:
    return list(CarrierMessage.objects.order_by("pk").values_list("text", flat=True))


def names(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir() if path.name != ".turn")


def test_messages_are_taken_in_as_they_came(phone: Phone, folder: Path) -> None:
    keep(phone, "【中国移动】一", received_at="2026-10-16 09:30")
    keep(phone, "【中国移动】二")
    keep(phone, "【中国移动】三", received_at="2026-10-16 08:59")
    keep(phone, "晚上一起吃饭吗", sender="13911112222")
    assert drain_spool(LATER) == 4
    rows = CarrierMessage.objects.order_by("pk").values_list("text", "received_at", "late", "stored_at")
    assert list(rows) == [
        ("【中国移动】一", NOW - timedelta(minutes=30), False, LATER),
        ("【中国移动】二", NOW, False, LATER),  # judged by the moment at which it came
        ("【中国移动】三", NOW - timedelta(minutes=61), True, LATER),
    ]
    assert phone.counts == (3, 0, 0, 1, 0)
    assert names(folder) == []
    assert drain_spool(LATER) == 0


def test_signatures_are_judged_by_when_they_came(phone: Phone, folder: Path) -> None:
    keep(phone, "【中国移动】一", key="wrong")
    keep(phone, "【中国移动】二", timestamp="1792115600")
    keep(phone, "【中国移动】三")
    assert drain_spool(LATER) == 3
    assert texts() == ["【中国移动】三"]
    assert phone.counts == (1, 0, 0, 0, 2)
    assert phone.row.last_refusal == "old_signature"
    assert names(folder) == []


def test_killed_between_storing_and_deleting_nothing_is_doubled(
    phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    keep(phone, "【中国移动】一")
    keep(phone, "【中国移动】二")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", die)
        for _ in range(2):
            with pytest.raises(Killed):
                drain_spool(LATER)
    assert texts() == ["【中国移动】一"]
    assert drain_spool(LATER + timedelta(hours=9)) == 2
    assert texts() == ["【中国移动】一", "【中国移动】二"]


def test_killed_before_storing_nothing_is_lost(phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection")

    keep(phone, "【中国移动】一")
    keep(phone, "【中国移动】二")
    with monkeypatch.context() as broken:
        broken.setattr("cases.inbox.ingest._store_new", away)
        assert drain_spool(LATER) == 0
    assert names(folder) == [".sms", ".sms"]
    assert drain_spool(LATER) == 2
    assert len(texts()) == 2


def test_one_process_at_a_time(phone: Phone, folder: Path) -> None:
    keep(phone)
    with spool._turn() as is_ours:
        assert is_ours
        assert drain_spool(LATER) == 0
    assert drain_spool(LATER) == 1


def test_a_file_that_cannot_be_read_is_set_apart_and_told(
    phone: Phone, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(phone)
    (folder / "0-broken.sms").write_bytes(b"x")
    (folder / "old.part").write_bytes(b"x")
    assert spool_counts() == {"spooled_messages": 2}
    assert drain_spool(LATER) == 1
    assert texts() == [TEXT]
    assert names(folder) == [".part", ".unreadable"]  # somebody may still be writing
    assert spool_counts() == {"unreadable_messages": 1}
    assert "cannot be read (InvalidToken)" in caplog.text
    assert drain_spool(LATER) == 0


def test_a_fault_of_ours_holds_up_no_other(phone: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a fault")

    keep(phone, "【中国移动】一")
    with monkeypatch.context() as broken:
        broken.setattr("cases.inbox.spool.receive", faulty)
        assert drain_spool(LATER) == 0
    keep(phone, "【中国移动】二")
    assert drain_spool(LATER) == 1
    assert texts() == ["【中国移动】二"]
    assert names(folder) == [".unreadable"]


def test_without_the_phone_s_key_it_waits(phone: Phone, folder: Path) -> None:
    keep(phone)
    encrypted = phone.row.encrypted
    phone.made.encrypted = "x"
    phone.made.save()
    assert drain_spool(LATER) == 0
    phone.made.encrypted = encrypted
    phone.made.save()
    assert drain_spool(LATER) == 1


def test_an_address_that_is_off_or_gone_takes_nothing(phone: Phone, folder: Path, other_team: Team) -> None:
    other, third = Phone(other_team, signed=True), Phone(other_team, signed=True)
    for one in (phone, other, third):
        keep(one)
    switch_forwarder(phone.row, on=False)
    replace_address(other.row, signed=True)
    remove_forwarder(third.row)
    assert drain_spool(LATER) == 3
    assert texts() == []
    assert (phone.row.last_refusal, names(folder)) == ("switched_off", [])


def test_new_keys_read_what_waits(phone: Phone, folder: Path) -> None:
    keep(phone)
    call_command("rotate_receipt_keys", new_key=True, verbosity=0)
    call_command("rotate_receipt_keys", forget_old=True, verbosity=0)
    assert drain_spool(LATER) == 1
    assert texts() == [TEXT]
