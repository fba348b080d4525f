"""/healthz: the health of database and worker, for monitors, load balancers and ``serve``."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from cases import clock
from cases.domain.json_values import Json
from cases.inbox.spool import spool_counts
from cases.operations.anchors import AnchorHealth, anchor_health
from cases.operations.free_space import folder_spaces
from cases.queue import SWEEP_SILENT, WORKER_SILENT, silent_workers, time_since_sweep, time_since_worker_beat
from cases.reminders.pipeline import count_recently_failed, recently_failed_account_mails

log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers HEALTH_PATH before everything else.

    A middleware and not a view: it works without sessions, the user's language and the host name, so under any host
    name and when the database that those need is down.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return health() if request.path == settings.HEALTH_PATH else self.get_response(request)


def health() -> JsonResponse:
    """200 and ``{"status": "ok"}``, or 503 and ``{"status": "unwell", "why": …}``; never cached.

    `why` is plain English for operators and never holds the database's own message, which may name hosts; several
    reasons are separated by semicolons. Where there is too little room, or nothing can be written, it names the folder
    by its setting, as does `low_space`.
    `failed_deliveries` is added when notices, or emails about accounts, failed permanently within a week,
    `silent_workers` when one of several workers no longer reports; `spooled_messages` and `unreadable_messages` as
    `spool_counts` has them; `failed_anchors`, `anchor_flaws` and `no_anchor_since` as `AnchorHealth` has them. They do
    not change the status: none is repaired by a restart of this server.
    """
    answer = report(clock.now())
    response = JsonResponse(answer, status=200 if answer["status"] == "ok" else 503)
    add_never_cache_headers(response)
    return response


def report(now: datetime) -> dict[str, Json]:
    """The body of `health` at now (aware)."""
    try:
        problem, silent = find_problem(now), sorted(silent_workers(now))
        failed_count = count_recently_failed(now) + recently_failed_account_mails(now).count()
        anchors = anchor_health(now)
    except Error as error:
        log.warning("The database does not answer: %s", " ".join(str(error).split()))
        problem, failed_count, silent = "the database does not answer", 0, []
        anchors = AnchorHealth()
    low = [space for space in folder_spaces() if space.is_low]
    for space in low:
        log.warning("Too little room: %s (%s)", space.problem(), space.path)
    reasons = [*(space.problem() for space in low), *filter(None, [problem])]
    answer: dict[str, Json] = {"status": "unwell", "why": "; ".join(reasons)} if reasons else {"status": "ok"}
    if low:
        answer["low_space"] = [space.name for space in low]
    if failed_count:
        answer["failed_deliveries"] = failed_count
    if silent:
        answer["silent_workers"] = [*silent]
    return answer | spool_counts() | _anchor_problems(anchors)


def _anchor_problems(health: AnchorHealth) -> dict[str, Json]:
    problems: dict[str, Json] = {"failed_anchors": health.failed, "anchor_flaws": health.flaws}
    if health.silent_since:
        problems["no_anchor_since"] = timezone.localtime(health.silent_since).isoformat(timespec="seconds")
    return {name: value for name, value in problems.items() if value}


def find_problem(now: datetime) -> str | None:
    """What is wrong with worker and sweep at now (aware), or None. Raises the database's Error."""
    worker_silence, sweep_silence = time_since_worker_beat(now), time_since_sweep(now)
    if worker_silence is None:
        return "the worker has never reported"
    if worker_silence > WORKER_SILENT:
        return f"the worker has been silent since {_since(now - worker_silence)}"
    if sweep_silence is None:
        return "no sweep of the reminders has finished yet"
    if sweep_silence > SWEEP_SILENT:
        return f"no sweep of the reminders has finished since {_since(now - sweep_silence)}"
    return None


def _since(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
