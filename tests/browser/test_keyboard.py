"""The main job without a mouse: every control is reached by Tab, shows that it is, and is worked by keys."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.test_walk import CASE, first_account, site_of

#: Whether the one that has the focus shows it, in sight.
SHOWN = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  // Within a field for a moment the browser's own button has it, with the browser's own ring.
  const own = here.type === "datetime-local" && !here.matches(":focus");
  return (ring || own) && box.bottom > 0 && box.top < innerHeight;
}"""
#: More stops than any page here has between two things that one does in a row.
STOPS = 70


def is_at(page: Page, wanted: str) -> bool:
    at: bool = page.evaluate("wanted => document.activeElement.matches(wanted)", wanted)
    return at


def is_shown(page: Page) -> bool:
    """Now, or after a moment: what was typed before may just bring a preview, which moves what is below it."""
    for _ in range(20):
        if page.evaluate(SHOWN):
            return True
        page.wait_for_timeout(50)
    return False


def reach(page: Page, wanted: str) -> None:
    """Tab until there; each stop on the way shows the focus."""
    # A page that is just being put in takes the focus to its beginning when it is done.
    expect(page.locator(".htmx-added, .htmx-swapping, .htmx-settling")).to_have_count(0)
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert is_shown(page), f"the focus does not show: {where}"
        if is_at(page, wanted):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def arrives(page: Page, address: Any, at: str = "h1") -> None:
    """The next page is there, and who hears it is where it begins: at what was said, or at its title."""
    page.wait_for_url(address)
    expect(page.locator(f"main {at}").first).to_be_focused()


def press_at(page: Page, wanted: str) -> None:
    reach(page, wanted)
    page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """One of several, by the arrows."""
    reach(page, f"[name={name}]")
    for _ in range(20):
        if is_at(page, f"[value={value}]"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(f"[name={name}][value={value}]")).to_be_checked()


def act(page: Page, action: str) -> None:
    """The form of an action, from its button or from the menu."""
    link = f"main a[href$='/{action}/']"
    if not page.locator(link).first.is_visible():
        press_at(page, ".todo-panel .menu > summary")
    press_at(page, link)
    arrives(page, f"**/{action}/")


def recorded(page: Page) -> None:
    press_at(page, "form.action-form button.btn-primary")
    arrives(page, CASE, ".callout--success")


def test_from_log_to_confirm_by_keyboard_alone(first_link: str, open_window: Callable[..., Window]) -> None:
    window = open_window()
    page = window.page
    first_account(page, first_link, "zh-hans")

    press_at(page, "main a[href='/cases/new/']")
    arrives(page, "**/cases/new/")
    reach(page, "[name=number]")
    page.keyboard.type("138")
    press_at(page, "button[value=draft]")
    expect(page.locator("[name=number].is-invalid")).to_be_focused()  # what is wrong has the focus
    page.keyboard.press("End")
    page.keyboard.type(" 0013 8000")
    expect(page.locator("select[name=carrier] option:checked")).to_have_text("中国移动")
    press_at(page, "button[value=draft]")
    arrives(page, CASE)

    press_at(page, "main a[href$='/submit/']")
    arrives(page, "**/submit/")
    press_at(page, "main form button:not([name])")
    expect(page.locator("main .checklist__item--missing").first).to_be_visible()
    press_at(page, "button[name=already]")
    arrives(page, CASE, ".callout--success")

    act(page, "reply")
    choose(page, "kind", "under_review")
    reach(page, "[name=words]")
    page.keyboard.type("还在审核")
    recorded(page)
    expect(page.locator(".timeline")).to_contain_text("还在审核")

    act(page, "verify")
    choose(page, "method", "hotline")
    choose(page, "finding", "cancelled")
    reach(page, "[name=confirm]")
    page.keyboard.press("Space")
    recorded(page)

    act(page, "confirm")
    recorded(page)
    expect(page.locator(".headline")).to_contain_text("已注销")
    window.check(site_of(first_link))
