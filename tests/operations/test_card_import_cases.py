"""Which request that a row names becomes a case, by what the card has already and by when it can have been."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from cases.formats.tables.readings import ReadCase
from cases.models import Case
from cases.operations.card_import_cases import decide_case
from tests.helpers import at, on

NOW = at("2026-10-16T10:00")
DAY = at("2026-09-30T18:00")


def stored(status: str, **facts: Any) -> Case:
    return Case(reference=f"XK-{status}", status=status, **facts)


CONFIRMED = stored("confirmed", confirmed_at=at("2026-07-02T15:00"), submitted_at=at("2026-06-25T10:00"))
WITHDRAWN = stored("withdrawn", submitted_at=at("2026-06-25T10:00"))
OPEN = stored("submitted", submitted_at=at("2026-09-30T15:00"))


@pytest.mark.parametrize(
    ("read", "cases", "opens", "names"),
    [
        (ReadCase("submitted", DAY), [], True, None),
        (ReadCase("draft"), [], True, None),
        # An open case is the row's own, or stays as it is.
        (ReadCase("submitted", DAY, is_day_only=True), [OPEN], False, None),
        (ReadCase("submitted", DAY), [OPEN], False, "XK-submitted"),
        (ReadCase("submitted", at("2026-09-30T15:00")), [OPEN], False, None),
        (ReadCase("submitted"), [OPEN], False, None),
        (ReadCase("returned"), [OPEN], False, "XK-submitted"),
        (ReadCase("confirmed", closed_on=on("2026-10-01")), [CONFIRMED, OPEN], False, "XK-submitted"),
        # A row that describes a closed case opens none.
        (ReadCase("confirmed", closed_on=on("2026-07-02")), [CONFIRMED], False, None),
        (ReadCase("confirmed"), [CONFIRMED], False, None),
        (ReadCase("submitted", at("2026-06-25T10:00")), [WITHDRAWN], False, None),
        # Confirmed on another day: nobody knows whether it is that case.
        (ReadCase("confirmed", closed_on=on("2026-08-02")), [CONFIRMED], False, "XK-confirmed"),
        (ReadCase("confirmed", closed_on=on("2026-08-02")), [WITHDRAWN], True, None),
        (ReadCase("confirmed"), [WITHDRAWN], False, "XK-withdrawn"),
        # A later request for the same card, where the row says when.
        (ReadCase("submitted", DAY), [CONFIRMED], True, None),
        (ReadCase("submitted", DAY), [WITHDRAWN], True, None),
        (ReadCase("submitted"), [CONFIRMED], False, "XK-confirmed"),
        (ReadCase("submitted", closed_on=on("2026-08-02")), [WITHDRAWN], False, "XK-withdrawn"),
        (ReadCase("draft"), [CONFIRMED, WITHDRAWN], False, "XK-withdrawn"),
    ],
)
def test_which_request_becomes_a_case(read: ReadCase, cases: list[Case], opens: bool, names: str | None) -> None:
    decision = decide_case(read, cases, NOW)
    assert (decision.opens_case, decision.case) == (opens, read)
    assert [message.params for message in decision.warnings] == ([{"reference": names}] if names else [])


@pytest.mark.parametrize(
    ("submitted_at", "is_day_only", "taken", "named"),
    [
        (NOW, False, NOW, []),
        (at("2026-10-16T10:02"), False, NOW, []),  # a clock ahead of ours
        (at("2026-10-16T10:03"), False, None, ["2026-10-16"]),
        (at("2026-10-16T18:00"), True, NOW, []),  # today, of which the table names no time
        (at("2026-10-17T18:00"), True, None, ["2026-10-17"]),
        (at("2003-12-31T18:00"), True, None, ["2003-12-31"]),
        (at("2004-01-01T00:00"), True, at("2004-01-01T00:00"), []),
    ],
)
def test_when_a_request_can_have_been_made(
    submitted_at: datetime, is_day_only: bool, taken: datetime | None, named: list[str]
) -> None:
    decision = decide_case(ReadCase("submitted", submitted_at, is_day_only), [], NOW)
    assert decision.case == ReadCase("submitted", taken, is_day_only)
    assert [message.params["day"] for message in decision.warnings] == named


@pytest.mark.parametrize(
    ("day", "is_taken"),
    [("2026-10-16", True), ("2026-10-17", False), ("2004-01-01", True), ("2003-12-31", False)],
)
@pytest.mark.parametrize("field", ["closed_on", "returned_on"])
def test_on_which_day_something_can_have_happened(field: str, day: str, is_taken: bool) -> None:
    read = replace(ReadCase("returned"), **{field: date.fromisoformat(day)})
    decision = decide_case(read, [], NOW)
    assert getattr(decision.case, field) == (date.fromisoformat(day) if is_taken else None)
    assert [message.params["day"] for message in decision.warnings] == ([] if is_taken else [day])


def test_how_a_table_names_where_a_case_stands() -> None:
    """A case that the carrier calls done is that row's, whatever its status is."""
    done = stored("under_review", reported_done_at=NOW)
    names = ("draft", "submitted", "under_review", "returned", "reported_done")
    for case, name in [(stored(name), name) for name in names[:4]] + [(done, "reported_done")]:
        same = [read for read in names if not decide_case(ReadCase(read), [case], NOW).warnings]  # type: ignore[arg-type]
        assert same == [name]
