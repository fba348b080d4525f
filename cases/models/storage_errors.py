"""What disk and database say when something cannot be stored for want of room, as a named error with a sentence.

Anything may raise it: an upload that is spooled, a count in the cache, a session, a row. So it is recognized where a
request or a command ends, by the codes of the system, of SQLite and of PostgreSQL, never by words.
"""

import errno
from collections.abc import Iterator

from cases.domain.errors import CaseError, gettext_noop

#: How a system says that a file does not fit: on the disk, in a quota, under a limit.
NO_ROOM_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: Read-only or broken, and too many open files: of this process, of the machine.
_UNAVAILABLE_ERRNOS = frozenset({errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})
#: https://sqlite.org/rescode.html, the lowest byte: FULL; READONLY, IOERR (also where -shm cannot grow), CANTOPEN.
_SQLITE_FULL, _SQLITE_UNAVAILABLE = 13, frozenset({8, 10, 14})
#: PostgreSQL, appendix A: disk_full; insufficient_resources and its kinds, read_only_sql_transaction, io_error.
_SQLSTATE_FULL, _SQLSTATE_UNAVAILABLE = "53100", frozenset({"53000", "53200", "53300", "53400", "25006", "58030"})


class StorageProblem(CaseError):
    """Something could not be stored, for a reason that an administrator has to mend."""


class StorageFull(StorageProblem):
    code = "disk_full"
    message = gettext_noop("The server’s disk is full and nothing was saved. Tell the system administrator.")


class StorageUnavailable(StorageProblem):
    code = "storage_unavailable"
    message = gettext_noop(
        "The server cannot write to its disk at the moment, and nothing was saved. Try again in a minute. If it "
        "happens again, tell the system administrator."
    )


def storage_problem(error: BaseException | None) -> StorageProblem | None:
    """The named error for what was raised, by its own codes or those of its causes; None for anything else."""
    for cause in _chain(error):
        if problem := _by_code(cause):
            return problem
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it; a database's own error is the cause of Django's."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _by_code(error: BaseException) -> StorageProblem | None:
    if isinstance(error, StorageProblem):
        return error
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    sqlstate = getattr(error, "sqlstate", None)
    number = error.errno if isinstance(error, OSError) else None
    if number in NO_ROOM_ERRNOS or sqlstate == _SQLSTATE_FULL:
        return StorageFull()
    if number in _UNAVAILABLE_ERRNOS or sqlstate in _SQLSTATE_UNAVAILABLE:
        return StorageUnavailable()
    if isinstance(sqlite_code, int):
        if sqlite_code & 0xFF == _SQLITE_FULL:
            return StorageFull()
        if sqlite_code & 0xFF in _SQLITE_UNAVAILABLE:
            return StorageUnavailable()
    return None
