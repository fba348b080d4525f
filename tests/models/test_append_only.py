"""Every door of the ORM that would change or remove a row of the record is shut."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from cases.models import Receipt, TimelineContent, TimelineEntry, User
from cases.models.append_only import AppendOnlyError
from cases.operations import ReceiptUpload, attach_receipts
from tests.helpers import CaseDriver, at

TABLES: list[type[models.Model]] = [TimelineEntry, TimelineContent, Receipt]
FIELD = {TimelineEntry: {"kind": "promised"}, TimelineContent: {"body": {}}, Receipt: {"name": "other.png"}}


@pytest.fixture
def record(submitted: CaseDriver, manager: User, receipts_folder: Any) -> CaseDriver:
    attach_receipts(
        submitted.case, ReceiptUpload("other", [("a.txt", b"hello")]), by=manager, now=at("2026-10-09T10:20")
    )
    return submitted


def changed(row: models.Model) -> models.Model:
    for name, value in FIELD[type(row)].items():
        setattr(row, name, value)
    return row


def as_new(row: models.Model) -> models.Model:
    """The same row, key and all, as code would build it afresh."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return changed(type(row)(**values))


def awaited(door: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    async def wait() -> Any:
        return await door(*args, **kwargs)

    return async_to_sync(wait)()


DOORS: dict[str, Callable[[Any, Any], Any]] = {
    "save": lambda table, row: changed(row).save(),
    "save some fields": lambda table, row: changed(row).save(update_fields=list(FIELD[table])),
    "save by force": lambda table, row: changed(row).save(force_update=True),
    "save_base": lambda table, row: changed(row).save_base(),
    "save_base raw": lambda table, row: changed(row).save_base(raw=True),
    "save of the base class": lambda table, row: models.Model.save_base(changed(row), raw=True),
    "delete": lambda table, row: row.delete(),
    "asave": lambda table, row: awaited(changed(row).asave),
    "adelete": lambda table, row: awaited(row.adelete),
    "update": lambda table, row: table.objects.filter(pk=row.pk).update(**FIELD[table]),
    "update of all": lambda table, row: table.objects.update(**FIELD[table]),
    "aupdate": lambda table, row: awaited(table.objects.filter(pk=row.pk).aupdate, **FIELD[table]),
    "queryset delete": lambda table, row: table.objects.filter(pk=row.pk).delete(),
    "queryset adelete": lambda table, row: awaited(table.objects.filter(pk=row.pk).adelete),
    "raw delete": lambda table, row: table.objects.filter(pk=row.pk)._raw_delete(using=None),
    "delete behind select_related": lambda table, row: table.objects.select_related().all().delete(),
    "bulk_update": lambda table, row: table.objects.bulk_update([changed(row)], list(FIELD[table])),
    "abulk_update": lambda table, row: awaited(table.objects.abulk_update, [changed(row)], list(FIELD[table])),
    "update_or_create": lambda table, row: table.objects.update_or_create(pk=row.pk, defaults=FIELD[table]),
    "aupdate_or_create": lambda table, row: awaited(table.objects.aupdate_or_create, pk=row.pk, defaults=FIELD[table]),
    "bulk_create over it": lambda table, row: table.objects.bulk_create(
        [as_new(row)], update_conflicts=True, unique_fields=["pk"], update_fields=list(FIELD[table])
    ),
    "bulk_create past it": lambda table, row: table.objects.bulk_create([as_new(row)], ignore_conflicts=True),
    "bulk_create by position": lambda table, row: table.objects.bulk_create([as_new(row)], None, True),
    "abulk_create": lambda table, row: awaited(table.objects.abulk_create, [as_new(row)], ignore_conflicts=True),
    "the base manager's update": lambda table, row: table._base_manager.filter(pk=row.pk).update(**FIELD[table]),
    "the base manager's delete": lambda table, row: table._base_manager.filter(pk=row.pk).delete(),
    "the default manager's delete": lambda table, row: table._default_manager.all().delete(),
    "deserialised": lambda table, row: [
        each.save() for each in serializers.deserialize("json", serializers.serialize("json", [changed(row)]))
    ],
}


def stored(table: Any) -> list[Any]:
    return list(table.objects.order_by("pk").values())


@pytest.mark.parametrize("door", DOORS)
def test_the_door_is_shut(record: CaseDriver, door: str) -> None:
    for table in TABLES:
        before, row = stored(table), table._default_manager.order_by("pk").last()
        with pytest.raises(AppendOnlyError), transaction.atomic():
            DOORS[door](table, row)
        assert stored(table) == before, table
    assert record.chain_flaw is None


@pytest.mark.parametrize("table", TABLES)
def test_a_row_built_afresh_cannot_take_the_place_of_another(record: CaseDriver, table: Any) -> None:
    before, row = stored(table), table.objects.order_by("pk").last()
    with pytest.raises(IntegrityError), transaction.atomic():
        as_new(row).save()
    assert stored(table) == before


@pytest.mark.parametrize(
    "door",
    [
        lambda case: case.entries.all().delete(),
        lambda case: case.entries.update(kind="promised"),
        lambda case: case.entries.filter(sequence=1).update(kind="promised"),
        lambda case: case.entries.add(case.entries.first()),
        lambda case: case.entries.update_or_create(sequence=1, defaults={"kind": "promised"}),
        lambda case: case.receipts.all().delete(),
        lambda case: case.receipts.update(name="x"),
        lambda case: case.receipts.first().delete(),
        lambda case: case.entries.last().content.delete(),
    ],
)
def test_doors_that_lead_over_the_case_are_shut(record: CaseDriver, door: Callable[[Any], Any]) -> None:
    with pytest.raises(AppendOnlyError):
        door(record.fresh())
    assert record.chain_flaw is None


def test_entries_cannot_be_taken_off_their_case(record: CaseDriver) -> None:
    manager = record.fresh().entries
    assert not hasattr(manager, "remove")
    assert not hasattr(manager, "clear")


@pytest.mark.parametrize("what", ["case", "team", "owner", "card"])
def test_nothing_that_the_record_stands_on_can_be_deleted(record: CaseDriver, what: str) -> None:
    case = record.fresh()
    row = {"case": case, "team": case.team, "owner": record.by, "card": case.card}[what]
    with pytest.raises(ProtectedError):
        row.delete()
    assert record.chain_flaw is None


@pytest.mark.forged
def test_adding_is_what_it_is_for(record: CaseDriver) -> None:
    entry = record.last_entry
    more = TimelineEntry.objects.create(
        case=record.case,
        sequence=99,
        kind="follow_up",
        status_to="submitted",
        recorded_at=entry.recorded_at,
        content_digest="d" * 64,
        entry_hash="e" * 64,
    )
    assert TimelineEntry.objects.get(pk=more.pk).sequence == 99
