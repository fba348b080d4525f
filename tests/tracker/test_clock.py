"""XIAOKA_NOW: one setting moves the clock of every command and of the server; outside DEBUG it is refused."""

from pathlib import Path

import pytest

from tests.tracker.test_settings import run_python

pytestmark = pytest.mark.sqlite  # settings are read by programs of their own

NOW = "2026-10-14T09:00:00+08:00"
SHOW = """
import django; django.setup()
from cases import clock
from cases.domain.business_days import local_iso
print(local_iso(clock.now()))
"""


def shown(tmp_path: Path, script: str = SHOW, **given: str) -> str:
    done = run_python("-c", script, DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="tracker.settings", **given)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refusal(tmp_path: Path, **given: str) -> str:
    done = run_python("manage.py", "check", DATA_DIR=str(tmp_path), **given)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    return done.stderr.strip()


def test_the_moment_is_the_one_of_the_setting(tmp_path: Path) -> None:
    assert shown(tmp_path, DEBUG="true", XIAOKA_NOW=NOW) == NOW
    assert shown(tmp_path, XIAOKA_TEST="true", XIAOKA_NOW="2026-10-14T01:00:00Z") == NOW


def test_a_file_is_read_again_each_time(tmp_path: Path) -> None:
    file = tmp_path / "now"
    file.write_text(f"{NOW}\n")
    script = SHOW + f"open({str(file)!r}, 'w').write('2027-01-04T08:30:00+08:00')\nprint(local_iso(clock.now()))\n"
    assert shown(tmp_path, script, DEBUG="true", XIAOKA_NOW=f"@{file}").splitlines() == [
        NOW,
        "2027-01-04T08:30:00+08:00",
    ]


def test_it_is_refused_without_debug(tmp_path: Path) -> None:
    assert refusal(tmp_path, XIAOKA_NOW=NOW) == (
        "xiaoka: XIAOKA_NOW sets the clock, which only DEBUG and tests may do. Unset it."
    )


@pytest.mark.parametrize("value", ["tomorrow", "2026-10-14T09:00:00", "@/nowhere/now"])
def test_what_is_no_moment_stops_the_start(tmp_path: Path, value: str) -> None:
    assert f"XIAOKA_NOW={value} is no moment like 2026-10-14T09:00:00+08:00" in refusal(
        tmp_path, DEBUG="true", XIAOKA_NOW=value
    )


def test_a_command_from_outside_uses_it(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "DEBUG": "true", "XIAOKA_NOW": NOW}
    assert run_python("manage.py", "migrate", "-v0", **given).returncode == 0
    assert run_python("manage.py", "send_reminders", "--once", **given).returncode == 0
    script = """
import django; django.setup()
from cases.domain.business_days import local_iso
from cases.models import Heartbeat
print(local_iso(Heartbeat.objects.get(name="sweep").at))
"""
    assert shown(tmp_path, script) == NOW
