"""What stands in a column, where its title does not say, and whether it is what its title says."""

import re
from collections.abc import Callable
from itertools import pairwise

from cases.formats.tables.carriers import usual_carrier
from cases.formats.tables.days import read_day
from cases.formats.tables.fees import read_fee
from cases.formats.tables.phone_numbers import read_numbers
from cases.formats.tables.status_words import CANCEL
from cases.formats.tables.statuses import read_status
from cases.formats.tables.title_names import DAY_FIELDS
from cases.formats.tables.titles import Field

_ICCID = re.compile(r"['\"=]*89860?[0-9a-f\s]{11,20}['\"]?|8\.98\d*e\+?1[89]", re.IGNORECASE)
_CANCELLATION = re.compile(CANCEL)
#: Letters of a cell that says where something stands, on average; longer ones are notes.
_SHORT = 10
_FEE_WITH_UNIT = re.compile("元|¥|￥|/月")
_ANSWERS = re.compile(r"是|否|有|无|已?实名|未实名|已认证|未认证|y(es)?|no?|√|×|true|false", re.IGNORECASE)


def _share(sample: list[str], fits: Callable[[str], object]) -> float:
    return sum(1 for cell in sample if fits(cell)) / len(sample) if sample else 0


def has_number(cell: str) -> bool:
    """Whether a cell holds a number that reads as a card's."""
    return sum(character.isdigit() for character in cell) >= 7 and bool(read_numbers(cell).numbers)


def holds_numbers(sample: list[str]) -> bool:
    """Whether enough of a column's cells are numbers of cards, and no ICCIDs or sentences that mention one."""
    return _share(sample, lambda cell: len(cell) <= 80 and has_number(cell)) >= 0.3


def is_iccid(cell: str) -> bool:
    """Whether a cell looks like an ICCID, rounded ones among them."""
    return bool(_ICCID.fullmatch(cell.strip()))


def field_by_contents(sample: list[str]) -> Field | None:
    """The field of a column without a title, where nearly all its cells are unmistakable."""
    tests: tuple[tuple[Field, Callable[[str], object]], ...] = (
        ("number", has_number),
        ("iccid", is_iccid),
        ("carrier", usual_carrier),
        ("monthly_fee", lambda cell: _FEE_WITH_UNIT.search(cell) and read_fee(cell)),
        ("status", lambda cell: read_status(cell)),
    )
    return next((field for field, fits in tests if _share(sample, fits) >= 0.7), None)


def is_column_of_carriers(sample: list[str]) -> bool:
    """Whether nearly every cell of a column whose title says nothing names a carrier."""
    return len(sample) > 1 and _share(sample, usual_carrier) >= 0.8


def tells_cancellations(sample: list[str]) -> bool:
    """Whether a column of short texts whose title says nothing tells of some rows that a cancellation is under way."""
    if not sample or sum(map(len, sample)) > _SHORT * len(sample):
        return False
    return any(len(cell) <= 2 * _SHORT and _CANCELLATION.search(cell) and read_status(cell) for cell in sample)


def fits_contents(field: Field, sample: list[str], *, is_vague: bool) -> Field | None:
    """The field that a column called so really is: itself, another one, or None for a column of the team's own.

    `is_vague`: its title may mean other things too.
    """
    if field == "number":
        return "iccid" if _share(sample, is_iccid) > 0.5 else "number"
    if field == "iccid":
        return "number" if holds_numbers(sample) else "iccid"
    if field == "carrier" and is_vague and _share(sample, usual_carrier) == 0:
        return None
    if field == "ignored":
        return "ignored" if _is_sequence(sample) else None
    if (
        field == "monthly_fee"
        and (is_vague or len(sample) > 2)
        and _share(sample, lambda cell: read_fee(cell.replace(",", "."))) == 0 == _share(sample, read_fee)
    ):
        return "plan" if _share(sample, lambda cell: re.search(r"\d", cell)) > 0.5 else field
    if field in DAY_FIELDS:  # a column that holds none is the team's own, whatever its title
        return field if len(sample) < 3 or _share(sample, read_day) > 0 else None
    if field in ("holder", "user") and _share(sample, _ANSWERS.fullmatch) > 0.5:
        return None
    return field


def _is_sequence(sample: list[str]) -> bool:
    """Whether a column counts its rows: small whole numbers, mostly one after the other."""
    numbers = [int(cell) for cell in sample if re.fullmatch(r"\d{1,6}", cell)]
    if len(numbers) * 10 < len(sample) * 8:
        return False
    rising = sum(1 for before, after in pairwise(numbers) if after == before + 1 or after == 1)
    return len(numbers) < 2 or rising * 10 >= (len(numbers) - 1) * 5
