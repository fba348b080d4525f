"""A table of cards on its pages: dropped or pasted, every row looked at and mended, imported, and taken back."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook
from xlsxwriter import Workbook

from cases import queue, tasks
from cases.documents import imports
from cases.models import AuditEntry, Card, CardImport, Carrier, CarrierName, Case, Team
from cases.operations.card_import_forecast import rows_with
from tests.web.html_client import Page, Person

TABLE = "号码\t运营商\t机主\n13800138001\t移动\t=某某公司\nbad\t移动\t某某公司\n"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was put in the queue; a worker's part is done by `work`."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda *job: asked.append(job))
    return asked


def work(queued: list[tuple[Any, ...]]) -> None:
    """Do the newest job."""
    name, *arguments = queued[-1]
    getattr(tasks, name.rpartition(".")[2])(*arguments)


def pasted(me: Person, text: str = TABLE) -> Page:
    return me.follow(me.fill("/cards/import/", "/cards/import/", pasted=text))


def press(me: Person, page: Page, button: str, **typed: Any) -> Page:
    """Press a button of the form that has it, with what that form holds."""
    form = next(form for form in page.forms if form.action.endswith("/do/"))
    answer = me.post(form.action, press=button, **typed)
    return me.follow(answer) if answer.status == 302 else answer


def uploaded(me: Person, name: str, data: bytes) -> Page:
    return me.follow(me.post("/cards/import/", upload=SimpleUploadedFile(name, data)))


def workbook(**sheets: list[list[Any]]) -> bytes:
    file = BytesIO()
    with Workbook(file) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return file.getvalue()


def test_pasted_looked_through_and_brought_in(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = pasted(me)
    assert "1 card will be added or updated" in page.part("forecast")
    assert "All rows 3 New cards 1 Not imported 1 No card 1" in page.part("rows") or "2 All rows" in page.part("rows")
    assert "2 New 138 0013 8001 China Mobile =某某公司" in page.text
    assert "“bad”" in page.text
    assert (Card.objects.count(), queued) == (0, [])
    page = press(me, page, "run")
    row = CardImport.objects.get()
    assert queued == [("cases.tasks.import_cards", row.pk)]
    assert "Importing" in page.text
    work(queued)
    page = me.get(f"/cards/import/{row.pk}/")
    assert "100 %" in page.text
    assert "Row 3" in page.text
    assert Card.objects.get().holder == "=某某公司"
    entry = AuditEntry.objects.get(kind="imported")
    assert (entry.by, entry.about) == (me.user, "pasted rows, 3 rows")


def test_numbers_are_in_full_and_that_is_noted_once_a_day(me: Person, mobile: Carrier, team: Team) -> None:
    page = pasted(me)
    me.get(page.response.request["PATH_INFO"])  # type: ignore[attr-defined]
    entries = AuditEntry.objects.filter(kind="numbers_shown")
    assert [(entry.by, entry.team, entry.about) for entry in entries] == [
        (me.user, team, f"pasted rows · {CardImport.objects.get().pk}")
    ]


def test_pressed_twice_it_runs_once(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = pasted(me)
    press(me, page, "run")
    assert "This import cannot start yet. Check the column settings and preview again." in press(me, page, "run").text
    assert len(queued) == 1


def test_stopped_and_gone_on_with(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = press(me, pasted(me), "run")
    page = press(me, page, "stop")
    work(queued)
    assert Card.objects.count() == 0
    press(me, page, "run")
    work(queued)
    assert Card.objects.count() == 1


def test_every_row_is_there_by_pages_and_by_what_becomes_of_it(
    me: Person, team: Team, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    Card.objects.create(team=team, number="13800138000", carrier=mobile, holder="旧公司")
    rows = [f"1380013{8000 + index}\t移动\t新公司\t面议" for index in range(60)]
    page = pasted(me, "号码\t运营商\t机主\t月租\n" + "\n".join(rows) + "\n")
    assert "2 Updated 138 0013 8000 China Mobile 旧公司 → 新公司" in page.text
    assert "Page 1 of 2" in page.text
    address = f"/cards/import/{CardImport.objects.get().pk}/"
    assert "138 0013 8059" in me.get(address, page="2").text
    assert "138 0013 8059" in me.get(address, rows="200").text
    assert "138 0013 8059" in me.get(address, page="99999").text  # beyond the last page is the last page
    changed = me.get(address, show="changed")
    assert ("138 0013 8000" in changed.text, "138 0013 8001" in changed.text) == (True, False)
    warned = me.get(address, show="warned")
    assert "面议" in warned.text
    assert me.get(address, show="x", page="-1", rows="7").status == 200


def test_what_is_wrong_is_mended_where_it_stands(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = pasted(me, "号码\t运营商\t月租\n1380013800\t移动\t8\n13800138001\t移动\t面议\n13800138002\t移动\t5\n")
    mend = next(form for form in page.forms if "show" in form.every)
    assert 'name="cell_2_0"' in page.html
    assert 'name="cell_3_2"' in page.html
    assert 'value="面议"' in page.html
    fields = {"show": "", "page": "1", "rows": "50", "cell_2_0": "13800138000", "cell_3_2": "面议", "cell_x_1": "?"}
    page = me.follow(me.post(mend.action, press="fix", **fields))
    assert "1 cell changed." in page.text
    assert "2 New 138 0013 8000" in page.text
    assert CardImport.objects.get().fixes == {"2": {"0": "13800138000"}}
    press(me, page, "run")
    work(queued)
    assert sorted(Card.objects.values_list("number", flat=True)) == ["13800138000", "13800138001", "13800138002"]
    assert "面议" in Card.objects.get(number="13800138001").note


def test_a_cell_of_a_row_that_is_not_there_is_refused_with_a_sentence(me: Person, mobile: Carrier) -> None:
    page = pasted(me)
    page = press(me, page, "fix", cell_99_0="13800138000")
    assert "The sheet has no row 99." in page.text
    assert CardImport.objects.get().fixes == {}


def test_cells_of_a_long_table_are_counted_when_asked_for(
    me: Person, mobile: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "ROWS_COUNTED_AT_ONCE", 1)
    page = press(me, pasted(me), "fix", cell_3_0="13800138002")
    assert "The counts are from before your last changes." in page.text
    assert "3 New 138 0013 8002" in page.text
    assert rows_with(CardImport.objects.get(), "wrong") == [3]
    page = press(me, page, "count")
    assert "The counts are from before" not in page.text
    assert rows_with(CardImport.objects.get(), "new") == [2, 3]


def test_another_sheet_and_another_row_of_titles(me: Person, mobile: Carrier) -> None:
    data = workbook(
        在用=[["号码", "运营商"], ["13800138001", "移动"], ["13800138002", "移动"]],
        停用=[["号码", "运营商"], ["13900139001", "移动"]],
    )
    page = uploaded(me, "台账.xlsx", data)
    assert "138 0013 8001" in page.text
    assert "在用 · titles in row 1" in page.part("reading")
    assert "停用 (2 rows)" in page.part("reading")
    page = press(me, page, "columns", sheet="1", header_row="1")
    assert ("139 0013 9001" in page.text, "138 0013 8001" in page.text) == (True, False)
    page = press(me, page, "columns", sheet="1", header_row="0")
    assert "no titles" in page.part("reading")
    page = press(me, page, "columns", sheet="9", header_row="x")
    assert "Select a valid choice." in page.text
    assert "Enter a whole number." in page.text


def test_columns_are_set_by_hand_and_remembered(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    table = "号码\t谁\t卡槽\n13800138001\t张三\tA12\n"
    page = pasted(me, table)
    assert "Columns that Xiaoka does not know are kept as columns of your team: 谁, 卡槽." in page.text
    twice = press(me, page, "columns", sheet="0", header_row="1", column_0="number", column_1="user", column_2="user")
    assert "Another column is already set to this field." in twice.text
    columns = {"column_0": "number", "column_1": "user", "column_2": "ignored"}
    page = press(me, page, "columns", sheet="0", header_row="1", **columns)
    assert "left out: 卡槽" in page.part("reading")
    page = pasted(me, table.replace("张三", "李四"))
    assert "left out: 卡槽" in page.part("reading")
    press(me, page, "run")
    work(queued)
    card = Card.objects.get()
    assert (card.user, card.custom) == ("李四", {})


def test_without_a_column_of_numbers_one_is_chosen(me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]) -> None:
    page = pasted(me, "一列\t二列\n甲\t某某公司\n乙\t某某公司\n")
    assert "Choose the column that contains the numbers." in page.text
    assert "This import cannot start yet. Check the column settings and preview again." in press(me, page, "run").text
    page = press(me, page, "columns", sheet="0", header_row="1", column_0="number", column_1="holder")
    assert "There is nothing to import" in page.text
    assert "Not imported" in page.part("rows")


def test_a_carrier_that_is_not_known_is_named_once(
    me: Person, team: Team, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    table = "号码\t运营商\n13800138001\t老王通讯\n"
    page = pasted(me, table)
    assert "Name these carriers" in page.text
    assert "老王通讯 1 row" in page.part("carrier-names")
    assert "Choose the carrier." in press(me, page, "carrier", name="老王通讯").text
    page = press(me, page, "carrier", name="老王通讯", carrier="china-mobile")
    assert "Name these carriers" not in page.text
    assert CarrierName.objects.get().team == team
    assert "Name these carriers" not in pasted(me, table.replace("8001", "8002")).text


def test_all_rows_are_of_one_carrier(me: Person, unicom: Carrier) -> None:
    page = pasted(me, "号码\n13800138001\n")
    page = press(me, page, "columns", sheet="0", header_row="1", carrier="china-unicom", column_0="number")
    assert "all rows: China Unicom" in page.part("reading")
    assert "138 0013 8001 China Unicom" in page.text


def test_failed_rows_come_back_as_a_table_that_runs_nothing(
    me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    press(me, pasted(me, "号码,备注\n=1+1,坏\n13800138001,好\n"), "run")
    row = CardImport.objects.get()
    work(queued)
    answer = me.client.get(f"/cards/import/{row.pk}/failed.xlsx")
    rows = load_workbook(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
    assert rows[0] == ["号码", "备注", "Row", "Reason not imported"]
    assert [row[:3] for row in rows[1:]] == [["=1+1", "坏", 2.0]]


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


def test_the_template_is_known_by_all_its_columns_and_its_examples_are_not_taken(
    me: Person, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    answer = me.client.get("/cards/import/template.xlsx")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    page = uploaded(me, "模板.xlsx", data)
    assert "There is nothing to import" in page.part("forecast")
    assert page.text.count("An example row, not a card.") == 2
    fields = [field for _index, _title, field in CardImport.objects.get().forecast["columns"]]
    assert fields == [
        *("number", "carrier", "holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on"),
        *("contract_ends_on", "status", "submitted_at", "carrier_reference", "channel", "reason", "handler", "note"),
    ]


def test_taken_back_with_what_has_moved_on(
    me: Person, colleague: Person, mobile: Carrier, queued: list[tuple[Any, ...]]
) -> None:
    page = pasted(
        me,
        "号码\t运营商\t状态\t提交时间\n13800138001\t移动\t\t\n13800138002\t移动\t\t\n"
        "13800138003\t移动\t审核中\t2026-09-30 15:00\n",
    )
    press(me, page, "run")
    work(queued)
    made = CardImport.objects.get()
    assert "1 Under review" not in page.text
    Card.objects.filter(number="13800138002").update(holder="后来补的")
    address = f"/cards/import/{made.pk}/"
    assert f"{address}undo/" in me.get(address).hrefs
    assert f"{address}undo/" not in colleague.get(address).hrefs  # who neither imported it nor manages the team
    assert "This import cannot be taken back any more." in colleague.follow(colleague.get(f"{address}undo/")).text
    asked = me.get(f"{address}undo/")
    assert "Take back the import of pasted rows" in asked.text
    page = me.follow(me.post(f"{address}undo/"))
    assert "Taking back" in page.text
    work(queued)
    page = me.get(address)
    assert "All that this import did is undone, except the rows below." in page.text
    assert "Row 3 Left as it is: the card’s details were changed after the import." in page.text
    assert sorted(Card.objects.values_list("number", flat=True)) == ["13800138002", "13800138003"]
    assert Case.objects.get().logged_by_mistake
    assert "This import cannot be taken back any more." in me.follow(me.post(f"{address}undo/")).text


def test_the_number_of_queries_does_not_grow_with_the_rows(me: Person, mobile: Carrier, team: Team) -> None:
    def queries(count: int) -> int:
        rows = "".join(f"1380013{8000 + index}\t移动\t审核中\t2026-09-30\n" for index in range(count))
        pasted(me, "号码\t运营商\t状态\t提交时间\n" + rows)
        address = f"/cards/import/{CardImport.objects.latest('pk').pk}/"
        me.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert "138 0013 8000" in me.get(address).text
        return len(captured)

    assert queries(40) == queries(2)


def test_another_teams_table_is_not_there(outsider: Person, me: Person, mobile: Carrier) -> None:
    pasted(me)
    address = f"/cards/import/{CardImport.objects.get().pk}/"
    assert outsider.get(address).status == 404
    assert outsider.post(f"{address}do/", press="run").status == 404
    assert outsider.post(f"{address}undo/").status == 404
