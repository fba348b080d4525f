"""Lists by mouse and keys: the bar of a selection, batches that unfold, quick filters, the command palette."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from cases import clock
from cases import operations as ops
from cases.models import Batch, Carrier, Case, Team, User
from tests.browser import axe
from tests.browser.conftest import Window
from tests.helpers import new_case
from tests.moments import NOW


@pytest.fixture
def page(
    live_server: Any, team: Team, mobile: Carrier, agent: User, open_window: Callable[..., Window], monkeypatch: Any
) -> Page:
    """Of somebody who works in a team with eight cases, three of them in a batch."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    agent.language = "en"
    agent.save()
    cases = [new_case(team, mobile, agent, number=f"1380013000{n}", submitted="2026-09-30T15:00") for n in range(8)]
    batch = Batch.objects.create(team=team, carrier=mobile, channel="letter", submitted_at=NOW, made_by=agent)
    Case.objects.filter(pk__in=[case.pk for case in cases[:3]]).update(batch=batch)
    now = clock.now()
    ops.perform_one(ops.Complain(now - timedelta(hours=1)), cases[7], by=agent, now=now)
    client = Client()
    client.force_login(agent)
    page = open_window(base_url=live_server.url).page
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto("/")
    return page


def is_in_sight(page: Page) -> bool:
    box = page.locator("[data-selection-bar] .actions button").first.bounding_box()
    height = page.viewport_size["height"] if page.viewport_size else 0
    return bool(box and 0 <= box["y"] <= height - box["height"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.forged
def test_the_bar_stays_in_sight_and_counts(page: Page) -> None:
    for width, height in ((1280, 420), (390, 480)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/cases/")
        ticks = page.locator("[data-tick]")
        assert not is_in_sight(page)
        ticks.nth(0).click()
        assert is_in_sight(page)
        expect(page.locator("[data-selection-said]")).to_have_text("1 selected")
        ticks.nth(3).click(modifiers=["Shift"])
        expect(page.locator("[data-selection-said]")).to_have_text("4 selected")
        page.locator("[data-tick-everything]").check()
        expect(page.locator("[data-selection-said]")).to_have_text("All 8 that match")
        assert page.locator("[data-tick]:checked").count() == 8
        ticks.nth(2).click()
        expect(page.locator("[data-selection-said]")).to_have_text("7 selected")
        assert axe.stumbles(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("[data-clear-selection]").click()
        expect(page.locator("[data-tick]:checked")).to_have_count(0)
        assert not is_in_sight(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.forged
def test_a_batch_unfolds_and_is_ticked_as_one(page: Page) -> None:
    expect(page.locator("#overdue .batch-row summary")).to_contain_text("3 cases")
    assert not page.locator("#escalated .case-row").is_visible()
    page.locator("#overdue [data-tick-group]").check()
    expect(page.locator("[data-selection-said]")).to_have_text("3 selected")
    page.locator("#overdue .batch-row summary").click()
    expect(page.locator("#overdue .batch-row .case-row").first).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe.stumbles(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Record a follow-up").click()
    expect(page.locator("main")).to_contain_text("This will be recorded on 3 cases")


@pytest.mark.django_db(transaction=True)
@pytest.mark.forged
def test_the_palette_goes_by_keys_alone(page: Page) -> None:
    reference = Case.objects.get(card__number="13800130005").reference
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "true")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe.stumbles(page) == []
    page.keyboard.type("0005")
    expect(page.locator("#palette [role=option]").first).to_contain_text("138****0005")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{reference}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("statis")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/statistics/")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


@pytest.mark.django_db(transaction=True)
@pytest.mark.forged
def test_an_input_method_is_looked_for_once_it_has_composed(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/palette/") else None)
    field = page.locator("#palette [name=q]")
    field.evaluate(
        """field => {
          field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
          field.value = "tongji";
          field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
          field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true }));
        }"""
    )
    page.wait_for_timeout(300)
    assert asked == []
    assert page.locator("#palette").is_visible()
    field.evaluate(
        """field => {
          field.value = "统计";
          field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "统计" }));
        }"""
    )
    expect(page.locator("#palette [role=option]")).to_have_text(["Statistics"])
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.forged
def test_filters_as_words_without_leaving_the_list(page: Page) -> None:
    page.goto("/cases/")
    page.locator("#id_q").fill("overdue 0005")
    page.keyboard.press("Enter")
    expect(page.locator("#narrowing .chip")).to_contain_text(["Progress: Overdue"])
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.locator("#narrowing .chip").click()
    expect(page.locator("#narrowing .chip")).to_have_count(0)
    expect(page.locator("#id_q")).to_have_value("0005")
