"""What else people do, in real Chromium: a promise kept waiting, papers asked for and brought, a complaint, a batch, a
table brought in. The walk of `test_walk.py` is the main job, `test_appeal.py` goes on to the letter.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from cases.domain.business_days import SHANGHAI
from tests.browser.conftest import Window
from tests.browser.test_demo import too_wide
from tests.browser.test_walk import CASE, first_account, go, record, site_of


def soon(days: int) -> datetime:
    return datetime.now(SHANGHAI) + timedelta(days=days)


def log_submitted(page: Page, site: str) -> None:
    page.goto(f"{site}/cases/new/")
    page.locator("[name=number]").fill("138 0013 8000")
    page.locator("select[name=carrier]").select_option(index=1)
    page.locator("[name=submitted_at]").fill(f"{soon(-3):%Y-%m-%dT10:00}")
    page.locator("button[value=submit]").click()
    page.wait_for_url(CASE)


def promise_and_papers(page: Page) -> None:
    go(page, "follow-up")
    expect(page.locator("[name=promised_on]")).not_to_be_visible()
    page.locator("[value=promised]").check()
    page.locator("[name=promised_on]").fill(f"{soon(9):%Y-%m-%d}")
    record(page)
    expect(page.locator("main .standing")).to_contain_text(re.compile(f"{soon(9):%-m月%-d日|%-d %b}"))
    go(page, "reply")
    page.locator("[value=returned]").check()
    page.locator("select[name=reason]").select_option(index=1)
    page.locator("[name=words]").fill("身份证复印件")
    record(page)
    expect(page.locator("main")).to_contain_text("身份证复印件")
    go(page, "submit")
    with page.expect_response(lambda response: response.request.method == "POST"):  # or the old page is clicked again
        page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state("networkidle")
    if page.url.endswith("/submit/"):  # held back: the checklist is open
        page.locator("button[name=already]").click()
    page.wait_for_url(CASE)
    expect(page.locator(".day-strip .day--start")).to_have_count(1)


def complaint(page: Page) -> None:
    go(page, "complain")
    page.locator("main [name=reference]").fill("TS-1")
    record(page)
    expect(page.locator(".ladder li").nth(1)).to_have_class("rung--running")


def batch(page: Page, site: str) -> None:
    page.goto(f"{site}/batches/new/")
    page.locator("[name=numbers]").fill("13900139001\n13900139002, 13900139003")
    page.locator("select[name=carrier]").select_option(index=1)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/batches/*/")
    expect(page.locator("main")).to_contain_text("139****9003")


def table(page: Page, site: str) -> None:
    page.goto(f"{site}/cards/import/")
    rows = "号码,机主\n13700137001,王芳\n123,李雷\n".encode()
    page.locator("main [type=file]").set_input_files({"name": "号卡.csv", "mimeType": "text/csv", "buffer": rows})
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/cards/import/*/")
    assert too_wide(page) <= 0
    page.locator("button[value=run]").click()
    page.goto(f"{site}/cards/")
    for _ in range(60):  # until the worker has brought it in
        if page.locator("main", has_text="137****7001").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("main")).to_contain_text("137****7001")


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("zh-hans", 390, "light"), ("en", 1280, "dark")], ids=["phone", "desk"]
)
def test_what_else_people_do(
    first_link: str, open_window: Callable[..., Window], language: str, width: int, theme: str
) -> None:
    window = open_window(width, color_scheme=theme)
    page, site = window.page, site_of(first_link)
    first_account(page, first_link, language)
    log_submitted(page, site)
    promise_and_papers(page)
    complaint(page)
    assert too_wide(page) <= 0
    batch(page, site)
    table(page, site)
    window.check(site)
