"""The one table of what each role may do."""

import pytest

from cases.domain.roles import Right, Role, has_right, roles_with


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("manager", {"read", "work", "export", "manage"}),
        ("agent", {"read", "work", "export"}),
        ("viewer", {"read"}),
        (None, set()),
    ],
)
def test_what_each_role_may_do(role: str | None, rights: set[str]) -> None:
    assert {str(right) for right in Right if has_right(role, right)} == rights


def test_who_has_a_right() -> None:
    assert roles_with(Right.MANAGE) == [Role.MANAGER]
    assert roles_with(Right.WORK) == [Role.MANAGER, Role.AGENT]


def test_a_role_that_does_not_exist_is_an_error_and_no_right() -> None:
    with pytest.raises(ValueError):
        has_right("boss", Right.READ)
