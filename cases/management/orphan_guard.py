"""Ends process groups when the process that started them is gone, however it went.

Run as a script with a pipe as standard input: reads the ids of process groups, one a line, until the pipe is
closed (by its writer's death, even by kill -9), then ends those groups. Needs only the standard library, and
works on every POSIX system; Linux' signal on the parent's death would reach only the leaders of the groups.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

# Seconds that servers have to finish what they are doing.
GRACE_SECONDS = 15.0


def is_running(leader: int) -> bool:
    """Whether there is a process of that id, a zombie included."""
    try:
        os.kill(leader, 0)
    except ProcessLookupError:
        return False
    return True


def end_groups(groups: Iterable[int], *, is_cancelled: Callable[[], bool]) -> None:
    """Signals the leader of each group to end, waits until it has, and kills what is then left of its group.

    A group has its leader's id. Only leaders are signalled: they end their workers in order. tick is called about
    every 50 ms while waiting, and cuts the waiting short when it returns true; GRACE does so too.
    """
    remaining = set(groups)
    for leader in remaining:
        _send_signal(os.kill, leader, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while remaining:
        in_time = not is_cancelled() and time.monotonic() < deadline
        for group in [leader for leader in remaining if not (in_time and is_running(leader))]:
            _send_signal(os.killpg, group, signal.SIGKILL)
            remaining.remove(group)
        time.sleep(0.05)


def _send_signal(send: Callable[[int, int], None], target: int, number: int) -> None:
    with suppress(ProcessLookupError):
        send(target, number)


def main() -> None:
    """Waits for the end of standard input. Ctrl-C is for the process that holds the leash."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_groups([int(line) for line in sys.stdin], is_cancelled=lambda: False)


if __name__ == "__main__":
    main()
