"""What has to be true before the product can be served. Each step is quick when nothing is to do.

A step that fails raises CommandError with one line for the person at the terminal: what is wrong, and where.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import Error, connection

from cases.management.compile_messages import compile_catalogues


def check_data_dir(folder: Path) -> None:
    """Makes sure that files can be written in folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CommandError(f"DATA_DIR {folder} cannot be written: {error.strerror}.") from error


#: Seconds that no upload takes.
_MAX_UPLOAD_SECONDS = 3600


def delete_stale_uploads() -> None:
    """Deletes what a kill in the middle of an upload, or of writing a file, left behind."""
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        try:
            if time.time() - path.stat().st_mtime > _MAX_UPLOAD_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError:
            continue  # another start was quicker


def check_database() -> None:
    """Makes sure that the database answers; an SQLite file is created where its folder exists."""
    name = connection.settings_dict["NAME"]
    location = name if connection.vendor == "sqlite" else f"{connection.settings_dict['HOST'] or 'localhost'}, {name}"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (Error, OSError) as error:
        reason = " ".join(str(error).split())
        raise CommandError(f"The database ({location}) cannot be used; check DATABASE_URL: {reason}.") from error


def bind_port(host: str, port: int) -> socket.socket:
    """A socket bound to host and port, for the web server to inherit: what is free here stays ours."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} on {host} is in use; set PORT to another port.") from error
        raise CommandError(f"HOST {host}, PORT {port} cannot be listened on: {error.strerror}.") from error
    return listener


def run_migrations() -> None:
    """Brings the tables to this version of the product; within `one_start_at_a_time`."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Error as error:
        raise CommandError(f"The database cannot be migrated: {' '.join(str(error).split())}.") from error


#: The number of the lock that whoever prepares a PostgreSQL holds, and the file that whoever prepares an SQLite locks.
_START_LOCK_ID, _START_LOCK_FILE = 0x0A1A0CA, "start.lock"


@contextmanager
def one_start_at_a_time() -> Iterator[None]:
    """Makes sure that the database answers, and lets one start after another prepare it: web server and
    worker are started at the same moment.

    On PostgreSQL in a transaction on a connection of its own, so that it holds by way of a pooler too and ends with
    this process. It asks again and again: a statement that waited would be in the way of an index that is built
    concurrently. On SQLite, which belongs to one machine, by a lock on a file.
    """
    if connection.vendor != "postgresql":
        with _locked_file(Path(settings.DATA_DIR) / _START_LOCK_FILE):
            check_database()
            yield
        return
    check_database()
    lock_connection = connection.copy()
    try:
        lock_connection.set_autocommit(False)
        with lock_connection.cursor() as cursor:
            while True:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_START_LOCK_ID])
                if cursor.fetchone() == (True,):
                    break
                time.sleep(0.2)
        yield
    finally:
        lock_connection.close()


@contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CommandError(f"DATA_DIR cannot be used: {path}: {error.strerror}.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def compile_translations() -> None:
    """Compiles the translations that are new."""
    try:
        compile_catalogues(settings.LOCALE_PATHS)
    except OSError as error:
        raise CommandError(f"Translations cannot be compiled: {error.filename}: {error.strerror}.") from error


def collect_static() -> None:
    """Collects and compresses the static files when one of them, or the way of storing them, has changed."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    fingerprint = _static_fingerprint()
    try:
        if stamp.exists() and stamp.read_text() == fingerprint:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(fingerprint)
    except OSError as error:
        raise CommandError(f"Static files: {error.filename}: {error.strerror}.") from error


def _static_fingerprint() -> str:
    """Changes when a static file's name, size or time of change does."""
    lines = [settings.STORAGES["staticfiles"]["BACKEND"]]
    for finder in get_finders():
        for name, storage in finder.list([]):
            file_stat = os.stat(storage.path(name))
            lines.append(f"{name} {file_stat.st_size} {file_stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
