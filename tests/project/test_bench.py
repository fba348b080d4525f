"""The benchmark's steps run, on a few cases: what is measured by hand must not have gone stale by then."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bench import client as bench_client
from bench import comparison, page_dataset, pages, steps, verbs
from cases.models import TimelineEntry

pytestmark = pytest.mark.drill


@pytest.mark.django_db(transaction=True)
def test_pages_verbs_and_import_are_measured(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    for name, number in {"WARM_UP_RUNS": 0, "MIN_RUNS": 1, "MAX_RUNS": 1}.items():
        monkeypatch.setattr(bench_client, name, number)
    monkeypatch.setattr(verbs, "RUNS", 1)
    page_dataset.fill(400)
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
    assert max(row["queries"] for name, row in found.items() if "list" in name) <= 18
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(subprocess, "run", lambda command, **_: call_command(*command[2:]))
    assert steps.import_cards(50)["seconds"] > 0


def test_django_helpdesk_stands_beside_what_is_the_same_with_us(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def took(name: str, p50: int, busy: int) -> dict[str, Any]:
        return {"name": name, "p50": p50, "busy": busy, "p95": 2 * p50, "queries": 7}

    rows = [took("list", 90, 80), took("list: only the rows", 70, 60), took("saving a follow-up", 30, 20)]
    monkeypatch.setattr(comparison, "_environment", lambda folder: folder)
    monkeypatch.setattr(comparison, "_run", lambda python, what, number: rows)
    ours = {name: took(name, 40, 20) for name in ("case list: first page", "saving a follow-up", "")}
    comparison.pages(tmp_path, {10_000: ours})
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "| 10,000 | list | 90 (80), 180, 7 | 40 (20), 80, 7 | 4.0 |",
        "| 10,000 | list: only the rows | 70 (60), 140, 7 |  |  |",
        "| 10,000 | saving a follow-up | 30 (20), 60, 7 | 40 (20), 80, 7 | 1.0 |",
    ]
