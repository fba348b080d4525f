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
GRACE = 15.0


def exists(group: int) -> bool:
    """Whether a process of the group is there, a zombie included."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end(groups: Iterable[int], *, tick: Callable[[], bool]) -> None:
    """Asks the leader of each group to end, waits until all are gone, and kills what is left.

    tick is called about every 50 ms while waiting, and cuts the waiting short when it returns true. Only
    leaders are asked: they end their workers in order. Members that are left after GRACE are killed.
    """
    left = set(groups)
    for group in left:
        _signal(os.kill, group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while left and not tick() and time.monotonic() < deadline:
        time.sleep(0.05)
        left = {group for group in left if exists(group)}
    for group in left:
        _signal(os.killpg, group, signal.SIGKILL)


def _signal(send: Callable[[int, int], None], target: int, number: int) -> None:
    with suppress(ProcessLookupError):
        send(target, number)


def main() -> None:
    """Waits for the end of standard input. Ctrl-C is for the process that holds the leash."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end([int(line) for line in sys.stdin], tick=lambda: False)


if __name__ == "__main__":
    main()
