"""The name under which a worker reports: one for each worker, also where several run on one machine."""

import fcntl
import logging
import os
from pathlib import Path
from urllib.parse import quote

log = logging.getLogger(__name__)

#: Workers of one name on one machine beyond which they share the last name.
_MOST = 100


def claim_worker_name(name: str, folder: Path) -> tuple[str, int | None]:
    """The first of `name`, `name-2`, `name-3` … that no running worker has, and the descriptor that holds it.

    The name is free again when the process ends, however it does: a worker that is restarted has its name back, so that
    the one that is missing is the one that is named. Where files in `folder` cannot be locked, `name` and None.
    """
    for number in range(1, _MOST + 1):
        candidate = name if number == 1 else f"{name}-{number}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(folder / quote(candidate, safe=""), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            log.warning("The worker's name cannot be claimed: %s", error.strerror)
            return name, None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return candidate, descriptor
        except BlockingIOError:
            os.close(descriptor)
        except OSError as error:
            os.close(descriptor)
            log.warning("The worker's name cannot be claimed: %s", error.strerror)
            return name, None
    return f"{name}-{_MOST}", None
