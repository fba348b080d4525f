"""Which tests run a statement, and in which order they are worth running."""

import pickle
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.mutation.loading import LINES, modules


@dataclass(frozen=True)
class TestRun:
    """What one test ran: its node ID, how long it took in seconds, and the numbers of the statements."""

    test: str
    seconds: float
    lines: "array[int]"
    #: It empties tables in the end, migrations' rows as well: others run before it.
    is_transactional: bool


def save(runs: list[TestRun], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [(run.test, run.seconds, run.lines.tobytes(), run.is_transactional) for run in runs]
    path.write_bytes(zlib.compress(pickle.dumps(rows), 3))


def load(path: Path) -> list[TestRun]:
    rows = pickle.loads(zlib.decompress(path.read_bytes()))
    return [TestRun(test, seconds, array("I", lines), slow) for test, seconds, lines, slow in rows]


class Nearness:
    """Finds the tests near a statement."""

    def __init__(self, runs: list[TestRun]) -> None:
        self.runs = runs
        self._numbers = {path: number for number, path in enumerate(modules())}
        self._by_line: dict[int, list[int]] = defaultdict(list)
        self._by_module: dict[int, set[int]] = defaultdict(set)
        for index, run in enumerate(runs):
            for line in run.lines:
                self._by_line[line].append(index)
                self._by_module[line // LINES].add(index)

    def tests_of(self, path: Path, lines: Iterable[int]) -> list[TestRun]:
        """The tests that run one of the lines (or, without lines, anything of the module), best ones first."""
        number = self._numbers[path]
        at = [number * LINES + line for line in lines]
        indexes = {index for line in at for index in self._by_line[line]} if at else self._by_module[number]
        return self._in_order(path, [self.runs[index] for index in indexes])

    def _in_order(self, path: Path, runs: list[TestRun]) -> list[TestRun]:
        """Quick tests that run little beside it come first; three of each file at a time."""

        def cost(run: TestRun) -> float:
            return (run.seconds + 0.01) * (len(run.lines) + 20) ** 0.5 * (1 if _is_beside(path, run.test) else 4)

        ranks: Counter[str] = Counter()
        keyed = []
        for run in sorted(runs, key=lambda run: (cost(run), run.test)):
            file = run.test.partition("::")[0]
            ranks[file] += 1
            keyed.append((run.is_transactional, ranks[file] // 3, cost(run), run.test, run))
        return [run for *_, run in sorted(keyed, key=lambda row: row[:-1])]


def _is_beside(path: Path, test: str) -> bool:
    """Whether the test is in the tests' folder of the module's package, or bears the module's name."""
    file = Path(test.partition("::")[0])
    return path.parts[1] == file.parts[1] or path.stem in file.stem
