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

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Children:
    """Processes with one fate: when one ends, or we are asked to, all end.

    Each leads a session of its own, so that a Ctrl-C in the terminal reaches only us and the order of ending
    is ours. The leash (see leash.py) ends them if we are killed.
    """

    def __init__(self) -> None:
        self._asked = False
        self._interrupts = 0
        self._wake = threading.Event()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._leash = subprocess.Popen(
            [sys.executable, "-I", str(Path(orphan_guard.__file__))], stdin=subprocess.PIPE, start_new_session=True
        )
        for number in ENDING:
            signal.signal(number, self._ask)

    def start(self, name: str, command: Sequence[str], *, pass_fds: Sequence[int] = ()) -> None:
        """Starts Python with the arguments in command; messages call it name."""
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=pass_fds,
        )
        self._running[name] = child
        assert self._leash.stdin is not None
        os.write(self._leash.stdin.fileno(), b"%d\n" % child.pid)

    def asked_to_end(self) -> bool:
        """Whether a signal has asked us to end."""
        return self._asked

    def ended(self) -> str | None:
        """The name of a child that has ended by itself, with its status; None while all run."""
        for name, child in self._watched().items():
            if (status := child.poll()) is not None:
                how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
                return f"{name} {how}"
        return None

    def wait(self, seconds: float) -> None:
        """Sleeps that long, or until a signal comes."""
        self._wake.wait(seconds)

    def end(self) -> None:
        """Ends all children and waits for them; Ctrl-C meanwhile kills them at once."""
        before = self._interrupts
        groups = [child.pid for child in self._running.values()]
        orphan_guard.end(groups, tick=lambda: self._impatient(before))
        for child in self._running.values():
            child.wait()
        assert self._leash.stdin is not None
        self._leash.stdin.close()
        self._leash.wait()

    def _watched(self) -> dict[str, subprocess.Popen[bytes]]:
        return {"the leash": self._leash} | self._running

    def _impatient(self, before: int) -> bool:
        """Whether Ctrl-C came again. Takes the status of ended leaders, for a zombie would look alive."""
        for child in self._running.values():
            child.poll()
        return self._interrupts > before

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        self._interrupts += number == signal.SIGINT
        self._wake.set()
