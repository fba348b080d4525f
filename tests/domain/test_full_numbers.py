"""Who sees numbers in full on lists: by role, the team's setting, and the switch of the session."""

import pytest

from cases.domain.full_numbers import NumberDisplay, number_display

MASKED, OFF, ON = NumberDisplay(), NumberDisplay(False, True), NumberDisplay(True, True)


@pytest.mark.parametrize(
    ("setting", "switched_on", "shown"),
    [
        ("switch", None, OFF),
        ("switch", False, OFF),
        ("switch", True, ON),
        ("default", None, ON),
        ("default", False, OFF),
        ("default", True, ON),
        ("forbidden", None, MASKED),
        ("forbidden", True, MASKED),
    ],
)
@pytest.mark.parametrize("role", ["agent", "manager"])
def test_those_who_work(role: str, setting: str, switched_on: bool | None, shown: NumberDisplay) -> None:
    assert number_display(role, setting, switched_on=switched_on) == shown


@pytest.mark.parametrize("setting", ["switch", "default", "forbidden"])
@pytest.mark.parametrize("switched_on", [None, False, True])
@pytest.mark.parametrize("role", ["viewer", None])
def test_viewers_and_those_of_no_role_see_them_masked(role: str | None, setting: str, switched_on: bool | None) -> None:
    assert number_display(role, setting, switched_on=switched_on) == MASKED
