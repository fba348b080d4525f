"""Each migration can be applied while the code before it still runs: nothing that old code writes is refused, nothing
that it reads is gone, and no large table is locked while an index is built (docs/operations.md, 'Upgrade')."""

import pytest
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from cases.migrations._quietly import AddIndexQuietly, RemoveIndexQuietly

#: The last that was made before there was this rule, when nothing had been released.
BEFORE = "0013_batches"

#: What changes no table, or makes one that no old code knows.
HARMLESS = (
    ops.AlterConstraint,
    ops.AlterModelManagers,
    ops.AlterModelOptions,
    ops.CreateModel,
    AddIndexQuietly,
    RemoveIndexQuietly,
)

#: Functions that old code does not notice: names of permissions are asked for by the admin alone, texts are only shown,
#: what was told, or when a snooze began, is written into tables and columns that are new, and an entry of the record
#: more, written under the lock of its case, is one that old code only shows.
HARMLESS_CODE = {
    "rename_permissions",
    "correct_carrier_facts",
    "correct_appeal_bodies",
    "write_down_what_was_told",
    "note_snoozes_and_usual_days",
    "record_states",
    "add_refund_terms",  # into a column that is new
    "note_first_due_days",  # the same
    "note_nothing_owed",  # the same
}


def objection(operation: Operation, state: ProjectState, new: set[str]) -> str | None:
    """Why old code would stumble over an operation; `state` is that before it, `new` the models made since."""
    model = str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()
    if isinstance(operation, HARMLESS) or model in new:
        return None
    if isinstance(operation, ops.SeparateDatabaseAndState) and not operation.database_operations:
        return None
    if isinstance(operation, ops.AlterModelTable) and operation.table == _table(state, model):
        return None
    if isinstance(operation, ops.RenameModel) and state.models["cases", operation.old_name_lower].options.get(
        "db_table"
    ):
        return None  # the table keeps its name, and its columns theirs
    if isinstance(operation, ops.RunPython) and operation.code.__name__ in HARMLESS_CODE:
        return None
    if isinstance(operation, ops.AddField):
        field = operation.field
        if field.null or field.many_to_many or field.has_db_default():
            return None
        return "old code inserts rows without this column: give it null=True or a db_default (a default is no default)"
    if isinstance(operation, ops.RenameField) and state.models["cases", model].fields[operation.old_name].db_column:
        return None  # the column keeps its name
    if isinstance(operation, ops.AlterField):
        return _altered(operation.name, state.models["cases", model].fields[operation.name], operation.field)
    if isinstance(operation, ops.AddIndex):
        return "it holds up all writers of the table while it is built: use AddIndexQuietly, in a migration of its own"
    return "old code may read what goes, or write what is refused now"


def _table(state: ProjectState, model: str) -> str:
    return str(state.models["cases", model].options.get("db_table") or f"cases_{model}")


def _column_type(field: models.Field) -> str | None:  # type: ignore[type-arg]
    """A key has the type of what it points to, which a state of models alone does not resolve."""
    return str(field.deconstruct()[3]["to"]).lower() if field.is_relation else field.db_type(connection)


def _altered(name: str, old: models.Field, new: models.Field) -> str | None:  # type: ignore[type-arg]
    if old.null and not new.null:
        return "old code still writes NULL"
    if (new.db_column or name) != (old.db_column or name):
        return "the column gets another name"
    kinds = (_column_type(old), _column_type(new))
    longer = isinstance(old, models.CharField) and (new.max_length or 0) >= (old.max_length or 0)
    if kinds[0] != kinds[1] and not (longer and isinstance(new, models.CharField)):
        return f"the column changes from {kinds[0]} to {kinds[1]}"
    return None if old.unique == new.unique and old.db_index == new.db_index else "an index comes or goes with it"


def objections(migration: Migration, state: ProjectState) -> list[str]:
    new: set[str] = set()
    problems = []
    for operation in migration.operations:
        if isinstance(operation, ops.CreateModel):
            new.add(operation.name.lower())
        if why := objection(operation, state, new):
            problems.append(f"{migration.name}: {operation.describe()}: {why}")
        operation.state_forwards("cases", state)
    return problems


def test_no_migration_stops_the_code_that_runs_before_it() -> None:
    loader = MigrationLoader(None)
    names = sorted(name for app, name in loader.disk_migrations if app == "cases" and name > BEFORE)
    rows = [
        why
        for name in names
        for why in objections(loader.get_migration("cases", name), loader.project_state(("cases", name), at_end=False))
    ]
    assert rows == []


_ADDED = {"model_name": "case", "name": "note"}


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (ops.AddField(**_ADDED, field=models.CharField(max_length=9, default="")), "without this column"),
        (ops.AddField(**_ADDED, field=models.CharField(max_length=9, db_default="")), None),
        (ops.AddField(**_ADDED, field=models.DateField(null=True)), None),
        (ops.RemoveField("case", "reason"), "may read what goes"),
        (ops.RenameField("case", "reason", "cause"), "may read what goes"),
        (ops.DeleteModel("Letter"), "may read what goes"),
        (ops.RunSQL("SELECT 1"), "may read what goes"),
        (ops.AddConstraint("case", models.UniqueConstraint(fields=["batch"], name="x")), "refused now"),
        (ops.AddIndex("case", models.Index(fields=["reason"], name="x")), "holds up all writers"),
        (ops.AlterField("case", "promised_on", models.DateField(default=None)), "still writes NULL"),
        (ops.AlterField("case", "reason", models.CharField(max_length=12, choices=[("a", "b")])), None),
        (ops.AlterField("case", "reason", models.CharField(max_length=40)), None),
        (ops.AlterField("case", "reason", models.CharField(max_length=4)), "the column changes"),
        (ops.AlterField("case", "reason", models.CharField(max_length=12, unique=True)), "an index comes"),
        (ops.AlterField("case", "round", models.BigIntegerField()), "the column changes"),
        (ops.AlterField("case", "kept", models.BooleanField(default=False, db_column="kept")), None),
        (ops.AlterField("case", "kept", models.BooleanField(default=False, db_column="stays")), "another name"),
        (ops.AlterModelTable("letter", "cases_letter"), None),
        (ops.AlterModelTable("letter", "cases_paper"), "may read what goes"),
        (ops.RenameModel("Letter", "Paper"), "may read what goes"),
    ],
    ids=lambda value: value.describe() if isinstance(value, Operation) else "",
)
def test_what_is_refused(operation: Operation, why: str | None) -> None:
    state = MigrationLoader(None).project_state(("cases", BEFORE))
    reason = objection(operation, state, set())
    assert (reason is None) if why is None else (reason is not None and why in reason)


def test_a_field_may_be_renamed_once_its_column_is_named() -> None:
    state = MigrationLoader(None).project_state(("cases", BEFORE))
    ops.AlterField("case", "kept", models.BooleanField(default=False, db_column="kept")).state_forwards("cases", state)
    assert objection(ops.RenameField("case", "kept", "retain"), state, set()) is None
