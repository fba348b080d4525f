"""The stored state of a case is what its record says: of random histories, and of the demo's cases."""

import os
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.models import Case
from tests.replay.histories import discarded, write_history
from tests.replay.replays import life_differences, replay_differences
from tests.replay.world import make_world

#: `make soak` checks ten times as many.
SOAK = "XIAOKA_SOAK" in os.environ


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path, db: None) -> None:
    """Receipts go into the test's own folder."""


def check(seeds: range) -> None:
    """Replay the histories of these seeds; fails with the script of the first that differs, and how many do."""
    world, first, failed = make_world(), "", Counter[str]()
    for seed in seeds:
        with discarded():
            history = write_history(world, seed)
            lines = life_differences(history.life)
        failed.update({line.partition(":")[0]: 1 for line in lines})
        if lines and not first:
            first = "\n".join([str(history), *lines])
    assert not failed, f"{failed}\n{first}"


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_the_replay_of_a_random_history_is_what_is_stored(start: int) -> None:
    check(range(start, start + 20))


@pytest.mark.drill
@pytest.mark.sqlite  # the record and its replay know no database; the short ones run on both
@pytest.mark.parametrize("start", range(1_000, 11_000 if SOAK else 2_000, 500))
def test_the_replay_of_thousands_is(start: int) -> None:
    check(range(start, start + 500))


def test_the_replay_of_the_demo_is_what_is_stored() -> None:
    call_command("load_demo", as_of="2026-06-09T14:30", cases=62, stdout=StringIO())
    cases = list(Case.objects.order_by("pk"))
    assert len(cases) == 62
    # A message that was proposed may have ended a snooze, and is on no record.
    without = ("snoozed_at", "snoozed_until")
    assert {case.reference: lines for case in cases if (lines := replay_differences(case, without=without))} == {}
