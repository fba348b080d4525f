"""What the comparison of states looks at: every column of every table of a case, or it is declared why not."""

from cases.models import Case
from cases.operations.engine.recorded_state import RECORDED_COLUMNS
from tests.replay.states import OTHER_TABLES, OUTSIDE_THE_RECORD, TABLES, columns


def test_every_table_of_a_case_is_compared_or_declared() -> None:
    fields = Case._meta.get_fields(include_hidden=True)
    tables = {field.related_model.__name__ for field in fields if field.auto_created and field.is_relation}
    assert tables == {model.__name__ for model in TABLES} | set(OTHER_TABLES)


def test_what_is_declared_is_there() -> None:
    for model, reasons in OUTSIDE_THE_RECORD.items():
        assert set(reasons) <= {field.attname for field in model._meta.concrete_fields}
        assert all(reasons.values())


def test_the_product_compares_every_column_that_the_tests_compare() -> None:
    missing = {model.__name__: sorted(set(columns(model)) - set(RECORDED_COLUMNS[model])) for model in (Case, *TABLES)}
    assert {name: names for name, names in missing.items() if names} == {
        # By the entry that recorded it; a message that waits ends a snooze without an entry.
        "Case": ["snoozed_at", "snoozed_until", "verification_id"],
    }
