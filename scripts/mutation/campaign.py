"""Tries a sample of faults and writes down what no test noticed."""

import argparse
import ast
import json
import os
import random
import shutil
import sys
import time
import tomllib
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.mutation import faults, single_fault
from scripts.mutation.loading import ROOT, modules
from scripts.mutation.nearness import Nearness, TestRun
from scripts.mutation.pytest_plugin import ForkServer, Verdict, run_pytest
from scripts.mutation.recording import FOLDER, HOME

_SAME = Path(__file__).with_name("same.toml")


@dataclass(frozen=True)
class Result:
    """One fault and what became of it: 'found', 'survived', 'same' (known to change nothing) or 'no test'."""

    module: str
    number: int
    line: int
    function: str
    kind: str
    change: str
    verdict: str
    found_by: str
    tests_near: int
    tests_run: int
    seconds: float

    @property
    def as_text(self) -> str:
        """Where the fault is, what it is, and why it was not found."""
        if self.verdict == "no test":
            why = "no test runs this statement"
        elif self.tests_run < self.tests_near:
            why = f"not found by the {self.tests_run} best of {self.tests_near} tests near, then the time was over"
        else:
            why = f"not found by any of the {self.tests_near} tests near"
        where = f"{self.module}:{self.line} in {self.function or 'the module'}"
        return f"{where}: {self.kind}; {why}\n{self.change}\n"


def run(options: argparse.Namespace, *, folder: Path, runs: list[TestRun]) -> None:
    """Try the faults that the options choose. `folder`: for this run alone."""
    chosen = _survivors(HOME / options.again) if options.again else _sample(options.only, options.seed, options.count)
    name = "again" if options.again else f"seed-{options.seed}"
    campaign = _Campaign(options, folder, Nearness(runs), chosen, FOLDER / f"{name}.jsonl")
    if run_pytest(["tests"], ForkServer(campaign.work)) or not campaign.is_over:
        sys.exit("The tests could not be collected, or the first one failed; nothing was tried.")


def _sample(only: str, seed: int, count: int) -> list[tuple[Path, int]]:
    pool = [
        (path, number)
        for path in modules()
        if only in str(path)
        for number in range(len(faults.faults(ast.parse((ROOT / path).read_bytes()))))
    ]
    return random.Random(seed).sample(pool, min(count, len(pool)))


def _survivors(list_: Path) -> list[tuple[Path, int]]:
    rows = [json.loads(line) for line in list_.read_text().splitlines()]
    return [(Path(row["module"]), row["number"]) for row in rows if row["verdict"] in ("survived", "no test")]


class _Campaign:
    def __init__(
        self, options: argparse.Namespace, folder: Path, near: Nearness, chosen: list[tuple[Path, int]], target: Path
    ) -> None:
        self._limit: float = options.limit
        self._end = time.monotonic() + 60 * options.minutes
        self._folder, self._near, self._chosen, self._target = folder, near, chosen, target
        self._same = {(row["module"], row["function"], row["change"].strip()) for row in known_same()}
        self._sound: dict[str, bool] = {}
        self._results: list[Result] = []
        self._screen = os.fdopen(os.dup(1), "w")
        self.is_over = False

    def work(self, server: ForkServer) -> None:
        """Try one fault after the other, as long as there is time."""
        from django.db import connection

        shutil.copy(connection.settings_dict["NAME"], self._folder / "template.sqlite3")
        with self._target.open("w") as lines, self._target.with_suffix(".txt").open("w") as survivors:
            for path, number in self._chosen:
                if time.monotonic() > self._end:
                    break
                result = self._try(server, path, number)
                self._results.append(result)
                lines.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
                lines.flush()
                if result.verdict in ("survived", "no test"):
                    self._say(result.as_text)
                    print(result.as_text, file=survivors, flush=True)
        self._summarize()
        self.is_over = True

    def _say(self, text: str) -> None:
        print(text, file=self._screen, flush=True)

    def _try(self, server: ForkServer, path: Path, number: int) -> Result:
        tree = ast.parse((ROOT / path).read_bytes())
        fault = faults.faults(tree)[number]
        line, is_at_import = fault.statement.lineno, not fault.function
        planted, change = faults.plant((ROOT / path).read_text(), number)
        near = [run for run in self._near.tests_of(path, [] if is_at_import else [line]) if run.test in server.tests]
        if (str(path), fault.function, change) in self._same:
            verdict, word = Verdict("", 0, 0.0), "same"
        else:
            verdict = self._verdict(server, fault, (path, number), near, planted)
            word = "found" if verdict.found_by else "survived" if near else "no test"
        where = (str(path), number, line, fault.function, fault.kind, change)
        return Result(*where, word, verdict.found_by, len(near), verdict.tests_run, round(verdict.seconds, 2))

    def _verdict(
        self, server: ForkServer, fault: faults.Fault, at: tuple[Path, int], near: list[TestRun], planted: ast.Module
    ) -> Verdict:
        if not near:
            return Verdict("", 0, 0.0)
        code = compile(planted, str(ROOT / at[0]), "exec", dont_inherit=True)
        if not fault.function or not server.can_patch(at[0], fault.function, code):
            return single_fault.run_elsewhere(*at, near, self._folder, seconds=self._limit)
        while True:
            verdict = server.run(near, (at[0], fault.function, code), seconds=self._limit)
            if not verdict.found_by or self._is_sound(server, near, verdict):
                return verdict
            near = [run for run in near if run.test not in verdict.found_by]

    def _is_sound(self, server: ForkServer, near: list[TestRun], verdict: Verdict) -> bool:
        """Whether the test that found the fault passes without it: a test that fails anyway finds nothing."""
        run = next(run for run in near if verdict.found_by.endswith(run.test))
        if run.test not in self._sound:
            self._sound[run.test] = not server.run([run], None, seconds=600).found_by
        return self._sound[run.test]

    def _summarize(self) -> None:
        by_package: dict[str, list[Result]] = defaultdict(list)
        for result in self._results:
            by_package[result.module.split("/")[1]].append(result)
        for package, results in [*sorted(by_package.items()), ("all", self._results)]:
            real = [result for result in results if result.verdict != "same"]
            noticed = sum(result.verdict == "found" for result in real)
            share = f"{noticed / len(real):.1%}" if real else "-"
            self._say(
                f"{package:12} {noticed} of {len(real)} found: {share} ({len(results) - len(real)} change nothing)"
            )
        unsound = [test for test, is_sound in self._sound.items() if not is_sound]
        if unsound:
            self._say(f"Left out, since they fail without a fault when run alone: {', '.join(unsound)}")
        self._say(f"{len(self._chosen) - len(self._results)} not tried for want of time.")
        self._say(f"Survivors: {self._target.with_suffix('.txt')}. All: {self._target}.")


def known_same() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = tomllib.loads(_SAME.read_text()).get("fault", [])
    return rows
