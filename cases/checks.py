"""Combinations of settings that work and yet are wrong (Django system checks)."""

from collections.abc import Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.http.request import validate_host

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
#: Fewer characters than this, or fewer different ones than that, were typed by somebody and not drawn by lot.
MIN_KEY_LENGTH, MIN_KEY_VARIETY = 50, 5


def is_exposed() -> bool:
    """Whether other machines reach the server, by its address or by a proxy in front of it."""
    return settings.HTTPS or settings.HOST not in LOOPBACK


def debug_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """DEBUG where other machines can reach the server: refused at every start."""
    if not is_exposed() or not settings.DEBUG:
        return []
    text = f"DEBUG is on while other machines can reach {settings.HOST}: an error would show them secrets."
    return [Error(text, hint="Turn DEBUG off, or leave HOST at 127.0.0.1 and HTTPS off.", id="xiaoka.E001")]


def admin_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """The admin without a second factor where other machines can reach it: refused at every start."""
    if settings.HOST in LOOPBACK or settings.ADMIN_SECOND_FACTOR:
        return []
    text = f"Other machines can reach {settings.HOST}, and the admin would open with a password alone."
    return [Error(text, hint="Leave ADMIN_SECOND_FACTOR out.", id="xiaoka.E002")]


def weak_key(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """A SECRET_KEY that can be guessed, where other machines can reach the server: refused at every start."""
    key = settings.SECRET_KEY
    strong = len(key) >= MIN_KEY_LENGTH and len(set(key)) >= MIN_KEY_VARIETY and not key.startswith("django-insecure-")
    if strong or not is_exposed():
        return []
    text = "SECRET_KEY can be guessed, and with it every session and every link."
    hint = f"Leave it out, and one is made; or give one of at least {MIN_KEY_LENGTH} characters drawn by lot."
    return [Error(text, hint=hint, id="xiaoka.E003")]


def any_host(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """ALLOWED_HOSTS that allow every name, where other machines can reach the server: refused at every start."""
    if "*" not in settings.ALLOWED_HOSTS or not is_exposed():
        return []
    text = "ALLOWED_HOSTS is *: a request could choose the name in links, such as that of a new password."
    return [Error(text, hint="Name the hosts under which the site is called.", id="xiaoka.E004")]


def plain_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """No encryption where other machines can reach the server: told by ``check --deploy``."""
    if settings.HOST in LOOPBACK or settings.HTTPS:
        return []
    text = f"Other machines can reach {settings.HOST} without encryption: passwords could be read on the way."
    return [Warning(text, hint="Put a proxy with TLS in front and set HTTPS=1.", id="xiaoka.W001")]


def site_address(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Links in emails that lead nowhere, where other machines can reach the server: told by ``check --deploy``."""
    if not is_exposed():
        return []
    parts = urlsplit(settings.SITE_URL)
    if not settings.SITE_URL_IS_SET:
        text, hint = (
            f"SITE_URL is not set: links in emails lead to {settings.SITE_URL}.",
            "Set it to the site's address.",
        )
    elif settings.HTTPS and parts.scheme != "https":
        text, hint = f"Links in emails lead to {settings.SITE_URL}, which is not encrypted.", "Begin it with https://."
    elif not validate_host(str(parts.hostname), settings.ALLOWED_HOSTS):
        text = f"Links in emails lead to {settings.SITE_URL}, a host that is not in ALLOWED_HOSTS: they are refused."
        hint = "Name the host in ALLOWED_HOSTS."
    else:
        return []
    return [Warning(text, hint=hint, id="xiaoka.W002")]


def mail_problem() -> str:
    """Why mail servers may refuse what is sent, or file it as spam, by the settings alone; empty where nothing is seen.

    What the domain itself says (SPF, DKIM, DMARC) is not looked at: it is asked of the network.
    """
    if not settings.EMAIL_HOST:
        return ""
    sender, user = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), settings.EMAIL_HOST_USER.lower()
    domain = sender.rpartition("@")[2]
    if "." not in domain:
        return f"EMAIL_FROM is not set, or is no address that others can answer: {sender}."
    if "@" in user and user.rpartition("@")[2] != domain:
        return f"EMAIL_FROM ({sender}) is of another domain than the account at the mail server ({user})."
    return ""


def mail_sender(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """A sender that mail servers refuse: told at every start."""
    if problem := mail_problem():
        hint = "Set EMAIL_FROM to an address of the domain that the mail server sends for."
        return [Warning(problem, hint=hint, id="xiaoka.W003")]
    return []


def mail_in_clear(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """The password of the mail server sent in the clear to another machine: told at every start."""
    encrypted = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if not settings.EMAIL_HOST_PASSWORD or encrypted or settings.EMAIL_HOST in LOOPBACK:
        return []
    text = f"The password for {settings.EMAIL_HOST}, and every link that is mailed, could be read on the way."
    return [Warning(text, hint="Use smtps:// in EMAIL_URL, or add ?tls=True.", id="xiaoka.W004")]
