"""The random histories themselves: they reach every kind of entry, and a script can be performed again."""

from collections import Counter
from pathlib import Path

import pytest

from cases.models import TimelineEntry
from tests.replay.histories import discarded, write_history
from tests.replay.lives import perform_steps
from tests.replay.states import differences, stored_state, without_numbers
from tests.replay.world import make_world


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path, db: None) -> None:
    """Receipts go into the test's own folder."""


def test_they_reach_what_is_rare() -> None:
    world, kinds, with_companion = make_world(), Counter[str](), 0
    for seed in range(60):
        with discarded():
            history = write_history(world, seed)
            kinds.update(TimelineEntry.objects.filter(case=history.life.case).values_list("kind", flat=True))
            assert len(history.steps) in range(3, 16)
            with_companion += history.life.companion is not None
    expected = {"submission_corrected": 10, "resubmitted": 10, "takes_effect": 8, "appeal": 4, "recalculated": 2}
    assert {kind: kinds[kind] for kind, count in expected.items() if kinds[kind] < count} == {}
    assert with_companion > 5


def test_the_same_steps_on_another_case_end_in_the_same_state() -> None:
    world = make_world()
    for seed in range(40):
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
