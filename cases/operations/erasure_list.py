"""The list of erasures: a file of lines, by which a restore of an older backup erases again what was erased since.

It holds keys, moments, and digests of revoked tokens. A line is on the disk before its erasure is committed: after a
power cut something may be listed that is still there, never the other way round, and the next run erases it.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from django.conf import settings


class Erasure(TypedDict, total=False):
    """What was erased (`what`: case, team, token or account), when, and by what it is identified.

    `cases`: the references of the cases that a team was deleted with, by which nobody misses them.
    """

    at: str
    what: str
    reference: str
    key: int
    cases: list[str]
    created_at: str
    joined: str
    digest: str


def append(*entries: Erasure) -> None:
    """Append these, one a line, and sync the file: the caller commits the erasure afterwards."""
    path = Path(settings.ERASURES_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in entries).encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def entries_since(path: Path, since: datetime) -> Iterator[Erasure]:
    """The erasures after a moment (aware), oldest first; a last line that a power cut left unfinished is left out."""
    return (entry for entry in _entries(path) if datetime.fromisoformat(entry["at"]) >= since)


def deleted_cases() -> set[str]:
    """The references of the cases that were deleted with their teams, row and all; empty without a list."""
    path = Path(settings.ERASURES_FILE)
    entries = _entries(path) if path.is_file() else iter(())
    return {reference for entry in entries for reference in entry.get("cases", [])}


def _entries(path: Path) -> Iterator[Erasure]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            datetime.fromisoformat(entry["at"])
        except (ValueError, TypeError, KeyError):
            continue
        yield entry
