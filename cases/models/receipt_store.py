"""The file store of receipts: bytes under the hash of their bytes, encrypted, never changed."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from cases.domain.errors import gettext_noop
from cases.domain.file_types import FileRefused
from cases.models.keyrings import RECEIPT_KEYS
from cases.models.storage_errors import NO_ROOM_ERRNOS, StorageFull

#: Seconds after which nobody can still be about to name a file that they found on the disk.
_IN_FLIGHT_SECONDS, _DAY_SECONDS = 600.0, 86400.0


class DiskFull(FileRefused, StorageFull):
    code = StorageFull.code
    message = gettext_noop(
        "The server’s disk is full and nothing was saved. Tell the system administrator, then upload again."
    )


class ReceiptAltered(OSError):
    """The stored bytes are gone, or are no longer those that were uploaded."""


class ReceiptStore:
    """The only access to the bytes of receipts: RECEIPTS_ROOT/<team>/<first two>/<sha256>, encrypted.

    Files are content-addressed within their team: the same bytes are stored once, the cases of a batch share one
    receipt, and a team's folder is deleted with the team. The name is the hash of the uploaded bytes, so that files
    stored before there were keys are recognized by it and read as they are.
    """

    def _path(self, team_id: int, sha256: str) -> Path:
        return Path(settings.RECEIPTS_ROOT) / str(team_id) / sha256[:2] / sha256

    def write(self, team_id: int, data: bytes) -> str:
        """Store the bytes and return their SHA-256. On return they are on the disk, whole, under their name.

        Raises DiskFull where there is no room; nothing is left behind then.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(team_id, sha256)
        if not _touch(path) or _read_decrypted(path) is None:  # the same file uploaded again mends a damaged one
            try:
                _write_atomically(path, RECEIPT_KEYS.encrypt(data))
            except OSError as error:
                if error.errno in NO_ROOM_ERRNOS:
                    raise DiskFull() from error
                raise
        return sha256

    def remove(self, team_id: int, sha256: str) -> None:
        """Delete the bytes, unless somebody uploaded them again just now; `delete_orphans` removes those later."""
        _delete_idle(self._path(team_id, sha256), idle=_IN_FLIGHT_SECONDS)

    def remove_team(self, team_id: int) -> None:
        """Delete all files of a team."""
        shutil.rmtree(Path(settings.RECEIPTS_ROOT) / str(team_id), ignore_errors=True)

    def delete_orphans(self, referenced_hashes: Callable[[int], set[str]]) -> int:
        """Delete files that no receipt names and nobody touched for a day: a killed process left them between file and
        row.

        `referenced_hashes` returns the hashes that the receipts of a team (its key) name. Returns the number of files
        deleted.
        """
        removed = 0
        for folder in sorted(Path(settings.RECEIPTS_ROOT).glob("*")):
            if not folder.name.isdecimal():
                continue
            paths = [path for path in folder.glob("??/*") if path.is_file()]
            referenced = referenced_hashes(int(folder.name)) if paths else set()
            removed += sum(_delete_idle(path, idle=_DAY_SECONDS) for path in paths if path.name not in referenced)
        return removed

    def read(self, team_id: int, sha256: str) -> bytes:
        """The bytes as they were uploaded; raises ReceiptAltered when they are missing or changed."""
        path = self._path(team_id, sha256)
        if not path.is_file():
            raise ReceiptAltered(f"receipt {sha256[:12]} is not there")
        data = _read_decrypted(path)
        if data is None:
            raise ReceiptAltered(f"receipt {sha256[:12]} was altered, or its key is missing")
        return data

    def paths(self) -> Iterator[Path]:
        """Where every receipt of the installation lies, in order."""
        yield from sorted(path for path in Path(settings.RECEIPTS_ROOT).glob("*/??/*") if len(path.name) == 64)

    def reencrypt(self, path: Path) -> bool | None:
        """Encrypt what lies there with the newest key: whether that was needed, None when it cannot be read."""
        try:
            if hashlib.sha256(RECEIPT_KEYS.decrypt_newest(path.read_bytes())).hexdigest() == path.name:
                return False
        except InvalidToken:
            pass
        data = _read_decrypted(path)
        if data is None:
            return None
        _write_atomically(path, RECEIPT_KEYS.encrypt(data))
        return True


def _touch(path: Path) -> bool:
    """Whether the file is there; it counts as uploaded now, so that nobody removes it for an older erasure."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _delete_idle(path: Path, *, idle: float) -> bool:
    """Delete a file that nobody has touched for `idle` seconds. It is renamed first: whoever looks for it then writes
    it again, and a touch before that is noticed here."""
    aside = path.with_name(f"{path.name}.gone")
    try:
        os.replace(path, aside)
        status = aside.stat()
        if status.st_ctime - status.st_mtime < idle:  # by the disk's own clock: the move was now
            os.replace(aside, path)
            return False
        aside.unlink()
    except FileNotFoundError:
        return False
    return True


def _read_decrypted(path: Path) -> bytes | None:
    """The uploaded bytes, or None when these are not its bytes."""
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() == path.name:
            return data
        data = RECEIPT_KEYS.decrypt(data)
    except (OSError, InvalidToken):
        return None
    return data if hashlib.sha256(data).hexdigest() == path.name else None


def _write_atomically(path: Path, data: bytes) -> None:
    """Under its name there is the old file, or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name, too, survives a power cut
    finally:
        os.close(folder)


receipt_store = ReceiptStore()
