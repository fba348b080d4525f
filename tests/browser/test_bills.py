"""From a bill of 600 lines with eight planted findings to eight handled findings. All of it is synthetic."""

import re
from collections.abc import Callable
from time import monotonic

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests import bills
from tests.browser.conftest import Window
from tests.browser.test_moving_in import PREVIEW, drop
from tests.browser.test_walk import first_account, site_of


def import_register(page: Page, site: str) -> None:
    drop(page, "号卡.csv", bills.register().encode())
    page.wait_for_url(PREVIEW)
    page.locator("#forecast button[value=run]").click()
    expect(page.locator("#import")).to_contain_text("100 %", timeout=120_000)


def handle(page: Page, kind: str, number: str, act: str, words: str = "") -> None:
    """Tick one number of a section, choose what is done with it, and do it."""
    section = page.locator(f"section#{kind}")
    masked = f"{number[:3]}****{number[-4:]}"
    row = section.locator("tbody tr").filter(has_text=masked)
    row.locator("[name=finding]").check()
    section.locator("select[name=act]").select_option(act)
    section.locator("input[name=words]").fill(words)
    section.locator("button.btn-primary").click()
    expect(page.locator(f"section#{kind} tbody tr").filter(has_text=masked)).not_to_contain_text("待处理")


def test_from_a_bill_to_eight_handled_findings(
    first_link: str, open_window: Callable[..., Window], capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window()
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "zh-hans")
    import_register(page, site)
    started = monotonic()
    page.goto(f"{site}/bills/new/")
    page.locator("[name=month]").fill("2025-10")
    file = FilePayload(name="账单.xlsx", mimeType="application/octet-stream", buffer=bills.bill("merged.xlsx"))
    page.locator("[name=upload]").set_input_files(file)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/bills/\d+/$"))
    expect(page.locator("main dl.facts")).to_contain_text("11,689.00")
    expect(page.locator("section tbody tr")).to_have_count(8)
    alive = page.locator("section#charged_after_cancellation tbody tr").filter(has_text="账单显示有使用")
    expect(alive).to_have_count(1)
    case = alive.locator("a[href^='/cases/']").first.get_attribute("href")
    bill = page.url
    page.goto(f"{site}{case}")
    expect(page.locator("main .callout--error").first).to_contain_text(
        "2025年10月的账单仍对这个已注销的号码收费 19.50 元"
    )
    page.locator("main .callout--error form button").first.click()
    page.wait_for_url(f"{site}{case}")
    expect(page.locator("main")).not_to_contain_text("仍对这个已注销的号码收费")
    page.goto(bill)
    handle(page, "charged_after_cancellation", bills.CHARGED, "charge", "10 月账单")
    handle(page, "not_in_register", bills.STRANGERS[0], "correct")
    handle(page, "not_in_register", bills.STRANGERS[1], "request", "不知道是谁的号")
    handle(page, "fee_differs", bills.DEARER, "dispute", "多收 10 元")
    handle(page, "never_billed", bills.UNBILLED, "all_right", "在另一个账户里")
    handle(page, "no_use", bills.UNUSED[0], "request", "没人用")
    handle(page, "no_use", bills.UNUSED[1], "all_right", "备用号")
    expect(page.locator("main")).to_contain_text("所有差异均已处理")
    seconds = monotonic() - started
    with capsys.disabled():  # to be read; it never decides
        print(f"\nEight findings of a bill took {seconds:.0f} s.")  # noqa: T201
    window.check(site)


def test_a_bill_that_is_not_understood_is_put_right_on_a_phone(
    first_link: str, open_window: Callable[..., Window]
) -> None:
    window = open_window(390, 844)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "zh-hans")
    page.goto(f"{site}/bills/new/")
    page.locator("[name=month]").fill("2025-10")
    page.locator("[name=pasted]").fill("卡\t归谁\t钱\n13911110001\t王某\t19.50\n13911110002\t李某\t8.00\n")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/bills/\d+/columns/$"))
    page.locator("[name=column_2]").select_option("net")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/bills/\d+/$"))
    expect(page.locator("section#not_in_register tbody tr")).to_have_count(2)
    window.check(site)
