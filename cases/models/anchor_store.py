"""The files of the anchors, in ANCHORS_ROOT: the lines, and of each anchor its leaves and its time stamp.

anchors.jsonl is only ever appended to. 00000012.leaves.gz has the leaves of anchor 12, one a line, in the order of
references, compressed; 00000012.tsr the response of the time-stamp service.
"""

import fcntl
import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LINES, LEAVES, STAMP = "anchors.jsonl", ".leaves.gz", ".tsr"
#: Quick: hashes do not compress further with more effort.
_COMPRESSION = 1


class AnchorsBusy(Exception):
    """Another process makes an anchor, or a backup copies them."""


class AnchorStore:
    """The only access to the anchors' files."""

    @property
    def folder(self) -> Path:
        return Path(settings.ANCHORS_ROOT)

    @contextmanager
    def locked(self, *, wait: bool = False) -> Iterator[None]:
        """Nobody else appends meanwhile, on this machine or on a shared folder; raises AnchorsBusy, or waits."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise AnchorsBusy() from None
            yield
        finally:
            os.close(descriptor)

    def lines(self) -> list[bytes]:
        """The lines with their line feeds, oldest first; the last lacks its own where a power cut ended the writing."""
        path = self.folder / LINES
        return path.read_bytes().splitlines(keepends=True) if path.exists() else []

    def append(self, data: bytes) -> None:
        """Append these bytes; on return they are on the disk."""
        descriptor = os.open(self.folder / LINES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._sync_folder()

    @contextmanager
    def writing_leaves(self, sequence: int) -> Iterator[Callable[[bytes], None]]:
        """A function that takes leaf after leaf; at the end of the block they are on the disk under their name."""
        with self._writing(self._path(sequence, LEAVES)) as draft:
            with (
                open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
                gzip.GzipFile("", "wb", _COMPRESSION, raw, mtime=0) as file,
            ):

                def write(leaf: bytes) -> None:
                    file.write(leaf + b"\n")

                yield write
            _sync(draft)

    def leaves(self, sequence: int) -> Iterator[bytes]:
        """The leaves of an anchor in their order; raises OSError or EOFError when they are gone or damaged."""
        with gzip.open(self._path(sequence, LEAVES)) as file:
            for line in file:
                yield line.removesuffix(b"\n")

    def remove_leaves(self, sequence: int) -> None:
        self._path(sequence, LEAVES).unlink(missing_ok=True)

    def with_leaves(self) -> list[int]:
        """The numbers of the anchors whose leaves are here, the oldest first."""
        return sorted(int(path.name.removesuffix(LEAVES)) for path in self.folder.glob(f"????????{LEAVES}"))

    def with_stamp(self) -> list[int]:
        """The numbers of the anchors whose time stamps are here, the oldest first."""
        return sorted(int(path.name.removesuffix(STAMP)) for path in self.folder.glob(f"????????{STAMP}"))

    def write_stamp(self, sequence: int, data: bytes) -> None:
        with self._writing(self._path(sequence, STAMP)) as draft:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
            _sync(draft)

    def read_stamp(self, sequence: int) -> bytes | None:
        """The time stamp of an anchor; None when there is none."""
        path = self._path(sequence, STAMP)
        return path.read_bytes() if path.is_file() else None

    def paths(self) -> list[Path]:
        """All files of the anchors, for a backup; the lines last."""
        names = sorted(path for path in self.folder.glob("????????.*") if path.name.endswith((LEAVES, STAMP)))
        lines = self.folder / LINES
        return [*names, lines] if lines.is_file() else names

    def _path(self, sequence: int, suffix: str) -> Path:
        return self.folder / f"{sequence:08}{suffix}"

    @contextmanager
    def _writing(self, path: Path) -> Iterator[Path]:
        """The path of a draft, which replaces the file at the end of the block."""
        draft = path.with_name(f"{path.name}.draft")
        try:
            yield draft
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        self._sync_folder()

    def _sync_folder(self) -> None:
        _sync(self.folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


anchor_store = AnchorStore()
