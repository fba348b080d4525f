"""How a table is read is set before its import, on its own table, and what cannot be is refused by name."""

from collections.abc import Callable
from io import BytesIO

import pytest
import xlsxwriter

from cases.models import Card, CardImport, Carrier, ImportMapping, Team, User
from cases.operations import card_import
from cases.operations.card_import import ImportNotNew, ImportOptions, NoSuchCell, NoSuchSheet
from tests.bystanders import Bystanders
from tests.operations.importing import NOW, finish, plans

ROWS = (["号码", "机主"], ["13900000001", "王小明"], ["13900000002", "李娜"])


def workbook(*sheets: tuple[str, tuple[list[str], ...]]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


@pytest.fixture
def two_sheets(bystanders: Bystanders, team: Team, manager: User, mobile: Carrier) -> CardImport:
    bystanders.may_change(ImportMapping, "used_at")
    made = card_import.upload(team, "两页.xlsx", workbook(("一", ROWS), ("二", ROWS[:2])), by=manager, now=NOW)
    card_import.dry_run(made, by=manager, now=NOW)
    return made


def stored(made: CardImport) -> CardImport:
    return CardImport.objects.get(pk=made.pk)


def test_another_sheet_is_taken_and_its_cells_are_its_own(two_sheets: CardImport, mobile: Carrier) -> None:
    assert (two_sheets.sheets, two_sheets.sheet, two_sheets.last_row) == ([["一", 3], ["二", 2]], 0, 3)
    assert two_sheets.titles == ["号码", "机主"]
    card_import.set_fix(two_sheets, 2, 1, "王大明")
    card_import.set_options(two_sheets, ImportOptions(0, carrier=mobile), now=NOW)
    assert (two_sheets.carrier, two_sheets.header_row) == (mobile, None)
    assert stored(two_sheets).fixes == {"2": {"1": "王大明"}}
    card_import.set_options(two_sheets, ImportOptions(1, header_row=1), now=NOW)
    row = stored(two_sheets)
    assert (row.sheet, row.last_row, row.header_row, row.carrier, row.fixes) == (1, 2, 1, None, {})
    assert row.forecast == {}
    for name in ("sheet", "last_row", "header_row", "columns", "carrier", "fixes", "forecast"):
        assert getattr(two_sheets, name) == getattr(row, name), name  # whoever asked has it as it is stored


@pytest.mark.parametrize("sheet", [-1, 2])
def test_a_sheet_that_is_not_there(two_sheets: CardImport, sheet: int) -> None:
    with pytest.raises(NoSuchSheet):
        card_import.set_options(two_sheets, ImportOptions(sheet), now=NOW)
    assert stored(two_sheets).sheet == 0


@pytest.mark.parametrize(("row", "column"), [(0, 0), (4, 0), (2, -1)])
def test_a_cell_that_is_not_there(two_sheets: CardImport, row: int, column: int) -> None:
    with pytest.raises(NoSuchCell) as refusal:
        card_import.set_fix(two_sheets, row, column, "x")
    assert refusal.value.params == {"row": row}
    assert stored(two_sheets).fixes == {}


@pytest.mark.parametrize(("row", "column"), [(1, 0), (3, 1)])
def test_the_first_and_the_last_cell_are_there(two_sheets: CardImport, row: int, column: int) -> None:
    card_import.set_fix(two_sheets, row, column, "x")
    assert stored(two_sheets).fixes == {str(row): {str(column): "x"}}
    assert stored(two_sheets).forecast == {}


def test_mended_cells_of_a_row_add_up_and_the_last_word_counts(two_sheets: CardImport, manager: User) -> None:
    for row, column, text in ((2, 0, "x"), (2, 1, "王大明"), (2, 0, "13900000009"), (3, 1, "李四")):
        card_import.set_fix(two_sheets, row, column, text)
    assert stored(two_sheets).fixes == {"2": {"0": "13900000009", "1": "王大明"}, "3": {"1": "李四"}}
    assert [plan.number for plan in plans(two_sheets, manager)] == ["13900000009", "13900000002"]


def test_once_it_runs_it_is_read_as_it_was(two_sheets: CardImport, manager: User, mobile: Carrier) -> None:
    card_import.set_options(two_sheets, ImportOptions(0, carrier=mobile), now=NOW)
    card_import.dry_run(two_sheets, by=manager, now=NOW)
    finish(two_sheets, manager)
    for change in (
        lambda: card_import.set_options(two_sheets, ImportOptions(1), now=NOW),
        lambda: card_import.set_fix(two_sheets, 2, 1, "x"),
    ):
        with pytest.raises(ImportNotNew):
            change()
    assert (stored(two_sheets).sheet, stored(two_sheets).fixes) == (0, {})


def test_nor_after_its_file_is_gone(two_sheets: CardImport) -> None:
    CardImport.objects.filter(pk=two_sheets.pk).update(encrypted=b"")
    with pytest.raises(ImportNotNew):
        card_import.set_fix(two_sheets, 2, 1, "x")
    assert card_import.open_table(stored(two_sheets), NOW) is None
    assert card_import.read_table(stored(two_sheets), NOW) is None
    assert list(card_import.plan_rows(stored(two_sheets), by=two_sheets.made_by, now=NOW)) == []


def test_columns_are_remembered_for_the_team_and_no_other(
    two_sheets: CardImport, bystanders: Bystanders, team: Team, manager: User
) -> None:
    card_import.set_options(two_sheets, ImportOptions(0, columns={0: "number", 1: ""}), now=NOW)
    again = card_import.upload(team, "又.xlsx", workbook(("一", ROWS)), by=manager, now=NOW)
    theirs = card_import.upload(bystanders.second_team, "又.xlsx", workbook(("一", ROWS)), by=bystanders.agent, now=NOW)
    other = card_import.upload(team, "他.xlsx", workbook(("一", (["号码", "使用人"], ROWS[1]))), by=manager, now=NOW)
    assert (again.columns, theirs.columns, other.columns) == ({"0": "number", "1": ""}, {}, {})
    mapping = ImportMapping.objects.get(team=team, used_at=NOW)
    assert (mapping.columns, mapping.used_at) == ({"0": "number", "1": ""}, NOW)
    card_import.set_options(again, ImportOptions(0), now=NOW)  # as remembered
    assert stored(again).columns == {"0": "number", "1": ""}


def test_a_running_import_that_was_cancelled_takes_no_more_rows(
    two_sheets: CardImport, manager: User, mobile: Carrier, bystanders: Bystanders
) -> None:
    card_import.set_options(two_sheets, ImportOptions(0, carrier=mobile), now=NOW)
    card_import.dry_run(two_sheets, by=manager, now=NOW)
    assert card_import.start(two_sheets, by=manager, now=NOW)

    def chunks() -> list[CardImport]:
        return list(card_import.run_chunks(two_sheets.pk, NOW))

    card_import.cancel(two_sheets)
    assert chunks() == []
    assert (stored(two_sheets).state, stored(two_sheets).cursor) == ("cancelled", 0)
    assert card_import.start(stored(two_sheets), by=manager, now=NOW)
    assert len(chunks()) == 1
    row = stored(two_sheets)
    assert (row.state, row.cursor, row.finished_at, row.counts["new"]) == ("done", 3, NOW, 2)


@pytest.mark.parametrize(
    ("length", "holder", "note"), [(80, "长" * 80, ""), (81, "", f"机主：{'长' * 81}")], ids=["fits", "does not"]
)
def test_what_is_longer_than_its_column_is_kept_whole_in_the_note(
    bring: Callable[..., CardImport], length: int, holder: str, note: str
) -> None:
    assert Card._meta.get_field("holder").max_length == 80
    bring(f"13900000001,中国移动,{'长' * length},,,,")
    card = Card.objects.get(number="13900000001")
    assert (card.holder, card.note) == (holder, note)
