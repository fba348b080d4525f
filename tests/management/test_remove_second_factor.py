"""The way back in for somebody who lost telephone and codes."""

import pytest
from allauth.mfa.utils import is_mfa_enabled
from django.core.management import CommandError, call_command

from cases.models import User
from tests.helpers import with_second_factor


def test_it_is_gone(manager: User, stranger: User, capsys: pytest.CaptureFixture[str]) -> None:
    with_second_factor(manager)
    with_second_factor(stranger)
    call_command("remove_second_factor", "LI.NA@example.com")
    assert (is_mfa_enabled(manager), is_mfa_enabled(stranger)) == (False, True)
    assert "li.na@example.com 只凭密码即可登录" in capsys.readouterr().out


def test_nobody_has_this_address(manager: User) -> None:
    with pytest.raises(CommandError, match="没有使用邮箱"):
        call_command("remove_second_factor", "x@example.com")
