"""How far a long command is, on a terminal."""

from time import monotonic
from typing import Protocol

_WIDTH = 30


class Terminal(Protocol):
    """Where commands write: Django's OutputWrapper."""

    def isatty(self) -> bool: ...
    def write(self, msg: str, *, ending: str) -> None: ...


class ProgressBar:
    """'[########------]  27 %  27,000 / 100,000, 4 min left', on one line; where there is no terminal nothing."""

    def __init__(self, terminal: Terminal, total: int) -> None:
        self._terminal = terminal
        self._total = total
        self._is_shown = total > 0 and terminal.isatty()
        self._began = monotonic()

    def show(self, count: int) -> None:
        """Draw the bar anew with so many done."""
        if self._is_shown:
            part = min(count / self._total, 1)
            bar = "#" * int(_WIDTH * part)
            text = f"[{bar:-<{_WIDTH}}] {part:4.0%}  {count:,} / {self._total:,}{self._left(part)}"
            self._terminal.write(f"\r\033[K{text}", ending="")

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        if self._is_shown:
            self._terminal.write("\r\033[K", ending="")

    def _left(self, part: float) -> str:
        if not 0 < part < 1:
            return ""
        seconds = (monotonic() - self._began) * (1 - part) / part
        return f"  {seconds / 60:.0f} min" if seconds >= 60 else f"  {seconds:.0f} s"
