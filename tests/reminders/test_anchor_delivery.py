"""Anchors on their way out: a time stamp from openssl's own responder, a webhook, an e-mail; and what fails is seen."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from cases.formats.timestamps import InvalidTimeStamp, read_certificates, read_stamp
from cases.models import Anchor, Heartbeat
from cases.models.anchor_store import anchor_store
from cases.operations.anchors import make_anchor
from cases.reminders.anchor_delivery import send_waiting_anchors
from cases.tasks import anchor
from tests.fake_network import FakeNetwork
from tests.helpers import CaseDriver, at
from tests.time_stamping import TimeStampService, needs_openssl, run_openssl, time_stamp_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("receipts_folder")]

MORNING = at("2026-10-09T03:30")


@pytest.fixture
def service(tmp_path: Path, settings: Any) -> Iterator[TimeStampService]:
    folder = tmp_path / "tsa"
    folder.mkdir()
    with time_stamp_service(folder) as running:
        settings.TIMESTAMP_URL = running.url
        settings.TIMESTAMP_CERTIFICATES = running.root.read_bytes()
        yield running


@needs_openssl
def test_the_stamp_is_kept_and_openssl_agrees(submitted: CaseDriver, service: TimeStampService, tmp_path: Path) -> None:
    make_anchor(MORNING)
    send_waiting_anchors(MORNING)
    row = Anchor.objects.get()
    assert (row.stamped_at, row.stamp_error, row.sent_at) == (MORNING, "", None)
    line, stamp = tmp_path / "line", anchor_store.folder / "00000001.tsr"
    line.write_text(row.line)
    run_openssl("ts", "-verify", "-data", line, "-in", stamp, "-CAfile", service.root)
    said = read_stamp(stamp.read_bytes(), line.read_bytes(), trusted=read_certificates(service.root.read_bytes()))
    assert (said.authority, said.is_checked) == ("CN=Synthetic time stamps", True)
    assert said.at.tzinfo is not None
    send_waiting_anchors(MORNING)
    assert len(service.requests) == 1


@needs_openssl
def test_a_failed_service_is_seen_and_tried_again(
    submitted: CaseDriver, service: TimeStampService, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    service.refusing = True
    with time_machine.travel(MORNING, tick=False):
        Heartbeat.objects.create(name="worker", at=MORNING)
        Heartbeat.objects.create(name="sweep", at=MORNING)
        anchor()
        assert client.get("/healthz").json() == {"status": "ok", "failed_anchors": 1}
        assert Anchor.objects.get().stamp_error == "HTTP 503"
        assert "Anchor 1 could not be stamped: HTTP 503" in caplog.text
        service.refusing = False
        anchor()
        assert client.get("/healthz").json() == {"status": "ok"}
    assert Anchor.objects.get().stamped_at == MORNING
    assert len(service.requests) == 1


@needs_openssl
def test_a_stamp_by_a_service_that_is_not_trusted_is_refused(
    submitted: CaseDriver, service: TimeStampService, tmp_path: Path, settings: Any
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with time_stamp_service(other) as stranger:
        settings.TIMESTAMP_URL = stranger.url
        make_anchor(MORNING)
        send_waiting_anchors(MORNING)
        row = Anchor.objects.get()
        assert row.stamp_error.startswith("InvalidTimeStamp: its signature is not valid")
        assert (row.stamped_at, anchor_store.with_stamp()) == (None, [])
        settings.TIMESTAMP_CERTIFICATES = b""
        send_waiting_anchors(MORNING)
        assert Anchor.objects.get().stamped_at == MORNING


@needs_openssl
def test_a_changed_stamp_or_one_for_something_else_is_refused(submitted: CaseDriver, service: TimeStampService) -> None:
    make_anchor(MORNING)
    send_waiting_anchors(MORNING)
    line, stamp = Anchor.objects.get().line.encode(), anchor_store.read_stamp(1)
    trusted = read_certificates(service.root.read_bytes())
    assert stamp
    with pytest.raises(InvalidTimeStamp, match="it is for other data"):
        read_stamp(stamp, line[:-1], trusted=trusted)
    with pytest.raises(InvalidTimeStamp, match="it is the response to another request"):
        read_stamp(stamp, line, trusted=trusted, nonce=1)
    refused = 0
    for place in range(0, len(stamp), 3):
        changed = bytearray(stamp)
        changed[place] ^= 1 << place % 8
        try:
            said = read_stamp(bytes(changed), line, trusted=trusted)
        except InvalidTimeStamp:
            refused += 1
        else:  # a byte that no signature covers, such as one of the status
            assert said == read_stamp(stamp, line, trusted=trusted)
    assert refused > len(stamp) * 0.3


def test_the_line_goes_to_a_webhook_once(submitted: CaseDriver, network: FakeNetwork, settings: Any) -> None:
    settings.ANCHOR_RECIPIENT = "https://hooks.example/anchors"
    receiver = network.connect("hooks.example", lambda got: (500, {}) if len(receiver.got) == 1 else (204, b""))
    make_anchor(MORNING)
    send_waiting_anchors(MORNING)
    assert (Anchor.objects.get().sent_at, Anchor.objects.get().send_error) == (None, "HTTP 500")
    send_waiting_anchors(MORNING)
    send_waiting_anchors(MORNING)
    assert (Anchor.objects.get().sent_at, Anchor.objects.get().send_error) == (MORNING, "")
    first, second = receiver.got
    assert first.data == second.data
    assert set(first.data) == {"id", "title", "text"}
    assert first.data["text"].encode() == anchor_store.lines()[0]
    assert json.loads(first.data["text"])["count"] == 1


def test_the_line_goes_to_an_address(submitted: CaseDriver, settings: Any) -> None:
    settings.ANCHOR_RECIPIENT = "notary@example.com"
    make_anchor(MORNING)
    send_waiting_anchors(MORNING)
    (message,) = mail.outbox
    assert (message.to, message.body) == (["notary@example.com"], anchor_store.lines()[0].decode())
    assert Anchor.objects.get().sent_at == MORNING


def test_nothing_is_sent_where_the_settings_name_nobody(submitted: CaseDriver) -> None:
    make_anchor(MORNING)
    send_waiting_anchors(MORNING)
    assert mail.outbox == []
    row = Anchor.objects.get()
    assert (row.sent_at, row.stamped_at, row.send_error, row.stamp_error) == (None, None, "", "")


def test_an_administrator_sees_flaws_and_silence(submitted: CaseDriver, client: Client) -> None:
    Anchor.objects.filter(pk=make_anchor(MORNING).pk).update(flaws=3)
    with time_machine.travel(at("2026-10-11T03:31"), tick=False):
        assert {name: value for name, value in client.get("/healthz").json().items() if "anchor" in name} == {
            "anchor_flaws": 3,
            "no_anchor_since": "2026-10-09T03:30:00+08:00",
        }
