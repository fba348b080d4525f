"""What people say in the demo: Chinese phrases from cases/data/demo.json, chosen by the seeded randomness."""

import json
from pathlib import Path
from random import Random

DATA = Path(__file__).resolve().parents[2] / "data" / "demo.json"


class Phrases:
    """The phrases of DATA, each key with one or more variants."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._variants: dict[str, list[str]] = json.loads(DATA.read_text(encoding="utf-8"))

    def pick(self, key: str, **values: str) -> str:
        """One variant with its {places} filled; KeyError for a phrase or a value that is missing."""
        return self._rng.choice(self._variants[key]).format(**values)
