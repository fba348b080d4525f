"""How much room is left where the product writes, and whether it can write there at all.

A file system can refuse although it has room: mounted read-only, a quota that is used up, no inodes, too many open
files. So a few bytes are written, to a file without a name.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from cases.models.storage_errors import storage_problem

MEGABYTE = 1000 * 1000
_PROBE = b"\0" * 64 * 1024


@dataclass(frozen=True)
class FolderSpace:
    """A folder on a file system of its own, by the name of its setting. `free` and `wanted` are bytes for a process
    without privileges; `refusal` is what the system said when a file was written there."""

    name: str
    path: Path
    free: int
    wanted: int
    refusal: str = ""

    @property
    def is_low(self) -> bool:
        return bool(self.refusal) or self.free < self.wanted

    def problem(self) -> str:
        """What is wrong, in plain English for operators, without the path; empty when nothing is."""
        if self.refusal:
            return f"{self.name} cannot be written: {self.refusal}"
        if self.free < self.wanted:
            free, wanted = self.free // MEGABYTE, self.wanted // MEGABYTE
            return f"{self.name} has {free} MB left, MIN_FREE_SPACE asks for {wanted} MB"
        return ""


def folder_spaces() -> list[FolderSpace]:
    """Each file system that the product writes to, once, under the first of its folders."""
    by_device: dict[int, FolderSpace] = {}
    for name, folder in _folders().items():
        path = _existing(folder)
        try:
            device = path.stat().st_dev
            if device not in by_device:
                by_device[device] = _space_of(name, path)
        except OSError as error:
            by_device[-len(by_device) - 1] = FolderSpace(name, path, 0, 0, error.strerror or str(error))
    return list(by_device.values())


def _folders() -> dict[str, Path]:
    folders = {"DATA_DIR": Path(settings.DATA_DIR)}
    if connection.vendor == "sqlite":
        folders["DATABASE_URL"] = Path(connection.settings_dict["NAME"]).parent
    for root in (settings.RECEIPTS_ROOT, settings.SPOOL_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        folders[f"DATA_DIR/{Path(root).name}"] = Path(root)
    folders["ANCHORS_DIR"] = Path(settings.ANCHORS_ROOT)
    folders["ERASURES_FILE"] = Path(settings.ERASURES_FILE).parent
    return folders


def _existing(path: Path) -> Path:
    """The folder, or the one in which it will be made."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), path)


def _space_of(name: str, path: Path) -> FolderSpace:
    status = os.statvfs(path)
    size, free = status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize
    return FolderSpace(name, path, free, _wanted(size), _refusal_of(path))


def _wanted(size: int) -> int:
    """MIN_FREE_SPACE for a file system of that size: the least of what it names."""
    most_bytes, percent = settings.MIN_FREE_SPACE
    limits = [] if most_bytes is None else [most_bytes]
    if percent is not None:
        limits.append(int(size * percent / 100))
    return min(limits, default=0)


def _refusal_of(path: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(_PROBE)
            file.flush()
    except OSError as error:
        # A folder whose one file is written may belong to somebody else.
        return error.strerror or "" if storage_problem(error) or path == Path(settings.DATA_DIR) else ""
    return ""
