"""Settings, read once from the environment; a wrong value stops the start with one line.

====================  ==========================  ============================================================
variable              default                     meaning
====================  ==========================  ============================================================
DATA_DIR              var/ beside manage.py       all that is kept: database, receipts, key; and the
                                                  collected static files, which can be made again
DATABASE_URL          xiaoka.sqlite3 in DATA_DIR  sqlite:///PATH (a relative PATH starts beside manage.py)
                                                  or postgres://USER:PASSWORD@HOST:PORT/NAME
SECRET_KEY            made once, kept in          signs sessions, links and queued jobs
                      DATA_DIR/secret-key
HOST                  127.0.0.1                   the address that is listened on
PORT                  8000                        the port that is listened on
ALLOWED_HOSTS         localhost, 127.0.0.1,       names under which the site is called, comma-separated
                      [::1], HOST
CSRF_TRUSTED_ORIGINS  none                        origins with scheme of a proxy in front, comma-separated
HTTPS                 false                       true: behind a TLS proxy that sets X-Forwarded-Proto;
                                                  secure cookies, HSTS and a redirect from http
SITE_URL              http://HOST:PORT            the address of the site in messages
EMAIL_URL             none: files in DATA_DIR/    the mail server: smtp://USER:PASSWORD@HOST:PORT, with
                      mail                        ?ssl=True or ?tls=True for encryption
EMAIL_FROM            xiaoka@localhost            the sender of e-mail
CHANNEL_KEYS          made once, kept in          encrypt the addresses and keys of channels and calendars;
                      DATA_DIR/channel-keys       comma-separated, the newest first
ALLOW_PRIVATE_HOSTS   false                       true: webhooks and own Bark servers may stand in private
                                                  networks or on this machine
DEBUG                 false                       true: tracebacks in the browser; never in public
WEB_WORKERS           2                           web server processes, of four threads each
Q_WORKERS             1                           processes that work on background jobs
XIAOKA_TEST           false                       set by tests/conftest.py: quick hashes, plain static files
====================  ==========================  ============================================================
"""

import base64
import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def _data_dir() -> Path:
    """The folder for all that is kept, made when missing; its owner's alone: it holds personal data."""
    folder = Path(env.str("DATA_DIR", "") or BASE_DIR / "var").expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {folder} cannot be made: {error.strerror}.") from error
    return folder


def _kept_secret_key(path: Path) -> str:
    """The key in the file at path, made on the first call.

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


def _channel_keys() -> list[str]:
    """Keys for the secrets of channels, which are never shown; an empty list means the file in DATA_DIR."""
    given: list[str] = env.list("CHANNEL_KEYS", [])
    keys = [key.strip() for key in given if key.strip()]
    for number, key in enumerate(keys, 1):
        try:
            sound = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            sound = False
        if not sound:
            raise ImproperlyConfigured(f"CHANNEL_KEYS: number {number} is not 32 bytes in URL-safe Base64.")
    return keys


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """WAL lets readers and the one writer work at once; IMMEDIATE takes the write lock at the start of a
    transaction, where waiting for it is possible; synchronous stays FULL: what was confirmed is on disk."""
    if config["NAME"] == ":memory:":
        raise ImproperlyConfigured(
            "DATABASE_URL: web server and worker cannot share a database in memory; give a path: sqlite:///PATH."
        )
    return config | {
        "NAME": str(BASE_DIR / config["NAME"]),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        # A file and not memory: tests run on what people run.
        "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
    }


def _postgresql(config: dict[str, Any]) -> dict[str, Any]:
    """Connections are kept for a minute, looked at before use, and given up on after five seconds."""
    options = {"connect_timeout": 5} | config.get("OPTIONS", {})
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def _database(url: str, *, default: Path) -> dict[str, Any]:
    """Django's configuration of the database at url, which is never shown: it may hold a password.

    An empty url means the SQLite file default."""
    if not url:
        return _sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)})
    try:
        config = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not understood; it looks like sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME."
        ) from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return _sqlite(config)
    if config["ENGINE"] == "django.db.backends.postgresql":
        return _postgresql(config)
    raise ImproperlyConfigured("DATABASE_URL names a database that is not supported; use sqlite or postgres.")


def _mail(url: str) -> dict[str, Any]:
    """Django's mail settings of the server at url, which is never shown: it may hold a password.

    An empty url means files in DATA_DIR/mail; EMAIL_HOST is empty then, by which pages know to say so."""
    if not url:
        folder = str(DATA_DIR / "mail")
        return {
            "EMAIL_HOST": "",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    try:
        config = dict(dj_email_url.parse(url))
    except ValueError:
        config = {}
    if not url.startswith(("smtp", "submi")) or not config.get("EMAIL_HOST") or "EMAIL_BACKEND" not in config:
        raise ImproperlyConfigured(
            "EMAIL_URL is not understood; it looks like smtp://USER:PASSWORD@HOST:PORT?tls=True."
        )
    return config


def _allowed_hosts() -> list[str]:
    """The names the site answers to: loopback, and the address listened on unless that is all of them."""
    given: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    bound = f"[{HOST}]" if ":" in HOST else HOST
    return given if HOST in {"0.0.0.0", "::"} or bound in given else [*given, bound]


TESTING = env.bool("XIAOKA_TEST", False)
DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("HTTPS", False)
HOST = env.str("HOST", "") or "127.0.0.1"
PORT = env.int("PORT", 8000, validate=validate.Range(1, 65535))
WEB_WORKERS = env.int("WEB_WORKERS", 2, validate=validate.Range(1))
DATA_DIR = _data_dir()
SECRET_KEY = env.str("SECRET_KEY", "") or _kept_secret_key(DATA_DIR / "secret-key")
ALLOWED_HOSTS = _allowed_hosts()
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
DATABASES = {"default": _database(env.str("DATABASE_URL", ""), default=DATA_DIR / "xiaoka.sqlite3")}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_lib_bootstrap5",
    "cases",
]

MIDDLEWARE = [
    "cases.web.health.HealthMiddleware",  # first: it answers when nothing behind it can
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cases.web.language.LanguageMiddleware",  # after authentication: the language is the user's
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "cases.web.context.site",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "cases.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "work_list"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
_PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
_HASHED_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _PLAIN_STATIC if TESTING or DEBUG else _HASHED_STATIC},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG

SITE_URL = (env.str("SITE_URL", "") or f"http://{HOST}:{PORT}").rstrip("/")
_MAIL = _mail(env.str("EMAIL_URL", ""))
EMAIL_BACKEND: str = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH: str = _MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST: str = _MAIL["EMAIL_HOST"]
EMAIL_PORT: int = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "") or "Xiaoka <xiaoka@localhost>"
#: Seconds that a channel has for its answer.
SEND_TIMEOUT = 5
CHANNEL_KEYS = _channel_keys()
CHANNEL_KEYS_FILE = DATA_DIR / "channel-keys"
ALLOW_PRIVATE_HOSTS = env.bool("ALLOW_PRIVATE_HOSTS", False)

RECEIPTS_ROOT = DATA_DIR / "receipts"
RECEIPT_MAX_BYTES = 20 * 1024 * 1024

# A job that takes longer than `timeout` seconds is ended and tried again after `retry`, three times in all.
# catch_up False: after a pause a schedule runs once, not once for each run it missed.
Q_CLUSTER = {
    "name": "xiaoka",
    "label": _("Background jobs"),  # in the admin
    "orm": "default",
    "workers": env.int("Q_WORKERS", 1, validate=validate.Range(1)),
    "timeout": 120,
    "retry": 300,
    "max_attempts": 3,
    "save_limit": 100,
    "catch_up": False,
    "poll": 0.5,
    "sync": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        # /healthz says in its answer what is wrong; one more line for each time it is asked says nothing.
        "not_health": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not record.getMessage().endswith(": /healthz"),
        },
        "hide_secrets": {"()": "tracker.logs.HideSecrets"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["hide_secrets"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would print only under DEBUG, and mail administrators that are not set.
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # One line for each job done, each minute, would hide the lines that matter.
        "django-q": {"level": "WARNING"},
        "django.request": {"filters": ["not_health"]},
    },
}

X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# HSTS for subdomains and browsers' preload lists bind a whole domain: not for one site on it to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
