"""Reads what a request sends: JSON in UTF-8, strictly, and within limits that are checked before its fields are.

Without them a body of a few hundred kilobytes costs seconds: each unknown field of it is one error.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from cases.api.problem_details import MalformedRequest, UnsupportedMediaType

#: How deep objects and arrays may lie in each other, how many fields one object may have, how many fields and items
#: there may be in all. What the schemas allow is a part of it: 2,000 cases in one request, of some thirty fields each.
MAX_DEPTH, MAX_FIELDS, MAX_VALUES = 10, 100, 100_000


class StrictParser(Parser):
    """JSON in UTF-8 by RFC 8259: no NaN, no lone surrogates; and no NUL, which PostgreSQL cannot store.

    Raises UnsupportedMediaType, MalformedRequest.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise UnsupportedMediaType(wanted="application/json")
        content = request.body
        if content.count(b"[") + content.count(b"{") > MAX_VALUES:  # before they are built: empty ones cost the most
            raise MalformedRequest(why=f"it has more than {MAX_VALUES} objects and arrays")
        try:
            body = json.loads(content.decode("utf-8"), parse_constant=_reject_constant)
        except (ValueError, RecursionError) as error:
            raise MalformedRequest(why=_parse_error_reason(error)) from None
        _check_values(body)
        return body

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        for name, values in data.lists():
            for text in (name, *(value for value in values if isinstance(value, str))):
                _check_storable(text)
        return super().parse_querydict(data, list_fields, request)


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _parse_error_reason(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]


def _check_values(body: object) -> None:
    """Raises MalformedRequest for a body beyond the limits, or with a text that the database cannot store."""
    level: list[object] = [body]
    value_count = depth = 0
    while level:
        below: list[object] = []
        for value in level:
            if isinstance(value, str):
                _check_storable(value)
            elif isinstance(value, list | dict):
                if depth == MAX_DEPTH:
                    raise MalformedRequest(why="too deeply nested")
                below += _members(value)
            if value_count + len(below) > MAX_VALUES:
                raise MalformedRequest(why=f"it has more than {MAX_VALUES} fields and items")
        value_count += len(below)
        level, depth = below, depth + 1


def _members(value: list[object] | dict[str, object]) -> Iterable[object]:
    """The items of an array, or what the fields of an object have; raises MalformedRequest."""
    if isinstance(value, list):
        return value
    if len(value) > MAX_FIELDS:
        raise MalformedRequest(why=f"an object has more than {MAX_FIELDS} fields")
    for name in value:
        _check_storable(name)
    return value.values()


def _check_storable(text: str) -> None:
    """Raises MalformedRequest for a text that the database cannot store."""
    if "\0" in text:
        raise MalformedRequest(why="a text contains NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedRequest(why="a text contains a lone surrogate") from None
