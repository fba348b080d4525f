"""Each verb on a case of its own, as a page performs it; committed."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from bench.client import count_queries, summarize
from cases import operations as ops
from cases.domain.business_days import local
from cases.models import Case, Team, User
from cases.operations.follow_up import Snooze

RUNS = 12


def verbs() -> dict[str, tuple[str, Callable[[], ops.Verb]]]:
    """By name: the standing of the cases it is for, and how to make the verb."""
    now = timezone.now()
    tomorrow = local(now).date() + timedelta(days=1)
    return {
        "follow-up": ("submitted", lambda: ops.FollowUp(now, words="called")),
        "under review": ("submitted", lambda: ops.UnderReview(now)),
        "promise": ("submitted", lambda: ops.Promised(now, promised_on=tomorrow)),
        "return": ("submitted", lambda: ops.Returned(now, reason="arrears")),
        "reported done": ("submitted", lambda: ops.ReportedDone(now)),
        "verify and confirm": ("submitted", lambda: ops.Verify(now, "hotline", "cancelled", confirm=True)),
        "snooze": ("submitted", lambda: Snooze(tomorrow)),
        "submit": ("draft", lambda: ops.Submit(now)),
        "withdraw": ("draft", lambda: ops.Withdraw()),
    }


def measure(team: Team, user: User) -> Iterator[tuple[str, dict[str, float]]]:
    """The figures of each verb, by name."""
    used_ids: set[int] = set()
    for name, (status, make) in verbs().items():
        # Without a deadline in the past: of those that wait, the newest.
        cases = Case.objects.filter(team=team, status=status).exclude(pk__in=used_ids).order_by("-pk")[: RUNS + 1]
        sample = list(cases)
        used_ids |= {case.pk for case in sample}
        if len(sample) < 2:  # a small population has no more of them
            continue
        count = count_queries(_perform(make(), sample[0], user))
        walls, busy = [], []
        for case in sample[1:]:
            run = _perform(make(), case, user)
            began, cpu = time.perf_counter(), time.process_time()
            run()
            walls.append(1000 * (time.perf_counter() - began))
            busy.append(1000 * (time.process_time() - cpu))
        yield f"verb: {name}", summarize(walls, busy) | {"queries": count}


def _perform(verb: ops.Verb, case: Case, user: User) -> Callable[[], Any]:
    return lambda: ops.perform_one(verb, case, by=user, now=timezone.now())
