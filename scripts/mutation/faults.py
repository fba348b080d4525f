"""Which faults can be planted in a module: small changes of its syntax tree, each a slip that people make."""

import ast
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

#: Calls that narrow a query by their keywords.
_NARROWING = {"filter", "exclude", "get", "Q", "get_or_create"}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_LOOKUPS = {"__lt": "__lte", "__lte": "__lt", "__gt": "__gte", "__gte": "__gt"}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
#: Said to people or to the log; a fault in it is no fault in a rule.
_SAID = {"debug", "info", "warning", "exception", "error", "_", "gettext", "gettext_noop", "ngettext", "format_lazy"}
#: What decides how rows are locked, and how a class is shown: no test on SQLite sees the one, nobody the other.
_NOT_SEEN = {"select_for_update", "field"}
_UNITS = {"days", "hours", "minutes", "seconds", "weeks", "months", "years"}

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Fault:
    """A change that can be made to one tree; `apply` makes it, in place."""

    kind: str
    statement: ast.stmt
    #: Dotted, of the outermost function or method around it; empty where the module or a class runs it at import.
    function: str
    apply: Callable[[], object] = field(repr=False)


def faults(tree: ast.Module) -> list[Fault]:
    """All faults that can be planted in a module, in the order of the source: the same tree has the same ones."""
    return list(_Planter().of(tree))


def plant(source: str, number: int) -> tuple[ast.Module, str]:
    """The module with one of its faults, and what changed in it, as lines that begin with - or +."""
    tree = ast.parse(source)
    fault = faults(tree)[number]
    before = ast.unparse(tree).splitlines()
    fault.apply()
    ast.fix_missing_locations(tree)
    after = ast.unparse(tree).splitlines()
    changed = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:1] in "+-"]
    return tree, "\n".join(f"{line[0]} {line[1:].strip()}" for line in changed if line[:3] not in ("+++", "---"))


class _Planter:
    """Walks a module and knows where it is."""

    def __init__(self) -> None:
        self._statement: ast.stmt | None = None
        self._names: list[str] = []
        self._function = ""

    def of(self, tree: ast.Module) -> Iterator[Fault]:
        for node in tree.body:
            yield from self._visit_statement(node, tree)

    def _fault(self, kind: str, apply: Callable[[], object]) -> Fault:
        assert self._statement is not None
        return Fault(kind, self._statement, self._function, apply)

    # Statements

    def _visit_statement(self, node: ast.stmt, parent: ast.AST) -> Iterator[Fault]:
        if _is_left_out(node):
            return
        outer = self._statement
        self._statement = node
        if isinstance(node, _Function | ast.ClassDef):
            yield from self._visit_definition(node)
        else:
            if self._function:
                yield from self._dropped_statement(node, parent)
            yield from self._negated(node)
            for name, value in ast.iter_fields(node):
                if name != "annotation":
                    yield from self._visit_field(node, value)
        self._statement = outer

    def _visit_definition(self, node: _Function | ast.ClassDef) -> Iterator[Fault]:
        if node.name in ("__str__", "__repr__"):
            return
        self._names.append(node.name)
        inside = self._function
        if isinstance(node, _Function):
            yield from self._visit_field(node, [default for default in node.args.defaults if default])
            yield from self._visit_field(node, [default for default in node.args.kw_defaults if default])
            self._function = inside or ".".join(self._names)
        for statement in node.body:
            yield from self._visit_statement(statement, node)
        self._function = inside
        self._names.pop()

    def _dropped_statement(self, node: ast.stmt, parent: ast.AST) -> Iterator[Fault]:
        is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not _is_said(node.value)
        is_assigned = isinstance(node, ast.Assign | ast.AugAssign) and all(
            isinstance(target, ast.Attribute | ast.Subscript)
            for targets in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for target in (targets.elts if isinstance(targets, ast.Tuple) else [targets])
        )
        if is_call or is_assigned or isinstance(node, ast.Raise | ast.Continue | ast.Break):
            yield self._fault("a statement left out", lambda: _replace(parent, node, ast.Pass()))

    def _negated(self, node: ast.AST) -> Iterator[Fault]:
        if isinstance(node, ast.If | ast.IfExp):
            yield self._fault("a condition the wrong way round", lambda: _negate(node))

    # Expressions

    def _visit_field(self, parent: ast.AST, value: object) -> Iterator[Fault]:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.stmt):
                yield from self._visit_statement(item, parent)
            elif isinstance(item, ast.AST):
                yield from self._visit(item, parent)

    def _visit(self, node: ast.AST, parent: ast.AST) -> Iterator[Fault]:
        if isinstance(node, ast.Call) and (_is_said(node) or _called(node) in _NOT_SEEN):
            yield from self._visit_field(node, node.func)
            return
        if isinstance(node, ast.keyword) and node.arg == "strict":  # zip's: a guard against what cannot be
            return
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
            return
        yield from self._of_expression(node, parent)
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns", "type_params"):
                yield from self._visit_field(node, value)

    def _of_expression(self, node: ast.AST, parent: ast.AST) -> Iterator[Fault]:  # noqa: C901
        match node:
            case ast.Call():
                yield from self._of_call(node)
            case ast.Compare():
                for index, operator in enumerate(node.ops):
                    new = _COMPARISONS[type(operator)]()
                    yield self._fault("another comparison", lambda i=index, new=new: node.ops.__setitem__(i, new))
            case ast.BoolOp():
                other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                yield self._fault("and for or", lambda: setattr(node, "op", other))
                for value in node.values:
                    yield self._fault("a condition left out", lambda v=value: _drop_operand(parent, node, v))
            case ast.UnaryOp(op=ast.Not()):
                yield self._fault("not left out", lambda: _replace(parent, node, node.operand))
            case ast.IfExp():
                yield from self._negated(node)
            case ast.comprehension():
                for condition in node.ifs:
                    yield self._fault("a condition left out", lambda c=condition: node.ifs.remove(c))
            case ast.BinOp():
                yield from self._of_arithmetic(node, parent)
            case ast.List() | ast.Tuple() | ast.Set() if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                is_unpacked = isinstance(parent, ast.Assign | ast.Return) and isinstance(node, ast.Tuple)
                if (
                    not is_unpacked
                    and len(node.elts) > 1
                    and all(isinstance(item, ast.Constant | ast.Attribute) for item in node.elts)
                ):
                    for item in node.elts:
                        yield self._fault("an element left out", lambda e=item: node.elts.remove(e))
            case ast.Dict() if self._function and len(node.keys) > 1:
                for index in range(len(node.keys)):
                    yield self._fault("an entry left out", lambda i=index: (node.keys.pop(i), node.values.pop(i)))
            case ast.Constant(value=bool()):
                yield self._fault("True for False", lambda: setattr(node, "value", not node.value))

    def _of_call(self, node: ast.Call) -> Iterator[Fault]:
        name = _called(node)
        if name in _NARROWING:
            yield from self._of_query(node)
        if name in ("update", "update_or_create", "replace"):
            for keyword in node.keywords:
                yield self._fault("a field left out", lambda k=keyword: node.keywords.remove(k))
        if name == "timedelta" or any(keyword.arg in _UNITS for keyword in node.keywords):
            for keyword in node.keywords:
                if isinstance(keyword.value, ast.Constant) and type(keyword.value.value) is int:
                    constant = keyword.value
                    yield self._fault("off by one", lambda c=constant: setattr(c, "value", c.value + 1))
        if name == "distinct" and isinstance(node.func, ast.Attribute):
            yield self._fault("distinct left out", lambda: setattr(node.func, "attr", "all"))
        if isinstance(node.func, ast.Name) and node.func.id in _NAMES:
            called = node.func
            yield self._fault(f"{_NAMES[name]} for {name}", lambda: setattr(called, "id", _NAMES[called.id]))

    def _of_query(self, node: ast.Call) -> Iterator[Fault]:
        for keyword in node.keywords:
            yield self._fault("a filter left out", lambda k=keyword: node.keywords.remove(k))
            lookup = str(keyword.arg)
            ending = next((end for end in ("__lte", "__gte", "__lt", "__gt") if lookup.endswith(end)), None)
            if ending:
                other = lookup.removesuffix(ending) + _LOOKUPS[ending]
                yield self._fault("another comparison", lambda k=keyword, other=other: setattr(k, "arg", other))
        if _called(node) in ("filter", "exclude") and isinstance(node.func, ast.Attribute):
            for argument in node.args:
                yield self._fault("a filter left out", lambda a=argument: node.args.remove(a))

    def _of_arithmetic(self, node: ast.BinOp, parent: ast.AST) -> Iterator[Fault]:
        if isinstance(node.op, ast.Add | ast.Sub) and not _is_text(node.left) and not _is_text(node.right):
            other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield self._fault("plus for minus", lambda: setattr(node, "op", other))
            for constant in (node.left, node.right):
                if isinstance(constant, ast.Constant) and type(constant.value) is int:
                    yield self._fault("off by one", lambda c=constant: setattr(c, "value", c.value + 1))
        if isinstance(node.op, ast.BitAnd):  # querysets' and Qs'
            for kept in (node.left, node.right):
                yield self._fault("a condition left out", lambda kept=kept: _replace(parent, node, kept))


def _is_left_out(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.Pass | ast.Global | ast.Nonlocal):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_said(node: ast.Call) -> bool:
    return _called(node) in _SAID


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _replace(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, ast.copy_location(new, old))
        elif isinstance(value, list):
            value[:] = [ast.copy_location(new, old) if item is old else item for item in value]


def _negate(node: ast.If | ast.IfExp) -> None:
    node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)


def _drop_operand(parent: ast.AST, node: ast.BoolOp, value: ast.expr) -> None:
    if len(node.values) > 2:
        node.values.remove(value)
    else:
        _replace(parent, node, next(kept for kept in node.values if kept is not value))
