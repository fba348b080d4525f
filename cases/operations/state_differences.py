"""Where the stored state of a case is not what its record says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from cases.models import Case
from cases.operations.engine.case_rows import CaseRow
from cases.operations.engine.recorded_state import RECORDED_COLUMNS, ROW_IDENTITY
from cases.operations.engine.replay import ReplayedCase


@dataclass(frozen=True)
class StateDifference:
    """One column of one row: what is stored, and what was recorded.

    `row` is what the row is called in the record (the number of a round, the entry of a charge …), empty for the case
    and its card. `column` is empty where the row itself is missing or should not be there: then `stored` or `recorded`
    is None.
    """

    table: str
    row: str
    column: str
    stored: Any
    recorded: Any


def state_differences(
    case: Case, rows: Mapping[type[models.Model], Sequence[CaseRow]], replayed: ReplayedCase
) -> Iterator[StateDifference]:
    """Every difference between a stored case (with card, carrier and verification) with its rows by model, and its
    record."""
    work = replayed.work
    yield from _columns(case, work.case, "")
    verifications = [stored.verification.sequence if stored.verification else None for stored in (case, work.case)]
    yield from _value(case, "", "verification", *verifications)
    yield from _value(case, "", "carrier", case.carrier.slug, work.case.carrier.slug or case.carrier.slug)
    recorded_rows = {
        type_: getattr(work, name)
        for type_, name in zip(
            ROW_IDENTITY, ("rounds", "verifications", "escalations", "charges", "marks"), strict=True
        )
    }
    for model, identity in ROW_IDENTITY.items():
        yield from _rows(model, identity, rows.get(model, ()), recorded_rows[model])


def _rows(
    model: type[models.Model], identity: str, stored_rows: Sequence[Any], recorded_rows: Sequence[Any]
) -> Iterator[StateDifference]:
    stored = {getattr(row, identity): row for row in stored_rows}
    recorded = {getattr(row, identity): row for row in recorded_rows}
    for key in sorted(stored.keys() | recorded.keys()):
        if key not in stored or key not in recorded:
            yield StateDifference(model._meta.db_table, str(key), "", stored.get(key), recorded.get(key))
        else:
            yield from _columns(stored[key], recorded[key], str(key))
    if len(stored_rows) > len(stored):
        yield StateDifference(model._meta.db_table, "", "", len(stored_rows), len(stored))


def _columns(stored: models.Model, recorded: models.Model, key: str) -> Iterator[StateDifference]:
    for name in RECORDED_COLUMNS[type(stored)]:
        yield from _value(stored, key, name, getattr(stored, name), getattr(recorded, name))


def _value(row: models.Model, key: str, column: str, stored: object, recorded: object) -> Iterator[StateDifference]:
    if stored != recorded:
        yield StateDifference(row._meta.db_table, key, column, stored, recorded)
