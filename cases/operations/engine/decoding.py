"""A verb read back from the content of its entry."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cases.domain.json_values import JsonObject

T = TypeVar("T")

_PARSERS: Mapping[Any, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
    tuple: tuple,
    str: str,
    int: int,
    bool: bool,
}


def decode(cls: type[T], content: JsonObject) -> T:
    """An object of a dataclass, each field from the value of its name in `content`, read by the field's type.

    A field that the content lacks has its default. `cls.content_names`, where there is one, says which name of the
    content a field has, where it is another. KeyError for a field without a default that is not there; ValueError or
    TypeError for a value that is not of its type.
    """
    values: dict[str, Any] = {}
    for field_name, name, parse, is_required in _plan(cast(Any, cls)):
        if name in content:
            value = content[name]
            values[field_name] = None if value is None else parse(value)
        elif is_required:
            raise KeyError(name)
    return cls(**values)


@lru_cache(maxsize=128)
def _plan(cls: Any) -> list[tuple[str, str, Callable[[Any], Any], bool]]:
    names: Mapping[str, str] = getattr(cls, "content_names", {})
    types = get_type_hints(cls)
    return [
        (
            field.name,
            names.get(field.name, field.name),
            _parser(types[field.name]),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(cls)
    ]


def _parser(type_: Any) -> Callable[[Any], Any]:
    origin = get_origin(type_)
    if origin is UnionType:
        return _parser(next(arg for arg in get_args(type_) if arg is not type(None)))
    return _PARSERS.get(origin or type_, lambda value: value)
