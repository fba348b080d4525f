"""What has no room, or cannot be written, is a sentence with 507 or 503: on pages, in the admin, by the API, signing
in; whatever of disk and database says so. Faults are injected where the system or a driver would raise them."""

import errno
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from cases.api.problem_details import error_details, status_of
from cases.models import Carrier, Receipt, TimelineEntry, User
from cases.models.receipt_store import DiskFull
from cases.models.storage_errors import StorageFull, StorageUnavailable, storage_problem
from tests.api.conftest import program, program_of  # noqa: F401
from tests.helpers import with_second_factor
from tests.web import scenarios
from tests.web.conftest import clock, me, sign_in  # noqa: F401
from tests.web.html_client import Person


def sqlite_error(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("synthetic")
    cause.sqlite_errorcode = code
    return caused(cause)


def postgresql_error(sqlstate: str) -> OperationalError:
    return caused(psycopg.errors.lookup(sqlstate)("synthetic"))


def caused(cause: Exception) -> OperationalError:
    error = OperationalError("synthetic")
    error.__cause__ = cause
    return error


#: The error, and the status of the answer.
FAULTS: dict[str, tuple[Callable[[], Exception], int]] = {
    "no byte is free": (lambda: OSError(errno.ENOSPC, "No space left on device"), 507),
    "a quota is used up": (lambda: OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
    "read-only": (lambda: OSError(errno.EROFS, "Read-only file system"), 503),
    "too many open files": (lambda: OSError(errno.EMFILE, "Too many open files"), 503),
    "too many on the machine": (lambda: OSError(errno.ENFILE, "Too many open files in system"), 503),
    "a broken disk": (lambda: OSError(errno.EIO, "Input/output error"), 503),
    "SQLite: full": (lambda: sqlite_error(13), 507),
    "SQLite: read-only": (lambda: sqlite_error(8), 503),
    "SQLite: read-only, directory": (lambda: sqlite_error(8 | 6 << 8), 503),
    "SQLite: -shm cannot grow": (lambda: sqlite_error(10 | 19 << 8), 503),
    "SQLite: cannot open": (lambda: sqlite_error(14), 503),
    "PostgreSQL: disk_full": (lambda: postgresql_error("53100"), 507),
    "PostgreSQL: insufficient_resources": (lambda: postgresql_error("53000"), 503),
    "PostgreSQL: out_of_memory": (lambda: postgresql_error("53200"), 503),
    "PostgreSQL: too_many_connections": (lambda: postgresql_error("53300"), 503),
    "PostgreSQL: read-only": (lambda: postgresql_error("25006"), 503),
}
each_fault = pytest.mark.parametrize("fault", FAULTS)


@contextmanager
def failing_writes(fault: str) -> Iterator[int]:
    """Each statement that writes fails; the status that the answer then has."""
    make, status = FAULTS[fault]

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise make()
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield status


@each_fault
def test_it_is_recognized_by_its_code_also_as_a_cause(fault: str) -> None:
    make, status = FAULTS[fault]
    try:
        raise RuntimeError("somewhere else") from make()
    except RuntimeError as error:
        problem = storage_problem(error)
    assert type(problem) is {507: StorageFull, 503: StorageUnavailable}[status]


@pytest.mark.parametrize(
    "error",
    [
        None,
        OSError(errno.ENOENT, "No such file or directory"),
        ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
        OperationalError("gone"),
        sqlite_error(5),  # busy
        postgresql_error("40001"),
        ValueError("disk full"),
    ],
)
def test_anything_else_is_not(error: Exception | None) -> None:
    assert storage_problem(error) is None


@each_fault
def test_a_page_that_writes(me: Person, new_driver: scenarios.Make, fault: str) -> None:  # noqa: F811
    driver = scenarios.overdue(new_driver)
    path = f"/cases/{driver.case.reference}/follow-up/"
    page = me.get(path)
    me.client.raise_request_exception = False
    with failing_writes(fault) as status:
        answer = me.send(page, path, way="call", happened_at="2026-10-16T09:50", words="?")
    assert answer.status == status
    assert answer.response.headers.get("Retry-After") == {507: None, 503: "30"}[status]
    sentence = {507: "Nothing was saved. Tell your system administrator.", 503: "Nothing was changed."}[status]
    assert sentence in answer.text
    assert TimelineEntry.objects.count() == 2


@pytest.mark.parametrize("fault", ["no byte is free", "too many open files", "SQLite: full", "PostgreSQL: disk_full"])
@pytest.mark.django_db
def test_signing_in(client: Client, manager: User, fault: str) -> None:
    manager.set_password("correct horse battery")
    manager.save()
    client.raise_request_exception = False
    with failing_writes(fault) as status:
        answer = client.post("/sign-in/", {"login": manager.email, "password": "correct horse battery"})
    assert answer.status_code == status
    assert "_auth_user_id" not in client.session


def test_signing_in_where_attempts_cannot_be_counted(client: Client, manager: User) -> None:
    client.raise_request_exception = False
    with mock.patch("django.core.cache.cache.set", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        answer = client.post("/sign-in/", {"login": manager.email, "password": "x"})
    assert answer.status_code == 507
    assert "服务器磁盘已满" in answer.content.decode()


@pytest.mark.parametrize("fault", ["no byte is free", "read-only", "SQLite: full", "PostgreSQL: disk_full"])
@pytest.mark.django_db
def test_the_admin(client: Client, mobile: Carrier, fault: str) -> None:
    operator = User.objects.create_superuser("operator@example.com", "correct horse", name="Olga", language="en")
    client.force_login(with_second_factor(operator))
    client.raise_request_exception = False
    with failing_writes(fault) as status:
        answer = client.post(f"/admin/cases/carrier/{mobile.pk}/delete/", {"post": "yes"})
    assert answer.status_code == status
    assert Carrier.objects.filter(pk=mobile.pk).exists()


@each_fault
def test_the_api(program: Any, fault: str) -> None:  # noqa: F811
    with failing_writes(fault) as status:
        problem = program("POST", "cards", {"number": "13900139001", "carrier": "china-mobile"}, status)
    assert problem["code"] == {507: "disk_full", 503: "storage_unavailable"}[status]
    assert problem["title"] == {507: "Insufficient storage", 503: "Service unavailable"}[status]


def test_reading_by_the_api_goes_on_where_requests_cannot_be_counted(program: Any) -> None:  # noqa: F811
    with mock.patch("django.core.cache.cache.set", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        assert program.get("cards")["items"] == []


def test_the_api_says_when_to_try_again(program: Any) -> None:  # noqa: F811
    with failing_writes("read-only"):
        program("POST", "cards", {"number": "13900139001", "carrier": "china-mobile"}, 503)
    assert program.last["Retry-After"] == "30"


def test_a_receipt_by_the_api_that_does_not_fit() -> None:
    assert status_of(DiskFull()) == 507
    assert error_details(DiskFull())["code"] == "disk_full"


def test_a_large_upload_that_finds_no_file_to_wait_in(me: Person, new_driver: scenarios.Make) -> None:  # noqa: F811
    """5 MB, for which Django makes a temporary file: here with as many files open as the process may have."""
    driver = scenarios.overdue(new_driver)
    me.client.raise_request_exception = False
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with open("/dev/null") as newest:
        resource.setrlimit(resource.RLIMIT_NOFILE, (newest.fileno() + 1, limits[1]))
        try:
            scan = SimpleUploadedFile("scan.txt", b"synthetic " * 500_000)
            path = f"/cases/{driver.case.reference}/receipts/"
            answer = me.post(path, uploads=[scan], kind="form")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert (answer.status, answer.response["Retry-After"]) == (503, "30")
    assert not Receipt.objects.exists()
