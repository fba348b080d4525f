"""Rules and formats know no forms, no HTTP and no processes; layer 7 does (cases/web/forms/errors.py, cases/api)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2] / "cases"
PURE = sorted([*(CASES / "domain").rglob("*.py"), *(CASES / "formats").rglob("*.py")])


@pytest.fixture(params=PURE, ids=lambda path: str(path.relative_to(CASES)))
def tree(request: pytest.FixtureRequest) -> ast.Module:
    return ast.parse(request.param.read_text())


def _class_values(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Class and name of what the body of a class gives a value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                if isinstance(statement, ast.AnnAssign) and statement.value is not None:
                    targets = [statement.target]
                yield from ((node.name, target.id) for target in targets if isinstance(target, ast.Name))


def test_no_error_knows_a_form_field_or_an_http_status(tree: ast.Module) -> None:
    assert [pair for pair in _class_values(tree) if pair[1] in ("field", "status", "headers")] == []


def test_no_process_is_started(tree: ast.Module) -> None:
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert not imported & {"subprocess", "multiprocessing", "threading", "os", "tempfile", "socket"}


def test_no_date_stands_for_none(tree: ast.Module) -> None:
    """None says 'without a day'; a first or last day that there is would be counted from."""
    sentinels = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("min", "max") and isinstance(node.value, ast.Name)
    ]
    assert not {"date.min", "date.max", "datetime.min", "datetime.max"} & set(sentinels)
