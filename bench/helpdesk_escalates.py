"""Runs in django-helpdesk's own environment: N due tickets on SQLite, escalated once; prints JSON."""

import json
import resource
import sys
import time
from datetime import timedelta

from bench import helpdesk_site as site  # isort: skip  # before everything that wants its settings

from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from helpdesk.models import FollowUp, Ticket

due = int(sys.argv[2])
owner, queue = site.person(), site.queue()
site.tickets(due, timezone.now() - timedelta(days=10), lambda n: {"queue": queue, "assigned_to": owner, "status": 1})
began = time.perf_counter()
call_command("escalate_tickets", verbosity=0)
seconds = time.perf_counter() - began
escalated = Ticket.objects.filter(priority=2).count()
assert escalated == due == FollowUp.objects.count(), (escalated, FollowUp.objects.count())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"count": due, "seconds": seconds, "peak": peak, "mails": len(mail.outbox)}))
