"""A passkey, made and used by real Chromium with an authenticator of its own (WebAuthn's virtual one)."""

import re
from collections.abc import Callable

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Window
from tests.browser.test_walk import first_account, site_of

CHIP = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def chip(page: Page) -> tuple[CDPSession, str]:
    """An authenticator as phones and laptops have one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})
    return session, made["authenticatorId"]


def confirm(page: Page) -> None:
    """Say again who one is, where that is asked."""
    page.wait_for_load_state()
    if "/me/confirm/" in page.url:
        page.locator("main [name=password]").fill("correct horse battery")
        page.locator("main form button").first.click()
        page.wait_for_url(re.compile("/second-factor/"))


def test_a_passkey_is_made_lets_in_alone_and_opens_nothing_once_removed(
    first_link: str, open_window: Callable[..., Window]
) -> None:
    link = first_link.replace("127.0.0.1", "localhost")  # passkeys belong to names, not to addresses
    window = open_window()
    page, site = window.page, site_of(link)
    first_account(page, link, "en")
    session, authenticator = chip(page)

    page.goto(f"{site}/second-factor/webauthn/add/")
    confirm(page)
    page.locator("main [name=passwordless]").check()
    page.locator("main [name=name]").fill("My laptop")
    page.locator("main #mfa_webauthn_add").click()
    page.wait_for_url(re.compile("/second-factor/(recovery-codes|webauthn)/(?!add)"))
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1

    page.goto(f"{site}/")
    page.locator(".page-header__account .menu > summary").click()
    page.locator("header form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/**")
    page.locator("#passkey_login").click()
    page.wait_for_url(f"{site}/")
    expect(page.locator(".page-header__account .menu > summary")).to_have_text("王芳")

    page.goto(f"{site}/second-factor/webauthn/")
    page.get_by_role("link", name="Delete").click()
    page.wait_for_url(re.compile("confirm|/remove/"))
    confirm(page)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/second-factor/(?!.*remove)"))
    page.goto(f"{site}/")
    page.locator(".page-header__account .menu > summary").click()
    page.locator("header form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/**")
    page.locator("#passkey_login").click()
    expect(page.locator("main")).to_contain_text("Verification failed.")
    assert page.url.startswith(f"{site}/sign-in/")
    window.check(site)
