"""Combinations of settings that work and yet are wrong (Django system checks)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def debug_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """DEBUG where other machines can reach the server: refused at every start."""
    if settings.HOST in LOOPBACK or not settings.DEBUG:
        return []
    text = f"DEBUG is on while other machines can reach {settings.HOST}: an error would show them secrets."
    return [Error(text, hint="Turn DEBUG off, or leave HOST at 127.0.0.1.", id="xiaoka.E001")]


def admin_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The admin without a second factor where other machines can reach it: refused at every start."""
    if settings.HOST in LOOPBACK or settings.ADMIN_SECOND_FACTOR:
        return []
    text = f"Other machines can reach {settings.HOST}, and the admin would open with a password alone."
    return [Error(text, hint="Leave ADMIN_SECOND_FACTOR out.", id="xiaoka.E002")]


def plain_in_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No encryption where other machines can reach the server: told by ``check --deploy``."""
    if settings.HOST in LOOPBACK or settings.HTTPS:
        return []
    text = f"Other machines can reach {settings.HOST} without encryption: passwords could be read on the way."
    return [Warning(text, hint="Put a proxy with TLS in front and set HTTPS=1.", id="xiaoka.W001")]
