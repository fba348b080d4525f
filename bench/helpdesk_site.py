"""In django-helpdesk's own environment: its settings, a fresh SQLite file (the first argument), its tables, tickets."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

FILE = Path(sys.argv[1])
FILE.unlink(missing_ok=True)
_PARTS = ("auth.context_processors.auth", "messages.context_processors.messages")
settings.configure(
    SECRET_KEY="for a benchmark only",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FILE)}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.messages",
        "django.contrib.humanize",
        "django.contrib.staticfiles",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    *(f"django.contrib.{part}" for part in _PARTS),
                ]
            },
        }
    ],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    LOGIN_URL="/login/",
    SITE_ID=1,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    # As with us, people see what is theirs and nothing else.
    HELPDESK_ENABLE_PER_QUEUE_STAFF_PERMISSION=True,
)
django.setup()

from django.contrib import admin

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from helpdesk.models import Queue, Ticket

mail.outbox = []
call_command("migrate", verbosity=0)
call_command("loaddata", "emailtemplate.json", verbosity=0)


def person() -> Any:
    return get_user_model().objects.create_user("owner", "owner@example.com", "x", is_staff=True)


def queue(number: int = 0, owner: Any = None) -> Queue:
    """A queue, and its owner may see what is in it."""
    new_queue = Queue.objects.create(
        title=f"Q{number}",
        slug=f"q{number}",
        escalate_days=1,
        email_address=f"q{number}@example.com",
        allow_email_submission=False,
    )
    if owner:
        owner.user_permissions.add(Permission.objects.get(codename=new_queue.permission_name.partition(".")[2]))
    return new_queue


def tickets(count: int, at: datetime, of: Callable[[int], dict[str, Any]]) -> None:
    """N tickets of this moment, made by its models; `of` gives further columns of each."""
    for start in range(0, count, 10_000):
        Ticket.objects.bulk_create(
            Ticket(
                title=f"T{n}",
                created=at,
                modified=at,
                priority=3,
                submitter_email=f"s{n}@example.com",
                **of(n),
            )
            for n in range(start, min(count, start + 10_000))
        )
    Ticket.objects.update(created=at)
