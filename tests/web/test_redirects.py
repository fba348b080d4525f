"""Where a server behind a TLS proxy sends what comes without TLS, and where password managers are led."""

from typing import Any

import pytest
from django.test import Client

from tests.web.access_matrix import TABLE
from tests.web.html_client import Person
from tests.web.test_access import filled
from tests.web.test_access import things as things  # a fixture of the table


@pytest.fixture
def behind_tls(settings: Any) -> Client:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(raise_request_exception=False)


def test_everything_but_health_and_metrics_is_redirected(behind_tls: Client, things: dict[str, Any]) -> None:
    addresses = [filled(place, things) for place in TABLE]
    addresses += ["/api/v1/cases", "/static/cases/app.css", "/no/such/page", "/.well-known/security.txt"]
    for address in addresses:
        answer = behind_tls.get(address)
        assert (answer.status_code, answer["Location"].startswith("https://testserver/")) == (301, True), address
    assert behind_tls.get("/healthz").status_code == 503  # no worker has reported, and nobody is sent elsewhere
    assert behind_tls.get("/metrics").status_code == 403  # METRICS_TOKEN is not set
    assert behind_tls.get("/sign-in/", headers={"X-Forwarded-Proto": "https"}).status_code == 200


def test_metrics_are_read_with_the_token_on_the_machine_itself(behind_tls: Client, settings: Any, db: None) -> None:
    settings.METRICS_TOKEN = "a-token-of-enough-characters"
    assert behind_tls.get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"}).status_code == 200


def test_password_managers_find_the_page(me: Person, anybody: Person) -> None:
    answer = me.client.get("/.well-known/change-password")
    assert (answer.status_code, answer["Location"]) == (302, "/me/password/")
    assert me.client.get(answer["Location"]).status_code in (200, 302)
    assert anybody.client.get("/.well-known/change-password")["Location"] == "/me/password/"
    # By which a password manager knows that the address above means something.
    missing = anybody.client.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200/")
    assert missing.status_code == 404
