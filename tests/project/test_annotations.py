"""No field hides what an annotation beside it names.

From Python 3.14 on, an annotation in a class is read when somebody asks for it, and then the class's own names come
first: with a field ``text`` that has a value, ``other: text(100)`` means that value and no longer the function.
"""

import ast

import pytest

from tests import ROOT

SOURCES = sorted(
    path for folder in ("cases", "tracker", "scripts", "bench", "tests") for path in (ROOT / folder).rglob("*.py")
)


def hidden_names(source: str) -> list[tuple[int, str]]:
    """Line and name of each annotation that names something which its class has under the same name."""
    return [
        (name.lineno, name.id)
        for class_ in ast.walk(ast.parse(source))
        if isinstance(class_, ast.ClassDef)
        for annotation in _annotations(class_)
        for name in ast.walk(annotation)
        if isinstance(name, ast.Name) and name.id in _own_names(class_)
    ]


def _own_names(class_: ast.ClassDef) -> set[str]:
    """What is found in the class's namespace: fields with a value, methods, inner classes."""
    names: set[str] = set()
    for statement in class_.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
    # An inner class is meant by those who name it.
    return names - {statement.name for statement in class_.body if isinstance(statement, ast.ClassDef)}


def _annotations(class_: ast.ClassDef) -> list[ast.expr]:
    found: list[ast.expr | None] = []
    for statement in class_.body:
        if isinstance(statement, ast.AnnAssign):
            found.append(statement.annotation)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            given = statement.args
            everything = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            found += [statement.returns, *(argument.annotation for argument in everything if argument)]
    return [annotation for annotation in found if annotation is not None]


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("class A:\n    text: Annotated[str, text(5)] = ''\n", [(2, "text")]),
        ("class A:\n    date: date | None = None\n", [(2, "date")]),
        ("class A:\n    date: date\n", []),
        ("class A:\n    date = None\n    def day(self) -> date: ...\n", [(3, "date")]),
        ("class A:\n    def list(self): ...\n    def all(self) -> list[int]: ...\n", [(3, "list")]),
        ("class A:\n    class Kind: ...\n    kind: Kind = 1\n", []),
        ("class A:\n    day: 'str' = ''\n    def f(self, day: int) -> None: ...\n", []),
    ],
)
def test_what_hides_a_name_is_found(source: str, hidden: list[tuple[int, str]]) -> None:
    assert hidden_names(source) == hidden


def test_no_field_hides_what_an_annotation_names() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in SOURCES
        for line, name in hidden_names(path.read_text(encoding="utf-8"))
    }
    assert len(SOURCES) > 700
    assert found == set()
