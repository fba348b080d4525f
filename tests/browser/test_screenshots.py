"""The pages look as they did: made-up cases at a moment that stands still, against the pictures in baselines/."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from PIL import Image
from playwright.sync_api import Page

from cases import selectors, tasks
from cases.domain.business_days import SHANGHAI
from cases.models import Case, User
from tests.browser import screenshots
from tests.browser.conftest import Window
from tests.browser.test_demo import MANAGER, first_of, sign_in

#: A Wednesday soon after National Day.
AS_OF = datetime(2026, 10, 14, 10, 30, tzinfo=SHANGHAI)
RENEW = bool(os.environ.get("XIAOKA_BASELINES"))
OVERDUE = "/admin/cases/case/?standing=overdue"
#: Name, address, width, theme.
SHOTS = [
    ("work-list", "/", 1280, "light"),
    ("work-list-phone", "/", 390, "dark"),
    ("case", "/cases/{case}/", 1280, "light"),
    ("case-phone", "/cases/{case}/", 390, "light"),
    ("case-dark", "/cases/{case}/", 1280, "dark"),
    ("follow-up-phone", "/cases/{case}/follow-up/", 390, "light"),
    ("cases", "/cases/", 1280, "light"),
    ("cases-phone", "/cases/", 390, "light"),
    ("log", "/cases/new/", 1280, "dark"),
    ("cards", "/cards/", 1280, "light"),
    ("messages", "/messages/", 1280, "light"),
    ("guide-phone", "/guide/waiting/", 390, "dark"),
    ("admin", "/admin/", 1280, "light"),
    ("admin-phone", "/admin/", 390, "light"),
    ("admin-overdue", OVERDUE, 1280, "light"),
    ("admin-overdue-phone", OVERDUE, 390, "light"),
    ("admin-case", "/admin/cases/case/{key}/change/", 1280, "light"),
    ("admin-case-phone", "/admin/cases/case/{key}/change/", 390, "light"),
]


@pytest.fixture
def site(live_server: Any, receipts_folder: Any, settings: Any) -> Iterator[tuple[str, str, Case]]:
    """Its address, a session of the manager, and a case with something to see."""
    settings.ADMIN_SECOND_FACTOR = False
    with time_machine.travel(AS_OF, tick=False):
        call_command("load_demo", seed=1, cases=90, as_of=AS_OF.isoformat(), verbosity=0)
        tasks.beat()
        late = selectors.overdue(Case.objects.filter(receipts__isnull=False), AS_OF)
        case = late.order_by("-entry_count", "pk")[0]
        client = Client()
        client.force_login(User.objects.get(email=MANAGER))
        yield live_server.url, client.cookies["sessionid"].value, case


@pytest.fixture
def page(site: tuple[str, str, Case], open_window: Callable[..., Window]) -> Page:
    page = open_window(base_url=site[0]).page
    page.context.add_cookies([{"name": "sessionid", "value": site[1], "url": site[0]}])
    return page


def shoot(page: Page, address: str, width: int, theme: Any) -> Image.Image:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.goto(address, wait_until="networkidle")
    with Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled"))) as picture:
        picture.load()
        return picture


@pytest.mark.django_db(transaction=True)
def test_pages_look_as_they_did(site: tuple[str, str, Case], page: Page) -> None:
    complaints = []
    for name, address, width, theme in SHOTS:
        picture = shoot(page, address.format(case=site[2].reference, key=site[2].pk), width, theme)
        if RENEW:
            screenshots.KEPT.mkdir(exist_ok=True)
            screenshots.small(picture).save(screenshots.KEPT / f"{name}.png", optimize=True)
        elif said := screenshots.complaint(name, picture):
            complaints.append(said)
    assert complaints == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_admins_overdue_list_starts_above_the_fold(page: Page, width: int, height: int) -> None:
    """A row of it, and not only its titles."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(OVERDUE, wait_until="networkidle")
    assert page.locator("h1").inner_text() == "超期案件"
    row = page.locator("#result_list tbody tr").first.bounding_box()
    assert row is not None
    assert row["y"] + row["height"] <= height


#: What another machine does to a page, and what a mistake does.
HARMLESS = ["main.style.paddingTop = '14px'", "document.body.style.fontFamily = 'serif'"]
BROKEN = [
    "main.querySelector('.todo-panel').remove()",
    "main.querySelector('.todo-panel').style.position = 'absolute'",
    "document.querySelector('link[href*=\"app.\"]').remove()",
    "main.querySelector('.columns').style.display = 'block'",
]


def test_a_broken_page_is_noticed_and_other_letters_are_not(demo: str, open_window: Callable[..., Window]) -> None:
    page = open_window().page
    sign_in(page, demo, MANAGER)
    case = first_of(page, demo, "/cases/?standing=overdue&sort=reply_by", "td a[href^='/cases/XK-']")
    whole = screenshots.small(shoot(page, demo + case, 1280, "light"))

    def changed(script: str) -> float:
        page.reload(wait_until="networkidle")
        page.evaluate(f"() => {{ const main = document.querySelector('main'); {script} }}")
        with Image.open(BytesIO(page.screenshot(full_page=True))) as picture:
            return screenshots.differing(whole, screenshots.small(picture))[0]

    assert changed("") == 0
    assert [script for script in HARMLESS if changed(script) > screenshots.SHARE] == []
    assert [script for script in BROKEN if changed(script) <= screenshots.SHARE] == []
