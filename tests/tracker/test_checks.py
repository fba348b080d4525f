"""Risky combinations of settings are told; the worst stop every start."""

import pytest
from django.core.checks import run_checks
from pytest_django import Settings


@pytest.mark.parametrize(
    ("host", "debug", "https", "told"),
    [
        ("127.0.0.1", True, False, []),
        ("127.0.0.1", True, True, ["xiaoka.E001"]),
        ("::1", True, False, []),
        ("localhost", False, False, []),
        ("0.0.0.0", False, True, []),
        ("0.0.0.0", False, False, ["xiaoka.W001"]),
        ("192.168.1.20", True, True, ["xiaoka.E001"]),
        ("::", True, False, ["xiaoka.E001", "xiaoka.W001"]),
    ],
)
def test_what_other_machines_can_reach(
    settings: Settings, host: str, debug: bool, https: bool, told: list[str]
) -> None:
    settings.HOST, settings.DEBUG, settings.HTTPS = host, debug, https
    settings.SITE_URL_IS_SET, settings.SITE_URL = True, "https://localhost"
    messages = run_checks(include_deployment_checks=True)
    assert [message.id for message in messages if (message.id or "").startswith("xiaoka.")] == told


@pytest.mark.parametrize(
    ("host", "https", "key", "hosts", "told"),
    [
        ("127.0.0.1", False, "short", ["*"], []),
        ("127.0.0.1", True, "short", ["xiaoka.example"], ["xiaoka.E003"]),
        ("0.0.0.0", True, "django-insecure-" + "k3y0fl0ts" * 5, ["xiaoka.example"], ["xiaoka.E003"]),
        ("0.0.0.0", True, "abab" * 20, ["xiaoka.example"], ["xiaoka.E003"]),
        ("0.0.0.0", True, "k3y0fl0ts" * 6, ["xiaoka.example"], []),
        ("127.0.0.1", True, "k3y0fl0ts" * 6, ["*"], ["xiaoka.E004"]),
        ("0.0.0.0", True, "k3y0fl0ts" * 6, ["xiaoka.example", "*"], ["xiaoka.E004"]),
    ],
)
def test_keys_that_can_be_guessed_and_any_host_stop_a_start_in_public(
    settings: Settings, host: str, https: bool, key: str, hosts: list[str], told: list[str]
) -> None:
    settings.HOST, settings.HTTPS, settings.SECRET_KEY, settings.ALLOWED_HOSTS = host, https, key, hosts
    assert [message.id for message in run_checks() if message.is_serious()] == told


def test_only_debug_in_public_stops_a_start(settings: Settings) -> None:
    settings.HOST, settings.DEBUG = "0.0.0.0", True
    assert [message.id for message in run_checks() if message.is_serious()] == ["xiaoka.E001"]
    settings.DEBUG = False
    assert run_checks() == []
