"""From a missed window to a finished 申诉书, in real Chromium: overdue, complaint, fifteen days, letter, appeal."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from cases.domain.business_days import SHANGHAI
from tests.browser.conftest import Window
from tests.browser.test_walk import CASE, first_account, site_of
from tests.domain.test_letter_rules import WHOLE


def days_ago(count: int) -> str:
    return f"{datetime.now(SHANGHAI) - timedelta(days=count):%Y-%m-%dT10:00}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_a_missed_window_to_a_finished_appeal(
    first_link: str, open_window: Callable[..., Window], scripts: bool
) -> None:
    window = open_window(width=1280 if scripts else 390, java_script_enabled=scripts)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, "zh-hans")
    # Handed in so long ago that even the days off around Spring Festival are over.
    page.goto(f"{site}/cases/new/")
    page.locator("[name=number]").fill("138 0013 8000")
    page.locator("select[name=carrier]").select_option(label="中国移动")
    page.locator("[name=submitted_at]").fill(days_ago(70))
    page.locator("button[value=submit]").click()
    page.wait_for_url(CASE)
    case = page.url
    expect(page.locator(".ladder li").nth(2)).to_have_class("rung--waits")
    page.goto(f"{case}complain/")
    page.locator("main [name=happened_at]").fill(days_ago(40))
    page.locator("main [name=reference]").fill("TS-1")
    page.locator("main form button").click()
    page.wait_for_url(CASE)
    expect(page.locator(".ladder li").nth(2)).to_have_class("rung--open")

    page.locator(".rung--open a").click()
    page.wait_for_url("**/letters/appeal/")
    body = page.locator("[name=body]")
    expect(body).to_have_value(re.compile("投诉的15日答复期届满，被申诉人未作答复。"))
    for name in ("name", "address", "postcode", "phone", "carrier_name", "carrier_address"):
        page.locator(f"main [name={name}]").fill(WHOLE[name])
    body.fill(body.input_value() + "\n五、补充说明\n1. 手写补充 #1 *保留原样* $x$ <b>。")
    page.locator("button[value=final]").click()
    expect(page.locator("#div_id_province .invalid-feedback")).to_be_visible()  # one thing still lacks
    expect(body).to_have_value(re.compile("手写补充"))
    page.locator("select[name=province]").select_option("浙江")
    expect(page.locator("[name=recipient]")).to_have_value("浙江省电信用户申诉受理中心" if scripts else "")
    page.locator("button[value=final]").click()
    page.wait_for_url(re.compile(r"/letters/\d+/$"))
    with page.expect_download() as download:
        page.locator("a[download]").click()
    data = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename.startswith("申诉书 ")
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(data)).pages))
    assert "浙江省电信用户申诉受理中心" in text
    assert "1.手写补充#1*保留原样*$x$<b>。" in text

    page.locator("a[href*='/appeal/']").first.click()
    page.locator("main [name=reference]").fill("SS-1")
    page.locator("main form button").click()
    page.wait_for_url(CASE)
    expect(page.locator(".ladder li").nth(2)).to_have_class("rung--running")
    expect(page.locator("#receipts")).to_contain_text("申诉书")
    window.check(site)
