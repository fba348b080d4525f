"""Every verb and every kind of entry is replayed by a test: a new one fails here until a history has it."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import cases.operations
from cases.models import TimelineEntry
from cases.models.choices import EntryKind
from cases.operations import Verb, recorded_verbs
from cases.operations.engine.verb import Work
from tests.replay.corrected import write_corrected_history
from tests.replay.histories import discarded, write_history
from tests.replay.replays import life_differences
from tests.replay.world import make_world

for module in pkgutil.walk_packages(cases.operations.__path__, "cases.operations."):
    importlib.import_module(module.name)  # so that every verb is defined

#: Verbs that no history has, each with why.
OTHER_VERBS = {
    "Reply": "the base of the replies",
    "_Correct": "the base of the corrections",
    "_Escalate": "the base of complaints and appeals",
    "_HandOverOnLeaving": "a HandOver; tests/operations/test_teams.py, replayed at its end as after every test",
    "FinalizeSharedLetter": "records what FinalizeLetter does; tests/web/test_letters_for_many.py, replayed at its end",
    "RecordState": "what the upgrade does to every case; tests/replay/test_state_as_of.py",
}
#: Kinds that no history has, each with the test that replays it.
OTHER_KINDS = {}
HISTORIES, CORRECTED = 75, 30
#: What many of them must have, and how often.
FREQUENT = {
    "submission_corrected": 8, "resubmitted": 8, "takes_effect": 6, "appeal": 3, "recalculated": 3, "reopened": 2,
    "refund": 3, "message": 3,
}  # fmt: skip


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each verb was applied."""
    counts = Counter[str]()

    def counting(apply: Callable[[Verb, Work], None]) -> Callable[[Verb, Work], None]:
        def wrapper(verb: Verb, work: Work) -> None:
            apply(verb, work)  # not where it is refused
            counts[type(verb).__name__] += 1

        return wrapper

    for verb in verbs():
        if "apply" in vars(verb):
            monkeypatch.setattr(verb, "apply", counting(verb.apply))
    return counts


def verbs(base: type[Verb] = Verb) -> Iterator[type[Verb]]:
    """Every subclass of Verb that the product has."""
    for verb in base.__subclasses__():
        if verb.__module__.startswith("cases."):
            yield verb
        yield from verbs(verb)


def test_every_verb_and_every_kind_is_in_a_history_that_is_replayed(
    db: None, receipts_folder: Path, applied: Counter[str]
) -> None:
    world, kinds, performed, with_companion = make_world(), Counter[str](), Counter[str](), 0
    for seed in range(20_000, 20_000 + HISTORIES + CORRECTED):
        with discarded():
            applied.clear()
            is_plain = seed < 20_000 + HISTORIES
            history = write_history(world, seed) if is_plain else write_corrected_history(world, seed)[0]
            performed.update(applied)
            with_companion += history.life.companion is not None
            case = history.life.the_case()
            kinds.update(TimelineEntry.objects.filter(case=case).values_list("kind", flat=True))
            assert life_differences(history.life) == [], str(history)
    assert {verb.__name__ for verb in verbs()} - set(performed) == set(OTHER_VERBS)
    assert set(EntryKind.values) - set(kinds) == set(OTHER_KINDS)
    assert {kind: kinds[kind] for kind, count in FREQUENT.items() if kinds[kind] < count} == {}
    assert with_companion >= 8


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_kind_of_entry_is_replayed_or_says_why_not(kind: EntryKind) -> None:
    ways: list[Any] = [
        recorded_verbs.VERBS, recorded_verbs.BEGINNINGS, recorded_verbs.WITHOUT_EFFECT, recorded_verbs.CORRECTIONS,
    ]  # fmt: skip
    assert sum(kind in way for way in ways) == 1


def test_nothing_stands_here_that_is_gone() -> None:
    assert set(OTHER_VERBS) <= {verb.__name__ for verb in verbs()}
    assert set(OTHER_KINDS) <= set(EntryKind.values)
