"""What goes wrong beneath the product: a full disk, a database that goes away, a start or an upload cut off. What was
accepted is there afterwards, what was not has left nothing behind."""

import errno
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection

from cases.management import startup_checks
from cases.models import Receipt, TimelineEntry
from cases.operations import timeline_writer
from tests import ROOT
from tests.processes import environment
from tests.web import scenarios
from tests.web.conftest import clock, me, sign_in  # noqa: F401
from tests.web.html_client import Person

#: Ends the process without a word at the n-th statement that changes a table.
CUT_OFF = """
import os, sys, signal, django
django.setup()
from django.core.management import call_command
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor
plain, left = DatabaseSchemaEditor.execute, [int(sys.argv[1])]
def counted(self, *arguments, **named):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return plain(self, *arguments, **named)
DatabaseSchemaEditor.execute = counted
call_command("migrate", verbosity=0)
"""


def python(folder: Path, *arguments: str, **given: Any) -> "subprocess.CompletedProcess[str]":
    settings = environment(DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE="tracker.settings")
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, **given
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of the version before 0011, with cases in it."""
    folder = tmp_path_factory.mktemp("before")
    assert python(folder, "manage.py", "migrate", "cases", "0010", "-v0").returncode == 0
    with closing(sqlite3.connect(folder / "xiaoka.sqlite3")) as database:
        database.execute("INSERT INTO cases_team (id, name, created_at) VALUES (1, '测试', '2026-10-01')")
        database.commit()
    return folder


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, brought up to date."""
    folder = tmp_path_factory.mktemp("after")
    copy(before, folder)
    assert python(folder, "manage.py", "migrate", "-v0").returncode == 0
    return folder


def copy(old: Path, new: Path) -> None:
    with (
        closing(sqlite3.connect(old / "xiaoka.sqlite3")) as read,
        closing(sqlite3.connect(new / "xiaoka.sqlite3")) as written,
    ):
        read.backup(written)


@pytest.mark.parametrize("statements", [1, 6])
@pytest.mark.drill
def test_a_migration_that_was_killed_half_way_is_done_by_the_next_start(
    before: Path, tmp_path: Path, statements: int
) -> None:
    copy(before, tmp_path)
    assert python(tmp_path, "-c", CUT_OFF, str(statements)).returncode == -signal.SIGKILL
    assert python(tmp_path, "manage.py", "migrate", "-v0").returncode == 0
    with closing(sqlite3.connect(tmp_path / "xiaoka.sqlite3")) as database:
        assert database.execute("SELECT name, keep_months FROM cases_team").fetchall() == [("测试", None)]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# The disk


#: Stores two receipts under a limit on the size of files, which the system says like a full disk does.
FULL = """
import resource, signal, django
django.setup()
from cases.models.receipt_store import DiskFull
from cases.models.receipt_store import receipt_store
small = receipt_store.write(1, b"synthetic, and small")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    receipt_store.write(1, b"x" * 100_000)
except DiskFull as error:
    print(error.code, receipt_store.read(1, small).decode())
"""


@pytest.mark.drill
def test_on_a_full_disk_nothing_half_is_stored_and_what_was_there_stays(tmp_path: Path) -> None:
    process = python(tmp_path, "-c", FULL)
    assert process.stdout == "disk_full synthetic, and small\n", process.stderr
    assert len([path for path in (tmp_path / "receipts").rglob("*") if path.is_file()]) == 1


def test_a_full_disk_is_told_on_the_page_and_what_was_typed_stays(
    me: Person,  # noqa: F811
    new_driver: scenarios.Make,
) -> None:
    driver = scenarios.overdue(new_driver)
    path = f"/cases/{driver.case.reference}/receipts/"
    with mock.patch(
        "cases.models.receipt_store.os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")
    ):
        page = me.post(path, text="【中国移动】合成短信：已受理。", kind="sms")
    assert page.status == 507
    assert "The server’s disk is full and nothing was saved." in page.text
    assert "合成短信" in page.html
    assert not Receipt.objects.exists()
    assert [entry.kind for entry in TimelineEntry.objects.order_by("pk")] == ["logged", "submitted"]


@pytest.mark.drill
def test_a_backup_that_does_not_fit_is_no_backup(after: Path, tmp_path: Path) -> None:
    folder, target = tmp_path / "data", tmp_path / "backup.tar"
    folder.mkdir()
    copy(after, folder)

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    process = python(folder, "manage.py", "backup", "--empty", str(target), preexec_fn=small)
    assert process.returncode != 0
    assert "Traceback" not in process.stderr
    assert not target.exists()
    assert python(folder, "manage.py", "backup", "--empty", str(target)).returncode == 0


# Uploads


#: Hands a receipt in; with a name of a function, ends at its first call without a word, as in a power cut.
HAND_IN = """
import os, signal, sys, django
django.setup()
from django.utils import timezone
from cases import operations as ops
from cases.models import Card, Carrier, Case, Receipt, Team, User
from cases.operations.integrity import first_chain_flaw
now = timezone.now()
if not User.objects.exists():
    team, by = Team.objects.get(), User.objects.create_user("a@example.com")
    team.memberships.create(user=by, role="agent")
    carrier = Carrier.objects.create(slug="china-mobile", name="中国移动")
    ops.open_case(team, ops.NewCase("13800138000", carrier, "cost", "hotline"), by=by, now=now)
def cut(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1:] == ["while the file is written"]:
    os.fsync = cut
elif sys.argv[1:] == ["before it has its name"]:
    os.replace = cut
elif sys.argv[1:] == ["before the database knows"]:
    Receipt.objects.bulk_create = cut
    type(Receipt.objects).bulk_create = cut
case, by = Case.objects.get(), User.objects.get()
ops.attach_receipts(case, ops.ReceiptUpload("form", [("scan.txt", b"synthetic scan")]), by=by, now=now)
case.refresh_from_db()
print([r.read() for r in Receipt.objects.all()], first_chain_flaw(case), case.entries.count())
"""


@pytest.mark.parametrize("when", ["while the file is written", "before it has its name", "before the database knows"])
@pytest.mark.drill
def test_a_power_cut_while_a_receipt_is_handed_in(after: Path, tmp_path: Path, when: str) -> None:
    copy(after, tmp_path)
    assert python(tmp_path, "-c", HAND_IN, when).returncode == -signal.SIGKILL
    with closing(sqlite3.connect(tmp_path / "xiaoka.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM cases_receipt").fetchone() == (0,)
        assert database.execute("SELECT kind FROM cases_timelineentry").fetchall() == [("logged",)]
    process = python(tmp_path, "-c", HAND_IN)
    assert process.stdout == "[b'synthetic scan'] None 2\n", process.stderr


def test_what_a_cut_off_upload_left_goes_with_a_later_start(tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    for name, age in (("old.upload.jpg", 7200), ("new.upload.jpg", 60)):
        (tmp_path / name).write_bytes(b"half a picture")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    (tmp_path / "backup.cut").mkdir()
    (tmp_path / "backup.cut" / "database.sqlite3").write_bytes(b"half a copy")
    os.utime(tmp_path / "backup.cut", (time.time() - 7200,) * 2)
    startup_checks.delete_stale_uploads()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.upload.jpg"]


# The database


def test_a_database_that_goes_away_is_told_as_such(me: Person, new_driver: scenarios.Make) -> None:  # noqa: F811
    driver = scenarios.overdue(new_driver)
    me.client.raise_request_exception = False
    with mock.patch("cases.operations.timeline_writer.insert_rows", side_effect=OperationalError("gone")):
        page = me.fill(
            f"/cases/{driver.case.reference}/follow-up/", way="call", happened_at="2026-10-16T09:50", words="?"
        )
    assert (page.status, page.response["Retry-After"]) == (503, "30")
    assert "Service unavailable" in page.text
    assert [entry.kind for entry in TimelineEntry.objects.order_by("pk")] == ["logged", "submitted"]


@pytest.fixture
def cut(transactional_db: None) -> Iterator[None]:
    """Another connection ends this one's, in the middle of a request."""
    yield
    connection.close()


@pytest.mark.postgresql
def test_a_connection_that_was_cut_leaves_nothing_half_and_the_next_request_works(
    cut: None,
    me: Person,  # noqa: F811
    new_driver: scenarios.Make,
) -> None:
    driver = scenarios.overdue(new_driver)
    me.client.raise_request_exception = False
    own = timeline_writer.insert_rows

    def and_gone(*arguments: Any, **named: Any) -> Any:
        made = own(*arguments, **named)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.close()
        return made

    path = f"/cases/{driver.case.reference}/follow-up/"
    typed = {"way": "call", "happened_at": "2026-10-16T09:50", "words": "?"}
    page = me.get(path)
    with mock.patch("cases.operations.timeline_writer.insert_rows", and_gone):
        assert me.send(page, path, **typed).status == 503
    connection.close()
    assert TimelineEntry.objects.count() == 2
    assert me.send(page, path, **typed).status == 302
    assert TimelineEntry.objects.count() == 3
