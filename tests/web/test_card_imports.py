"""A table of cards on its pages: handed in or pasted, looked through, brought in by the worker, failed rows back."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import load_workbook

from cases import queue, tasks
from cases.models import AuditEntry, Card, CardImport, Carrier, Case
from tests.web.html_client import Page, Person

TABLE = "号码\t运营商\t机主\n13800138001\t移动\t=某某公司\nbad\t移动\t某某公司\n"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was put in the queue; a worker's part is done by `work`."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda *job: asked.append(job))
    return asked


def pasted(me: Person, text: str = TABLE) -> Page:
    return me.follow(me.fill("/cards/import/", pasted=text))


def press(me: Person, page: Page, button: str, **typed: Any) -> Page:
    address = next(form.action for form in page.forms if form.action.endswith("/do/"))
    return me.follow(me.post(address, press=button, **typed))


def test_pasted_looked_through_and_brought_in(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = pasted(me)
    assert "New cards 1" in page.part("forecast")
    assert "Not imported 1" in page.part("forecast")
    assert "“bad” is not a mobile number." in page.text
    assert "138****8001" in page.text
    assert "13800138001" not in page.html
    assert (Card.objects.count(), queued) == (0, [])
    page = press(me, page, "run")
    row = CardImport.objects.get()
    assert queued == [("cases.tasks.import_cards", row.pk)]
    assert "Importing" in page.text
    tasks.import_cards(row.pk)
    page = me.get(f"/cards/import/{row.pk}/")
    assert "100 %" in page.text
    assert "Row 3 “bad” is not a mobile number." in page.text
    assert Card.objects.get().holder == "=某某公司"
    entry = AuditEntry.objects.get(kind="imported")
    assert (entry.by, entry.about) == (me.user, "pasted rows, 2 rows")


def test_pressed_twice_it_runs_once(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = pasted(me)
    press(me, page, "run")
    assert "This import cannot start yet. Check the column settings and preview again." in press(me, page, "run").text
    assert len(queued) == 1


def test_stopped_and_gone_on_with(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = press(me, pasted(me), "run")
    page = press(me, page, "stop")
    tasks.import_cards(CardImport.objects.get().pk)
    assert Card.objects.count() == 0
    press(me, page, "run")
    tasks.import_cards(CardImport.objects.get().pk)
    assert Card.objects.count() == 1


def test_failed_rows_come_back_as_a_table_that_runs_nothing(
    me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    press(me, pasted(me, "号码,备注\n=1+1,坏\n"), "run")
    row = CardImport.objects.get()
    tasks.import_cards(row.pk)
    answer = me.client.get(f"/cards/import/{row.pk}/failed.xlsx")
    rows = load_workbook(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
    assert rows == [
        ["号码", "备注", "Row", "Reason not imported"],
        [
            "=1+1",
            "坏",
            2.0,
            "“=1+1” is not a mobile number. Enter the carrier. It cannot be worked out from the number.",
        ],
    ] or rows[1][:3] == ["=1+1", "坏", 2.0]


def test_a_column_that_is_not_known_is_named_by_hand(
    me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    page = pasted(me, "一列,二列\n13800138001,某某公司\n")
    assert "Choose the column that contains the numbers." in page.text
    assert "This import cannot start yet. Check the column settings and preview again." in press(me, page, "run").text
    to = next(form.action for form in page.forms if form.action.endswith("/do/"))
    twice = me.post(to, press="columns", column_0="number", column_1="number")
    assert "Another column is already set to this field." in twice.text
    none = me.post(to, press="columns", column_0="", column_1="holder")
    assert "Choose the column that contains the numbers." in none.text
    page = press(me, page, "columns", column_0="number", column_1="holder")
    assert "New cards 1" in page.part("forecast")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cards.xlsx", b"%PDF-1.4\n", "This file could not be read as a table."),
        ("cards.xlsx", b"PK\x03\x04....", "This file could not be read as a table."),
        ("cards.csv", "号码\n".encode(), "The table is empty or has only a header row"),
        ("cards.csv", b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    me: Person, mobile: Carrier, name: str, data: bytes, said: str
) -> None:
    page = me.post("/cards/import/", upload=SimpleUploadedFile(name, data))
    assert (page.status, said in page.text) == (200, True), page.text
    assert not CardImport.objects.exists()


def test_nothing_given_and_what_was_pasted_stays(me: Person, mobile: Carrier) -> None:
    assert "Choose a file or paste rows." in me.post("/cards/import/").text
    page = me.post("/cards/import/", pasted="只有一行")
    assert "The table is empty or has only a header row" in page.text
    assert "只有一行" in page.html


def test_the_template_is_known_by_all_its_columns(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    answer = me.client.get("/cards/import/template.xlsx")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    page = me.follow(me.post("/cards/import/", upload=SimpleUploadedFile("模板.xlsx", data)))
    assert "New cards 1" in page.part("forecast")
    assert "Cases to log 1" in page.part("forecast")
    assert len(CardImport.objects.get().columns) == 12
    press(me, page, "run")
    made = CardImport.objects.get()
    tasks.import_cards(made.pk)
    assert "Cases logged 1" in me.get(f"/cards/import/{made.pk}/").text
    case = Case.objects.get()
    assert (case.card.number, case.channel, case.carrier_reference) == ("13800000000", "branch", "SL-4711")
