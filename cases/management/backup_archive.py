"""A backup, and an installation made from one: database, receipts, and optionally keys.

The database first, then the receipts: a receipt is on disk before the database names it, so that whatever the copied
database names is there to be copied. A backup is a folder, or a tar file with the same names in it;
`manifest.json` comes last and holds the size and SHA-256 of everything else. What has no manifest is no backup.
"""

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, TypedDict

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from cases.models.anchor_store import LINES, anchor_store

MANIFEST = "manifest.json"
FORMAT = 1
#: Beside the backups: what was erased after a backup is erased again by this list when the backup is restored.
ERASURES_NAME = "erasures.jsonl"
#: In DATA_DIR, those that the environment does not give.
KEY_FILES = ("secret-key", "channel-keys", "receipt-keys", "signing-key")
_CHUNK_SIZE = 1024 * 1024


class BackupError(Exception):
    """Why a backup cannot be made or restored, in words for the operator."""


class Manifest(TypedDict):
    """What a backup says of itself; `files`: the SHA-256 and the size of each, by its name."""

    format: int
    made_at: str
    database: str
    migrations: list[str]
    files: dict[str, tuple[str, int]]


class Reader(Protocol):
    """A file as the sinks read it."""

    def read(self, size: int = -1, /) -> bytes: ...


class Sink(Protocol):
    """Takes files by name, one after the other."""

    def add(self, name: str, file: Reader, size: int) -> None: ...


class FolderSink:
    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, name: str, file: Reader, size: int) -> None:
        target = self._path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            while chunk := file.read(_CHUNK_SIZE):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())


class TarSink:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, file: Reader, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, file)


class _HashingReader:
    """A file that is hashed as it is read."""

    def __init__(self, file: Reader) -> None:
        self._file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.sha256.update(chunk)
        return chunk


def write_backup(
    sink: Sink, scratch: Path, *, with_keys: bool, now: datetime, on_file: Callable[[str], None]
) -> Manifest:
    """Write a backup into the sink and return its manifest; `scratch` is an empty folder for the database's copy."""
    files: dict[str, tuple[str, int]] = {}

    def add(name: str, path: Path) -> None:
        with open(path, "rb") as source:
            size = os.fstat(source.fileno()).st_size
            hashed = _HashingReader(source)
            sink.add(name, hashed, size)
        files[name] = hashed.sha256.hexdigest(), size
        on_file(name)

    with anchor_store.locked(wait=True):  # no anchor that the copied database does not know
        add(*_copy_database(scratch))
        for path in anchor_store.paths():
            add(f"anchors/{path.name}", path)
    root = Path(settings.RECEIPTS_ROOT)
    for path in sorted(path for path in root.glob("*/??/*") if len(path.name) == 64):
        add(f"receipts/{path.relative_to(root).as_posix()}", path)
    for name in KEY_FILES if with_keys else ():
        path = Path(settings.DATA_DIR) / name
        if path.exists():
            add(f"keys/{name}", path)
    applied = MigrationRecorder(connection).applied_migrations()
    manifest: Manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
        "files": files,
    }
    data = json.dumps(manifest, indent=1, sort_keys=True).encode()
    sink.add(MANIFEST, io.BytesIO(data), len(data))
    return manifest


def _copy_database(scratch: Path) -> tuple[str, Path]:
    """A consistent copy of the database, made while it is written to; its name in the backup, and its path."""
    if connection.vendor == "sqlite":
        path = scratch / "database.sqlite3"
        _copy_sqlite(_sqlite_file(), path, journal="DELETE")
        return path.name, path
    path = scratch / "database.dump"
    _run_postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    return path.name, path


def _run_postgresql(program: str, *arguments: str) -> str:
    """What the program printed; raises BackupError where it fails."""
    database = connection.settings_dict
    variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(database[key]) for name, key in variables.items() if database[key]}
    try:
        result = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupError(_("%(program)s is not installed on this machine.") % {"program": program}) from None
    if result.returncode:
        error_lines = result.stderr.strip().splitlines()
        raise BackupError(
            _("%(program)s failed: %(why)s") % {"program": program, "why": error_lines[-1] if error_lines else "?"}
        )
    return result.stdout


@contextmanager
def open_backup(source: Path) -> Iterator[tuple[Manifest, Callable[[], Iterator[tuple[str, IO[bytes]]]]]]:
    """A backup's manifest, and a way through its files (name and reader, in no order); raises BackupError."""
    if source.is_dir():
        names = [path.relative_to(source).as_posix() for path in sorted(source.rglob("*")) if path.is_file()]

        def in_folder() -> Iterator[tuple[str, IO[bytes]]]:
            for name in names:
                with open(source / name, "rb") as file:
                    yield name, file

        yield _parse_manifest(_read(source / MANIFEST)), in_folder
        return
    try:
        with tarfile.open(source) as tar:
            member = tar.extractfile(MANIFEST) if MANIFEST in tar.getnames() else None

            def in_tar() -> Iterator[tuple[str, IO[bytes]]]:
                for entry in tar.getmembers():
                    file = tar.extractfile(entry) if entry.isfile() else None
                    if file is None:
                        raise BackupError(_("%(name)s is not a regular file.") % {"name": entry.name})
                    yield entry.name, file

            yield _parse_manifest(member.read() if member else None), in_tar
    except (OSError, tarfile.TarError, EOFError) as error:
        raise BackupError(_("%(path)s cannot be read as a backup.") % {"path": source}) from error


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _parse_manifest(data: bytes | None) -> Manifest:
    try:
        manifest: Manifest = json.loads(data or b"")
        if manifest["format"] == FORMAT and isinstance(manifest["files"], dict):
            return manifest
    except (ValueError, TypeError, KeyError):
        pass
    raise BackupError(_("This backup is incomplete: its manifest is missing or cannot be read."))


def unpack(source: Path, folder: Path) -> Manifest:
    """Copy a backup's files into an empty folder, each checked against the manifest, and return that."""
    with open_backup(source) as (manifest, files):
        missing = set(manifest["files"])
        for name, file in files():
            if name == MANIFEST:
                continue
            if name not in missing:
                raise BackupError(_("%(name)s is not in the manifest, or occurs twice.") % {"name": name})
            if not _is_safe_name(name):
                raise BackupError(_("%(name)s is not a valid file name in a backup.") % {"name": name})
            hashed = _HashingReader(file)
            FolderSink(folder).add(name, hashed, 0)
            if hashed.sha256.hexdigest() != manifest["files"][name][0]:
                raise BackupError(_("%(name)s was altered since the backup was made.") % {"name": name})
            missing.remove(name)
        if missing:
            raise BackupError(_("%(name)s is missing in the backup.") % {"name": min(missing)})
    return manifest


def _is_safe_name(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not PurePosixPath(name).is_absolute() and not {"..", "."} & set(parts) and "\\" not in name


def put_anchors(folder: Path) -> None:
    """Put the unpacked anchors where they belong; raises BackupError where those of another installation are.

    Lines that are there and go on from the backup's are kept: the file is append-only, and shows what an older backup
    lacks.
    """
    source, target = folder / "anchors", anchor_store.folder
    if not source.is_dir():
        return
    in_backup, there = _read(source / LINES) or b"", b"".join(anchor_store.lines())
    if not there.startswith(in_backup) and not in_backup.startswith(there):
        message = _("%(path)s has anchors of another server. Move them away, or set ANCHORS_DIR to another folder.")
        raise BackupError(message % {"path": target})
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        is_longer = path.name == LINES and len(in_backup) > len(there)
        if is_longer or not (target / path.name).exists():
            shutil.move(path, target / path.name)


def has_accounts(folder: Path) -> bool:
    """Whether the unpacked database has any account; raises BackupError where it cannot be read."""
    if connection.vendor == "postgresql":
        dump = str(folder / "database.dump")
        rows = _run_postgresql("pg_restore", "--data-only", "--table=cases_user", "--file=-", dump)
        # Between COPY and \. there is a line for each row.
        return bool(re.search(r"^COPY [^\n]*cases_user [^\n]*;\n(?!\\\.)", rows, re.MULTILINE))
    try:
        with closing(sqlite3.connect(folder / "database.sqlite3")) as database:
            return bool(database.execute("SELECT EXISTS (SELECT 1 FROM cases_user)").fetchone()[0])
    except sqlite3.Error as error:
        raise BackupError(_("its database cannot be read: %(why)s") % {"why": error}) from error


def load_database(folder: Path) -> None:
    """Replace the installation's database, which is empty, by the unpacked one."""
    if connection.vendor == "postgresql":
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        connection.close()
        name = str(connection.settings_dict["NAME"])
        _run_postgresql("pg_restore", *options, f"--dbname={name}", str(folder / "database.dump"))
        return
    connection.close()
    _copy_sqlite(folder / "database.sqlite3", _sqlite_file(), journal="WAL")


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy_sqlite(source: Path, target: Path, *, journal: str) -> None:
    """SQLite's online backup: one consistent state, whoever writes meanwhile."""
    with (
        closing(sqlite3.connect(source, timeout=20)) as source_db,
        closing(sqlite3.connect(target, timeout=20)) as target_db,
    ):
        source_db.backup(target_db)
        target_db.execute(f"PRAGMA journal_mode={journal}")
