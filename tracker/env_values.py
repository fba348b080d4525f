"""Values of the environment as Django's settings, or refused with one line."""

import base64
import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from cryptography.x509 import load_pem_x509_certificates
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from cases.clock import parse_now

_ALL_INTERFACES = {"0.0.0.0", "::"}
_THIS_MACHINE = {*_ALL_INTERFACES, "localhost", "127.0.0.1", "[::1]", "::1"}


def data_dir(configured: str, default: Path) -> Path:
    """The folder of all data, created when missing; for its owner alone: it holds personal data."""
    folder = Path(configured or default).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be made: {error.strerror}.") from error
    return folder


def load_or_create_secret_key(path: Path) -> str:
    """The key in the file at path, created on the first call.

    Two processes that start together agree on one key: a hard link to an existing name fails.
    """
    try:
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR cannot be used: {path}: {error.strerror}.") from error
    if not key:
        raise ImproperlyConfigured(f"{path} is empty; delete it to have a new key made.")
    return key


def parse_keys(name: str, raw_keys: list[str]) -> list[str]:
    """Keys for encrypted data, which no message repeats; an empty list means the file in DATA_DIR."""
    stripped = [key.strip() for key in raw_keys if key.strip()]
    for number, key in enumerate(stripped, 1):
        try:
            is_valid = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            is_valid = False
        if not is_valid:
            raise ImproperlyConfigured(f"{name}: number {number} is not 32 bytes in URL-safe Base64.")
    return stripped


def parse_token(name: str, value: str) -> str:
    """A secret that identifies a machine, which no message repeats; empty where there is none."""
    if value and (len(value) < 16 or not value.isascii() or not value.isprintable() or " " in value):
        raise ImproperlyConfigured(f"{name} is not at least 16 letters, digits and signs without spaces.")
    return value


def parse_free_space(name: str, value: str) -> tuple[int | None, float | None]:
    """Bytes, a share of the disk in percent, or both, of which the lesser counts: ``500MB,5%``; 0 for none."""
    size: int | None = None
    percent: float | None = None
    for part in filter(None, value.replace(" ", "").upper().split(",")):
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(%|[KMGT]?B)?", part)
        number = float(match[1]) if match else -1.0
        if match and match[2] == "%" and number <= 100:
            percent = number
        elif match and (match[2] not in ("%", None) or not number):
            size = int(number * 1000 ** "BKMGT".index((match[2] or "B")[0]))
        else:
            raise ImproperlyConfigured(f"{name} is not an amount of space like 500MB, 5% or 500MB,5%.")
    return size, percent


def parse_web_address(name: str, value: str) -> str:
    """The address of a service, which no message repeats: it may hold a key; empty where there is none."""
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid or "@" in urlsplit(value).netloc or not value.isprintable() or " " in value:
        raise ImproperlyConfigured(f"{name} is not an address that starts with https:// or http://, without a user.")
    return value


def parse_recipient(name: str, value: str) -> str:
    """An e-mail address, or the address of a service; empty where there is none."""
    if value and "://" not in value:
        try:
            validate_email(value)
        except ValidationError:
            raise ImproperlyConfigured(
                f"{name} is neither an e-mail address nor one that starts with https://."
            ) from None
        return value
    return parse_web_address(name, value)


def read_certificates(name: str, path: str) -> bytes:
    """The PEM file with the certificates that a service is checked by, named by a setting; empty where none is set."""
    if not path:
        return b""
    try:
        pem = Path(path).read_bytes()
        load_pem_x509_certificates(pem)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} {path} holds no certificates in PEM form.") from error
    return pem


def _sqlite(config: dj_database_url.DBConfig, base: Path, folder: Path) -> dict[str, object]:
    """WAL lets readers and the one writer work at once; IMMEDIATE takes the write lock at the start of a
    transaction, where waiting for it is possible; synchronous stays FULL: what was confirmed is on disk."""
    if config["NAME"] == ":memory:":
        raise ImproperlyConfigured(
            "DATABASE_URL: web server and worker cannot share a database in memory; give a path: sqlite:///PATH."
        )
    return {
        **config,
        "NAME": str(base / config["NAME"]),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
        # A file and not memory: tests run on what people run.
        "TEST": {"NAME": str(folder / "test.sqlite3")},
    }


def _postgresql(config: dj_database_url.DBConfig, *, pooled: bool) -> dict[str, object]:
    """Connections are kept for a minute, looked at before use, and given up on after five seconds.

    A cursor on the server's side lives for a session; a pooler gives another to each transaction."""
    options = {"connect_timeout": 5} | config.get("OPTIONS", {})
    connection_settings = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": pooled}
    return {**config, **connection_settings, "OPTIONS": options}


def database_config(url: str, *, pooled: bool, base: Path, folder: Path) -> dict[str, object]:
    """Django's configuration of the database at url, which no message repeats: it may hold a password.

    An empty url means xiaoka.sqlite3 in `folder`; a relative path starts at `base`. `pooled`: a pooler stands there
    that hands out PostgreSQL's sessions by the transaction."""
    if not url:
        return _sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "xiaoka.sqlite3")}, base, folder)
    try:
        config = dj_database_url.parse(url)
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not understood; it looks like sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME."
        ) from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return _sqlite(config, base, folder)
    if config["ENGINE"] == "django.db.backends.postgresql":
        return _postgresql(config, pooled=pooled)
    raise ImproperlyConfigured("DATABASE_URL names a database that is not supported; use sqlite or postgres.")


class MailConfig(TypedDict, total=False):
    """Django's settings of the same names."""

    EMAIL_BACKEND: str
    EMAIL_FILE_PATH: str
    EMAIL_HOST: str
    EMAIL_PORT: int | None
    EMAIL_HOST_USER: str | None
    EMAIL_HOST_PASSWORD: str | None
    EMAIL_USE_TLS: bool
    EMAIL_USE_SSL: bool


def mail_config(url: str, *, folder: Path) -> MailConfig:
    """Django's mail settings of the server at url, which no message repeats: it may hold a password.

    An empty url means files in `folder`; EMAIL_HOST is empty then, by which pages know to say so."""
    if not url:
        return {
            "EMAIL_HOST": "",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(folder),
        }
    is_tls_from_the_start = url.startswith("smtps://")
    try:
        # The library takes smtps for STARTTLS at no port, and warns of it.
        config: MailConfig = dj_email_url.parse(url.replace("smtps://", "smtp://", 1) if is_tls_from_the_start else url)
        has_port = bool(urlsplit(url).port)
        if is_tls_from_the_start and not urlsplit(url).hostname:
            config = {}
    except ValueError:
        config = {}
    if not url.startswith(("smtp", "submi")) or not config.get("EMAIL_HOST") or "EMAIL_BACKEND" not in config:
        raise ImproperlyConfigured(
            "EMAIL_URL is not understood; it looks like smtps://USER:PASSWORD@HOST, or "
            "smtp://USER:PASSWORD@HOST:PORT?tls=True."
        )
    config["EMAIL_BACKEND"] = "tracker.mail_backend.EmailBackend"
    if is_tls_from_the_start:
        config["EMAIL_USE_SSL"], config["EMAIL_USE_TLS"] = True, False
    if config.get("EMAIL_USE_SSL") and not has_port:
        config["EMAIL_PORT"] = 465
    return config


def mail_sender(configured: str, *, user: str) -> str:
    """EMAIL_FROM, or the account at the mail server where that is an address: many servers take no other sender."""
    address = parseaddr(configured)[1] if configured else user
    try:
        validate_email(address)
    except ValidationError:
        if configured and address != "xiaoka@localhost":
            raise ImproperlyConfigured(
                "EMAIL_FROM is not an address; it looks like Xiaoka <xiaoka@example.com>."
            ) from None
        return configured or "Xiaoka <xiaoka@localhost>"
    return configured or f"Xiaoka <{user}>"


def site_url(configured: str, *, https: bool, host: str, port: int, allowed_hosts: list[str]) -> str:
    """The address of the site, without a slash at its end: SITE_URL, or what the other settings say of it.

    Behind a proxy that is the first name in ALLOWED_HOSTS that is not this machine's alone."""
    if configured:
        parts = urlsplit(parse_web_address("SITE_URL", configured))
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ImproperlyConfigured("SITE_URL has a host, and a port if need be, and nothing after it.")
        return f"{parts.scheme}://{parts.netloc}"
    names = [name for name in allowed_hosts if name not in _THIS_MACHINE and not name.startswith((".", "*"))]
    if https:
        return f"https://{names[0] if names else host}"
    if host in _ALL_INTERFACES:
        host = names[0] if names else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{port}"


def fixed_now(value: str, *, allowed: bool) -> str:
    """XIAOKA_NOW as `cases.clock` reads it; empty for the real time. Refused where it is not allowed.

    A forgotten one would let deadlines pass unseen.
    """
    if not value:
        return ""
    if not allowed:
        raise ImproperlyConfigured("XIAOKA_NOW sets the clock, which only DEBUG and tests may do. Unset it.")
    try:
        parse_now(value)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"XIAOKA_NOW={value} is no moment like 2026-10-14T09:00:00+08:00, nor @ with the path of a file that "
            "holds one."
        ) from error
    return value
