"""The benchmark's steps run, on a few cases: what is measured by hand must not have gone stale by then."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bench import calling, pages, population, steps, verbs
from cases.models import TimelineEntry


@pytest.mark.django_db(transaction=True)
def test_pages_verbs_and_import_are_measured(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    for name, number in {"WARM": 0, "LEAST": 1, "RUNS": 1}.items():
        monkeypatch.setattr(calling, name, number)
    monkeypatch.setattr(verbs, "RUNS", 1)
    population.fill(400)
    found = dict(pages.pages())
    for name in ("a bare view", "work list", "case list: deep inside", "case", "admin: overdue", "verb: follow-up"):
        assert found[name]["p50"] > 0, name
    assert {name for name in found if "API" in name} == {
        "API: case list: first page",
        "API: case list: deep inside",
        "API: case list: overdue by reply_by",
        "API: case",
        "API: card list: first page",
    }
    assert TimelineEntry.objects.filter(content__body__words="called the shop").count() == 2
    assert max(row["queries"] for name, row in found.items() if "list" in name) <= 12
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(subprocess, "run", lambda command, **_: call_command(*command[2:]))
    assert steps.bring_in(50)["seconds"] > 0
