"""An old error goes when its field is corrected, and comes back with the value that was refused."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.test_walk import first_account, site_of


def test_the_red_goes_with_the_refused_value(first_link: str, open_window: Callable[..., Window]) -> None:
    page = open_window().page
    first_account(page, first_link, "en")
    page.goto(f"{site_of(first_link)}/me/")
    page.locator("[name=remind_from]").fill("21:00")
    page.locator("[name=remind_until]").fill("09:00")
    page.get_by_role("button", name="Save").first.click()
    error = page.locator("#div_id_remind_until .invalid-feedback")
    expect(error).to_be_visible()
    page.locator("[name=remind_until]").fill("22:00")
    expect(error).to_be_hidden()
    expect(page.locator("[name=remind_until]")).to_have_attribute("aria-invalid", "false")
    page.locator("[name=remind_until]").fill("09:00")
    expect(error).to_be_visible()
    page.locator("[name=remind_until]").fill("")
    expect(error).to_be_visible()
