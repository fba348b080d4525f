"""The random histories themselves: they reach every kind of entry, and a script can be performed again."""

from collections import Counter
from pathlib import Path

import pytest

from cases.models import TimelineEntry
from cases.models.choices import EntryKind
from tests.replay.histories import discarded, write_history
from tests.replay.lives import perform_steps
from tests.replay.states import differences, stored_state, without_numbers
from tests.replay.world import make_world

#: Kinds that no history has, each with who covers it.
ELSEWHERE: dict[str, str] = {}


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path, db: None) -> None:
    """Receipts go into the test's own folder."""


def test_they_reach_every_kind_of_entry() -> None:
    world, kinds = make_world(), Counter[str]()
    for seed in range(150):
        with discarded():
            history = write_history(world, seed)
            kinds.update(TimelineEntry.objects.filter(case=history.life.case).values_list("kind", flat=True))
    rare = {kind: kinds[kind] for kind in set(EntryKind.values) - set(ELSEWHERE) if kinds[kind] < 2}
    assert rare == {}
    frequent = ("submitted", "resubmitted", "promised", "returned", "verified", "submission_corrected", "charge")
    assert {kind: kinds[kind] for kind in frequent if kinds[kind] < 20} == {}


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
