"""A recording is played from where the reader wants: one range of bytes, cut from the receipt."""

from pathlib import Path

import pytest

from cases.models import Receipt
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path
from tests.web.test_receipts import file, hand_in

AMR = b"#!AMR\n" + bytes(range(94))


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=90-", 206, 90, 99),
        ("bytes=-10", 206, 90, 99),
        ("bytes=10-10000", 206, 10, 99),
        ("bytes=-10000", 206, 0, 99),
        ("bytes=9-3", 200, 0, 99),
        ("bytes=-", 200, 0, 99),
        ("bytes=0-1,5-6", 200, 0, 99),
        ("lines=0-1", 200, 0, 99),
        ("bytes=-0", 416, 0, -1),
        ("bytes=100-", 416, 0, -1),
        ("bytes=999999999999-", 416, 0, -1),
    ],
)
def test_a_range(
    me: Person, new_driver: Make, receipts_folder: Path, asked: str, status: int, first: int, last: int
) -> None:
    driver = scenarios.overdue(new_driver)
    hand_in(me, driver, file("call.amr", AMR))
    answer = me.client.get(path(driver, "receipts", str(Receipt.objects.get().pk)), headers={"Range": asked})
    assert answer.status_code == status
    assert answer.content == AMR[first : last + 1]
    assert answer.headers["Accept-Ranges"] == "bytes"
    said = {206: f"bytes {first}-{last}/100", 416: "bytes */100", 200: None}[status]
    assert answer.headers.get("Content-Range") == said
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
