"""Receipts: handed in, listed, got back as they were, with the headers of the page."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Case, Receipt
from tests.api.conftest import Program
from tests.web import scenarios

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def hand_in(program: Program, path: str, expect: int, key: str = "", **fields: Any) -> Any:
    headers = {"Authorization": f"Bearer {program.secret}", "Accept-Language": "en"}
    if key:
        headers["Idempotency-Key"] = key
    answer = Client(raise_request_exception=False).post(f"/api/v1/{path}", fields, headers=headers)
    assert answer.status_code == expect, answer.content.decode()[:500]
    return json.loads(answer.content)


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_in_and_out(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    address = f"cases/{driver.case.reference}/receipts"
    told = hand_in(program, address, 201, files=[file("受理.png", PNG)], text="【测试】已受理 (synthetic)", kind="sms")
    assert [(one["name"], one["type"], one["size"], one["added_by"]["name"]) for one in told] == [
        ("受理.png", "image/png", len(PNG), "Li Na"),
        ("2026-10-16 1000.txt", "text/plain", 33, "Li Na"),
    ]
    assert told[0]["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert program.get(address) == told
    assert program.get(f"{address}/{told[0]['id']}/facts") == told[0]
    hand_in(program, address, 201, files=[file("again.png", PNG)])
    assert Receipt.objects.count() == 2

    program.get(f"{address}/{told[0]['id']}")
    assert program.last.content == PNG
    headers = {name: program.last[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")}
    assert headers == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert program.last["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert program.last["Content-Disposition"] == "attachment; filename*=utf-8''%E5%8F%97%E7%90%86.png"


def test_a_part_of_it(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    address = f"cases/{driver.case.reference}/receipts"
    (row,) = hand_in(program, address, 201, text="0123456789", kind="sms")
    program.get(f"{address}/{row['id']}", 206, Range="bytes=2-4")
    assert (program.last.content, program.last["Content-Range"]) == (b"234", "bytes 2-4/10")
    program.get(f"{address}/{row['id']}", 416, Range="bytes=10-")
    program.get(f"cases/{scenarios.waiting(new_driver).case.reference}/receipts/{row['id']}", 404)


def test_what_is_refused_leaves_nothing(
    program: Program, new_driver: scenarios.Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"cases/{scenarios.overdue(new_driver).case.reference}/receipts"
    assert (
        hand_in(program, address, 415, files=[file("good.png", PNG), file("x.exe", b"MZ\0\0")])["code"]
        == "file_type_refused"
    )
    assert hand_in(program, address, 422, files=[file("x.png", b"")])["code"] == "file_empty"
    assert hand_in(program, address, 422)["code"] == "nothing_handed_in"
    assert hand_in(program, address, 422, text="x", kind="passport")["errors"][0]["field"] == "kind"
    assert hand_in(program, address, 422, text="x", colour="red")["errors"][0]["code"] == "extra_forbidden"
    assert hand_in(program, address, 400, text="a\0b")["code"] == "malformed"
    assert program.post(address, {"text": "x"}, 415)["code"] == "wrong_content_type"
    broken = program("POST", address, b"x", 400, Content_Type="multipart/form-data")
    assert broken["code"] == "malformed"
    monkeypatch.setattr(settings, "RECEIPT_MAX_BYTES", 10)
    refused = hand_in(program, address, 413, files=[file("good.png", PNG)])
    assert [(one["field"], one["code"]) for one in refused["errors"]] == [("files", "file_too_large")]
    assert not Receipt.objects.exists()


def test_sent_twice_it_is_kept_once(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    address = f"cases/{driver.case.reference}/receipts"
    first = hand_in(program, address, 201, "a", files=[file("a.png", PNG)])
    assert hand_in(program, address, 201, "a", files=[file("a.png", PNG)]) == first
    assert driver.kinds.count("receipt") == 1
    refused = hand_in(program, address, 422, "a", files=[file("a.png", PNG + b" ")])
    assert refused["code"] == "idempotency_key_reused"


def test_what_was_altered_is_not_handed_out(
    program: Program, new_driver: scenarios.Make, receipts_folder: Path
) -> None:
    address = f"cases/{scenarios.overdue(new_driver).case.reference}/receipts"
    (row,) = hand_in(program, address, 201, text="x", kind="sms")
    (path,) = (path for path in receipts_folder.rglob("*") if path.is_file())
    path.write_bytes(b"y")
    assert program.get(f"{address}/{row['id']}", 410)["code"] == "receipt_altered"


def test_one_receipt_for_many(program: Program, new_driver: scenarios.Make) -> None:
    references = [make(new_driver).case.reference for make in (scenarios.overdue, scenarios.confirmed)]
    named = " ".join([*references, "XK-22222222"])
    done = hand_in(program, "bulk/receipts", 200, files=[file("盖章.png", PNG)], kind="letter", references=named)
    assert sorted(done["done"]) == sorted(references)
    assert [(one["reference"], one["problem"]["code"]) for one in done["refused"]] == [("XK-22222222", "not_found")]
    assert Receipt.objects.filter(sha256=hashlib.sha256(PNG).hexdigest()).count() == 2
    assert Case.objects.count() == 2
    assert hand_in(program, "bulk/receipts", 422, text="x", references=" ")["code"] == "wrong_references"
