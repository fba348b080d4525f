"""How a number was verified is a method, and what that showed a result: neither states the other."""

from collections.abc import Callable

import pytest
from django.utils import translation

from cases import operations as ops
from cases.models import User
from cases.wording.timeline import describe_entry
from tests.helpers import at
from tests.web.html_client import Person
from tests.web.scenarios import Make, path, to_verify


@pytest.mark.parametrize(
    ("language", "methods"),
    [
        ("en", ("Hotline enquiry", "Carrier account status", "Test call")),
        ("zh-hans", ("客服热线查询", "查看运营商账户状态", "拨打测试")),
    ],
)
def test_the_form_names_methods_and_no_result(
    sign_in: Callable[..., Person], manager: User, new_driver: Make, language: str, methods: tuple[str, str, str]
) -> None:
    page = sign_in(manager, language).get(path(to_verify(new_driver), "verify"))
    hotline, account, call = (page.text.index(method) for method in methods)
    assert hotline < account < call


@pytest.mark.parametrize(
    ("method", "english", "chinese"),
    [
        ("hotline", "Hotline enquiry", "客服热线查询"),
        ("account", "Carrier account status", "查看运营商账户状态"),
        ("call", "Test call", "拨打测试"),
    ],
)
def test_of_a_number_in_use_the_timeline_does_not_say_that_a_call_failed(
    sign_in: Callable[..., Person], manager: User, new_driver: Make, method: str, english: str, chinese: str
) -> None:
    driver = to_verify(new_driver)
    driver.do(ops.Verify(at("2026-10-15T11:00"), method, "alive"), "2026-10-15T11:00")
    for language, name in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert describe_entry(driver.last_entry).lines[0][1] == name
        assert f"<dd>{name}</dd>" in sign_in(manager, language).get(path(driver)).markup
