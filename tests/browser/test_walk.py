"""The main job in real Chromium: first-start link, account, log, submit, reply, receipt, verify, confirm."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SMS = "【中国移动】您的销户申请已受理,受理单号 SL-4711。"
CASE = re.compile(r"/cases/XK-\w{8}/$")

#: What is looked for in words, in each language.
WORDS = {
    "en": {
        "mobile": "China Mobile",
        "unicom": "China Unicom",
        "due": "14 Oct 2025",
        "holiday": "National Day",
        "done": "cancelled, confirmed",
    },
    "zh-hans": {
        "mobile": "中国移动",
        "unicom": "中国联通",
        "due": "10月14日",
        "holiday": "国庆节",
        "done": "已注销",
    },
}


def site_of(link: str) -> str:
    return f"{urlsplit(link).scheme}://{urlsplit(link).netloc}"


def first_account(page: Page, link: str, language: str) -> None:
    page.goto(link)
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    if language == "en":
        page.locator("button[name=language][value=en]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    for name, value in {"name": "王芳", "team": "销售一部", "email": "wang@example.com"}.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main [name=password]").fill("correct horse battery")
    page.locator("main form button").click()
    page.wait_for_url("**/")
    expect(page.locator("html")).to_have_attribute("lang", language)


def log(page: Page, words: dict[str, str], *, scripts: bool) -> None:
    """Log a draft; the carrier is guessed, and the deadline previewed for a submission before National Day 2025."""
    page.locator("main a[href='/cases/new/']").first.click()
    chosen = page.locator("select[name=carrier] option:checked")
    number = page.locator("[name=number]")
    number.wait_for()
    if scripts:
        number.press_sequentially("138 0013 8000")
        expect(chosen).to_have_text(words["mobile"])
        page.locator("select[name=carrier]").select_option(label=words["unicom"])
        expect(page.locator("#lookup .callout--warning")).to_be_visible()  # its prefix is another's
        page.locator("select[name=carrier]").select_option(label=words["mobile"])
        expect(page.locator("#lookup .callout--warning")).to_have_count(0)
        page.locator("[name=submitted_at]").fill("2025-09-30T15:00")
    else:
        number.fill("138 0013 8000")
        page.locator("[name=submitted_at]").fill("2025-09-30T15:00")
        page.locator("button[value=preview]").click()
        expect(chosen).to_have_text(words["mobile"])
        expect(page.locator("main [name=number]")).to_have_value("138 0013 8000")
    expect(page.locator("#preview")).to_contain_text(words["due"])
    expect(page.locator("#preview")).to_contain_text(words["holiday"])
    page.locator("details", has=page.locator("#ready-identity")).locator("summary").click()
    page.locator("#ready-identity").check()
    page.locator("button[value=draft]").click()
    page.wait_for_url(CASE)
    expect(page.locator("#checklist .checklist__item--done")).to_have_count(1)


def go(page: Page, action: str) -> None:
    """Open the form of an action, from its button or from the menu."""
    links = page.locator(f"main a[href$='/{action}/']")
    links.first.wait_for(state="attached")
    if not links.first.is_visible():
        page.locator(".todo-panel .menu > summary").click()
    links.locator("visible=true").first.click()  # on a phone the third button stands in the menu instead
    page.wait_for_url(f"**/{action}/")


def record(page: Page) -> None:
    """Send the form; the case says that it is recorded."""
    page.locator("form.action-form button").click()
    page.wait_for_url(CASE)
    expect(page.locator(".callout--success")).to_be_visible()


def hand_in(page: Page) -> None:
    """A file and a pasted text as receipts, and the file back again, byte for byte."""
    page.locator("#receipts details > summary").click()
    page.locator("#receipts [name=uploads]").set_input_files(
        {"name": "申请表.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator("#receipts [name=text]").fill(SMS)
    page.locator("#receipts form button").click()
    expect(page.locator(".receipts li")).to_have_count(2)
    link = page.locator(".receipts a", has_text="申请表.pdf")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "申请表.pdf"
    assert download.value.path().read_bytes() == PDF


def walk(window: Window, link: str, language: str, *, scripts: bool = True) -> None:
    page, words = window.page, WORDS[language]
    first_account(page, link, language)
    log(page, words, scripts=scripts)

    go(page, "submit")
    page.locator("[name=reference]").fill("SL-4711")
    page.locator("main form button:not([name])").click()  # held back: the checklist is open
    expect(page.locator("main .checklist__item--missing")).to_have_count(6)
    expect(page.locator("[name=reference]")).to_have_value("SL-4711")
    page.locator("button[name=already]").click()
    page.wait_for_url(CASE)
    expect(page.locator(".day-strip .day--start")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("SL-4711")

    go(page, "reply")
    page.locator("[name=kind][value=under_review]").check()
    page.locator("[name=words]").fill("还在审核")
    record(page)
    expect(page.locator(".timeline")).to_contain_text("还在审核")

    hand_in(page)

    go(page, "verify")
    page.locator("[name=method][value=hotline]").check()
    expect(page.locator("[name=confirm]")).not_to_be_visible()
    page.locator("[name=finding][value=cancelled]").check()
    page.locator("[name=confirm]").uncheck()
    record(page)

    go(page, "confirm")
    record(page)
    expect(page.locator(".headline")).to_contain_text(words["done"])
    expect(page.locator(".headline .pill-label")).to_have_count(0)  # neither late nor without a receipt
    expect(page.locator(".timeline > li")).to_have_count(6)

    page.goto(link)
    assert page.title()  # a page, which says that the link is used up
    expect(page.locator("main form")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("zh-hans", 1280, "light"), ("zh-hans", 390, "dark"), ("en", 1280, "dark"), ("en", 390, "light")],
)
def test_the_walk(first_link: str, open_window: Callable[..., Window], language: str, width: int, theme: str) -> None:
    window = open_window(width, color_scheme=theme)
    walk(window, first_link, language)
    window.complaints = [said for said in window.complaints if "404" not in said]  # the used link, on purpose
    window.check(site_of(first_link))


def test_the_walk_without_javascript(first_link: str, open_window: Callable[..., Window]) -> None:
    window = open_window(390, java_script_enabled=False)
    walk(window, first_link, "zh-hans", scripts=False)
    window.complaints = [said for said in window.complaints if "404" not in said]
    window.check(site_of(first_link))
