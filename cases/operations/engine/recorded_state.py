"""The state of a case as its record holds it: which columns, and how they are written as JSON and read back.

`RECORDED_COLUMNS` is the one list of what the record covers; integrity checks compare the same columns with the tables.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import models

from cases.domain.business_days import local_iso
from cases.domain.json_values import Json, JsonObject
from cases.models import Case, Charge, ChecklistMark, Escalation, Refund, Verification, WaitingRound
from cases.operations.engine.case_rows import CaseRow
from cases.operations.engine.verb import Work

#: By model, the columns (attnames) that follow from the entries alone. The card and the carrier of a case are in the
#: record by number and short name, its verification by the entry that recorded it.
RECORDED_COLUMNS: Mapping[type[models.Model], tuple[str, ...]] = {
    Case: (
        "team_id", "handler_id", "batch_id", "status", "reason", "channel", "carrier_reference", "created_at",
        "submission", "submitted_at", "acknowledge_hours", "review_days", "window_days", "reply_days",
        "acknowledge_by", "review_by", "window_opens", "first_reply_by", "acknowledged_at",
        "round", "basis", "reply_by", "promised_on", "takes_effect_on", "provisional",
        "last_reply_at", "last_follow_up_at", "reported_done_at", "returned_at", "return_reason",
        "confirmed_at", "closed_at", "bill_checked_at", "refund_due_on", "refund_no", "retain", "logged_by_mistake",
        "erased_at", "was_late",
    ),
    WaitingRound: ("number", "submission", "basis", "started_at", "reply_by", "named_day", "ended_at", "late"),
    Verification: ("sequence", "submission", "method", "finding", "happened_at", "recorded_at"),
    Escalation: (
        "sequence", "submission", "kind", "lodged_at", "answer_by", "reference", "decided_at", "answered_at",
        "satisfied",
    ),
    Charge: ("sequence", "kind", "amount", "day", "words", "refunded_on", "written_off_on", "recorded_at"),
    Refund: (
        "sequence", "amount", "way", "account_ending", "due_on", "put_off_from", "due_basis", "received", "received_on",
        "closed_on", "written_off", "words", "recorded_at",
    ),
    ChecklistMark: ("code", "state", "at"),
}  # fmt: skip
#: Of a case also in the record, and not compared like the others: an SMS ends a snooze without an entry.
SNOOZE_COLUMNS = ("snoozed_at", "snoozed_until")
#: The column by which a row of a case is called in its record.
ROW_IDENTITY: Mapping[type[CaseRow], str] = {
    WaitingRound: "number",
    Verification: "sequence",
    Escalation: "sequence",
    Charge: "sequence",
    Refund: "sequence",
    ChecklistMark: "code",
}
#: Columns that a state holds, and that are not compared: a message that waits ends a snooze without an entry.
SNOOZE_COLUMNS = ("snoozed_at", "snoozed_until")
#: Columns that quote or name somebody: an erased case has them no more.
_PERSONAL = {
    Case: {"carrier_reference"},
    Escalation: {"reference"},
    Charge: {"words"},
    Refund: {"words", "account_ending"},
}

_ROWS = {
    "rounds": WaitingRound,
    "verifications": Verification,
    "escalations": Escalation,
    "charges": Charge,
    "refunds": Refund,
    "marks": ChecklistMark,
}
#: Rows that a state of an earlier release does not have.
_SINCE_LATER = frozenset({"refunds"})


def state_of(work: Work) -> JsonObject:
    """The whole state of a case as the content of an entry, from which it can be replayed."""
    return _state(work, {})


def course_of(work: Work) -> JsonObject:
    """The state of a case without what names or quotes somebody: statuses, moments, deadlines, sums."""
    return _state(work, _PERSONAL)


def _state(work: Work, left_out: Mapping[Any, Iterable[str]]) -> JsonObject:
    verification = work.case.verification
    return {
        "case": {
            **_columns(work.case, left_out),
            **{name: _as_json(getattr(work.case, name)) for name in SNOOZE_COLUMNS},
        },
        "verification": verification.sequence if verification else None,
        **{name: [_columns(row, left_out) for row in getattr(work, name)] for name in _ROWS},
    }


def _columns(row: models.Model, left_out: Mapping[Any, Iterable[str]]) -> JsonObject:
    omitted = set(left_out.get(type(row), ()))
    names = RECORDED_COLUMNS[type(row)] + (SNOOZE_COLUMNS if isinstance(row, Case) else ())
    return {name: _as_json(getattr(row, name)) for name in names if name not in omitted}


def _as_json(value: object) -> Json:
    if isinstance(value, datetime):
        return local_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return cast(Json, str(value) if isinstance(value, str) else value)  # an enum's member is its value


def restore_state(work: Work, state: JsonObject) -> None:
    """Make a work that has nothing yet hold this state; KeyError, ValueError or TypeError when it is none."""
    _set_columns(work.case, cast(JsonObject, state["case"]))
    for name, model in _ROWS.items():
        rows = cast("list[JsonObject]", state.get(name, []) if name in _SINCE_LATER else state[name])
        getattr(work, name)[:] = [_set_columns(model(case=work.case), columns) for columns in rows]
    key = state["verification"]
    work.case.verification = next(row for row in work.verifications if row.sequence == key) if key is not None else None


def _set_columns(row: Any, columns: JsonObject) -> Any:
    for name, value in columns.items():
        field = row._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
        setattr(row, name, field.to_python(value) if value is not None else None)
    return row
