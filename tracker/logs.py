"""What stands in the log, and what must not: addresses that are secrets."""

import logging
import re
from typing import Any

_SECRETS = re.compile(r"(/(?:calendar|in|invitations|welcome|password|email/confirm)/)[^\s/?\"']+")


class HideSecrets(logging.Filter):
    """Blots out secrets in addresses: calendars, forwarders, invitations, new passwords, the first start."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _SECRETS.search(message):
            record.msg, record.args = _SECRETS.sub(r"\1••••", message), None
        return True


LOGGING: dict[str, Any] = {
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
        # The web server's own lines name addresses when something breaks before Django has them.
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
        # Clients that go away before their answer are no news, nor are requests that wait a moment for a thread.
        "waitress": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},
        # One line for each job done, each minute, would hide the lines that matter.
        "django-q": {"level": "WARNING"},
        "django.request": {"filters": ["not_health"]},
    },
}


def config(*, access_log: bool) -> dict[str, Any]:
    """Django's LOGGING, with a line for each request or without."""
    return LOGGING | {"loggers": LOGGING["loggers"] | {"xiaoka.access": {"level": "INFO" if access_log else "WARNING"}}}
