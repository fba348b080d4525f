"""Tables of cards by way of the API: handed in, looked through, brought in by the worker, failed rows back."""

from io import BytesIO
from typing import Any

import pytest
from python_calamine import load_workbook

from cases import queue, tasks
from cases.models import AuditEntry, Card, CardImport
from tests.api.conftest import Program
from tests.api.test_receipts import file, hand_in

TABLE = "号码,运营商,机主,备忘\n13800138001,移动,某某公司,x\nbad,移动,某某公司,y\n"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was put in the queue; the test does the worker's part."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda *job: asked.append(job))
    return asked


def test_looked_through_and_brought_in(program: Program, queued: list[tuple[Any, ...]]) -> None:
    told = hand_in(program, "imports", 201, "a", file=file("卡.csv", TABLE.encode()))
    assert hand_in(program, "imports", 201, "a", file=file("卡.csv", TABLE.encode())) == told
    assert (told["state"], told["rows"], told["percent"]) == ("new", 2, 0)
    assert told["columns"] == ["number", "carrier", "holder", None]
    assert told["forecast"] == {"new": 1, "changed": 0, "same": 0, "wrong": 1, "case": 0}
    assert [(one["row"], one["fate"], one["number"], one["why"]) for one in told["samples"]] == [
        (2, "new", "138****8001", []),
        (3, "wrong", "", ["“bad” is not a mobile number."]),
    ]
    assert (Card.objects.count(), queued) == (0, [])

    address = f"imports/{told['id']}"
    assert program.get(address) == told
    assert program.post(f"{address}/run", Idempotency_Key="b")["state"] == "running"
    assert program.post(f"{address}/run", Idempotency_Key="b")["state"] == "running"
    assert queued == [("cases.tasks.import_cards", told["id"])]
    assert program.post(f"{address}/run", None, 409)["code"] == "import_not_as_it_stands"
    assert program.post(f"{address}/stop")["state"] == "cancelled"
    assert program.post(f"{address}/run")["state"] == "running"
    tasks.import_cards(told["id"])
    done = program.get(address)
    assert (done["state"], done["percent"]) == ("done", 100)
    assert done["became"] == {"new": 1, "changed": 0, "same": 0, "wrong": 1, "case": 0}
    assert [(one["row"], "bad" in one["why"]) for one in program.get(f"{address}/failures")["items"]] == [(3, True)]
    program.get(f"{address}/failed")
    rows = load_workbook(BytesIO(b"".join(program.last.streaming_content))).get_sheet_by_index(0).to_python()
    assert [row[:5] for row in rows] == [["号码", "运营商", "机主", "备忘", "Row"], ["bad", "移动", "某某公司", "y", 3]]
    assert Card.objects.get().holder == "某某公司"
    assert [one["id"] for one in program.get("imports")["items"]] == [told["id"]]
    assert AuditEntry.objects.get(kind="imported").about == "卡.csv, 2 rows"


def test_its_columns_are_named(program: Program, queued: list[tuple[Any, ...]]) -> None:
    told = hand_in(program, "imports", 201, text="谁\t哪个\n某某公司\t13800138001\n")
    assert (told["columns"], told["forecast"], told["samples"]) == ([None, None], None, [])
    address = f"imports/{told['id']}"
    assert program.post(f"{address}/run", None, 409)["code"] == "import_not_as_it_stands"
    named = {"columns": ["holder", "number"]}
    for wrong in (["number", "number"], ["holder", "colour"], ["number", None, "holder"]):
        assert program("PUT", f"{address}/columns", {"columns": wrong}, 422)["code"] == "wrong_columns"
    refused = program("PUT", f"{address}/columns", {"columns": ["holder"]}, 422)
    assert [(one["field"], one["code"]) for one in refused["errors"]] == [("columns", "no_number_column")]
    assert program("PUT", f"{address}/columns", named)["columns"] == ["holder", "number"]
    program.post(f"{address}/run")
    assert program("PUT", f"{address}/columns", named, 409)["code"] == "import_not_as_it_stands"


def test_what_is_no_table_is_not_kept(program: Program) -> None:
    assert hand_in(program, "imports", 422)["code"] == "no_table"
    assert hand_in(program, "imports", 400, text="号码\n1", colour="red")["code"] == "malformed"
    two = [file("a.csv", TABLE.encode()), file("b.csv", TABLE.encode())]
    assert hand_in(program, "imports", 400, file=two)["code"] == "malformed"
    empty = hand_in(program, "imports", 422, text="号码\n")
    assert [(one["field"], one["code"]) for one in empty["errors"]] == [("text", "table_empty")]
    assert hand_in(program, "imports", 422, file=file("x.xlsx", b"PK\0\0"))["errors"][0]["field"] == "file"
    assert not CardImport.objects.exists()
