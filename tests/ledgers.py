"""Made-up ledgers as offices keep them (tests/data/tables), written as files, each with the rows it must become."""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

FOLDER = Path(__file__).parent / "data" / "tables"


@dataclass(frozen=True)
class Ledger:
    """The name of a file, its bytes, and what of it `import_cards --dry-run --json` prints: `expected` are its rows
    without what is empty, with `told`, what their warnings and reasons must quote, instead of these."""

    name: str
    data: bytes
    expected: list[dict[str, Any]]
    sheet: str | None
    header_row: int


def load_ledger(name: str) -> Ledger:
    described = json.loads((FOLDER / f"{name}.json").read_text())
    data = described["text"].encode(described["encoding"]) if "text" in described else _workbook(described["sheets"])
    return Ledger(
        described["file"], data, described.get("expected", []), described.get("sheet"), described.get("header_row", 0)
    )


def ledger_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def _workbook(sheets: list[dict[str, Any]]) -> bytes:
    file = BytesIO()
    with Workbook(file, {"strings_to_formulas": False}) as book:
        for described in sheets:
            sheet = book.add_worksheet(described["name"])
            for first_row, first, last_row, last in described.get("merges", []):
                sheet.merge_range(first_row, first, last_row, last, "")
            for row, cells in enumerate(described["rows"]):
                for column, cell in enumerate(cells):
                    if cell != "":
                        sheet.write(row, column, cell)
    return file.getvalue()
