"""Settings, read once from the environment; a wrong value stops the start with one line.

====================  ==========================  ============================================================
variable              default                     meaning
====================  ==========================  ============================================================
DATA_DIR              var/ beside manage.py       everything stored: database, receipts, key; and the
                                                  collected static files, which can be recreated
DATABASE_URL          xiaoka.sqlite3 in DATA_DIR  sqlite:///PATH (a relative PATH starts beside manage.py)
                                                  or postgres://USER:PASSWORD@HOST:PORT/NAME
DATABASE_POOLED       false                       true: DATABASE_URL names a pooler in transaction mode
                                                  (pgbouncer)
SECRET_KEY            made once, kept in          signs sessions, links and queued jobs
                      DATA_DIR/secret-key
HOST                  127.0.0.1                   the address to listen on
PORT                  8000                        the port to listen on
ALLOWED_HOSTS         localhost, 127.0.0.1,       host names of the site, comma-separated
                      [::1], HOST
CSRF_TRUSTED_ORIGINS  none                        origins with scheme of a proxy in front, comma-separated
HTTPS                 false                       true: behind a TLS proxy that sets X-Forwarded-Proto;
                                                  secure cookies, HSTS and a redirect from http
SITE_URL              by HTTPS, ALLOWED_HOSTS,    the address of the site in messages, and in the first link
                      HOST and PORT
EMAIL_URL             none: files in DATA_DIR/    the mail server: smtps://USER:PASSWORD@HOST, or with STARTTLS
                      mail                        smtp://USER:PASSWORD@HOST:PORT?tls=True
EMAIL_FROM            the user of EMAIL_URL       the sender of e-mail
EMAIL_CA_FILE         none: the system's alone    a PEM file with certificates that the mail server is checked by,
                                                  beside the system's
CHANNEL_KEYS          made once, kept in          encrypt the addresses and keys of channels and calendars;
                      DATA_DIR/channel-keys       comma-separated, the newest first
RECEIPT_KEYS          made once, kept in          encrypt the files of receipts; likewise
                      DATA_DIR/receipt-keys
SIGNING_KEY           made once, kept in          signs dossiers: an Ed25519 key, 32 bytes in URL-safe Base64
                      DATA_DIR/signing-key
ERASURES_FILE         erasures.jsonl in DATA_DIR  the list of what was erased, by which a restore of an
                                                  older backup erases it again: best kept with the backups
ANCHORS_DIR           anchors/ in DATA_DIR        the daily anchors of all records: best kept where a restore of
                                                  the database does not reach
ANCHOR_RECIPIENT      none                        where each new anchor is sent: an e-mail address, or a web
                                                  address (a POST of JSON)
TIMESTAMP_URL         none                        a time-stamp service (RFC 3161) that confirms each anchor
TIMESTAMP_CERTIFICATES none: not checked          a PEM file with that service's root certificates
SIGNUP                invited                     open: anybody may make an account; invited: only by the
                                                  link of a team's manager
SESSION_HOURS         12                          how long somebody stays signed in; 720 at most
ADMIN_SECOND_FACTOR   true                        false: the admin opens without one; on this machine only
ALLOW_PRIVATE_HOSTS   false                       true: webhooks and users' own Bark servers may be in
                                                  private networks or on this machine
METRICS_TOKEN         none: this machine only     the bearer token for /metrics
MIN_FREE_SPACE        500MB,5%                    less room than this where something is stored, and /healthz says
                                                  so; of two amounts the lesser counts
API_REQUESTS_A_MINUTE 600                         requests that one API token may make in a minute
DEBUG                 false                       true: tracebacks in the browser; never in public
ACCESS_LOG            false                       true: one line in the log for each request, without secrets
WEB_WORKERS           2                           web server processes, of four threads each
Q_WORKERS             1                           worker processes for background tasks
XIAOKA_NOW            none: the real time         with DEBUG or in tests: the moment that counts as now, such as
                                                  2026-10-14T09:00:00+08:00; or @PATH, a file that holds it
XIAOKA_WORKER         the name of the machine     the name under which this machine's worker reports
XIAOKA_TEST           false                       set by tests/conftest.py: quick hashes, plain static files
====================  ==========================  ============================================================
"""

import socket
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from tracker import env_values, logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def _allowed_hosts() -> list[str]:
    """The names the site answers to: loopback, and the address listened on unless that is all of them."""
    hosts: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    bound = f"[{HOST}]" if ":" in HOST else HOST
    return hosts if HOST in {"0.0.0.0", "::"} or bound in hosts else [*hosts, bound]


TESTING = env.bool("XIAOKA_TEST", False)
DEBUG = env.bool("DEBUG", False)
XIAOKA_NOW = env_values.fixed_now(env.str("XIAOKA_NOW", ""), allowed=DEBUG or TESTING)
XIAOKA_WORKER = env.str("XIAOKA_WORKER", "") or socket.gethostname()
HTTPS = env.bool("HTTPS", False)
HOST = env.str("HOST", "") or "127.0.0.1"
PORT = env.int("PORT", 8000, validate=validate.Range(1, 65535))
WEB_WORKERS = env.int("WEB_WORKERS", 2, validate=validate.Range(1))
DATA_DIR = env_values.data_dir(env.str("DATA_DIR", ""), BASE_DIR / "var")
SECRET_KEY = env.str("SECRET_KEY", "") or env_values.load_or_create_secret_key(DATA_DIR / "secret-key")
ALLOWED_HOSTS = _allowed_hosts()
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
POOLED = env.bool("DATABASE_POOLED", False)
DATABASES = {
    "default": env_values.database_config(env.str("DATABASE_URL", ""), pooled=POOLED, base=BASE_DIR, folder=DATA_DIR)
}

INSTALLED_APPS = [
    "tracker.apps.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "django_htmx",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_lib_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",  # the files of the API's pages
    "cases",
]

MIDDLEWARE = [
    "cases.web.middleware.metrics.MetricsMiddleware",  # first: it times all that follows
    "cases.web.middleware.health.HealthMiddleware",  # before the others: it answers when nothing behind it can
    "cases.web.middleware.storage_status.set_storage_status",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cases.web.middleware.compression.PageCompressionMiddleware",
    "cases.web.middleware.cache_control.no_store_by_default",  # after WhiteNoise: its files are kept, and for long
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cases.web.middleware.language.LanguageMiddleware",  # after authentication: the language is the user's
    "cases.web.middleware.body_limit.limit_body_size",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cases.web.known_browsers.known_browser_cookie",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

#: Where a monitor, a load balancer and `serve` ask whether database and worker are well.
HEALTH_PATH = "/healthz"

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
                "cases.web.context_processors.site",
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
    {
        "NAME": f"django.contrib.auth.password_validation.{name}Validator",
        "OPTIONS": {"min_length": 12} if name == "MinimumLength" else {},
    }
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]

# Signing in: allauth, by e-mail and password or passkey, with a second factor for those who set one up.
SESSION_HOURS = env.int("SESSION_HOURS", 12, validate=validate.Range(1, 24 * 30))
SIGNUP = env.str("SIGNUP", "invited", validate=validate.OneOf(["invited", "open"]))
ADMIN_SECOND_FACTOR = env.bool("ADMIN_SECOND_FACTOR", True)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
ACCOUNT_ADAPTER = "cases.web.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "cases.web.adapters.NewAccountForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True  # the new address counts once it has answered
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
# Beside allauth's own: letters to one address are few; failed sign-ins have waits of ours (cases/web/guess_guard.py).
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key", "login_failed": None, "login": "300/m/ip"}
# Requests in so many seconds: by user or client address, and those of a phone that forwards; a flood has more.
RATE_LIMITS = {"invite": (30, 3600), "join": (20, 60), "inbound": (1500, 3600), "proof": (20, 60)}
RATE_LIMITS["palette"] = (240, 60)  # a letter each
MFA_ADAPTER = "cases.web.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "cases.web.adapters.NewKeyForm",
    "edit_webauthn": "cases.web.adapters.KeyNameForm",
    "activate_totp": "cases.web.second_factor.NewAppForm",
    "authenticate": "cases.web.second_factor.CodeForm",
    "reauthenticate": "cases.web.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER, MFA_TOTP_TOLERANCE = "Xiaoka", 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an installation may have no mail server
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Requests that one token may make in a minute.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", 600, validate=validate.Range(1))
# Where attempts are counted, by all web processes together.
_CACHE = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": DATA_DIR / "cache",
    # Beyond so many the cache throws entries away by chance: few would let a guesser push the counts out.
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} if TESTING else _CACHE}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Our own texts, then those of libraries in our words; both go before the libraries' own catalogues.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries"]
FORMAT_MODULE_PATH = "tracker.formats"
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

SITE_URL_IS_SET = bool(env.str("SITE_URL", ""))
SITE_URL = env_values.site_url(env.str("SITE_URL", ""), https=HTTPS, host=HOST, port=PORT, allowed_hosts=ALLOWED_HOSTS)
_MAIL = env_values.mail_config(env.str("EMAIL_URL", ""), folder=DATA_DIR / "mail")
EMAIL_BACKEND: str = _MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH: str = _MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST: str = _MAIL["EMAIL_HOST"]
EMAIL_PORT: int = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_CA = env_values.read_certificates("EMAIL_CA_FILE", env.str("EMAIL_CA_FILE", "")).decode("ascii", "ignore")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_values.mail_sender(env.str("EMAIL_FROM", ""), user=EMAIL_HOST_USER)
#: Seconds that a channel has for its answer.
SEND_TIMEOUT = EMAIL_TIMEOUT = 5
CHANNEL_KEYS = env_values.parse_keys("CHANNEL_KEYS", env.list("CHANNEL_KEYS", []))
CHANNEL_KEYS_FILE = DATA_DIR / "channel-keys"
RECEIPT_KEYS = env_values.parse_keys("RECEIPT_KEYS", env.list("RECEIPT_KEYS", []))
RECEIPT_KEYS_FILE = DATA_DIR / "receipt-keys"
SIGNING_KEY = env_values.parse_keys("SIGNING_KEY", [env.str("SIGNING_KEY", "")])
SIGNING_KEY_FILE = DATA_DIR / "signing-key"
#: The largest dossier that the public page takes to check; a larger one is checked with manage.py verify_dossier.
DOSSIER_MAX_BYTES = 100 * 1024 * 1024
#: Of any request, with what lies around a file.
LARGEST_BODY = DOSSIER_MAX_BYTES + 1024 * 1024
ALLOW_PRIVATE_HOSTS = env.bool("ALLOW_PRIVATE_HOSTS", False)
METRICS_TOKEN = env_values.parse_token("METRICS_TOKEN", env.str("METRICS_TOKEN", ""))

MIN_FREE_SPACE = env_values.parse_free_space("MIN_FREE_SPACE", env.str("MIN_FREE_SPACE", "500MB,5%"))
RECEIPTS_ROOT = DATA_DIR / "receipts"
# SMS that could not be stored yet, encrypted.
SPOOL_ROOT = DATA_DIR / "spool"
# What is being uploaded lies with the rest, its owner's alone, and not in a folder of the whole machine.
FILE_UPLOAD_TEMP_DIR = env_values.data_dir("", DATA_DIR / "uploads")
ERASURES_FILE = env.path("ERASURES_FILE", DATA_DIR / "erasures.jsonl")
ANCHORS_ROOT = env.path("ANCHORS_DIR", DATA_DIR / "anchors")
ANCHOR_RECIPIENT = env_values.parse_recipient("ANCHOR_RECIPIENT", env.str("ANCHOR_RECIPIENT", ""))
TIMESTAMP_URL = env_values.parse_web_address("TIMESTAMP_URL", env.str("TIMESTAMP_URL", ""))
TIMESTAMP_CERTIFICATES = env_values.read_certificates("TIMESTAMP_CERTIFICATES", env.str("TIMESTAMP_CERTIFICATES", ""))
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

LOGGING = logs.config(access_log=env.bool("ACCESS_LOG", False))

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# No page holds a script or a style of its own, and nothing comes from elsewhere; `data:` are Bootstrap's arrows.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# Nothing here listens, films, pays or asks where somebody is; photos come by way of a file field.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
}
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
if HTTPS:  # by these names a browser takes the cookies from this host alone, and over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# HSTS for subdomains and browsers' preload lists bind a whole domain: not for one site on it to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
