"""The five-minute move: from an empty server with one messy made-up ledger, untouched, to a batch that is submitted."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.test_demo import too_wide
from tests.browser.test_walk import first_account, site_of
from tests.ledgers import load_ledger

PREVIEW = re.compile(r"/cards/import/\d+/")
DROPPED = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  return transfer;
}"""
PASTED = """(text) => {
  const transfer = new DataTransfer();
  transfer.setData("text/plain", text);
  document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true}));
}"""


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the middle of the page."""
    transfer = page.evaluate_handle(DROPPED, [name, base64.b64encode(data).decode()])
    page.dispatch_event("main", "dragover", {"dataTransfer": transfer})
    expect(page.locator(".table-drop.is-dropping")).to_be_visible()
    page.dispatch_event("main", "drop", {"dataTransfer": transfer})


def submit_batch(page: Page, site: str, numbers: list[str]) -> None:
    page.goto(f"{site}/batches/new/")
    page.locator("main [name=numbers]").fill("\n".join(numbers))
    page.locator("main [name=carrier]").select_option(label="中国移动")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/batches/\d+/"))


def test_from_nothing_to_a_batch_that_is_submitted(
    first_link: str, open_window: Callable[..., Window], capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window()
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "zh-hans")
    started = monotonic()
    ledger = load_ledger("register-with-banner")
    drop(page, ledger.name, ledger.data)
    page.wait_for_url(PREVIEW)
    expect(page.locator("#forecast")).to_contain_text("将新增或更新 8 张号卡")
    expect(page.locator("#rows")).to_contain_text("138 0013 8001")
    page.locator("select[name=carrier]").first.select_option(label="中国移动")
    page.locator("#carrier-names button").first.click()
    expect(page.locator("#carrier-names")).to_have_count(0)
    page.locator("#rows .tally--wrong").click()
    page.locator("input[name=cell_11_1]").fill("13800138008")
    page.locator("input[name=cell_11_1]").press("Enter")
    expect(page.locator("#forecast")).to_contain_text("将新增或更新 9 张号卡")
    page.locator("#forecast button[value=run]").click()
    expect(page.locator("#import")).to_contain_text("100 %", timeout=60_000)
    page.locator("#import a[href='/cards/']").click()
    page.wait_for_url(f"{site}/cards/")
    expect(page.locator("main table tbody tr")).to_have_count(9)
    submit_batch(page, site, ["13800138001", "13800138002", "13800138008"])
    expect(page.locator("main")).to_contain_text("3")
    seconds = monotonic() - started
    with capsys.disabled():  # to be read; it never decides
        print(f"\nThe five-minute move took {seconds:.0f} s.")  # noqa: T201
    window.check(site)


def test_rows_are_pasted_into_the_page(first_link: str, open_window: Callable[..., Window]) -> None:
    window = open_window(390, 844)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "zh-hans")
    page.goto(f"{site}/cards/")
    page.evaluate(PASTED, "号码\t运营商\n13800138041\t移动\n138****8042\t老王通讯\n")
    page.wait_for_url(PREVIEW)
    expect(page.locator("#rows")).to_contain_text("138 0013 8041")
    page.locator("#reading summary").click()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert too_wide(page) <= 0
    window.check(site)


def test_without_javascript_a_form_does_the_same(
    first_link: str, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window(390, 844, java_script_enabled=False)
    page = window.page
    first_account(page, first_link, "zh-hans")
    ledger = load_ledger("register-with-banner")
    file = tmp_path / ledger.name
    file.write_bytes(ledger.data)
    page.locator("[name=upload]").set_input_files(file)
    page.locator(".table-drop button").click()
    page.wait_for_url(PREVIEW)
    page.locator("#rows .tally--wrong").click()
    page.locator("input[name=cell_11_1]").fill("13800138008")
    page.locator("button[form=mend]").click()
    page.wait_for_url(PREVIEW)
    expect(page.locator("#forecast")).to_contain_text("将新增或更新 9 张号卡")
    window.check(site_of(first_link))
