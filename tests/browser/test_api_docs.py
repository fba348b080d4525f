"""The API's pages: tried out in a browser, with nothing from elsewhere and nothing that the policy stops."""

from collections.abc import Callable

from tests.browser.conftest import Window


def test_the_contract_as_pages(open_window: Callable[..., Window], demo: str) -> None:
    window = open_window()
    page, its = window.page, "#operations-general-who_am_i"
    page.goto(f"{demo}/api/v1/docs")
    page.wait_for_selector("#operations-cases-list_cases")
    window.check(demo)
    page.click(f"{its} .opblock-summary")
    page.click(f"{its} .try-out__btn")
    page.click(f"{its} .execute")
    page.wait_for_selector(f"{its} .live-responses-table .response")
    assert "no_token" in page.inner_text(f"{its} .live-responses-table")
    window.complaints = [text for text in window.complaints if "401" not in text]  # which the browser notes by itself
    window.check(demo)
