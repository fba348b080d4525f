"""Whatever workbook somebody drops: the answer is a page, never an error, and no cell of a card is lost in silence."""

import html
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from cases.models import CardImport, Carrier, User
from cases.operations import card_import
from cases.operations.card_import_plan import TAKEN, RowPlan
from cases.web.import_cells import columns_of
from tests.moments import NOW
from tests.web.html_client import Person

pytestmark = pytest.mark.drill
#: The day from which a spreadsheet counts its days.
EPOCH = date(1899, 12, 30)
#: Texts as they come, with what spreadsheets and programs take for something else.
WORDS = st.text("甲乙丙丁abcXYZ·-/()（） \n=+@'", min_size=1, max_size=12)
CELLS = st.one_of(
    st.just(""),
    WORDS,
    st.integers(-10, 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2050, 1, 1)).map(str),
    st.sampled_from(
        ["13800138000", "138 0013 8001", "+86-13800138002", "138****8003", "移动", "联通(深圳)", "免费", "合计"]
    ),
    st.sampled_from(
        ["号码", "手机号", "运营商", "使用人", "备注", "月租(元)", "状态", "已注销", "审核中", "#N/A", "8986"]
    ),
)
SHEETS = st.lists(st.lists(st.lists(CELLS, max_size=6), max_size=8), min_size=1, max_size=3)
TITLES = ["手机号", "运营商", "使用人", "月租", "开卡日期", "状态", "备注", "卡槽", "卡槽", ""]
#: Rows of cards: a number, and anything beside it.
ROWS = st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=5)


def workbook(sheets: list[list[list[Any]]], merges: list[tuple[int, int, int, int]] = []) -> bytes:  # noqa: B006
    file = BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for merge in merges:
                sheet.merge_range(*merge, "")
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell)
    return file.getvalue()


def upload(me: Person, data: bytes) -> CardImport | None:
    """Drop it, and look at what comes; None where it is refused with a sentence."""
    page = me.post("/cards/import/", upload=SimpleUploadedFile("任意.xlsx", data))
    if page.status == 200:
        assert re.search(r'class="invalid-feedback"', page.html)
        return None
    assert page.status == 302
    preview = me.follow(page)
    assert preview.status == 200
    for show in ("new", "wrong", "warned", "skipped"):
        assert me.get(page.location, show=show, rows="200").status == 200
    return CardImport.objects.latest("pk")


@pytest.fixture
def reader(me: Person, mobile: Carrier, unicom: Carrier) -> Person:
    return me


EXAMPLES = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@EXAMPLES
@given(sheets=SHEETS, merge=st.sampled_from([[], [(0, 0, 0, 3)], [(1, 1, 3, 1)]]))
def test_any_workbook_is_a_page_or_a_sentence(
    reader: Person, sheets: list[list[list[Any]]], merge: list[tuple[int, int, int, int]]
) -> None:
    made = upload(reader, workbook(sheets, merge))
    if made:
        assert reader.post(f"/cards/import/{made.pk}/do/", press="run").status == 302


@EXAMPLES
@given(rows=ROWS)
@example(rows=[["", "", "", 32874, "", "", "", "", ""]])
def test_no_cell_of_a_row_is_lost_in_silence(reader: Person, manager: User, rows: list[list[Any]]) -> None:
    numbered = [[f"1380013{8000 + index}", *cells] for index, cells in enumerate(rows)]
    made = upload(reader, workbook([[TITLES, *numbered]]))
    assert made is not None
    plans = list(card_import.plan_rows(made, by=manager, now=NOW))
    by_row: dict[int, list[RowPlan]] = {}
    for plan in plans:
        by_row.setdefault(plan.row, []).append(plan)
    for row, cells in enumerate(numbered, 2):
        told = squeezed(" ".join(said(plan) for plan in by_row.get(row, [])))
        of_row = by_row.get(row, [])
        assert of_row, f"row {row} is not there"
        if any(plan.outcome in TAKEN for plan in of_row):
            lost = [cell for cell in of_row[0].cells if squeezed(cell) and not is_in(cell, told)]
            assert lost == [], (cells, told)


def said(plan: RowPlan) -> str:
    """All that the preview shows of a row."""
    shown = [read(plan, title).text for title, read in columns_of([plan])]
    messages = [str(message) for message in (*plan.warnings, *([plan.reason] if plan.reason else []))]
    case = [repr(plan.case)] if plan.case else []
    return " ".join([plan.number, str(plan.carrier), plan.carrier_name, *shown, *messages, *case])


def squeezed(text: str) -> str:
    return re.sub(r"[\s'’‘]", "", html.unescape(text)).lower()


def is_in(cell: str, told: str) -> bool:
    """Whether a cell is said, by itself or by what it means: an amount, a day or its serial, a carrier, no fee."""
    text = squeezed(cell)
    digits = re.sub(r"\D", "", text)
    if text in told or any(part in told for part in (digits, re.sub(r"^(00)?86(?=1)", "", digits)) if len(part) >= 4):
        return True
    try:
        amount = float(text)
        return f"{amount:.2f}" in told or (0 < amount < 100_000 and str(EPOCH + timedelta(days=int(amount))) in told)
    except ValueError:
        meanings = {
            "移动": "中国移动",
            "联通(深圳)": "中国联通",
            "免费": "0.00",
            "已注销": "confirmed",
            "审核中": "under_review",
        }
        return meanings.get(text, "\0") in told
