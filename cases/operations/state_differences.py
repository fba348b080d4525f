"""Where the stored state of a case is not what its record says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from cases.models import Case, Verification
from cases.operations.engine.case_rows import CaseRow
from cases.operations.engine.recorded_state import RECORDED_COLUMNS, ROW_IDENTITY, SNOOZE_COLUMNS
from cases.operations.engine.replay import ReplayedCase


@dataclass(frozen=True)
class StateDifference:
    """One column of one row: what is stored, and what was recorded.

    `row` is what the row is called in the record (the number of a round, the entry of a charge …), empty for the case
    and its card. `column` is empty where the row itself is missing or should not be there: then `stored` or `recorded`
    is None, and the other the row.
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
    yield from _value(case, "", "verification", _verification(case, rows), _verification(work.case, {}))
    yield from _value(case, "", "carrier", case.carrier.slug, work.case.carrier.slug or case.carrier.slug)
    recorded_rows = {
        type_: getattr(work, name)
        for type_, name in zip(
            ROW_IDENTITY, ("rounds", "verifications", "escalations", "charges", "refunds", "marks"), strict=True
        )
    }
    for model, identity in ROW_IDENTITY.items():
        yield from _rows(model, identity, rows.get(model, ()), recorded_rows[model])


def card_differences(case: Case, replayed: ReplayedCase) -> Iterator[StateDifference]:
    """Where the card of a stored case is not the one that its record is about.

    Of an erased case the record has no number. The register may have another holder since the case was closed.
    """
    card, recorded_case = case.card, replayed.case
    if replayed.card.number:
        yield from _value(card, "", "team_id", card.team_id, recorded_case.team_id)
        yield from _value(card, "", "number", card.number, replayed.card.number)
        if recorded_case.is_open:
            yield from _value(card, "", "holder", card.holder, replayed.card.holder)


def snooze_differences(case: Case, replayed: ReplayedCase) -> Iterator[StateDifference]:
    """Where a snooze is not the one that was recorded; there may be none any more: an SMS ends it without an entry."""
    if (case.snoozed_at, case.snoozed_until) != (None, None):
        for name in SNOOZE_COLUMNS:
            yield from _value(case, "", name, getattr(case, name), getattr(replayed.case, name))


def _verification(case: Case, rows: Mapping[type[models.Model], Sequence[Any]]) -> int | str | None:
    """The entry that recorded the check by which a case is confirmed; of a row that is not the case's own its key."""
    if case.verification_id is None:
        return case.verification.sequence if case.verification else None  # in memory only
    own_rows = rows.get(Verification, ())
    return next((row.sequence for row in own_rows if row.pk == case.verification_id), f"#{case.verification_id}")


def _rows(
    model: type[models.Model], identity: str, stored_rows: Sequence[Any], recorded_rows: Sequence[Any]
) -> Iterator[StateDifference]:
    table = model._meta.db_table
    recorded = {getattr(row, identity): row for row in recorded_rows}
    stored_keys = set()
    for row in sorted(stored_rows, key=lambda row: getattr(row, identity)):
        key = getattr(row, identity)
        if key not in recorded or key in stored_keys:
            yield StateDifference(table, str(key), "", row, None)
        else:
            yield from _columns(row, recorded[key], str(key))
        stored_keys.add(key)
    for key, row in recorded.items():
        if key not in stored_keys:
            yield StateDifference(table, str(key), "", None, row)


def _columns(stored: models.Model, recorded: models.Model, key: str) -> Iterator[StateDifference]:
    for name in RECORDED_COLUMNS[type(stored)]:
        yield from _value(stored, key, name, getattr(stored, name), getattr(recorded, name))


def _value(row: models.Model, key: str, column: str, stored: object, recorded: object) -> Iterator[StateDifference]:
    if stored != recorded:
        yield StateDifference(row._meta.db_table, key, column, stored, recorded)
