"""One value changed in any column of any table of a case, one row more or less: found, and named.

The schema is walked, so that a new column or table is covered, or declared with its reason.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from cases.models import (
    Batch,
    CalendarEdition,
    Card,
    Carrier,
    CarrierMessage,
    Case,
    Charge,
    ChecklistMark,
    Escalation,
    Letter,
    Receipt,
    Refund,
    Team,
    TimelineContent,
    TimelineEntry,
    User,
    Verification,
    WaitingRound,
)
from cases.operations.integrity import check_rows
from tests.helpers import CaseDriver
from tests.integrity.rich_case import make_other_case, make_rich_case, record_sms, without_checks

pytestmark = pytest.mark.forged

COVERED = (
    Case, WaitingRound, Verification, Escalation, Charge, Refund, ChecklistMark, Receipt, TimelineEntry,
    TimelineContent, Letter, Card, Batch, CalendarEdition, CarrierMessage,
)  # fmt: skip

#: A case without rows, to which those of others can be moved.
EMPTY = "XK-EMPTY"

#: Tables that have to do with a case and are not compared with its record.
DECLARED_TABLES = {
    "Team": "names are printed as they are today; which team a case belongs to is in its record",
    "User": "names are printed as they are today, beside the one in the entry; who recorded what is in the record",
    "Carrier": "names are printed as they are today; the terms of each submission are in the record",
    "AuditEntry": "a log of its own, written once: who looked, exported and changed settings",
    "BillFinding": "what a bill and the card do not agree on; what was done about it is an entry of its own",
    "ImportedCard": "what an import did to the register",
    "Reminder": "what was reminded of, for the sweep; no case depends on it",
    "ReminderDelivery": "as Reminder",
}
#: Columns that are not compared, each with the reason.
DECLARED_COLUMNS = {
    "Case.erase_on": "planned every night from the moment of closing and the team's choice",
    "Case.message_at": "since when an SMS waits: of the inbox",
    "Case.next_reminder_at": "a hint for the sweep, which computes it again",
    "Case.reminded_until": "up to where reminders were sent, of the reminders",
    "Case.version": "counts changes, so that two people at once are told apart",
    "Escalation.nothing_owed": "a hint as next_reminder_at: what bills say is no part of the record",
    "Card.carrier_id": "the register's; each case has its own, which is compared",
    "Card.purpose": "the register's as of today; what it says is not in the record of a case",
    "Card.plan": "as purpose",
    "Card.monthly_fee": "as purpose; statistics and letters that compute with it say so",
    "Card.contract_end": "as purpose",
    "Card.created_at": "as purpose",
    **{
        f"Card.{column}": "as purpose"
        for column in ("department", "user", "iccid", "opened_on", "note", "handler_name", "custom")
    },
    "Card.tail": "the database computes it from the number",
    "Letter.made_at": "of a draft, which is no part of the record",
    "Letter.changed_at": "as made_at",
    "Letter.made_by_id": "as made_at",
    "Letter.bundle_id": "of a letter about several cases: by which page it is found; each case's entry names the file",
    "Batch.click": "the token of the form, so that the same form sent twice is one batch",
    "CarrierMessage.forwarder_id": "of the inbox: by which phone an SMS came, before an entry recorded it",
    "CarrierMessage.source": "as forwarder",
    "CarrierMessage.stored_at": "as forwarder",
    "CarrierMessage.digest": "as forwarder: so that the same SMS twice is one",
    "CarrierMessage.late": "as forwarder",
    "CarrierMessage.meaning": "as forwarder: what was read in it; what counts is its entry",
    "CarrierMessage.reading": "as meaning",
    "CarrierMessage.receiver": "as forwarder",
    "CarrierMessage.part_of_id": "as forwarder: a part says nothing of its own, its text is within the whole one",
    "CarrierMessage.decision": "what a person made of the reading, for figures; what counts is the entry",
    "CarrierMessage.decided_meaning": "as decision",
    "CarrierMessage.model_requests": "how often a language model was asked, whose reading only suggests",
    "CarrierMessage.model_asked_at": "as model_requests",
    "CalendarEdition.recorded_at": "when the edition was first named; nothing is counted by it",
    **{
        f"{model.__name__}.id": "the key: rows are called by what they are in the record"
        for model in COVERED
        if model._meta.pk.name == "id"
    },
}
#: How a changed column is named, where that is not 'table row, column: …'.
NAMED_OTHERWISE = {
    "Case.reference": "entry 1 was altered",
    "Case.entry_count": "entries were recorded",
    "Case.entry_head": "the last entry is not the one that was recorded last",
    "Case.card_id": "cases_card, number: ",
    "Case.carrier_id": "cases_case, carrier: ",
    "Case.verification_id": "cases_case, verification: ",
    **{f"TimelineEntry.{column}": "was altered" for column in ("kind", "status_from", "status_to", "recorded_at")},
    "TimelineEntry.content_digest": "the content of entry",
    "TimelineEntry.entry_hash": "was altered",
    "TimelineEntry.sequence": "is missing",
    "TimelineEntry.case_id": "is missing|entries were recorded",
    "TimelineContent.entry_id": "is missing, and no later entry says that it was erased",
    "TimelineContent.salt": "the content of entry",
    "TimelineContent.body": "the content of entry",
    "CalendarEdition.digest": "(cases_calendaredition)",
    "CalendarEdition.body": "(cases_calendaredition)",
    "Receipt.sha256": "named in entry",
    "Receipt.case_id": "named in entry",
    "WaitingRound.number": "cases_waitinground",
    **{f"{name}.sequence": f"cases_{name.lower()}" for name in ("Verification", "Escalation", "Charge", "Refund")},
    "ChecklistMark.code": "cases_checklistmark",
    "CarrierMessage.case_id": "cases_message",
    **{
        f"{name}.case_id": f"cases_{name.lower()}"
        for name in ("WaitingRound", "Verification", "Escalation", "Charge", "Refund", "ChecklistMark", "Letter")
    },
}


@pytest.fixture
def rich(
    team: Team, manager: User, mobile: Carrier, other_team: Team, stranger: User, unicom: Carrier, receipts_folder: Any
) -> CaseDriver:
    case = make_other_case(other_team, unicom, stranger)
    Card.objects.create(team=other_team, number="13700137000", carrier=unicom)
    Case.objects.create(reference=EMPTY, team=other_team, card=case.card, carrier=unicom, status="withdrawn")
    driver = make_rich_case(team, mobile, manager)
    record_sms(driver)
    assert flaws_of(driver) == []
    return driver


def flaws_of(driver: CaseDriver) -> list[str]:
    return [str(flaw) for flaw in check_rows(driver.case).flaws]


def rows_of(driver: CaseDriver, model: type[models.Model]) -> list[Any]:
    case = driver.fresh()
    own = {
        Case: {"pk": case.pk},
        Card: {"pk": case.card_id},
        Batch: {"pk": case.batch_id},
        TimelineContent: {"entry__case": case},
        CalendarEdition: {},
    }
    rows = list(model._default_manager.filter(**own.get(model, {"case": case})).order_by("pk"))
    assert rows
    return rows


def test_the_tables_are_covered_or_declared() -> None:
    hanging: set[type[models.Model]] = {Case}
    while new := {
        model
        for model in apps.get_app_config("cases").get_models()
        if model not in hanging and any(field.related_model in hanging for field in _foreign_keys(model))
    }:
        hanging |= new
    hanging |= {field.related_model for field in _foreign_keys(Case)} | {CalendarEdition}
    assert {model.__name__ for model in hanging} == {model.__name__ for model in COVERED} | DECLARED_TABLES.keys()


def test_what_is_declared_exists() -> None:
    columns = {f"{model.__name__}.{field.attname}" for model in COVERED for field in model._meta.concrete_fields}
    assert DECLARED_COLUMNS.keys() | NAMED_OTHERWISE.keys() <= columns
    assert not DECLARED_COLUMNS.keys() & NAMED_OTHERWISE.keys()


@pytest.mark.parametrize("model", COVERED)
def test_each_column_of_each_row(rich: CaseDriver, model: type[models.Model]) -> None:
    columns = [field for field in model._meta.concrete_fields if _name(field) not in DECLARED_COLUMNS]
    changed, unnamed = set(), {}
    for row in rows_of(rich, model):
        for field in columns:
            for value in _other_values(field, row):
                with suppress(IntegrityError):  # what must be unique the database itself refuses
                    flaws = _flaws_with(rich, row, field, value)
                    changed.add(field)
                    if not _is_named(field, flaws):
                        unnamed[f"{_name(field)} of {row.pk}: {value!r}"] = flaws
    assert unnamed == {}
    assert changed == set(columns)


@pytest.mark.parametrize("model", [model for model in COVERED if model is not Case])
def test_each_row_that_is_missing(rich: CaseDriver, model: type[models.Model]) -> None:
    for row in rows_of(rich, model):
        with _rolled_back():
            without_checks(lambda cursor, row=row: _delete(cursor, row))
            flaws = flaws_of(rich)
            assert any(_names_table(model, flaw) for flaw in flaws), (row, flaws)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (WaitingRound, {"number": 9}),
        (Verification, {}),
        (Verification, {"sequence": 99}),
        (Escalation, {"answered_at": "2026-10-25 10:00:00+00:00"}),
        (Charge, {}),
        (Charge, {"sequence": 99, "amount": "1.00"}),
        (Refund, {"closed_on": "2026-10-20"}),
        (Refund, {"sequence": 99, "closed_on": "2026-10-20"}),
        (ChecklistMark, {"code": "sms"}),
        (Receipt, {"sha256": "a" * 64}),
        (Letter, {}),
        (CarrierMessage, {"digest": "f" * 64}),
        (TimelineEntry, {"sequence": 99, "click": None}),
    ],
)
def test_a_row_that_nobody_recorded(rich: CaseDriver, model: type[models.Model], changes: dict[str, Any]) -> None:
    row = rows_of(rich, model)[0]
    without_checks(lambda cursor: _copy(cursor, row, changes))
    flaws = flaws_of(rich)
    assert any(_names_table(model, flaw) for flaw in flaws), flaws


def _name(field: Any) -> str:
    return f"{field.model.__name__}.{field.attname}"


def _is_named(field: Any, flaws: list[str]) -> bool:
    if words := NAMED_OTHERWISE.get(_name(field)):
        return any(alternative in flaw for flaw in flaws for alternative in words.split("|"))
    return any(flaw.startswith(field.model._meta.db_table) and f", {field.attname}: " in flaw for flaw in flaws)


def _names_table(model: type[models.Model], flaw: str) -> bool:
    words = {
        TimelineEntry: ("entry", "entries"),
        TimelineContent: ("the content of entry",),
        Receipt: ("receipt",),
        CalendarEdition: ("(cases_calendaredition)",),
    }
    return any(word in flaw for word in words.get(model, (model._meta.db_table,)))


def _flaws_with(rich: CaseDriver, row: models.Model, field: Any, value: Any) -> list[str]:
    with _rolled_back():
        without_checks(lambda cursor: _update(cursor, row, field, value))
        return flaws_of(rich)


@contextmanager
def _rolled_back() -> Iterator[None]:
    """A savepoint that leaves nothing behind."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def _update(cursor: Any, row: models.Model, field: Any, value: Any) -> None:
    table, key = row._meta.db_table, row._meta.pk.column
    prepared = field.get_db_prep_save(value, connection)
    cursor.execute(f'UPDATE {table} SET "{field.column}" = %s WHERE "{key}" = %s', [prepared, row.pk])
    assert cursor.rowcount == 1


def _delete(cursor: Any, row: models.Model) -> None:
    cursor.execute(f'DELETE FROM {row._meta.db_table} WHERE "{row._meta.pk.column}" = %s', [row.pk])
    assert cursor.rowcount == 1


def _copy(cursor: Any, row: models.Model, changes: dict[str, Any]) -> None:
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [
        changes.get(field.attname, field.get_db_prep_save(getattr(row, field.attname), connection)) for field in fields
    ]
    places = ", ".join(["%s"] * len(fields))
    cursor.execute(f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({places})", values)


def _foreign_keys(model: type[models.Model]) -> Iterator[Any]:
    return (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))


def _other_values(field: Any, row: models.Model) -> Iterator[Any]:
    """Another value that the column's type allows, and none where there may be none."""
    value = getattr(row, field.attname)
    if field.null and value is not None:
        yield None
    if isinstance(field, models.OneToOneField):
        yield 10**6
    elif isinstance(field, models.ForeignKey):
        others = field.related_model._default_manager.exclude(pk=value).order_by("-pk").values_list("pk", flat=True)
        others = others.filter(reference=EMPTY) if field.related_model is Case else others
        yield next(iter(others), 10**6)
    else:
        yield _other_value(field, value)


def _other_value(field: Any, value: Any) -> Any:
    codes = [code for code, _ in field.flatchoices if code not in (value, "")]
    if codes:
        return codes[0]
    if isinstance(value, str) and value:
        return ("1" if value[0] != "1" else "2") + value[1:]
    of_types: dict[type, Any] = {
        bool: lambda: not value,
        int: lambda: value + 100,  # of numbers that are used once the next may be taken
        datetime: lambda: value + timedelta(microseconds=1),
        date: lambda: value + timedelta(days=1),
        Decimal: lambda: value + Decimal("0.01"),
        UUID: lambda: UUID(int=value.int ^ 1),
        bytes: lambda: bytes([value[0] ^ 1]) + value[1:],
        memoryview: lambda: bytes([value[0] ^ 1]) + bytes(value)[1:],
        dict: lambda: json.loads(json.dumps(value)) | {"words": "x"},
    }
    if type(value) in of_types:
        return of_types[type(value)]()
    empty: dict[str, Any] = {
        "CharField": "x",
        "TextField": "x",
        "DateTimeField": datetime.fromisoformat("2026-10-01T00:00:00+00:00"),
        "DateField": date(2026, 10, 1),
        "BooleanField": True,
        "UUIDField": UUID(int=1),
        "PositiveIntegerField": 1,
        "PositiveSmallIntegerField": 1,
    }
    return empty[field.get_internal_type()]
