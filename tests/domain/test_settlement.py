"""When a cancellation is settled."""

from typing import Any

import pytest

from cases.domain.settlement import CaseMoney, open_matters
from tests.moments import on

CONFIRMED = on("2026-10-12")


@pytest.mark.parametrize(
    ("facts", "matters"),
    [
        ({}, ["bill"]),
        ({"bill_checked": True}, []),
        ({"latest_bill": on("2026-11-01")}, []),
        ({"latest_bill": on("2026-10-01")}, ["bill"]),  # the month of the cancellation is not the last that is billed
        ({"bill_checked": True, "open_charges": [on("2026-10-13")]}, ["charge"]),
        ({"bill_checked": True, "open_charges": [on("2026-10-12"), on("2026-09-01")]}, []),  # before it went
        ({"bill_checked": True, "has_open_finding": True}, ["finding"]),
        ({"bill_checked": True, "has_open_refund": True}, ["refund"]),
        (
            {"open_charges": [on("2026-12-01")], "has_open_finding": True, "has_open_refund": True},
            ["charge", "finding", "refund", "bill"],
        ),
    ],
)
def test_what_is_open(facts: dict[str, Any], matters: list[str]) -> None:
    assert [str(matter) for matter in open_matters(CaseMoney(CONFIRMED, **facts))] == matters
