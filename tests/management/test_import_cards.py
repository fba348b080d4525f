"""`manage.py import_cards`: made-up ledgers as offices keep them, untouched, row by row; and an import taken back."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from cases.models import Card, CardImport, Carrier, Case, Team, User
from tests.ledgers import ledger_names, load_ledger
from tests.moments import NOW


@pytest.fixture(autouse=True)
def carriers(db: None) -> None:
    names = {"china-mobile": "中国移动", "china-unicom": "中国联通", "china-telecom": "中国电信"}
    for slug, name in names.items():
        Carrier.objects.get_or_create(slug=slug, defaults={"name": name, "name_en": slug, "hotline": "10000"})


@pytest.fixture
def by(manager: User) -> User:
    """Who imports, and reads English."""
    manager.language = "en"
    manager.save()
    return manager


def run(file: Path | None, team: Team, by: User, **options: Any) -> str:
    printed = StringIO()
    with time_machine.travel(NOW, tick=False):
        arguments = [str(file)] if file else []
        call_command("import_cards", *arguments, team=team.pk, by=by.email, stdout=printed, **options)
    return printed.getvalue()


def without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_empty(item) for name, item in value.items() if item not in (None, "", [], {})}
    return value


@pytest.mark.parametrize("name", ledger_names())
def test_an_untouched_ledger_row_by_row(name: str, team: Team, by: User, tmp_path: Path) -> None:
    ledger = load_ledger(name)
    file = tmp_path / ledger.name
    file.write_bytes(ledger.data)
    answer = json.loads(run(file, team, by, dry_run=True, json=True))
    assert (answer["sheet"], answer["header_row"]) == (ledger.sheet, ledger.header_row)
    assert len(answer["rows"]) == len(ledger.expected)
    for row, expected in zip(answer["rows"], ledger.expected, strict=True):
        words = " ".join([*row.pop("warnings"), row.pop("reason") or ""])
        assert [text for text in expected.get("told", ()) if text not in words] == []
        assert without_empty(row) == {key: value for key, value in expected.items() if key != "told"}
    assert not CardImport.objects.exists()
    assert not Card.objects.exists()


def test_another_sheet_is_named(team: Team, by: User, tmp_path: Path) -> None:
    ledger = load_ledger("two-rows-of-titles")
    file = tmp_path / ledger.name
    file.write_bytes(ledger.data)
    answer = json.loads(run(file, team, by, dry_run=True, json=True, sheet="已停用"))
    assert answer["other_sheets"] == [{"name": "Sheet1", "rows": 6}]
    assert [row["number"] for row in answer["rows"]] == ["13800138029"]
    with pytest.raises(CommandError, match="It has: Sheet1, 已停用"):
        run(file, team, by, dry_run=True, sheet="不在")
    with pytest.raises(CommandError, match="There are: "):
        run(file, team, by, dry_run=True, carrier="nobody")
    assert not CardImport.objects.exists()


def test_imported_and_taken_back(team: Team, by: User, tmp_path: Path) -> None:
    ledger = load_ledger("cancellation-progress")
    file = tmp_path / ledger.name
    file.write_bytes(ledger.data)
    printed = run(file, team, by)
    pk = CardImport.objects.get().pk
    assert printed.splitlines() == [
        "new cards: 6 · updated cards: 0 · cases logged: 5 · unchanged: 0 · not imported: 0 · no card: 0 · "
        "with warnings: 0",
        f"This import has the number {pk}. --undo takes it back.",
    ]
    assert sorted(Case.objects.values_list("card__number", "status")) == [
        ("13300133014", "submitted"),
        ("13300133015", "confirmed"),
        ("13800138011", "under_review"),
        ("13800138012", "returned"),
        ("18600012013", "submitted"),
    ]
    Card.objects.filter(number="13300133016").update(plan="另有套餐")
    printed = run(None, team, by, undo=pk)
    assert printed.splitlines() == [
        "Taken back: 5 rows.",
        "Row 7: Left as it is: the card’s details were changed after the import.",
    ]
    with pytest.raises(CommandError, match="cannot be taken back any more"):
        run(None, team, by, undo=pk)
    with pytest.raises(CommandError, match="This team has no import with the number 999"):
        run(None, team, by, undo=999)


def test_rows_that_are_not_taken_are_named_and_written_to_a_file(team: Team, by: User, tmp_path: Path) -> None:
    ledger = load_ledger("register-with-banner")
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger.data)
    told = run(file, team, by, dry_run=True)
    assert "Row 11: “138****8008”" in told
    printed = run(file, team, by)
    assert f"Rows not imported: {tmp_path / '台账-failed.xlsx'}" in printed
    assert (tmp_path / "台账-failed.xlsx").stat().st_size > 0
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nothing.xlsx", team, by)
    with pytest.raises(CommandError, match="Name the file"):
        run(None, team, by)
