"""What `make mutants` plants, in which order it runs tests, and that what it knows to be the same still is there."""

import ast
import random
from array import array
from pathlib import Path

import pytest

from scripts.mutation import campaign, faults, loading, nearness
from tests import ROOT


def planted(source: str) -> list[str]:
    """Each fault that can be planted in a module, as what it changes: 'before → after'."""
    found = []
    for number in range(len(faults.faults(ast.parse(source)))):
        _, change = faults.plant(source, number)
        before = " ".join(line[2:] for line in change.splitlines() if line.startswith("- "))
        after = " ".join(line[2:] for line in change.splitlines() if line.startswith("+ "))
        found.append(f"{before} → {after}")
    return found


def in_function(line: str) -> str:
    return f"def f():\n    {line}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return a.filter(pk__in=b, at__lt=c)", [
            "return a.filter(pk__in=b, at__lt=c) → return a.filter(at__lt=c)",
            "return a.filter(pk__in=b, at__lt=c) → return a.filter(pk__in=b)",
            "return a.filter(pk__in=b, at__lt=c) → return a.filter(pk__in=b, at__lte=c)",
        ]),
        ("return Q(a=b) & Q(c=d)", [
            "return Q(a=b) & Q(c=d) → return Q(a=b)",
            "return Q(a=b) & Q(c=d) → return Q(c=d)",
            "return Q(a=b) & Q(c=d) → return Q() & Q(c=d)",
            "return Q(a=b) & Q(c=d) → return Q(a=b) & Q()",
        ]),
        ("a.update(b=1, c=d)", [
            "a.update(b=1, c=d) → pass",
            "a.update(b=1, c=d) → a.update(c=d)",
            "a.update(b=1, c=d) → a.update(b=1)",
        ]),
        ("return a <= b", ["return a <= b → return a < b"]),
        ("return a and b", [
            "return a and b → return a or b",
            "return a and b → return b",
            "return a and b → return a",
        ]),
        ("return not a", ["return not a → return a"]),
        ("return timedelta(days=30)", ["return timedelta(days=30) → return timedelta(days=31)"]),
        ("return a + 1", ["return a + 1 → return a - 1", "return a + 1 → return a + 2"]),
        ("a.b = c", ["a.b = c → pass"]),
        ("return max(a)", ["return max(a) → return min(a)"]),
        ("return [x for x in y if z]", ["return [x for x in y if z] → return [x for x in y]"]),
        ("a.save(update_fields=['b', 'c'])", [
            "a.save(update_fields=['b', 'c']) → pass",
            "a.save(update_fields=['b', 'c']) → a.save(update_fields=['c'])",
            "a.save(update_fields=['b', 'c']) → a.save(update_fields=['b'])",
        ]),
        ("log.info('x')", []),
        ("return _('x')", []),
        ("assert a < b", []),
        ("return a.select_for_update(no_key=True)", []),
        ("return a.filter(b=c).select_for_update(no_key=True)", [
            "return a.filter(b=c).select_for_update(no_key=True) → return a.filter().select_for_update(no_key=True)",
        ]),
    ],
)  # fmt: skip
def test_what_is_planted(line: str, expected: list[str]) -> None:
    assert planted(in_function(line)) == expected


def test_a_condition_is_turned_round() -> None:
    assert planted("def f():\n    if a:\n        return b\n") == ["if a: → if not a:"]


def test_names_of_functions_are_those_of_the_outermost() -> None:
    source = (
        "class A:\n    def f(self):\n        def g():\n            return a < b\n        return g\n    limit = True\n"
    )
    assert [fault.function for fault in faults.faults(ast.parse(source))] == ["A.f", ""]


def test_the_same_source_has_the_same_faults_and_each_changes_something() -> None:
    path = ROOT / "cases/operations/erasure.py"
    source = path.read_text(encoding="utf-8")
    count = len(faults.faults(ast.parse(source)))
    assert count > 80
    for number in random.Random(7).sample(range(count), 15):
        tree, change = faults.plant(source, number)
        assert change
        assert faults.plant(source, number)[1] == change
        compile(tree, str(path), "exec")
    assert path.read_text(encoding="utf-8") == source


def test_the_rules_and_queries_are_what_it_tries() -> None:
    paths = {str(path) for path in loading.modules()}
    assert {"cases/domain/retention.py", "cases/operations/engine/perform.py", "cases/tasks.py"} <= paths
    assert not any(path.startswith(("cases/web", "cases/models", "cases/migrations")) for path in paths)


def test_quick_tests_beside_the_module_run_first_and_those_that_empty_tables_last() -> None:
    path = Path("cases/operations/erasure.py")
    number = loading.modules().index(path) * loading.LINES + 10

    def run(test: str, seconds: float, others: int = 0, *, slow: bool = False) -> nearness.TestRun:
        return nearness.TestRun(test, seconds, array("I", [number, *range(others)]), slow)

    runs = [
        run("tests/web/test_b.py::one", 0.1),
        run("tests/operations/test_a.py::slow", 2.0),
        run("tests/operations/test_a.py::quick", 0.1),
        run("tests/operations/test_c.py::transactional", 0.01, slow=True),
        run("tests/operations/test_c.py::much", 0.1, 900),
        nearness.TestRun("tests/operations/test_d.py::elsewhere", 0.1, array("I", [number + 1]), False),
    ]
    found = [run.test for run in nearness.Nearness(runs).tests_of(path, [10])]
    assert found[0] == "tests/operations/test_a.py::quick"
    assert found[-1] == "tests/operations/test_c.py::transactional"
    assert "tests/operations/test_d.py::elsewhere" not in found
    assert len(nearness.Nearness(runs).tests_of(path, [])) == 6


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    runs = [nearness.TestRun("tests/a.py::b", 0.5, array("I", [3, 700_012]), True)]
    nearness.save(runs, tmp_path / "x" / "runs")
    assert nearness.load(tmp_path / "x" / "runs") == runs


def test_statements_are_marked_and_do_what_they_did() -> None:
    source = 'def f(n):\n    """Doc."""\n    if n:\n        return 1\n    return 2\n'
    tree = ast.parse(source)
    function = tree.body[0]
    for block in list(loading._blocks(function)):
        loading._mark(block, 0)
    hits: set[int] = set()
    names: dict[str, object] = {"__hit__": hits.add}
    exec(compile(ast.fix_missing_locations(tree), "x", "exec"), names)
    f = names["f"]
    assert callable(f)
    assert (f(0), hits, f.__doc__) == (2, {3, 5}, "Doc.")
    assert (f(1), hits) == (1, {3, 4, 5})


def test_what_is_known_to_change_nothing_is_still_a_fault_of_the_code() -> None:
    """An entry whose code has changed must go, so that no fault hides behind it."""
    gone = []
    for row in campaign.known_same():
        source = (ROOT / row["module"]).read_text(encoding="utf-8")
        changes = [
            (fault.function, faults.plant(source, number)[1])
            for number, fault in enumerate(faults.faults(ast.parse(source)))
            if fault.function == row["function"]
        ]
        assert row["why"].strip()
        if (row["function"], row["change"].strip()) not in changes:
            gone.append((row["module"], row["function"], row["change"]))
    assert gone == []
