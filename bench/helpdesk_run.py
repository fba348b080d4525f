"""Runs in django-helpdesk's own environment: so many due tickets on SQLite, escalated once; prints JSON."""

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

file, due = Path(sys.argv[1]), int(sys.argv[2])
file.unlink(missing_ok=True)
settings.configure(
    SECRET_KEY="for a benchmark only",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}},
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
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    ROOT_URLCONF=__name__,
    SITE_ID=1,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    HELPDESK_TEAMS_MODE_ENABLED=False,
)
django.setup()
urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]

from django.contrib.auth import get_user_model  # noqa: E402
from django.core import mail  # noqa: E402
from django.utils import timezone  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402

mail.outbox = []
call_command("migrate", verbosity=0)
call_command("loaddata", "emailtemplate.json", verbosity=0)
owner = get_user_model().objects.create_user("owner", "owner@example.com", "x")
queue = Queue.objects.create(
    title="Q", slug="q", escalate_days=1, email_address="q@example.com", allow_email_submission=False
)
long_ago = timezone.now() - timedelta(days=10)
Ticket.objects.bulk_create(
    Ticket(
        queue=queue,
        title=f"T{n}",
        created=long_ago,
        modified=long_ago,
        assigned_to=owner,
        priority=3,
        status=1,
        submitter_email=f"s{n}@example.com",
    )
    for n in range(due)
)
Ticket.objects.update(created=long_ago)
began = time.perf_counter()
call_command("escalate_tickets", verbosity=0)
seconds = time.perf_counter() - began
escalated = Ticket.objects.filter(priority=2).count()
assert escalated == due == FollowUp.objects.count(), (escalated, FollowUp.objects.count())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"count": due, "seconds": seconds, "peak": peak, "mails": len(mail.outbox)}))
