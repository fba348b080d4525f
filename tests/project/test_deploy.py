"""What is in deploy/: units that start what there is and are shut in, an example of settings that there are, the
wrapper that runs commands as the units do, and alerts on metrics that there are."""

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases.management.commands.serve import Command
from cases.queue import report_worker
from cases.tasks import beat, sweep
from tests import ROOT

DEPLOY = ROOT / "deploy"
#: What systemd 252 made of the file `tests/project/systemd.env`, asked with systemd-run.
AS_SYSTEMD_READS = {
    "A": "1",
    "B": "two words",
    "C": 'a "b" $X \\n',
    "D": 'it "is" \\n',
    "E": "a#b$c",
    "F": "onetwo",
    "G": "xy",
    "H": "",
    "I": "a b\\c ",
    "J": "multi\nline",
    "K": 'p"q"',
    "L": "ab",
    "M": "it's",
}


@pytest.mark.parametrize("half", ["web", "worker"])
def test_a_unit_starts_its_half(half: str) -> None:
    unit = (DEPLOY / f"xiaoka-{half}.service").read_text()
    started = re.findall(r"^ExecStart=/srv/xiaoka/\.venv/bin/python manage\.py serve (.+)$", unit, re.MULTILINE)
    parsed = Command().create_parser("manage.py", "serve").parse_args(started[0].split())
    assert (len(started), parsed.web_only, parsed.worker_only) == (1, half == "web", half == "worker")
    assert "EnvironmentFile=/etc/xiaoka.env\n" in unit
    assert "StateDirectory=xiaoka\n" in unit
    assert "DATA_DIR=/var/lib/xiaoka\n" in (DEPLOY / "xiaoka.env").read_text()


@pytest.mark.parametrize("half", ["web", "worker"])
@pytest.mark.drill
def test_a_unit_is_shut_in(half: str) -> None:
    """At most 3.0 of 10, by systemd's own rating."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    command = ["systemd-analyze", "security", "--offline=true", str(DEPLOY / f"xiaoka-{half}.service")]
    rating = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert float(re.findall(r"Overall exposure level for .*: ([\d.]+)", rating)[0]) <= 3.0, rating


def test_every_setting_of_the_example_is_one() -> None:
    example = (DEPLOY / "xiaoka.env").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    items = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "tracker" / "settings.py").read_text()))
    assert named >= {"DATA_DIR", "DATABASE_URL", "HTTPS", "METRICS_TOKEN", "MIN_FREE_SPACE"}
    assert named <= items


# The wrapper


def run_wrapper(
    tmp_path: Path, *arguments: str, unit: str, env: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run xiaoka-manage on a unit whose Python prints what reaches it, as whom and where."""
    (tmp_path / "xiaoka.env").write_text(env, encoding="utf-8")
    (tmp_path / "manage.py").write_text(
        "import json, os, sys\n"
        "print(json.dumps({'env': dict(os.environ), 'arguments': sys.argv[1:], 'uid': os.getuid(),"
        " 'umask': os.umask(0), 'file': sys.argv[0]}))\n"
    )
    (tmp_path / "xiaoka-web.service").write_text(unit)
    command = [sys.executable, str(DEPLOY / "xiaoka-manage"), "--unit", str(tmp_path / "xiaoka-web.service")]
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | variables
    return subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, check=False)


def unit_of(tmp_path: Path, user: str = "") -> str:
    """A unit like ours, of the user who runs the tests."""
    return (
        f"[Service]\nUser={user or pwd.getpwuid(os.getuid()).pw_name}\nWorkingDirectory={tmp_path}\n"
        f"EnvironmentFile={tmp_path}/xiaoka.env\nExecStart={sys.executable} manage.py serve --web-only\nUMask=0077\n"
    )


def test_settings_are_read_as_systemd_reads_them(tmp_path: Path) -> None:
    text = (ROOT / "tests" / "project" / "systemd.env").read_text(encoding="utf-8")
    done = run_wrapper(tmp_path, "check", unit=unit_of(tmp_path), env=text)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["env"]
    assert {name: told[name] for name in AS_SYSTEMD_READS if name in told} == AS_SYSTEMD_READS


def test_nothing_of_the_callers_settings_reaches_the_command(tmp_path: Path) -> None:
    caller = {"DATA_DIR": "/somewhere/else", "DATABASE_URL": "sqlite:///x", "LANG": "C.UTF-8"}
    done = run_wrapper(
        tmp_path, "backup", "/b/a.tar", "--empty", unit=unit_of(tmp_path), env="DATA_DIR=/var/lib/xiaoka", **caller
    )
    told = json.loads(done.stdout)
    assert (told["env"]["DATA_DIR"], told["env"]["LANG"]) == ("/var/lib/xiaoka", "C.UTF-8")
    assert "DATABASE_URL" not in told["env"]
    assert told["arguments"] == ["backup", "/b/a.tar", "--empty"]
    assert (told["uid"], told["umask"], told["file"]) == (os.getuid(), 0o077, f"{tmp_path}/manage.py")


def test_a_drop_in_counts_as_it_does_for_systemd(tmp_path: Path) -> None:
    folder = tmp_path / "xiaoka-web.service.d"
    folder.mkdir()
    (folder / "override.conf").write_text('[Service]\nEnvironmentFile=\nEnvironment="A=b c" D=e\nUMask=0027\n')
    told = json.loads(run_wrapper(tmp_path, "check", unit=unit_of(tmp_path), env="X_SETTING=1").stdout)
    assert (told["env"]["A"], told["env"]["D"], told["umask"]) == ("b c", "e", 0o027)
    assert "X_SETTING" not in told["env"]


def test_it_becomes_the_units_user(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    # A Python and a folder that everybody reaches.
    python = next(path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if Path(path).exists())
    unit = unit_of(tmp_path, "nobody").replace(sys.executable, python)
    for folder in (tmp_path, *(parent for parent in tmp_path.parents if "pytest" in str(parent))):
        folder.chmod(0o755)
    told = json.loads(run_wrapper(tmp_path, "check", unit=unit).stdout)
    user = pwd.getpwnam("nobody")
    assert (told["uid"], told["env"]["HOME"], told["env"]["USER"]) == (user.pw_uid, user.pw_dir, "nobody")


@pytest.mark.parametrize(
    ("user", "missing_file", "sentence"),
    [
        ("nobody-of-this-name", False, "there is no user nobody-of-this-name; see docs/operations.md"),
        ("", True, "xiaoka.env cannot be read: No such file or directory"),
    ],
)
def test_what_is_missing_is_told_in_one_line(tmp_path: Path, user: str, missing_file: bool, sentence: str) -> None:
    unit = unit_of(tmp_path, user)
    done = run_wrapper(tmp_path, "check", unit=unit.replace("/xiaoka.env", "/no/xiaoka.env") if missing_file else unit)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert sentence.replace("xiaoka.env", "no/xiaoka.env" if missing_file else "xiaoka.env") in done.stderr


# The alerts


def expressions() -> list[str]:
    """The rules' expressions, each on one line."""
    text = (DEPLOY / "xiaoka-alerts.yml").read_text()
    found = re.findall(r"^        expr: (?:>-\n)?(.*(?:\n          .*)*)", text, re.MULTILINE)
    assert len(found) == text.count("- alert: ") > 0
    return [" ".join(expression.split()) for expression in found]


@pytest.mark.django_db
def test_the_alerts_are_about_metrics_that_there_are(client: Client) -> None:
    beat()
    sweep()
    report_worker(timezone.now())
    client.get("/")  # or no request is counted yet
    page = client.get("/metrics").content.decode()
    there_are = set(re.findall(r"^(xiaoka_\w+)", page, re.MULTILINE))
    named = {name for expression in expressions() for name in re.findall(r"xiaoka_\w+", expression)}
    assert len(named) >= 10
    assert named <= there_are


#: What every installation has from its start; or what a rule compares with something that has its own absent().
ALWAYS_THERE = {
    "xiaoka_each_worker_silent_seconds",  # beside xiaoka_workers_reporting
    "xiaoka_sweep_lag_seconds",  # these three beside xiaoka_database_up
    "xiaoka_jobs_oldest_seconds",
    "xiaoka_notices_waiting",
    "xiaoka_free_wanted_bytes",  # beside xiaoka_free_bytes
    "xiaoka_requests_total",  # none while nobody asks
    "xiaoka_request_seconds_bucket",
}


def test_what_may_be_missing_has_an_alert_that_it_is() -> None:
    """A comparison with a metric that is not there never fires."""
    text = " ".join(expressions())
    named = set(re.findall(r"(?:xiaoka_\w+|\bup\b)", text.replace("XiaokaDown", "")))
    absent = set(re.findall(r"absent\((xiaoka_\w+|up)\{", text))
    assert named - absent == ALWAYS_THERE


@pytest.mark.drill
def test_the_alerts_fire_when_they_should() -> None:
    """By Prometheus' own tool: tests/project/alerts_test.yml has the cases."""
    if not shutil.which("promtool"):
        pytest.skip("promtool is not installed")
    for arguments in (
        ["check", "rules", "deploy/xiaoka-alerts.yml"],
        ["test", "rules", "tests/project/alerts_test.yml"],
    ):
        done = subprocess.run(["promtool", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_settings_of_free_space_and_alert_agree() -> None:
    assert settings.MIN_FREE_SPACE == (500_000_000, 5.0)
    assert "500 MB" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
