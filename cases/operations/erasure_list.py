"""The list of erasures: a file of lines, by which a restore of an older backup erases again what was erased since.

It holds keys, moments, and digests of revoked tokens. A line is on the disk before its erasure is committed: after a
power cut something may be listed that is still there, never the other way round, and the next run erases it.
"""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings


def append(*lines: Mapping[str, Any]) -> None:
    """Add lines, synced: the caller commits the erasure afterwards."""
    path = Path(settings.ERASURES_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines).encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def entries_since(path: Path, since: datetime) -> Iterator[dict[str, Any]]:
    """The erasures after a moment (aware), oldest first; a last line that a power cut left unfinished is left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"])
        except (ValueError, TypeError, KeyError):
            continue
        if at >= since:
            yield entry
