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


def runs(leader: int) -> bool:
    """Whether there is a process of that id, a zombie included."""
    try:
        os.kill(leader, 0)
    except ProcessLookupError:
        return False
    return True


def end(groups: Iterable[int], *, tick: Callable[[], bool]) -> None:
    """Asks the leader of each group to end, waits until it has, and kills what is then left of its group.

    A group bears its leader's id. Only leaders are asked: they end their workers in order. tick is called about
    every 50 ms while waiting, and cuts the waiting short when it returns true; GRACE does so too.
    """
    waited_for = set(groups)
    for leader in waited_for:
        _signal(os.kill, leader, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while waited_for:
        in_time = not tick() and time.monotonic() < deadline
        for group in [leader for leader in waited_for if not (in_time and runs(leader))]:
            _signal(os.killpg, group, signal.SIGKILL)
            waited_for.remove(group)
        time.sleep(0.05)


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
