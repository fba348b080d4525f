"""Whatever is sent, the answer is a problem and never a 500, on SQLite and PostgreSQL."""

import json
from typing import Any

import pytest

from cases.models import Card
from tests.api.conftest import Program
from tests.web import scenarios

CARD = {"number": "13800000005", "carrier": "china-mobile"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid"),
        (b"{", 400, "malformed"),
        (b'{"holder": "\xff"}', 400, "malformed"),
        ('{"holder": "王"}'.encode("gb18030"), 400, "malformed"),
        ('{"holder": "王"}'.encode("utf-16"), 400, "malformed"),
        (b'{"holder": "\\ud800"}', 400, "malformed"),
        (b'{"holder": "a\\u0000b"}', 400, "malformed"),
        (b'{"\\u0000": 1}', 400, "malformed"),
        (b'{"monthly_fee": NaN}', 400, "malformed"),
        (b'{"monthly_fee": -Infinity}', 400, "malformed"),
        (b'{"monthly_fee": ' + b"9" * 5000 + b"}", 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"x"', 422, "invalid"),
        (b'{"holder": "' + b"x" * 3_000_000 + b'"}', 413, "too_large"),
    ],
)
def test_bodies(program: Program, body: bytes, status: int, code: str) -> None:
    assert program("POST", "cards", body, status)["code"] == code
    assert program.last["Content-Type"] == "application/problem+json"
    assert program("POST", "cards", body, status, Idempotency_Key="k")["code"] == code


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", None, "string_type"),
        ("number", 13800000005, "string_type"),
        ("number", "1" * 100_000, "number_refused"),
        ("number", "１３８", "number_refused"),
        ("carrier", None, "string_type"),
        ("holder", "x" * 81, "string_too_long"),
        ("monthly_fee", 8, "decimal_type"),
        ("monthly_fee", "1e400", "decimal_type"),
        ("monthly_fee", "8.005", "decimal_type"),
        ("monthly_fee", "99999999", "less_than"),
        ("contract_end", "9999-12-31", "no_day"),
        ("contract_end", "2026-02-30", "no_day"),
        ("contract_end", 0, "no_day"),
        ("purpose", "spam", "enum"),
    ],
)
def test_fields(program: Program, field: str, value: Any, code: str) -> None:
    wrong = program.post("cards", {**CARD, field: value}, 422)
    assert [(one["field"], one["code"]) for one in wrong["errors"]] == [(field, code)]
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    "value",
    [0, True, "", "2026-10-16", "2026-10-16T10:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
     "2026-10-16T10:00:00+99:99", "2026-13-16T10:00:00Z", "2026-10-16t10:00:00z"],
)  # fmt: skip
def test_moments(program: Program, new_driver: scenarios.Make, value: Any) -> None:
    driver = scenarios.overdue(new_driver)
    wrong = program.post(f"cases/{driver.case.reference}/follow-up", {"happened_at": value}, 422)
    assert wrong["errors"][0]["code"] == "no_moment"


def test_other_kinds_of_bodies(program: Program) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        refused = program("POST", "cards", json.dumps(CARD).encode(), 415, Content_Type=kind)
        assert (refused["code"], refused["detail"]) == ("wrong_content_type", "Send this as application/json.")


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%FF", "q=%ED%A0%80", "batch=99999999999999999999", "batch=0", "batch=x", "limit=0", "limit=101",
     "limit=9" + "9" * 5000, "standing=late", "sort=-id", "numbers=all", "cursor=%00", "status=", "q=" + "x" * 61],
)  # fmt: skip
def test_addresses(program: Program, query: str) -> None:
    replaced = query in ("q=%FF", "q=%ED%A0%80")  # what is no UTF-8 is another character by then
    program.get(f"cases?{query}", 200 if replaced else 400 if "%00" in query else 422)


@pytest.mark.parametrize(
    "path", ["cards/99999999999999999999", "cards/0", "batches/9" + "9" * 40, "cases/%00", "cases/XK-%0A", "%FF", ""]
)
def test_paths(program: Program, path: str) -> None:
    assert program.get(path, 404)["code"] == "not_found"


def test_keys_beyond_what_a_database_counts(program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    for handler in (2**63, -1, 0, 1.5, "1", True):
        program.post(f"cases/{driver.case.reference}/hand-over", {"handler": handler}, 422, If_Match="*")
    program.post(f"cases/{driver.case.reference}/hand-over", {"handler": 2**63 - 1}, 404, If_Match="*")
