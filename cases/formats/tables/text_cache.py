"""Cells repeat: what was read of a text is kept for the next cell that has the same."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
#: Longer texts seldom repeat, and would fill the memory.
_LONGEST_KEPT = 100


def cached_by_text(
    maxsize: int,
) -> Callable[[Callable[Concatenate[str, P], R]], Callable[Concatenate[str, P], R]]:
    """Keeps up to `maxsize` results of a pure function whose first argument is a cell's text."""

    def wrap(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
        kept = lru_cache(maxsize=maxsize)(function)

        @wraps(function)
        def read(text: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if len(text) > _LONGEST_KEPT:
                return function(text, *args, **kwargs)
            return kept(text, *args, **kwargs)  # type: ignore[arg-type]

        return read

    return wrap
