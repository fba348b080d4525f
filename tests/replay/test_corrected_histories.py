"""Random voids and amendments: the replay is what is stored, and what a case has on which only the rest was done."""

from collections import Counter
from pathlib import Path

import pytest

from cases.domain.errors import CaseError
from tests.replay.acts import FinalizesLetter
from tests.replay.corrected import CORRECTIONS, remaining, write_corrected_history
from tests.replay.histories import discarded
from tests.replay.lives import perform_steps
from tests.replay.replays import life_differences
from tests.replay.states import differences, stored_state, without_numbers
from tests.replay.test_histories import SOAK
from tests.replay.world import make_world


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path, db: None) -> None:
    """Receipts go into the test's own folder."""


def check(seeds: range) -> Counter[str]:
    """Compare the histories of these seeds; returns how many corrections of which kind they had."""
    world, corrections = make_world(), Counter[str]()
    for seed in seeds:
        with discarded():
            history, refused = write_corrected_history(world, seed)
            lines, life = life_differences(history.life), history.life
            without = ("snoozed_at", "snoozed_until") if life.snooze_ended_by_message else ()
            corrected = without_numbers(stored_state(life.the_case(), without=without))
        assert lines == [], str(history)
        acts = [step.act for step in history.steps]
        corrections.update(type(act).__name__ for act in acts if isinstance(act, CORRECTIONS))
        with discarded():
            # Letters change no state, and a final one stays when the submission that it rests on is voided.
            steps = [step for step in remaining(history.steps) if not isinstance(step.act, FinalizesLetter)]
            rest = perform_steps(world, steps).the_case()
            fresh = without_numbers(stored_state(rest, without=without))
        assert differences(corrected, fresh) == [], str(history)
        for script in refused:
            with discarded(), pytest.raises(CaseError):
                perform_steps(world, remaining(script))
            corrections["refused"] += 1
    return corrections


def test_a_corrected_case_is_one_on_which_only_the_rest_was_done() -> None:
    corrections = check(range(24))
    assert corrections["Voids"] > 8
    assert corrections["Amends"] > 8
    assert corrections["refused"] >= 1


@pytest.mark.drill
@pytest.mark.sqlite  # the record and its replay know no database; the short ones run on both
@pytest.mark.parametrize("start", range(1_000, 11_000 if SOAK else 1_500, 250))
def test_thousands_of_them_are(start: int) -> None:
    check(range(start, start + 250))
