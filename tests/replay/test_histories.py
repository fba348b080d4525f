"""The stored state of a case is what its record says: of random histories, and of the demo's cases."""

from collections import Counter
from pathlib import Path

import pytest

from tests.replay.histories import discarded, write_history
from tests.replay.replays import life_differences
from tests.replay.world import make_world


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


@pytest.mark.parametrize("start", range(0, 120, 30))
def test_the_replay_of_a_random_history_is_what_is_stored(start: int) -> None:
    check(range(start, start + 30))


@pytest.mark.drill
@pytest.mark.parametrize("start", range(1_000, 11_000, 500))
def test_the_replay_of_ten_thousand_is(start: int) -> None:
    check(range(start, start + 500))
