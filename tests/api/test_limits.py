"""What a request may cost: bodies are limited before their fields are checked, errors in number and size."""

import json
from typing import Any

import pytest

from cases.models import Card, Case, Team
from tests.api.conftest import Program

#: Bytes. Fifty fields, each with its name and a sentence.
SMALL = 20_000


def refused(program: Program, path: str, body: Any, status: int, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    problem = program("POST", path, content, status, **headers)
    assert len(program.last.content) < SMALL
    return problem


def fields(count: int) -> dict[str, int]:
    return {f"k{number}": 1 for number in range(count)}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (fields(100_000), "an object has more than 100 fields"),
        (fields(101), "an object has more than 100 fields"),
        ({"number": "13800138000", "custom": fields(101)}, "an object has more than 100 fields"),
        ({"x": [[fields(101)]]}, "an object has more than 100 fields"),
        ({"x": [0] * 100_001}, "it has more than 100000 fields and items"),
        ({"x": [[0] * 10_000 for _ in range(10)]}, "it has more than 100000 fields and items"),
        ({"x": [[]] * 100_001}, "it has more than 100000 objects and arrays"),
        ({"x": [{}] * 100_001}, "it has more than 100000 objects and arrays"),
        (b"[" * 11 + b"]" * 11, "too deeply nested"),
        (b'{"a":' * 11 + b"1" + b"}" * 11, "too deeply nested"),
        (b"[" * 99_999 + b"]" * 99_999, "too deeply nested"),
    ],
)
def test_bodies_beyond_the_limits(program: Program, body: Any, why: str) -> None:
    problem = refused(program, "cards", body, 400)
    assert (problem["code"], problem["detail"]) == ("malformed", f"The request could not be parsed: {why}.")
    assert "errors" not in problem


@pytest.mark.parametrize(
    "body", [fields(100), {"x": [0] * 99_999}, b"[" * 10 + b"]" * 10, {"x": {"x": [{"x": [{"x": [{}]}]}]}}]
)
def test_bodies_within_the_limits_are_told_their_fields(program: Program, body: Any) -> None:
    assert refused(program, "cards", body, 422)["code"] == "invalid"


def test_as_many_as_may_be_sent_in_one_request_are_no_more_than_a_body_may_hold(program: Program, team: Team) -> None:
    card = {"carrier": "china-mobile", "custom": {f"c{number}": "x" for number in range(10)}}
    card |= dict.fromkeys(("holder", "user", "department", "plan", "note", "iccid", "words", "reference"), "x")
    answer = program.post(
        "bulk/cases", {"items": [card | {"number": "13800138000", "ready": ["card"] * 20}] * 2000}, 422
    )
    assert {error["code"] for error in answer["errors"]} == {"extra_forbidden"}  # `custom`, and not too much
    assert not Case.objects.exists()


def test_fifty_errors_are_named_and_the_others_counted(program: Program) -> None:
    problem = refused(program, "cards", fields(60), 422)
    named = [error["field"] for error in problem["errors"]]
    assert (len(named), named[:3], problem["more_errors"]) == (50, ["number", "carrier", "k0"], 12)
    problem = refused(program, "cards", fields(48), 422)
    assert (len(problem["errors"]), "more_errors" in problem) == (50, False)
    problem = refused(program, "bulk/cases", {"items": [fields(40)] * 2000}, 422)
    assert (len(problem["errors"]), problem["more_errors"]) == (50, 83_950)


def test_what_was_sent_does_not_come_back_at_its_length(program: Program) -> None:
    problem = refused(program, "cards", {"k" * 2_000_000: 1, "王" * 300: 1}, 422)
    names = [error["field"] for error in problem["errors"]][2:]
    assert names == ["k" * 199 + "…", "王" * 199 + "…"]
    for name, value in (("number", "1" * 2_000_000), ("carrier", "c" * 2_000_000), ("purpose", "p" * 2_000_000)):
        refused(program, "cards", {"number": "13800138000", "carrier": "china-mobile", name: value}, 422)
    assert refused(program, "x" * 20_000, {}, 404)["instance"] == f"/api/v1/{'x' * 192}"
    refused(program, "cards", {}, 415, Content_Type="application/" + "x" * 100_000)
    refused(program, "cards", {}, 400, Idempotency_Key="x" * 100_000)
    program("X" * 100_000, "cards", None, 405)
    assert len(program.last.content) < SMALL
    assert not Card.objects.exists()


def test_forms_are_limited_as_well(program: Program) -> None:
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(900))
    made = program.post("cases", {"number": "13800138000", "carrier": "china-mobile"}, 201)
    content = f"{parts}--x--\r\n".encode()
    address = f"cases/{made['reference']}/receipts"
    problem = program("POST", address, content, 422, Content_Type="multipart/form-data; boundary=x")
    assert (len(problem["errors"]), problem["more_errors"]) == (50, 850)
    long = f'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n{"x" * 3_000_000}\r\n--x--\r\n'.encode()
    assert program("POST", address, long, 413, Content_Type="multipart/form-data; boundary=x")["code"] == "too_large"


@pytest.mark.parametrize(
    "query",
    ["q=" + "x" * 1_000_000, "standing=" + "x" * 1_000_000, "cursor=" + "A" * 1_000_000, "k=1&" * 100_000]
)  # fmt: skip
def test_addresses_are_limited_as_well(program: Program, query: str) -> None:
    program.get(f"cases?{query}", 400 if query.startswith("k=") else 422)
    assert len(program.last.content) < SMALL


def test_long_headers_are_read_quickly(program: Program) -> None:
    made = program.post("cases", {"number": "13800138000", "carrier": "china-mobile"}, 201)
    tags = '"1-0123456789abcdef",' * 50_000
    program.post(f"cases/{made['reference']}/withdraw", {}, 412, If_Match=tags.replace('"1-', '"9-'))
    program.get(f"cases/{made['reference']}", If_None_Match=tags)
    program.get("me", Accept_Language="zh-CN;q=0.5," * 50_000)
    program.get("me", 401, Authorization="Bearer " + "x" * 1_000_000)
