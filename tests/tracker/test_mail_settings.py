"""The mail server, the sender and the site's address, as the environment gives them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tests.tracker.test_settings import read_settings, run_python
from tracker import env_values

pytestmark = pytest.mark.sqlite  # settings are read by programs of their own


@pytest.mark.parametrize(
    ("url", "port", "from_the_start", "starttls"),
    [
        ("smtps://u%40company.example:p%2Fw@mail.example", 465, True, False),
        ("smtps://u%40company.example:p%2Fw@mail.example:2465", 2465, True, False),
        ("smtp://u%40company.example:p%2Fw@mail.example?ssl=True", 465, True, False),
        ("smtp://u%40company.example:p%2Fw@mail.example:994?ssl=True", 994, True, False),
        ("submission://u%40company.example:p%2Fw@mail.example", 587, False, True),
        ("smtp://u%40company.example:p%2Fw@mail.example:587?tls=True", 587, False, True),
        ("smtp://u%40company.example:p%2Fw@mail.example", 25, False, False),
    ],
)
@pytest.mark.filterwarnings("error")
def test_the_mail_server(url: str, port: int, from_the_start: bool, starttls: bool, tmp_path: Path) -> None:
    config: dict[str, Any] = dict(env_values.mail_config(url, folder=tmp_path))
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"]) == ("mail.example", port)
    assert (config["EMAIL_USE_SSL"], config["EMAIL_USE_TLS"]) == (from_the_start, starttls)
    assert (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"]) == ("u@company.example", "p/w")
    assert config["EMAIL_BACKEND"] == "tracker.mail_backend.EmailBackend"


@pytest.mark.parametrize(
    "url", ["smtps://", "smtps://u:secret@mail.example:port", "imap://mail.example", "mail.example"]
)
def test_what_is_no_mail_server_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL is not understood") as refused:
        env_values.mail_config(url, folder=tmp_path)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("configured", "user", "sender"),
    [
        ("", "", "Xiaoka <xiaoka@localhost>"),
        ("", "office", "Xiaoka <xiaoka@localhost>"),
        ("", "office@company.example", "Xiaoka <office@company.example>"),
        ("销卡 <sim@company.example>", "office@company.example", "销卡 <sim@company.example>"),
        ("sim@company.example", "", "sim@company.example"),
        ("Xiaoka <xiaoka@localhost>", "", "Xiaoka <xiaoka@localhost>"),
    ],
)
def test_the_sender(configured: str, user: str, sender: str) -> None:
    assert env_values.mail_sender(configured, user=user) == sender


def test_a_sender_that_is_no_address_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_FROM is not an address"):
        env_values.mail_sender("Xiaoka", user="")


@pytest.mark.parametrize(
    ("configured", "https", "host", "hosts", "address"),
    [
        ("", False, "127.0.0.1", ["localhost"], "http://127.0.0.1:8000"),
        ("", False, "::1", ["localhost"], "http://[::1]:8000"),
        ("", False, "0.0.0.0", ["localhost"], "http://127.0.0.1:8000"),
        ("", False, "0.0.0.0", ["localhost", "office.example"], "http://office.example:8000"),
        ("", True, "127.0.0.1", ["localhost", "127.0.0.1", "xiaoka.example.com"], "https://xiaoka.example.com"),
        ("", True, "127.0.0.1", [".example.com", "*", "sim.example.com"], "https://sim.example.com"),
        ("https://xiaoka.example.com/", True, "127.0.0.1", ["other.example"], "https://xiaoka.example.com"),
        ("http://10.0.0.5:8080", False, "0.0.0.0", [], "http://10.0.0.5:8080"),
    ],
)
def test_the_address_of_the_site(configured: str, https: bool, host: str, hosts: list[str], address: str) -> None:
    found = env_values.site_url(configured, https=https, host=host, port=8000, allowed_hosts=hosts)
    assert found == address


@pytest.mark.parametrize("address", ["xiaoka.example", "https://xiaoka.example/sim/", "https://u:p@xiaoka.example"])
def test_what_is_no_address_of_a_site_stops_the_start(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^SITE_URL "):
        env_values.site_url(address, https=True, host="127.0.0.1", port=8000, allowed_hosts=[])


def test_the_authority_of_a_company_is_read_or_the_start_stops(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("none")
    data = str(tmp_path / "data")
    for path, why in (("ca.pem", "holds no certificates in PEM form."), ("away.pem", "cannot be read")):
        done = run_python("manage.py", "check", DATA_DIR=data, EMAIL_CA_FILE=str(tmp_path / path))
        assert done.returncode != 0
        assert f"EMAIL_CA_FILE {tmp_path / path} {why}" in done.stderr
    assert read_settings("EMAIL_CA", DATA_DIR=data) == [""]


def test_the_first_link_is_under_the_sites_address(tmp_path: Path) -> None:
    """Behind a proxy with TLS a link of plain HTTP would show the password of the first administrator on the way."""
    show = (
        "import django; django.setup()\n"
        "from cases.management.commands.serve import Command\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0); Command().print_first_start_link()"
    )
    given = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tracker.settings", "HTTPS": "1"}
    done = run_python("-c", show, ALLOWED_HOSTS="localhost,xiaoka.example.com", **given)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("  https://xiaoka.example.com/welcome/")
    assert "http://" not in done.stdout


@pytest.mark.parametrize(
    ("sender", "user", "said"),
    [
        ("Xiaoka <xiaoka@localhost>", "", "EMAIL_FROM is not set"),
        ("sim@company.example", "office@provider.example", "of another domain"),
        ("sim@company.example", "office@company.example", ""),
        ("sim@company.example", "apikey", ""),
    ],
)
def test_a_sender_that_servers_refuse_is_told_at_the_start(
    settings: Settings, sender: str, user: str, said: str
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.EMAIL_HOST_USER = "mail.example", sender, user
    told = [message for message in run_checks() if message.id == "xiaoka.W003"]
    assert [said in message.msg for message in told] == ([True] if said else [])
    settings.EMAIL_HOST = ""
    assert run_checks() == []


@pytest.mark.parametrize(
    ("host", "password", "encrypted", "told"),
    [
        ("mail.example", "secret", False, ["xiaoka.W004"]),
        ("mail.example", "secret", True, []),
        ("mail.example", "", False, []),
        ("127.0.0.1", "secret", False, []),
    ],
)
def test_a_password_in_the_clear_is_told(
    settings: Settings, host: str, password: str, encrypted: bool, told: list[str]
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = host, password, encrypted
    settings.DEFAULT_FROM_EMAIL = "sim@company.example"
    assert [message.id for message in run_checks()] == told
    assert "secret" not in str(run_checks())


@pytest.mark.parametrize(
    ("is_set", "address", "told"),
    [
        (False, "https://xiaoka.example", "SITE_URL is not set"),
        (True, "http://xiaoka.example", "which is not encrypted"),
        (True, "https://other.example", "not in ALLOWED_HOSTS"),
        (True, "https://xiaoka.example", ""),
    ],
)
def test_links_that_lead_elsewhere_are_told_before_deployment(
    settings: Settings, is_set: bool, address: str, told: str
) -> None:
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["xiaoka.example"]
    settings.SITE_URL_IS_SET, settings.SITE_URL = is_set, address
    messages = [m.msg for m in run_checks(include_deployment_checks=True) if m.id == "xiaoka.W002"]
    assert [told in message for message in messages] == ([True] if told else [])
