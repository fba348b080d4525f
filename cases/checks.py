"""Combinations of settings that work and yet are wrong, told at every start (Django system checks)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def reachable_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What must not be where other machines can reach the server: HOST is not a loopback address."""
    if settings.HOST in LOOPBACK:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(
            Error(
                f"DEBUG is on while other machines can reach {settings.HOST}: an error would show them secrets.",
                hint="Turn DEBUG off, or leave HOST at 127.0.0.1.",
                id="xiaoka.E001",
            )
        )
    if not settings.HTTPS:
        found.append(
            Warning(
                f"Other machines can reach {settings.HOST} without encryption: passwords could be read on the way.",
                hint="Put a proxy with TLS in front and set HTTPS=1.",
                id="xiaoka.W001",
            )
        )
    return found
