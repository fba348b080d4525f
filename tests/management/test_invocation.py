"""Commands from the terminal: they say which database they work on, make none by accident, refuse an empty one where
that can only be a mistake, and end with one line where they cannot go on."""

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command, get_commands

from cases.management import invocation
from cases.models import User
from tests import ROOT
from tests.processes import environment

#: What each command needs to start; those that make a database, or need none, are tested by themselves.
ARGUMENTS = {
    "backup": ["backup.tar"],
    "calendar_day": ["2026-12-31", "off"],
    "compare_bill": [__file__, "--team", "1", "--by", "a@example.com", "--month", "2026-10"],
    "delete_team": ["1", "--yes"],
    "forget_worker": ["south"],
    "import_cards": [__file__, "--team", "1", "--by", "a@example.com"],
    "load_carriers": [],
    "load_demo": [],
    "make_anchor": [],
    "make_dossier": ["XK-2345ABCD", "--out", "dossier.zip"],
    "read_sms": [__file__],
    "record_states": [],
    "remove_second_factor": ["a@example.com"],
    "rotate_channel_keys": [],
    "rotate_receipt_keys": [],
    "send_reminders": ["--once"],
    "verify_timeline": [],
    "changepassword": ["a@example.com"],
    "createsuperuser": ["--noinput", "--email", "a@example.com"],
}
_ELSEWHERE = {"serve", "restore", "explain_deadlines", "verify_dossier"}

#: Every command in one process, each as from the terminal: its exit status and what it wrote to standard error.
RUN_EACH = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
from cases.management import invocation
told = {}
for name, arguments in json.loads(sys.argv[1]).items():
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        try:
            invocation.execute(["manage.py", name, *arguments])
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
            errors.write(end.code if isinstance(end.code, str) else "")
        except BaseException:
            status = "traceback"
            traceback.print_exc(file=errors)
    connections.close_all()
    told[name] = [status, errors.getvalue()]
print(json.dumps(told))
"""


def run(folder: Path, *arguments: str, url: str = "") -> "subprocess.CompletedProcess[str]":
    variables = environment(DATA_DIR=str(folder), DATABASE_URL=url, DJANGO_SETTINGS_MODULE="tracker.settings")
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )


def run_each(folder: Path) -> dict[str, tuple[int | str, str]]:
    done = run(folder, "-c", RUN_EACH, json.dumps(ARGUMENTS))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_command_is_among_these() -> None:
    ours = {name for name, app in get_commands().items() if app == "cases"}
    assert ours - _ELSEWHERE == {name for name in ARGUMENTS if name in ours}


@pytest.mark.drill
@pytest.mark.sqlite
def test_without_a_database_none_is_made(tmp_path: Path) -> None:
    told = run_each(tmp_path / "data")
    missing = f"没有数据库 {tmp_path}/data/xiaoka.sqlite3"
    assert {name: text for name, (status, text) in told.items() if status != 1 or missing not in text} == {}
    assert not (tmp_path / "data" / "xiaoka.sqlite3").exists()
    assert not list(tmp_path.rglob("*.tar"))


@pytest.mark.drill
@pytest.mark.sqlite
def test_without_tables_each_command_says_so_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with sqlite3.connect(folder / "xiaoka.sqlite3") as database:
        database.execute("CREATE TABLE other (id INTEGER)")
    told = run_each(folder)
    # A file to be read is looked at first.
    wrong = {
        name: text
        for name, (status, text) in told.items()
        if status == 0 or status == "traceback" or not text.startswith(f"数据库：{folder}/xiaoka.sqlite3\n")
    }
    assert wrong == {}
    without_tables = {name for name, (_, text) in told.items() if "没有本版本的表" in text}
    assert without_tables >= {"backup", "verify_timeline", "send_reminders", "make_anchor", "changepassword"}


@pytest.mark.drill
@pytest.mark.sqlite
def test_a_backup_says_which_database_it_is_of_and_insists_on_an_empty_one(tmp_path: Path) -> None:
    folder, target = tmp_path / "data", tmp_path / "b.tar"
    assert run(folder, "manage.py", "migrate", "-v0").returncode == 0
    refused = run(folder, "manage.py", "backup", str(target))
    assert (refused.returncode, target.exists()) == (1, False)
    first, second = refused.stderr.splitlines()
    assert first == f"数据库：{folder}/xiaoka.sqlite3"
    assert "没有账号" in second
    assert "--empty" in second
    assert run(folder, "manage.py", "backup", str(target), "--empty").returncode == 0
    with tarfile.open(target) as backup:
        assert "database.sqlite3" in backup.getnames()

    other = tmp_path / "other"
    restored = run(other, "manage.py", "restore", str(target))
    assert restored.returncode == 1
    assert "--empty" in restored.stderr
    assert run(other, "manage.py", "restore", str(target), "--empty").returncode == 0


@pytest.mark.django_db
@pytest.mark.parametrize("command", [["backup", "x.tar"], ["verify_timeline"]])
def test_a_database_without_accounts_is_refused(command: list[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--empty"):
        call_command(command[0], *(str(tmp_path / name) for name in command[1:]))
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_verifying_an_empty_database_can_be_insisted_on() -> None:
    assert not User.objects.exists()
    printed = StringIO()
    call_command("verify_timeline", "--empty", stdout=printed)
    assert "0" in printed.getvalue()


def test_the_password_of_the_database_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    database = {"NAME": "xiaoka", "HOST": "db.example.com", "PORT": 5433, "USER": "x", "PASSWORD": "correct horse"}
    monkeypatch.setattr(invocation, "connection", SimpleNamespace(settings_dict=database, vendor="postgresql"))
    assert invocation.database_name() == "db.example.com:5433/xiaoka"


@pytest.mark.drill
def test_a_database_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    url = "postgres://xiaoka:correct-horse@127.0.0.1:1/xiaoka"
    done = run(tmp_path, "manage.py", "send_reminders", "--once", url=url)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2, done.stderr
    assert "127.0.0.1:1/xiaoka" in done.stderr
    assert "correct-horse" not in done.stderr


@pytest.mark.drill
def test_what_is_printed_for_programs_stays_whole(tmp_path: Path) -> None:
    """The database is named on standard error, which --verbosity=0 silences."""
    assert run(tmp_path, "manage.py", "migrate", "-v0").returncode == 0
    done = run(tmp_path, "manage.py", "send_reminders", "--once", "--json", "--verbosity=0")
    assert (done.returncode, done.stderr, done.stdout[0]) == (0, "", "{")
    assert os.listdir(tmp_path)
