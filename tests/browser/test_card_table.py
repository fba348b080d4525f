"""The table of cards by keys: cells changed in place, what is refused stays typed, rows ticked with Shift."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from cases import operations as ops
from cases.models import AuditEntry, Card, Carrier, Team, User
from tests.browser import axe
from tests.browser.conftest import Window
from tests.moments import NOW


@pytest.fixture
def session(team: Team, mobile: Carrier, agent: User, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of somebody who works in a team with six cards; what they change is read while the browser runs."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    agent.language = "en"
    agent.save()
    for n in range(6):
        Card.objects.create(team=team, number=f"1380013000{n}", carrier=mobile, user=f"用户{n}", department="一部")
    client = Client()
    client.force_login(agent)
    return client.cookies["sessionid"].value


@pytest.fixture
def page(live_server: Any, session: str, open_window: Callable[..., Window]) -> Page:
    page = open_window(base_url=live_server.url).page
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto("/cards/?sort=number")
    return page


def cell(page: Page, row: int, column: str) -> Locator:
    return page.locator(f".card-table tbody tr:nth-child({row}) td[data-column={column}]")


def stored(page: Page, number: str) -> Card:
    """The card, once no cell waits for the server any more."""
    expect(page.locator(".is-saving")).to_have_count(0)
    return Card.objects.get(number=number)


@pytest.mark.django_db(transaction=True)
def test_cells_are_changed_by_keys_alone(page: Page) -> None:
    cell(page, 1, "user").click()
    page.keyboard.press("ArrowDown")
    expect(cell(page, 2, "user")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, 2, "department")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("二部")
    page.keyboard.press("Tab")  # saves, and goes on to the next cell
    expect(cell(page, 2, "plan").locator("input")).to_be_focused()
    page.keyboard.type("19元")
    page.keyboard.press("Enter")  # saves, and goes down
    expect(cell(page, 3, "plan")).to_be_focused()
    expect(cell(page, 2, "plan")).to_have_text("19元")
    page.keyboard.type("x")  # a letter begins; it is no shortcut of the page
    expect(cell(page, 3, "plan").locator("input")).to_have_value("x")
    page.keyboard.press("Escape")
    expect(cell(page, 3, "plan")).to_have_text("–")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(cell(page, 3, "carrier").locator("select")).to_be_focused()
    page.keyboard.press("Escape")
    card = stored(page, "13800130001")
    assert (card.department, card.plan) == ("二部", "19元")
    about = AuditEntry.objects.filter(kind="card_changed").order_by("pk").values_list("about", flat=True)
    assert list(about) == ["department: 一部 → 二部", "plan: - → 19元"]
    assert axe.stumbles(page) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_said_at_the_cell_and_stays_typed(page: Page) -> None:
    fee = cell(page, 1, "monthly_fee")
    fee.dblclick()
    page.keyboard.type("免费")
    page.keyboard.press("Enter")
    expect(fee.locator(".cell-error")).to_contain_text("“免费” is not an amount.")
    expect(fee.locator("input")).to_have_value("免费")
    assert axe.stumbles(page) == []
    fee.locator("input").fill("8")
    fee.locator("input").press("Enter")
    expect(fee).to_have_text("8.00")
    assert str(stored(page, "13800130000").monthly_fee) == "8.00"


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_changed_meanwhile_is_said_and_can_be_replaced(manager: User, page: Page) -> None:
    card = stored(page, "13800130000")
    ops.update_card(card, card.carrier, {"user": "张三"}, by=manager, now=NOW)
    user = cell(page, 1, "user")
    user.dblclick()
    page.keyboard.type("王五")
    page.keyboard.press("Enter")
    expect(user.locator(".cell-error")).to_contain_text("Someone changed this to “张三”")
    expect(user.locator("input")).to_have_value("王五")
    user.locator("input").press("Enter")
    expect(user).to_have_text("王五")
    assert stored(page, "13800130000").user == "王五"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_without_a_connection(page: Page) -> None:
    plan = cell(page, 1, "plan")
    page.context.set_offline(True)
    plan.dblclick()
    page.keyboard.type("59元")
    page.keyboard.press("Enter")
    expect(plan.locator(".cell-error")).to_contain_text("no connection")
    page.context.set_offline(False)
    plan.locator("input").press("Enter")
    expect(plan).to_have_text("59元")
    assert stored(page, "13800130000").plan == "59元"


@pytest.mark.django_db(transaction=True)
def test_shift_ticks_all_between(page: Page) -> None:
    boxes = page.locator(".card-table [name=card]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert [box.is_checked() for box in boxes.all()] == [False, True, True, True, True, False]
    page.locator("button[formaction$='/cards/many/values/']").click()
    page.locator("[name=column]").select_option("department")
    page.locator("main form .btn-primary").click()
    page.locator("[name=value]").fill("三部")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile("/cards/"))
    expect(page.locator(".callout--success")).to_have_text("4 cards changed.")
    departments = Card.objects.order_by("number").values_list("department", flat=True)
    assert list(departments) == ["一部", "三部", "三部", "三部", "三部", "一部"]
