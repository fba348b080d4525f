"""Settings from the environment, read by a process of its own as a start would read them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT

pytestmark = pytest.mark.sqlite  # settings are read by programs of their own

# What the tests' own settings put into the environment, and what the person who runs them may have there.
OURS = {"DATA_DIR", "DATABASE_URL", "SECRET_KEY", "SESSION_HOURS", "XIAOKA_TEST", "DJANGO_SETTINGS_MODULE"}
SHOW = "import json, sys, tracker.settings as s; print(json.dumps([getattr(s, n) for n in sys.argv[1:]], default=str))"


def run_python(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | given
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def read_settings(*names: str, **given: str) -> list[Any]:
    done = run_python("-c", SHOW, *names, **given)
    assert done.returncode == 0, done.stderr
    values: list[Any] = json.loads(done.stdout)
    return values


def test_without_any_variable_but_the_folder_it_is_safe_and_local(tmp_path: Path) -> None:
    names = ("DEBUG", "HOST", "PORT", "ALLOWED_HOSTS", "LANGUAGE_CODE", "TIME_ZONE", "RECEIPTS_ROOT")
    assert read_settings(*names, DATA_DIR=str(tmp_path)) == [
        False,
        "127.0.0.1",
        8000,
        ["localhost", "127.0.0.1", "[::1]"],
        "zh-hans",
        "Asia/Shanghai",
        str(tmp_path / "receipts"),
    ]


def test_sqlite_waits_for_its_turn_and_writes_ahead(tmp_path: Path) -> None:
    ((database,),) = [list(d.values()) for d in read_settings("DATABASES", DATA_DIR=str(tmp_path))]
    assert database["NAME"] == str(tmp_path / "xiaoka.sqlite3")
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }


def test_a_folder_with_a_percent_sign_and_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "my 100% data?#"
    assert read_settings("DATABASES", DATA_DIR=str(folder))[0]["default"]["NAME"] == f"{folder}/xiaoka.sqlite3"


def test_a_database_url_of_postgresql(tmp_path: Path) -> None:
    url = "postgres://me:p%40ss@10.0.0.5:5433/cards"
    database = read_settings("DATABASES", DATA_DIR=str(tmp_path), DATABASE_URL=url)[0]["default"]
    wanted = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "cards",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "10.0.0.5",
        "PORT": 5433,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
    assert {name: database[name] for name in wanted} == wanted


def test_behind_a_pooler_no_cursor_outlives_its_transaction(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgres://me@10.0.0.5:6432/cards", "DATABASE_POOLED": "true"}
    assert (
        read_settings("DATABASES", DATA_DIR=str(tmp_path), **given)[0]["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True
    )


@pytest.mark.parametrize("token", ["short", "with spaces in the middle", "十六个字以上的中文令牌是不行的一二三"])
def test_a_token_that_is_none_stops_the_start_and_is_not_shown(tmp_path: Path, token: str) -> None:
    done = run_python("-c", SHOW, "METRICS_TOKEN", DATA_DIR=str(tmp_path), METRICS_TOKEN=token)
    assert done.returncode == 1
    assert "METRICS_TOKEN is not at least 16" in done.stderr
    assert token not in done.stderr.splitlines()[-1]


def test_a_relative_sqlite_path_starts_beside_manage_py_wherever_it_is_started(tmp_path: Path) -> None:
    database = read_settings("DATABASES", DATA_DIR=str(tmp_path), DATABASE_URL="sqlite:///var/other.sqlite3")[0][
        "default"
    ]
    assert database["NAME"] == str(ROOT / "var" / "other.sqlite3")


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("192.168.1.20", ["localhost", "127.0.0.1", "[::1]", "192.168.1.20"]),
        ("0.0.0.0", ["localhost", "127.0.0.1", "[::1]"]),
        ("::1", ["localhost", "127.0.0.1", "[::1]"]),
    ],
)
def test_the_site_answers_to_the_address_that_it_listens_on(tmp_path: Path, host: str, allowed: list[str]) -> None:
    assert read_settings("ALLOWED_HOSTS", DATA_DIR=str(tmp_path), HOST=host) == [allowed]


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (first,) = read_settings("SECRET_KEY", DATA_DIR=str(folder))
    (second,) = read_settings("SECRET_KEY", DATA_DIR=str(folder))
    assert first == second == (folder / "secret-key").read_text()
    assert len(first) >= 64
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(file.name for file in folder.iterdir()) == ["secret-key", "uploads"]
    assert (folder / "uploads").stat().st_mode & 0o777 == 0o700


def test_a_given_key_is_taken_and_none_is_made(tmp_path: Path) -> None:
    assert read_settings("SECRET_KEY", DATA_DIR=str(tmp_path), SECRET_KEY="given") == ["given"]
    assert [file.name for file in tmp_path.iterdir()] == ["uploads"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "0"), ("PORT", "65536"), ("DEBUG", "perhaps"), ("HTTPS", "2"), ("Q_WORKERS", "0")],
)
def test_a_wrong_value_is_told_in_one_line_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    done = run_python("manage.py", "check", DATA_DIR=str(tmp_path), **{name: value})
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert name in done.stderr


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    done = run_python("manage.py", "check", DATA_DIR=str(tmp_path))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "secret-key is empty" in done.stderr


def test_behind_tls_cookies_are_secure_and_browsers_are_told_to_stay(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    assert read_settings(*names, DATA_DIR=str(tmp_path), HTTPS="1") == [True, True, True, 31536000]
    assert read_settings(*names, DATA_DIR=str(tmp_path)) == [False, False, False, 0]
    cookies = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    assert read_settings(*cookies, DATA_DIR=str(tmp_path), HTTPS="1") == ["__Host-sessionid", "__Host-csrftoken"]


def test_nobody_stays_signed_in_overnight_unless_the_operator_says_so(tmp_path: Path) -> None:
    assert read_settings("SESSION_COOKIE_AGE", DATA_DIR=str(tmp_path)) == [12 * 3600]
    assert read_settings("SESSION_COOKIE_AGE", DATA_DIR=str(tmp_path), SESSION_HOURS="336") == [14 * 24 * 3600]


def test_counts_of_attempts_are_not_pushed_out_by_a_few_hundred_others(tmp_path: Path) -> None:
    script = """
import django; django.setup()
from django.core.cache import cache
cache.set("guesses", 5)
for number in range(1000): cache.set(str(number), 1)
print(cache.get("guesses"), sum(cache.get(str(number)) == 1 for number in range(1000)))
"""
    done = run_python("-c", script, DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="tracker.settings")
    assert done.stdout == "5 1000\n", done.stderr


def test_every_variable_stands_in_the_table() -> None:
    source = (ROOT / "tracker" / "settings.py").read_text()
    table = source.split('"""')[1]
    read_here = set(re.findall(r'\benv\.\w+\("(\w+)"', source))
    assert read_here >= {"PORT", "DATA_DIR"}
    assert not {name for name in read_here if name not in table}


def test_keys_of_channels_come_newest_first(tmp_path: Path) -> None:
    old, new = "A" * 43 + "=", "B" * 42 + "A="
    given = f"{new}, {old}"
    assert read_settings("CHANNEL_KEYS", DATA_DIR=str(tmp_path), CHANNEL_KEYS=given) == [[new, old]]
    assert read_settings("CHANNEL_KEYS", "ALLOW_PRIVATE_HOSTS", DATA_DIR=str(tmp_path)) == [[], False]


def test_a_key_of_channels_that_is_none_stops_the_start_and_is_not_shown(tmp_path: Path) -> None:
    done = run_python(
        "-c", SHOW, "CHANNEL_KEYS", DATA_DIR=str(tmp_path), CHANNEL_KEYS="A" * 43 + "=,my-secret-passphrase"
    )
    assert done.returncode != 0
    assert "CHANNEL_KEYS: number 2 is not 32 bytes" in done.stderr
    assert "my-secret" not in done.stderr.rpartition("ImproperlyConfigured:")[2]


ANCHORS = ("ANCHORS_ROOT", "ANCHOR_RECIPIENT", "TIMESTAMP_URL", "TIMESTAMP_CERTIFICATES")


def test_anchors_stay_on_the_server_unless_the_environment_names_somebody(tmp_path: Path) -> None:
    assert read_settings(*ANCHORS, DATA_DIR=str(tmp_path)) == [str(tmp_path / "anchors"), "", "", "b''"]
    given = {
        "ANCHORS_DIR": "/srv/anchors",
        "ANCHOR_RECIPIENT": "notary@example.com",
        "TIMESTAMP_URL": "https://stamps.example/tsa",
    }
    assert read_settings(*ANCHORS[:3], DATA_DIR=str(tmp_path), **given) == list(given.values())
    given["ANCHOR_RECIPIENT"] = "http://10.0.0.7:9000/anchors"
    assert read_settings(*ANCHORS[1:2], DATA_DIR=str(tmp_path), **given) == [given["ANCHOR_RECIPIENT"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANCHOR_RECIPIENT", "notary"),
        ("ANCHOR_RECIPIENT", "ftp://my-secret.example/"),
        ("TIMESTAMP_URL", "my-secret@stamps.example"),
        ("TIMESTAMP_URL", "https://user:my-secret@stamps.example/"),
        ("TIMESTAMP_CERTIFICATES", "/nowhere/roots.pem"),
        ("TIMESTAMP_CERTIFICATES", __file__),
    ],
)
def test_a_wrong_address_of_anchors_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    done = run_python("-c", SHOW, **{"DATA_DIR": str(tmp_path), name: value})
    assert done.returncode == 1
    assert name in done.stderr.rpartition("ImproperlyConfigured:")[2]
    assert "my-secret" not in done.stderr.rpartition("ImproperlyConfigured:")[2]
