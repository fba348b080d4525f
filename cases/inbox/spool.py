"""The spool: requests of forwarders that could not be stored when they came, because the disk was full or the database
away. They lie in SPOOL_ROOT, encrypted like receipts, until the worker takes them in.

A request is answered as not stored all the same, so that a program that tries again does: a repeat is stored once. What
carries a verification code is never written. Nobody can be told apart from a stranger while the database is away, so
number and size of the files are bounded.

What is guaranteed: a file is complete or not there, and is deleted only after its message is stored or refused for
good. A process that is killed in between stores it again, which finds it there; only the counters count it twice.
"""

import base64
import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from math import inf
from pathlib import Path
from secrets import token_hex
from time import monotonic, time

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error

from cases.formats.forwarders.payloads import parse_message
from cases.formats.forwarders.refusals import MessageRefused
from cases.formats.forwarders.shapes import is_other_event
from cases.formats.forwarders.signatures import Delivery, SignatureHeaders
from cases.formats.sms.reader import contains_code
from cases.inbox.errors import SigningKeyMissing
from cases.inbox.forwarding import receive
from cases.inbox.ingest import count_refusal
from cases.models import Forwarder
from cases.models.keyrings import RECEIPT_KEYS
from cases.operations.forwarders import find_forwarder_by_digest

log = logging.getLogger(__name__)

MAX_FILES, MAX_FILES_OF_ADDRESS, MAX_BYTES = 2000, 500, 64 * 1024 * 1024
_WAITING, _UNREADABLE, _DRAFT = ".sms", ".unreadable", ".part"
#: Seconds after which nobody is still writing a draft.
_DRAFT_SECONDS = 600.0


def keep_delivery(address_digest: str, delivery: Delivery, arrived_at: datetime) -> bool:
    """Write a request to the spool; returns whether it lies there now, whole and on the disk.

    Takes the digest of the address's secret. Whatever hinders it (no room, no key, a code in the text) is no error.
    Raises MessageRefused for fields that are no message.
    """
    if is_other_event(delivery.fields):
        return False
    if any(map(contains_code, [*_texts(delivery.fields), parse_message(delivery.fields).text])):
        return False
    entry = {
        "address": address_digest,
        "arrived_at": arrived_at.isoformat(),
        "body": base64.b64encode(delivery.body).decode(),
        "fields": delivery.fields,
        "headers": asdict(delivery.signature_headers),
    }
    name = f"{address_digest[:16]}-{hashlib.sha256(address_digest.encode() + delivery.body).hexdigest()}{_WAITING}"
    try:
        path = _root() / name
        if path.exists():  # it was tried before
            return True
        data = RECEIPT_KEYS.encrypt(json.dumps(entry).encode())
        _root().mkdir(mode=0o700, parents=True, exist_ok=True)
        return _has_room(address_digest[:16], len(data)) and _write(path, data)
    except (OSError, ValueError, RecursionError) as error:
        log.error("An SMS could not be written to the spool: %s", type(error).__name__)
        return False


def _root() -> Path:
    return Path(settings.SPOOL_ROOT)


def _texts(value: object) -> Iterator[str]:
    """All texts within fields, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _has_room(address: str, size: int) -> bool:
    sizes = {path.name: path.stat().st_size for path in _root().iterdir()}
    of_address = sum(name.startswith(address) for name in sizes)
    return len(sizes) < MAX_FILES and of_address < MAX_FILES_OF_ADDRESS and sum(sizes.values()) + size <= MAX_BYTES


def _write(path: Path, data: bytes) -> bool:
    draft = path.with_name(f"{token_hex(8)}{_DRAFT}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder()
    return True


def _sync_folder() -> None:
    """So that a new name, or a name that is gone, survives a power cut."""
    folder = os.open(_root(), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# Taking in


def drain_spool(now: datetime, *, seconds: float = inf) -> int:
    """Take in what lies in the spool, oldest first, and return how many files are done with.

    `now` is aware. After `seconds` no more are started. One process does it at a time; where the database is away
    still, everything stays. A file that cannot be read is set apart and logged, and waits for an administrator.
    """
    if not _root().is_dir():
        return 0
    stop_at, done = monotonic() + seconds, 0
    with _turn() as is_ours:
        if not is_ours:
            return 0
        _remove_old_drafts()
        for path in _oldest_first():
            if monotonic() > stop_at:
                break
            try:
                done += _take_in(path, now)
            except (Error, OSError) as error:
                log.warning("The spool waits for the database or the disk: %s", type(error).__name__)
                break
    return done


@contextmanager
def _turn() -> Iterator[bool]:
    """Whether no other process is draining; a process that ends gives its turn back."""
    with open(os.open(_root() / ".turn", os.O_RDWR | os.O_CREAT, 0o600), "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _oldest_first() -> list[Path]:
    return sorted(_root().glob(f"*{_WAITING}"), key=lambda path: (path.stat().st_mtime_ns, path.name))


def _remove_old_drafts() -> None:
    for draft in _root().glob(f"*{_DRAFT}"):
        if time() - draft.stat().st_mtime > _DRAFT_SECONDS:
            draft.unlink(missing_ok=True)


def _take_in(path: Path, now: datetime) -> bool:
    """Whether the file is done with. Raises the database's Error, or OSError where disk or key cannot be read now."""
    try:
        entry = json.loads(RECEIPT_KEYS.decrypt(path.read_bytes()))
        delivery = _delivery_of(entry)
        arrived_at = datetime.fromisoformat(entry["arrived_at"])
        address_digest = str(entry["address"])
    except (InvalidToken, ValueError, KeyError, TypeError) as error:
        return _set_apart(path, error)
    try:
        forwarder = find_forwarder_by_digest(address_digest)
        if forwarder is None:
            log.warning("An SMS in the spool came to an address that does not exist; it is deleted.")
        else:
            _receive(forwarder, delivery, arrived_at, now)
    except ObjectDoesNotExist:  # phone or team removed at this very moment
        pass
    except SigningKeyMissing:  # an administrator may bring it back
        log.error("An SMS in the spool waits for the key of its phone's address.")
        return False
    except (Error, OSError):
        raise
    except Exception as error:
        return _set_apart(path, error)
    path.unlink(missing_ok=True)
    _sync_folder()
    return True


def _receive(forwarder: Forwarder, delivery: Delivery, arrived_at: datetime, now: datetime) -> None:
    """As the view of the address does, which had no database to do it."""
    try:
        receive(forwarder, delivery, arrived_at=arrived_at, now=now)
    except SigningKeyMissing:
        raise
    except MessageRefused as refusal:
        count_refusal(forwarder, refusal.code, now)


def _delivery_of(entry: Mapping[str, object]) -> Delivery:
    fields, headers = entry["fields"], entry["headers"]
    if not isinstance(fields, dict) or not isinstance(headers, dict):
        raise TypeError("fields and headers")
    return Delivery(base64.b64decode(str(entry["body"])), fields, SignatureHeaders(**headers))


def _set_apart(path: Path, error: Exception) -> bool:
    log.error("A file in the spool cannot be read (%s); it is set apart: %s", type(error).__name__, path.stem)
    path.rename(path.with_suffix(_UNREADABLE))
    return False


def spool_counts() -> dict[str, int]:
    """How many SMS wait in the spool, and how many files were set apart; what is 0 is left out."""
    counts = {
        "spooled_messages": len(list(_root().glob(f"*{_WAITING}"))),
        "unreadable_messages": len(list(_root().glob(f"*{_UNREADABLE}"))),
    }
    return {name: count for name, count in counts.items() if count}


def reencrypt_spool() -> Iterator[bool | None]:
    """Encrypt each waiting file with the newest key: whether that was needed, None when it cannot be read."""
    for path in _oldest_first() if _root().is_dir() else []:
        try:
            token = path.read_bytes()
            try:
                RECEIPT_KEYS.decrypt_newest(token)
                yield False
            except InvalidToken:
                yield _write(path, RECEIPT_KEYS.encrypt(RECEIPT_KEYS.decrypt(token)))
        except FileNotFoundError:  # taken in meanwhile
            yield False
        except InvalidToken:
            yield None
