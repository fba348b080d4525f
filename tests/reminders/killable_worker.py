"""Workers for tests to kill: `python -m tests.reminders.killable_worker` loads the product once, then forks.

Each line of its input is a JSON list of jobs that start at once, each a process of its own:

    {"now": moment, "die": "claimed", "times": 2}    works as at that moment; kill -9 at the second such boundary
    {"now": moment, "after": 0.25}                   the same; kill -9 after a quarter of a second, wherever it is

With neither it works to its end. The answer to a line, when all of them have ended: a JSON list of exit statuses.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

django.setup()

from cases import queue  # noqa: E402
from cases.models import NoticeReminder  # noqa: E402
from cases.operations import untold_reminders  # noqa: E402
from cases.reminders import delivery, pipeline, sweep  # noqa: E402

#: Where to die: behind which function, in which namespace.
BOUNDARIES: dict[str, tuple[Any, str]] = {
    "reminders written": (sweep, "_write_reminders"),  # in the sweep's transaction: hints and cursors are not moved yet
    "batch swept": (pipeline, "sweep_batch"),
    "lines written": (NoticeReminder.objects, "bulk_create"),  # in the gathering's transaction
    "gathered": (pipeline, "create_notices"),
    "enqueued": (queue, "async_task"),
    "merged": (delivery, "_merge"),  # in the claim's transaction
    "claimed": (delivery, "claim_channel"),
    "released": (untold_reminders, "release"),
    "released and swept": (delivery, "sweep_batch"),
    "gathered to deliver": (delivery, "create_notices"),  # before anything is claimed, then behind each release
    "sent": (delivery, "send"),
    "marked": (delivery, "_mark_sent"),
}


def die_behind(boundary: str, times: int) -> None:
    """Patch the boundary's function so that this process kills itself when it returns for the n-th time."""
    place, name = BOUNDARIES[boundary]
    real: Callable[..., Any] = getattr(place, name)
    left = times

    def then_die(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        result = real(*args, **kwargs)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, name, then_die)


def work(now: datetime) -> None:
    """What the worker's two jobs do, in the same order, at a moment that the test names."""

    def made() -> bool:
        queue.enqueue("cases.tasks.deliver")
        return False

    pipeline.run_sweep(now, made)
    delivery.deliver_due(now)


def start(job: dict[str, Any]) -> int:
    """Fork a worker for a job; returns its id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        sweep.BATCH_SIZE = job.get("batch", sweep.BATCH_SIZE)
        if job.get("die"):
            die_behind(job["die"], job.get("times", 1))
        work(datetime.fromisoformat(job["now"]))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def end(job: dict[str, Any], pid: int, began: float) -> int:
    """Wait for a worker, kill it when its time has come; returns its exit status, negative for a signal."""
    if job.get("after") is not None:
        time.sleep(max(0.0, began + job["after"] - time.monotonic()))
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    for line in sys.stdin:
        jobs_given = json.loads(line)
        began = time.monotonic()
        running = [(job, start(job)) for job in jobs_given]
        # The first to be killed is waited for first.
        ended = {
            pid: end(job, pid, began) for job, pid in sorted(running, key=lambda pair: pair[0].get("after") or 0.0)
        }
        print(json.dumps([ended[pid] for _, pid in running]), flush=True)  # noqa: T201 – its answer


if __name__ == "__main__":
    main()
