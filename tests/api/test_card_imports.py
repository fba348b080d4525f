"""Tables of cards by way of the API: handed in, looked through, brought in by the worker, failed rows back."""

from io import BytesIO
from typing import Any

import pytest
from python_calamine import load_workbook

from cases import queue, tasks
from cases.models import AuditEntry, Card, CardImport, Carrier
from tests.api.conftest import Program
from tests.api.test_receipts import file, hand_in

TABLE = "号码,运营商,机主,备忘\n13800138001,移动,某某公司,x\nbad,移动,某某公司,y\n"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was put in the queue; the test does the worker's part."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda *job: asked.append(job))
    return asked


COUNTS = {"new": 0, "changed": 0, "same": 0, "wrong": 0, "case": 0, "skipped": 0, "warned": 0}


def work(queued: list[tuple[Any, ...]]) -> None:
    """Do the newest job."""
    name, *arguments = queued[-1]
    getattr(tasks, name.rpartition(".")[2])(*arguments)


def test_looked_through_and_brought_in(program: Program, queued: list[tuple[Any, ...]]) -> None:
    told = hand_in(program, "imports", 201, "a", file=file("卡.csv", TABLE.encode()))
    assert hand_in(program, "imports", 201, "a", file=file("卡.csv", TABLE.encode())) == told
    assert (told["state"], told["rows"], told["percent"]) == ("new", 2, 0)
    assert (told["titles"], told["columns"]) == (
        ["号码", "运营商", "机主", "备忘"],
        ["number", "carrier", "holder", "custom"],
    )
    assert (told["sheets"], told["sheet"], told["header_row"]) == ([{"name": None, "rows": 3}], 0, 1)
    assert told["forecast"] == COUNTS | {"new": 1, "wrong": 1}
    assert [(one["row"], one["fate"], one["number"], bool(one["why"])) for one in told["samples"]] == [
        (2, "new", "138****8001", False),
        (3, "wrong", "", True),
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
    work(queued)
    done = program.get(address)
    assert (done["state"], done["percent"], done["samples"]) == ("done", 100, [])
    assert done["became"] == COUNTS | {"new": 1, "wrong": 1}
    assert [(one["row"], "bad" in one["why"]) for one in program.get(f"{address}/failures")["items"]] == [(3, True)]
    program.get(f"{address}/failed")
    rows = load_workbook(BytesIO(b"".join(program.last.streaming_content))).get_sheet_by_index(0).to_python()
    assert [row[:5] for row in rows] == [["号码", "运营商", "机主", "备忘", "Row"], ["bad", "移动", "某某公司", "y", 3]]
    assert Card.objects.get().holder == "某某公司"
    assert [one["id"] for one in program.get("imports")["items"]] == [told["id"]]
    assert AuditEntry.objects.get(kind="imported").about == "卡.csv, 3 rows"

    undone = program.post(f"{address}/take-back")
    assert (undone["state"], queued[-1][:2]) == ("undone", ("cases.tasks.take_back_import", told["id"]))
    work(queued)
    assert not Card.objects.exists()
    assert program.post(f"{address}/take-back", None, 409)["code"] == "import_not_taken_back"


def test_every_row_comes_by_pages(program: Program, mobile: Carrier) -> None:
    table = "号码,运营商,机主,月租,状态,提交时间\n" + "".join(
        f"1380013800{index},移动,甲 13800138009,面议,审核中,2026-09-30\n" for index in range(3)
    )
    told = hand_in(program, "imports", 201, text=table)
    address = f"imports/{told['id']}/rows"
    first = program.get(f"{address}?limit=2")
    assert [row["row"] for row in first["items"]] == [2, 3]
    rest = program.get(f"{address}?limit=2&cursor={first['next']}")
    assert ([row["row"] for row in rest["items"]], rest["next"]) == ([4], None)
    row = first["items"][0]
    assert (row["outcome"], row["number"], row["carrier"]) == ("new", "138****8000", "china-mobile")
    assert row["facts"]["holder"] == "甲 138****8009"
    assert (row["case"]["status"], row["case"]["submitted_at"]) == ("under_review", "2026-09-30T18:00:00+08:00")
    assert ["面议" in text for text in row["warnings"]] == [True]
    assert (row["reason"], row["changes"], row["custom"]) == (None, {}, {})
    assert len(program.get(f"{address}?outcome=warned")["items"]) == 3
    assert program.get(f"{address}?outcome=changed")["items"] == []
    assert program.get(f"{address}?outcome=odd", 422)["errors"][0]["field"] == "outcome"
    assert program.get(f"{address}?cursor=x", 400)["code"] == "bad_cursor"
    assert program.get(f"{address}?numbers=full")["items"][0]["number"] == "13800138000"
    about = f"pasted rows · {told['id']}, "
    assert AuditEntry.objects.filter(kind="numbers_shown", about__startswith=about).count() == 1


def test_its_columns_are_named(program: Program, queued: list[tuple[Any, ...]]) -> None:
    told = hand_in(program, "imports", 201, text="谁\t哪个\n某某公司\t一三八\n某某公司\t一三九\n")
    assert (told["forecast"], told["samples"]) == (None, [])
    address = f"imports/{told['id']}"
    assert program.post(f"{address}/run", None, 409)["code"] == "import_not_as_it_stands"
    named = {"columns": ["holder", "number"]}
    for wrong in (["holder", "holder"], ["holder", "colour"], ["number", None, "holder"], ["ignored"]):
        assert program("PUT", f"{address}/columns", {"columns": wrong}, 422)["code"] == "wrong_columns"
    refused = program("PUT", f"{address}/columns", {"columns": ["holder"]}, 422)
    assert [(one["field"], one["code"]) for one in refused["errors"]] == [("columns", "no_number_column")]
    assert program("PUT", f"{address}/columns", named)["columns"] == ["holder", "number"]
    former = {"columns": ["words", "number"]}
    assert program("PUT", f"{address}/columns", former)["columns"] == ["note", "number"]
    program.post(f"{address}/run")
    assert program("PUT", f"{address}/columns", named, 409)["code"] == "import_not_as_it_stands"


def test_it_is_read_in_another_way_and_mended(program: Program, mobile: Carrier, unicom: Carrier) -> None:
    told = hand_in(program, "imports", 201, text="号码,运营商\n13800138001,老王通讯\n138,移动\n")
    address = f"imports/{told['id']}"
    assert (told["unknown_carriers"], told["forecast"]["wrong"]) == ([{"name": "老王通讯", "rows": 1}], 1)
    told = program("PUT", f"{address}/carriers", {"name": "老王通讯", "carrier": "china-unicom"})
    assert told["unknown_carriers"] == []
    assert program("PUT", f"{address}/carriers", {"name": "x", "carrier": "nobody"}, 404)["code"] == "not_found"
    fixes = [{"row": 3, "column": 0, "text": "13800138002"}]
    told = program("PUT", f"{address}/cells", {"fixes": fixes})
    assert told["forecast"] == COUNTS | {"new": 2}
    assert told["fixes"] == [{"row": 3, "column": 0, "text": "138****8002"}]
    assert program("PUT", f"{address}/cells", {"fixes": [{"row": 99, "column": 0, "text": "x"}]}, 409)["code"]
    told = program("PUT", f"{address}/reading", {"header_row": 0, "carrier": "china-mobile"})
    assert (told["header_row"], told["carrier"], told["fixes"]) == (0, "china-mobile", told["fixes"])
    assert program("PUT", f"{address}/reading", {"sheet": 7}, 409)["code"] == "no_such_sheet"


def test_what_is_no_table_is_not_kept(program: Program) -> None:
    assert hand_in(program, "imports", 422)["code"] == "no_table"
    assert hand_in(program, "imports", 400, text="号码\n1", colour="red")["code"] == "malformed"
    two = [file("a.csv", TABLE.encode()), file("b.csv", TABLE.encode())]
    assert hand_in(program, "imports", 400, file=two)["code"] == "malformed"
    empty = hand_in(program, "imports", 422, text="号码\n")
    assert [(one["field"], one["code"]) for one in empty["errors"]] == [("text", "table_empty")]
    assert hand_in(program, "imports", 422, file=file("x.xlsx", b"PK\0\0"))["errors"][0]["field"] == "file"
    assert not CardImport.objects.exists()
