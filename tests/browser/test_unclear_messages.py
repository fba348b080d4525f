"""Unclear SMS, their correction, the figures, the language model's page: at two widths, in both languages, by keyboard.

The messages are synthetic.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from cases.models import CarrierMessage, Case, LanguageModel, User
from tests.browser import axe
from tests.browser.conftest import Window
from tests.helpers import CaseDriver, at
from tests.inbox.conftest import storing

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = "2026-10-09T10:20"


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright runs a loop in this thread, which keeps the database from nobody here."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def unclear(submitted: CaseDriver, receipts_folder: Any) -> CarrierMessage:
    """Three SMS wait on a case: an unclear one that a language model has read, one that says nothing of it, a late one
    of two parts. A fourth fits no case."""
    case = submitted.case
    store = storing(case.team)
    waiting = {"state": "proposed", "case": case, "card": case.card}
    third = {"meaning": "done", "reason": "文中说“已注销”，但只是可能。", "model": "qwen3:8b"}
    reading = {"candidates": ["done", "promised"], "promised": "2026-10-20", "language_model": third}
    text = "【中国移动】您的号码138****8000可能已经注销,10月20日前办结。"
    message = store(text, when=WHEN, meaning="ambiguous", reading=reading, **waiting)
    store("本月流量优惠,回复办理", when="2026-10-09T10:21", meaning="marketing", **waiting)
    whole = store("您的号码138****8000已销户", when="2026-10-09T10:22", meaning="done", late=True, **waiting)
    store("(2/2)", when="2026-10-09T10:23", state="part", part_of=whole)
    store(text, when="2026-10-09T10:24", state="unmatched", meaning="ambiguous", reading=reading | {"suggested": []})
    Case.objects.filter(pk=case.pk).update(message_at=at(WHEN))
    LanguageModel.objects.create(
        team=case.team, model="qwen3:8b", label="http://192.168.1.20:11434/…", encrypted="x", has_key=True,
        last_failure_at=at(WHEN), last_error="HTTP 500",
    )  # fmt: skip
    return message


@pytest.fixture
def seen(live_server: Any, manager: User, open_window: Callable[..., Window]) -> Callable[[str], Page]:
    """A window of the team's manager, in a language."""

    def window(language: str) -> Page:
        User.objects.update(language=language)
        client = Client()
        client.force_login(manager)
        page = open_window(base_url=live_server.url).page
        cookies = {"django_language": language, "sessionid": client.cookies["sessionid"].value}
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        return page

    return window


@pytest.mark.parametrize("language", axe.LANGUAGES)
def test_the_pages_fit_and_say_themselves(
    language: str, seen: Any, unclear: CarrierMessage, submitted: CaseDriver
) -> None:
    page, found = seen(language), []
    case = f"/cases/{submitted.case.reference}/"
    addresses = ["/messages/", case, f"/messages/{unclear.pk}/", "/messages/figures/", "/teams/language-model/"]
    for address in addresses:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            found += [f"{address} {width} {line}" for line in axe.stumbles(page)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{address} {width} is wider than its window")
            if folder := os.environ.get("PICTURES"):
                name = address.strip("/").replace("/", "-")
                page.screenshot(path=f"{folder}/{name}-{width}-{language}.png", full_page=True)
    assert not found, "\n".join(found)


def test_a_reading_is_chosen_and_corrected_by_keyboard(
    seen: Any, unclear: CarrierMessage, submitted: CaseDriver
) -> None:
    page = seen("en")
    case = f"/cases/{submitted.case.reference}/"
    page.goto(case)
    choice = page.get_by_role("button", name="Record: carrier promises 20 Oct")
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".timeline")).to_contain_text("Promised date")
    link = page.locator(".timeline").get_by_role("link", name="Correct the reading")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reading/")
    assert axe.stumbles(page) == []
    expect(page.locator("#div_id_promised_on")).to_be_visible()
    page.locator("[value=reported_done]").focus()
    page.keyboard.press("Space")
    expect(page.locator("#div_id_promised_on")).to_be_hidden()
    page.locator("main form .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{case}")
    unclear.refresh_from_db()
    assert (unclear.decision, unclear.decided_meaning) == ("corrected", "done")
