"""``manage.py explain_deadlines``: the moments it reads, the JSON it prints, and what it refuses."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.models import CalendarOverride, Carrier, PublishedYear
from tests import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def output(*arguments: str) -> str:
    out = StringIO()
    call_command("explain_deadlines", *arguments, stdout=out)
    return out.getvalue()


def explained(*arguments: str) -> dict[str, Any]:
    data = json.loads(output(*arguments, "--json"))
    assert isinstance(data, dict)
    return data


def test_national_day_as_json() -> None:
    data = explained("2026-09-30T15:00")
    days = data.pop("days")
    assert data == {
        "submitted_at": "2026-09-30T15:00:00+08:00",
        "acknowledge_by": "2026-10-01T15:00:00+08:00",
        "review_by": "2026-10-11T00:00:00+08:00",
        "window_opens": "2026-10-11T00:00:00+08:00",
        "reply_by": "2026-10-14T00:00:00+08:00",
        "provisional": False,
        "stretched_by": ["National Day"],
    }
    assert [day["date"] for day in days] == [
        "2026-09-30",
        *(f"2026-10-{day:02}" for day in range(1, 14)),
    ]
    assert [day["number"] for day in days] == [None] * 8 + [1, 2, 3, None, 4, 5]
    assert [day["counted"] for day in days] == [False] * 8 + [True, True, True, False, True, True]
    assert all(set(day) == {"date", "counted", "number", "reason"} and day["reason"] for day in days)
    assert "National Day" in days[1]["reason"]
    assert len({days[n]["reason"] for n in (0, 1, 8, 10, 11)}) == 5


@pytest.mark.parametrize(
    ("moment", "submitted_at"),
    [
        ("2026-09-30 15:00", "2026-09-30T15:00:00+08:00"),
        ("2026-09-30", "2026-09-30T00:00:00+08:00"),
        ("2026-09-30T15:00+08:00", "2026-09-30T15:00:00+08:00"),
        ("2026-09-29T23:30Z", "2026-09-30T07:30:00+08:00"),
        ("2026-09-30T07:00:00+00:00", "2026-09-30T15:00:00+08:00"),
        ("2026-09-30T09:00+02:00", "2026-09-30T15:00:00+08:00"),
    ],
)
def test_moments_with_and_without_a_zone(moment: str, submitted_at: str) -> None:
    assert explained(moment)["submitted_at"] == submitted_at
    assert explained(moment)["reply_by"] == "2026-10-14T00:00:00+08:00"


@pytest.mark.parametrize("moment", ["tomorrow", "2026-02-30", "", "30.9.2026", "0001-01-01T00:00+14:00"])
def test_what_is_no_moment_is_refused_with_an_example(moment: str) -> None:
    with pytest.raises(CommandError, match="2026-09-30T15:00"):
        output(moment)


@pytest.mark.parametrize("moment", ["2003-12-31T12:00", "2028-01-03T09:00", "2027-12-30T09:00", "0001-01-01"])
def test_a_year_that_the_calendar_does_not_know_is_refused_in_words(moment: str) -> None:
    with pytest.raises(CommandError, match="covers 2004 to 2027"):
        output(moment)


def test_a_provisional_window_says_so() -> None:
    assert explained("2026-12-21T10:00")["provisional"] is True
    assert "Provisional" in output("2026-12-21T10:00")
    assert "Provisional" not in output("2026-09-30T15:00")


def test_days_and_years_entered_by_hand_count() -> None:
    CalendarOverride.objects.create(date="2026-11-24", working=False, name="Typhoon")
    PublishedYear.objects.create(year=2027)
    data = explained("2026-11-20T18:00")
    assert data["reply_by"] == "2026-12-01T00:00:00+08:00"
    assert "Typhoon" in data["days"][4]["reason"]
    assert explained("2026-12-21T10:00")["provisional"] is False


class TestCarriers:
    @pytest.fixture(autouse=True)
    def _carrier(self) -> None:
        Carrier.objects.all().delete()
        Carrier.objects.create(slug="slow", name="慢", name_en="Slow", hotline="1", acknowledge_hours=48, reply_days=7)
        Carrier.objects.create(slug="plain", name="常", name_en="Plain", hotline="2")

    def test_a_carrier_has_terms_of_its_own(self) -> None:
        data = explained("2026-11-20T18:00", "--carrier", "slow")
        assert data["acknowledge_by"] == "2026-11-22T18:00:00+08:00"
        assert data["review_by"] == "2026-11-26T00:00:00+08:00"
        assert data["reply_by"] == "2026-12-02T00:00:00+08:00"
        assert data["days"][-1]["number"] == 7

    def test_or_those_of_everybody(self) -> None:
        assert explained("2026-11-20T18:00", "--carrier", "plain") == explained("2026-11-20T18:00")

    def test_an_unknown_one_is_answered_with_those_there_are(self) -> None:
        with pytest.raises(CommandError, match="plain, slow"):
            output("2026-11-20T18:00", "--carrier", "fast")


def test_a_table_for_people() -> None:
    lines = output("2026-09-30T15:00").splitlines()
    assert any("National Day" in line and "13 calendar days" in line for line in lines)
    assert any(line.startswith("2026-10-10  Sat   3  ") for line in lines)
    assert any(line.startswith("2026-10-11  Sun   ·  ") for line in lines)
    assert lines[-1].startswith("2026-10-13  Tue   5  ")


class TestAsAPersonRunsIt:
    """In a process of its own, with a data folder in which nothing has been started yet."""

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "manage.py", "explain_deadlines", *arguments],
            cwd=ROOT,
            env=environment | {"DATA_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_without_a_database_the_package_alone_answers_and_says_so(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, "2026-09-30T15:00", "--json")
        assert done.returncode == 0
        assert json.loads(done.stdout)["reply_by"] == "2026-10-14T00:00:00+08:00"
        assert len(done.stderr.splitlines()) == 1

    def test_without_a_database_there_are_no_carriers(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, "2026-09-30T15:00", "--carrier", "china-mobile")
        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.splitlines()) == 1
        assert "--carrier" in done.stderr

    def test_nonsense_ends_with_one_line_and_status_1(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, "soon")
        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.splitlines()) == 1
        assert "soon" in done.stderr
