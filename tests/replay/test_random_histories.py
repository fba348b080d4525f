"""The random histories themselves: a script can be performed again, and a seed is one history."""

from pathlib import Path

import pytest

from tests.replay.histories import discarded, write_history
from tests.replay.lives import perform_steps
from tests.replay.states import differences, stored_state, without_numbers
from tests.replay.world import make_world


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path, db: None) -> None:
    """Receipts go into the test's own folder."""


def test_the_same_steps_on_another_case_end_in_the_same_state() -> None:
    world = make_world()
    for seed in range(12):
        with discarded():
            history = write_history(world, seed)
            first = stored_state(history.life.the_case())
        with discarded():
            again = stored_state(perform_steps(world, history.steps).the_case())
        assert differences(without_numbers(first), without_numbers(again)) == [], str(history)


def test_the_same_seed_is_the_same_history() -> None:
    world = make_world()
    with discarded():
        first = str(write_history(world, 7))
    with discarded():
        assert str(write_history(world, 7)) == first
