"""JSON values, typed: what the record of a case, manifests and exports consist of."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

#: A JSON value. The record refuses floats (`cases.domain.hash_chain.canonical_json`); other documents may hold them.
Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = Mapping[str, Json]
