"""/healthz knows how much room is left, and whether anything can be written."""

import errno
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client

from cases.models import Heartbeat
from cases.operations.free_space import FolderSpace, folder_spaces
from tracker.env_values import parse_free_space

NOON = datetime(2026, 9, 30, 4, 0, tzinfo=UTC)
GIGABYTE = 1000**3


def disk(*, size: int, free: int) -> Any:
    """A file system with blocks of 4096 bytes; root may use more than others."""
    blocks, available = size // 4096, free // 4096
    status = SimpleNamespace(f_blocks=blocks, f_bavail=available, f_bfree=available + 99_999, f_frsize=4096)
    return mock.patch("cases.operations.free_space.os.statvfs", return_value=status)


@pytest.fixture
def well(db: None) -> Iterator[None]:
    for name in ("worker", "sweep"):
        Heartbeat.objects.create(name=name, at=NOON - timedelta(seconds=5))
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize(
    ("size", "free", "status"),
    [
        (100 * GIGABYTE, 500_002_816, 200),  # of 500 MB and 5 % the lesser counts
        (100 * GIGABYTE, 499_998_720, 503),
        (4 * GIGABYTE, 200_003_584, 200),
        (4 * GIGABYTE, 199_999_488 - 4096, 503),
    ],
)
def test_too_little_room_is_unwell(client: Client, size: int, free: int, status: int) -> None:
    with disk(size=size, free=free):
        assert client.get("/healthz").status_code == status


@pytest.mark.usefixtures("well")
def test_it_says_which_folder_and_not_where_it_lies(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with disk(size=100 * GIGABYTE, free=12_345_678):
        answer = client.get("/healthz")
    assert answer.json() == {
        "status": "unwell",
        "why": "DATA_DIR has 12 MB left, MIN_FREE_SPACE asks for 500 MB",
        "low_space": ["DATA_DIR"],
    }
    assert str(settings.DATA_DIR) in caplog.text


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "No space left on device"),  # no inodes, for example
        (errno.EDQUOT, "Disk quota exceeded"),
        (errno.EROFS, "Read-only file system"),
        (errno.EMFILE, "Too many open files"),
        (errno.EACCES, "Permission denied"),
    ],
)
def test_what_refuses_a_file_is_unwell_however_much_is_free(client: Client, number: int, words: str) -> None:
    error = OSError(number, os.strerror(number))
    with mock.patch("cases.operations.free_space.tempfile.TemporaryFile", side_effect=error):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["why"]) == (503, f"DATA_DIR cannot be written: {words}")


@pytest.mark.usefixtures("well")
def test_several_reasons_are_all_told(client: Client) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("synthetic")

    with disk(size=100 * GIGABYTE, free=0), connection.execute_wrapper(refuse):
        why = client.get("/healthz").json()["why"]
    assert why == "DATA_DIR has 0 MB left, MIN_FREE_SPACE asks for 500 MB; the database does not answer"


def test_each_file_system_is_looked_at_once(tmp_path: Path, settings: Any) -> None:
    settings.ANCHORS_ROOT = Path("/dev/shm/not-made-yet")
    spaces = {space.name: space for space in folder_spaces()}
    assert "DATA_DIR" in spaces
    assert "ERASURES_FILE" not in spaces  # beside the rest
    if Path("/dev/shm").stat().st_dev != Path(settings.DATA_DIR).stat().st_dev:
        assert spaces["ANCHORS_DIR"].path == Path("/dev/shm")
    assert not Path("/dev/shm/not-made-yet").exists()


def test_nothing_stays_of_the_file_that_is_tried(tmp_path: Path) -> None:
    before = sorted(Path(settings.DATA_DIR).iterdir())
    assert [space.refusal for space in folder_spaces()][:1] == [""]
    assert sorted(Path(settings.DATA_DIR).iterdir()) == before


def test_exactly_what_is_wanted_is_enough() -> None:
    assert not FolderSpace("DATA_DIR", Path("/"), 500, 500).is_low
    assert FolderSpace("DATA_DIR", Path("/"), 499, 500).is_low


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("500MB,5%", (500_000_000, 5.0)),
        ("2 GB", (2_000_000_000, None)),
        ("1.5gb", (1_500_000_000, None)),
        ("10%", (None, 10.0)),
        ("0", (0, None)),
        ("", (None, None)),
    ],
)
def test_the_setting_is_read(value: str, parsed: tuple[int | None, float | None]) -> None:
    assert parse_free_space("MIN_FREE_SPACE", value) == parsed


@pytest.mark.parametrize("value", ["500", "five", "-1MB", "101%", "5%%", "MB"])
def test_a_wrong_one_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MIN_FREE_SPACE"):
        parse_free_space("MIN_FREE_SPACE", value)
