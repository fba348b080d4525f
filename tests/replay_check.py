"""After each test with a database, every case that it left must be what its record says."""

from collections.abc import Iterator

import pytest
from django.db import connection

from cases.models import Case, TimelineEntry
from cases.operations.engine.case_rows import LoadedRows
from cases.operations.engine.recorded_state import ROW_IDENTITY
from cases.operations.engine.replay import RecordedEntry, is_beginning, recorded_calendars, replay
from cases.operations.state_differences import state_differences

#: More are left to the test itself.
_MAX_CASES = 60


def differences_of_all() -> list[str]:
    cases = list(Case.objects.select_related("card", "carrier", "verification").order_by("pk")[:_MAX_CASES])
    rows = LoadedRows([case.pk for case in cases])
    found = []
    for case in cases:
        entries = list(TimelineEntry.objects.filter(case=case).select_related("content").order_by("sequence"))
        if not any(is_beginning(RecordedEntry.of(entry)) for entry in entries):
            continue  # put there by the test, row by row
        replayed = replay(entries, recorded_calendars(entries))
        stored_rows = {model: [row for row in rows.of(model, case) if _is_recorded(row)] for model in ROW_IDENTITY}
        found += [f"{case.reference}: {difference}" for difference in state_differences(case, stored_rows, replayed)]
    return found


def _is_recorded(row: object) -> bool:
    """Not put there by the test itself."""
    return getattr(row, "sequence", None) != 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    result = yield
    has_database = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    # Playwright keeps a loop running in the thread of a browser test, in which Django asks no database.
    is_left_out = item.get_closest_marker("forged") or item.get_closest_marker("browser")
    if has_database and not is_left_out and not connection.needs_rollback:
        assert differences_of_all() == []
    return result
