"""Imports the modules in question in another form than they have on disk; no file is written."""

import ast
import builtins
import sys
from collections.abc import Callable, Iterator
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("domain", "operations", "reminders", "inbox", "selectors")
#: A line of one of the modules as one number: modules() in order, times this, plus the line.
LINES = 100_000


def modules() -> list[Path]:
    """The modules in which faults are planted, relative to the root, in a fixed order."""
    packages = [ROOT / "cases" / name for name in PACKAGES]
    paths = [path for package in packages for path in sorted(package.rglob("*.py"))]
    return [path.relative_to(ROOT) for path in [*paths, ROOT / "cases" / "tasks.py"]]


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, change: Callable[[Path, ast.Module], ast.Module]) -> None:
        super().__init__(name, path)
        self._change = change

    def get_code(self, fullname: str) -> CodeType:
        """Never from a cache, and never into one."""
        path = Path(self.path)
        tree = self._change(path.relative_to(ROOT), ast.parse(path.read_bytes()))
        return compile(tree, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, change: Callable[[Path, ast.Module], ast.Module], paths: set[Path]) -> None:
        self._change, self._paths = change, paths

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not name.startswith("cases."):
            return None
        spec = PathFinder.find_spec(name, path, target)  # type: ignore[arg-type]
        origin = Path(spec.origin) if spec and spec.origin else None
        if spec is None or origin is None or not origin.is_relative_to(ROOT):
            return spec
        if origin.relative_to(ROOT) in self._paths:
            spec.loader = _Loader(name, str(origin), self._change)
        return spec


def load_changed(change: Callable[[Path, ast.Module], ast.Module], paths: list[Path]) -> None:
    """From now on, importing one of these modules runs what `change` makes of its tree."""
    sys.meta_path.insert(0, _Finder(change, set(paths)))


def load_recording() -> set[int]:
    """From now on, the modules note each statement that they run in the set returned, by its number."""
    hits: set[int] = set()
    builtins.__hit__ = hits.add  # type: ignore[attr-defined]
    numbers = {path: number for number, path in enumerate(modules())}

    def instrumented(path: Path, tree: ast.Module) -> ast.Module:
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for block in _blocks(function):
                    _mark(block, numbers[path] * LINES)
        return ast.fix_missing_locations(tree)

    load_changed(instrumented, list(numbers))
    return hits


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements in a function, without those of functions and classes within."""
    for _, value in ast.iter_fields(node):
        if not isinstance(value, list) or not value:
            continue
        if isinstance(value[0], ast.stmt):
            for statement in list(value):
                if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    yield from _blocks(statement)
            yield value
        elif isinstance(value[0], ast.ExceptHandler | ast.match_case):
            for item in value:
                yield from _blocks(item)


def _mark(block: list[ast.stmt], offset: int) -> None:
    marked: list[ast.stmt] = []
    for statement in block:
        is_doc = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_doc:
            call = ast.Call(ast.Name("__hit__", ast.Load()), [ast.Constant(offset + statement.lineno)], [])
            marked.append(ast.copy_location(ast.Expr(call), statement))
        marked.append(statement)
    block[:] = marked
