"""The cases that were with a carrier at a moment: its own, and neither drafts nor what it gave back or closed."""

from collections.abc import Callable

import pytest

from cases import operations as ops
from cases.models import Carrier, Team
from cases.selectors import cases_of, waiting_for_carrier_at
from tests.helpers import CaseDriver, at

pytestmark = pytest.mark.django_db
MOMENT = at("2026-10-09T10:00")


def test_which_cases_a_carrier_had_at_a_moment(
    team: Team, new_driver: Callable[..., CaseDriver], unicom: Carrier
) -> None:
    for number, submitted in enumerate(("2026-09-30T15:00", "2026-10-09T10:00", "2026-10-09T10:01"), 1):
        new_driver(f"1380000000{number}", now=submitted, submitted=submitted)
    new_driver("13800000004")  # a draft
    new_driver("13800000005", submitted="2026-09-30T15:00", carrier=unicom)
    returned, closed = (new_driver(f"1380000000{number}", submitted="2026-09-30T15:00") for number in (6, 7))
    returned.do(ops.Returned(at("2026-10-08T10:00"), reason="arrears"), "2026-10-08T10:00")
    closed.do(ops.Verify(at("2026-10-08T10:00"), "hotline", "cancelled", confirm=True), "2026-10-08T10:00")
    found = waiting_for_carrier_at(cases_of(team), "china-mobile", MOMENT)
    assert sorted(case.card.number[-1] for case in found) == ["1", "2"]
