"""How a number was verified is a method, and what that showed a result: neither states the other."""

from collections.abc import Callable

import pytest
from django.utils import translation

from cases import operations as ops
from cases.models import User
from cases.operations.receipts import ReceiptUpload, attach_receipts
from cases.wording.timeline import describe_entry
from tests.helpers import at
from tests.web.html_client import Person
from tests.web.scenarios import Make, path, to_verify, waiting


@pytest.mark.parametrize(
    ("language", "methods"),
    [
        ("en", ("Hotline enquiry", "Carrier account status", "Test call", "Number count (一证通查)")),
        ("zh-hans", ("客服热线查询", "查看运营商账户状态", "拨打测试", "一证通查（号码数量）")),
    ],
)
def test_the_form_names_methods_and_no_result(
    sign_in: Callable[..., Person], manager: User, new_driver: Make, language: str, methods: tuple[str, ...]
) -> None:
    page = sign_in(manager, language).get(path(to_verify(new_driver), "verify"))
    hotline, account, call, count = (page.text.index(method) for method in methods)
    assert hotline < account < call < count


@pytest.mark.parametrize(
    ("method", "english", "chinese"),
    [
        ("hotline", "Hotline enquiry", "客服热线查询"),
        ("account", "Carrier account status", "查看运营商账户状态"),
        ("call", "Test call", "拨打测试"),
        ("count", "Number count (一证通查)", "一证通查（号码数量）"),
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


def test_the_form_says_what_a_number_count_proves_and_keeps_what_does_not_fit(me: Person, new_driver: Make) -> None:
    driver = to_verify(new_driver)
    address = path(driver, "verify")
    page = me.get(address)
    assert "it shows that the count changed, never which number is gone" in page.text
    assert "not re-checked (confidence: medium)" in page.text
    values = {"method": "count", "finding": "cancelled", "confirm": "on", "count_before": "3", "count_after": "3"}
    page = me.fill(address, **values)
    assert "The count did not go down (3 before, 3 after)" in page.text
    assert page.html.count('value="3"') == 2
    assert me.fill(address, **values | {"count_after": "2"}).status == 302
    page = me.get(path(driver))
    assert "Numbers before" in page.text
    assert "<dd>3</dd>" in page.markup
    assert driver.status == "confirmed"


def test_what_to_ask_for_at_the_counter_and_what_of_it_is_there(me: Person, new_driver: Make) -> None:
    driver = to_verify(new_driver)
    names = ("Cancellation certificate (销户确认书)", "Settlement certificate (结清证明)", "Final bill (末期账单)")
    for page in (me.get(path(driver)), me.get(path(driver, "verify"))):
        assert "Ask for at the counter" in page.text
        assert all(name in page.text for name in names)
        assert "Do not accept “next month” by word" in page.text
    driver.do(ops.Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    for kind in ("closure", "settlement", "final_bill"):
        assert "Ask for at the counter" in me.get(path(driver)).text
        upload = ReceiptUpload(kind, ((f"{kind}.txt", kind.encode()),))
        attach_receipts(driver.fresh(), upload, by=None, now=at("2026-10-16T09:00"))
    assert "Ask for at the counter" not in me.get(path(driver)).text


def test_a_waiting_case_is_not_told_what_to_ask_for(me: Person, new_driver: Make) -> None:
    assert "Ask for at the counter" not in me.get(path(waiting(new_driver))).text
