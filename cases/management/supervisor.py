"""The processes that ``serve`` starts, watches and ends together."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings

from cases.management import orphan_guard

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ProcessSupervisor:
    """Processes with one fate: when one ends, or a signal comes, all end.

    Each leads a session of its own, so that a Ctrl-C in the terminal reaches only us and the order of ending
    is ours. The leash (see leash.py) ends them if we are killed.
    """

    def __init__(self) -> None:
        self._stop_requested = False
        self._interrupts = 0
        self._wake = threading.Event()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._guard = subprocess.Popen(
            [sys.executable, "-I", str(Path(orphan_guard.__file__))], stdin=subprocess.PIPE, start_new_session=True
        )
        for number in STOP_SIGNALS:
            signal.signal(number, self._request_stop)

    def start(self, name: str, command: Sequence[str], *, pass_fds: Sequence[int] = ()) -> None:
        """Starts Python with the arguments in command; messages call it name."""
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=pass_fds,
        )
        self._processes[name] = child
        assert self._guard.stdin is not None
        os.write(self._guard.stdin.fileno(), b"%d\n" % child.pid)

    def stop_requested(self) -> bool:
        """Whether a signal to end has come."""
        return self._stop_requested

    def first_ended(self) -> str | None:
        """The name of a child that has ended by itself, with its status; None while all run."""
        for name, child in self._all_processes().items():
            if (status := child.poll()) is not None:
                outcome = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
                return f"{name} {outcome}"
        return None

    def wait(self, seconds: float) -> None:
        """Sleeps that long, or until a signal comes."""
        self._wake.wait(seconds)

    def stop_all(self) -> None:
        """Ends all children and waits for them; Ctrl-C meanwhile kills them at once."""
        interrupts_before = self._interrupts
        groups = [child.pid for child in self._processes.values()]
        orphan_guard.end_groups(groups, is_cancelled=lambda: self._interrupted_again(interrupts_before))
        for child in self._processes.values():
            child.wait()
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()

    def _all_processes(self) -> dict[str, subprocess.Popen[bytes]]:
        return {"the leash": self._guard} | self._processes

    def _interrupted_again(self, interrupts_before: int) -> bool:
        """Whether Ctrl-C came again. Takes the status of ended leaders, for a zombie would look alive."""
        for child in self._processes.values():
            child.poll()
        return self._interrupts > interrupts_before

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_requested = True
        self._interrupts += number == signal.SIGINT
        self._wake.set()
