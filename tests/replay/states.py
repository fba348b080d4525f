"""The state of a case as plain data: as it is stored, and as the replay of its record leaves it.

Both are read column by column from the models: a new column is compared, or declared here to be outside the record.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from cases.models import Case, Charge, ChecklistMark, Escalation, Refund, Verification, WaitingRound

Row = dict[str, Any]
State = dict[str, list[Row]]

#: The tables of a case that a replay gives anew, each with the column by which a row is known in the record.
TABLES: Mapping[type[models.Model], str] = {
    WaitingRound: "number",
    Verification: "sequence",
    Escalation: "sequence",
    Charge: "sequence",
    Refund: "sequence",
    ChecklistMark: "code",
}

#: Columns that no entry tells, each with its reason.
OUTSIDE_THE_RECORD: Mapping[type[models.Model], Mapping[str, str]] = {
    Case: {
        "id": "a key of this database",
        "reference": "in the hash of every entry",
        "team_id": "a key of this database: whose the record is, not what it says",
        "card_id": "a key of this database; what the record says of the card is compared by itself",
        "carrier_id": "a key of this database; what the record says of the carrier is compared by itself",
        "message_at": "a message that waits is not on the record yet",
        "next_reminder_at": "a hint, computed of the rest",
        "reminded_until": "what was told is the reminders', not the case's",
        "erase_on": "planned by the team's choice, each night again",
        "version": "counts what happened, corrections included",
        "entry_count": "the record's own length",
        "entry_head": "the record's own hash",
    },
    **{model: {"id": "a key of this database", "case_id": "the case itself"} for model in TABLES},
    Escalation: {
        "id": "a key of this database",
        "case_id": "the case itself",
        "nothing_owed": "a hint, computed of what is owed now; bills' findings are no entries",
    },
}

#: What hangs on a case otherwise, and why it is no part of the state that a replay gives.
OTHER_TABLES: Mapping[str, str] = {
    "TimelineEntry": "the record itself",
    "Receipt": "compared with the entry that names it, by the check of integrity",
    "Letter": "a draft is no part of the record; a final letter is a receipt",
    "CarrierMessage": "what was sent to us: compared with its entry, by the check of integrity",
    "Reminder": "what is to be told, computed of the state",
    "AuditEntry": "a record of its own",
    "BillFinding": "what a bill and the card do not agree on; what was done about it is an entry of its own",
    "ImportedCard": "what an imported row did to the card, needed to take the import back",
}


def columns(model: type[models.Model]) -> list[str]:
    """The attributes of the columns that the record covers."""
    return [field.attname for field in model._meta.concrete_fields if field.attname not in OUTSIDE_THE_RECORD[model]]


def plain(value: object) -> object:
    """A value by which stored and replayed ones can be compared and read: moments in UTC, sums with two places."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value) if isinstance(value, str) else value


def stored_state(case: Case, *, without: Collection[str] = ()) -> State:
    """All that the database has of a case, without these columns of the case."""
    (row,) = Case.objects.filter(pk=case.pk).values(*columns(Case))
    state = {"Case": [{name: plain(value) for name, value in row.items() if name not in without}]}
    for model, identity in TABLES.items():
        rows = model._default_manager.filter(case=case).order_by(identity).values(*columns(model))
        state[model.__name__] = [{name: plain(value) for name, value in row.items()} for row in rows]
    key = row.get("verification_id")
    if key is not None:
        state["Case"][0]["verification_id"] = Verification.objects.get(pk=key).sequence
    return state


def state_of_rows(
    case: Case, rows: Mapping[type[models.Model], Iterable[Any]], *, without: Collection[str] = ()
) -> State:
    """The same of objects in memory that have no keys; the case names its verification by the object."""
    values = {name: plain(getattr(case, name)) for name in columns(Case) if name not in without}
    values["verification_id"] = case.verification.sequence if case.verification else None
    state = {"Case": [values]}
    for model, identity in TABLES.items():
        plain_rows = [{name: plain(getattr(row, name)) for name in columns(model)} for row in rows[model]]
        state[model.__name__] = sorted(plain_rows, key=lambda row: row[identity])
    return state


def differences(stored: State, replayed: State) -> list[str]:
    """Where the two differ, a line each: table, row, column, what is stored and what was replayed."""
    lines = []
    for table in stored:
        if len(stored[table]) != len(replayed[table]):
            lines.append(f"{table}: {len(stored[table])} rows stored, {len(replayed[table])} replayed")
            continue
        for n, (row, other) in enumerate(zip(stored[table], replayed[table], strict=True)):
            lines += [
                f"{table} {n} {name}: stored {row.get(name)!r}, replayed {other.get(name)!r}"
                for name in {**row, **other}
                if row.get(name) != other.get(name)
            ]
    return lines


def without_numbers(state: State) -> State:
    """The state with its rows numbered anew: the same steps in a record with others between them."""
    numbers = {
        table: {row["sequence"]: n for n, row in enumerate(rows, start=1)}
        for table, rows in state.items()
        if table in ("Verification", "Escalation", "Charge", "Refund")
    }
    result = {
        table: [{**row, "sequence": numbers[table][row["sequence"]]} if table in numbers else dict(row) for row in rows]
        for table, rows in state.items()
    }
    case = result["Case"][0]
    if case.get("verification_id") is not None:
        case["verification_id"] = numbers["Verification"][case["verification_id"]]
    if "refund_no" in case:
        case["refund_no"] = case["refund_no"] > 0
    if "batch_id" in case:
        case["batch_id"] = case["batch_id"] is not None
    return result
