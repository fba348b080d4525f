"""A stored case made to follow its record, after a correction of that record changed what follows from it."""

from typing import Any

from cases.models import User
from cases.operations.engine.case_rows import CaseRow
from cases.operations.engine.recorded_state import RECORDED_COLUMNS, ROW_IDENTITY, SNOOZE_COLUMNS
from cases.operations.engine.replay import ReplayedCase
from cases.operations.engine.verb import Work

#: What of a case stays as it is: whose it is, and when it was opened, no correction changes.
_KEPT = {"team_id", "created_at", "batch_id", "handler_id"}


def adopt(work: Work, replayed: ReplayedCase, *, before: ReplayedCase | None) -> None:
    """Set the columns of `work.case` and its rows to what `replayed` has; what differs is written with the work.

    Rows are matched by what they are called in the record. The moment up to which reminders are settled becomes that
    of the remaining steps. `before`: the case as its record had it until now, None where that could not be replayed.
    """
    source = replayed.case
    for name in RECORDED_COLUMNS[type(source)]:
        if name not in _KEPT:
            setattr(work.case, name, getattr(source, name))
    if work.case.handler_id != source.handler_id:
        work.case.handler = User.objects.get(pk=source.handler_id) if source.handler_id else None
    if work.case.batch_id != source.batch_id:
        work.case.batch_id = source.batch_id
    # A snooze that the record has and the case has not was ended by a message that waited, and stays ended.
    if before and all(getattr(work.case, name) == getattr(before.case, name) for name in SNOOZE_COLUMNS):
        for name in SNOOZE_COLUMNS:
            setattr(work.case, name, getattr(source, name))
    for name in ("rounds", "escalations", "charges", "refunds", "marks", "verifications"):
        _adopt_rows(work, getattr(work, name), getattr(replayed.work, name))
    key = source.verification.sequence if source.verification else None
    work.case.verification = next((row for row in work.verifications if row.sequence == key), None)


def _adopt_rows(work: Work, stored: list[Any], recorded: list[Any]) -> None:
    """A row that differs is replaced: of rows that the record has as they are stored, the keys stay."""
    if not stored and not recorded:
        return
    model = type((stored or recorded)[0])
    identity, columns = ROW_IDENTITY[model], RECORDED_COLUMNS[model]
    recorded_rows = {getattr(row, identity): row for row in recorded}
    same: set[Any] = set()
    for row in list(stored):
        key = getattr(row, identity)
        counterpart = recorded_rows.get(key)
        if counterpart and all(getattr(row, name) == getattr(counterpart, name) for name in columns):
            same.add(key)
        else:
            stored.remove(row)
            work.removed_rows.append(row)
    for key, row in recorded_rows.items():
        if key not in same:
            new_row: CaseRow = model(case=work.case, **{name: getattr(row, name) for name in columns})
            work.add(new_row)
    stored.sort(key=lambda row: getattr(row, identity))
