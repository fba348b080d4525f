"""Sentences that are stored: as msgids with what fills them, so that each reader gets them in their own language.

A stored text is JSON, `[[msgid, {name: value}], …]`. Whatever is not, is shown as it is: the answer of a service, or
what an earlier release stored in the language of whoever was at work.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext as _

from cases.domain.business_days import local_iso
from cases.domain.checklist import ITEMS_BY_CODE, ChecklistItem
from cases.domain.errors import CaseError
from cases.domain.status import Status
from cases.models import choices
from cases.wording.cases import status_label
from cases.wording.joining import join_names, join_sentences
from cases.wording.moments import day_in_text, moment_in_text


def stored_errors(errors: Iterable[CaseError]) -> str:
    """Several errors of one thing, to be stored."""
    return _dumped([error.message, _encoded_params(error.params)] for error in errors)


def stored_sentence(msgid: str, params: Mapping[str, object]) -> str:
    """One sentence, to be stored."""
    return _dumped([[msgid, _encoded_params(params)]])


def stored_text(stored: str) -> str:
    """What was stored, in the active language."""
    try:
        sentences = json.loads(stored) if stored.startswith("[[") else None
        if sentences is None:
            return stored
        return join_sentences(_worded(msgid, params) for msgid, params in sentences)
    except (ValueError, LookupError, TypeError, AttributeError):
        return stored


def _dumped(sentences: Iterable[list[object]]) -> str:
    return json.dumps(list(sentences), ensure_ascii=False, separators=(",", ":"))


def _worded(msgid: str, params: Mapping[str, Any]) -> str:
    values = {name: _decoded(value) for name, value in params.items()}
    return _(msgid) % values


def _encoded_params(params: Mapping[str, object]) -> dict[str, object]:
    return {name: _encoded(value) for name, value in params.items()}


def _encoded(value: object) -> object:
    if isinstance(value, CaseError):
        return {"error": [value.message, _encoded_params(value.params)]}
    if isinstance(value, ChecklistItem):
        return {"item": value.code}
    if isinstance(value, Status):
        return {"status": value.value}
    if isinstance(value, Choices):
        return {"choice": [type(value).__name__, value.value]}
    if isinstance(value, list | tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, datetime):
        return {"moment": local_iso(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if isinstance(value, int | float) else str(value)


def _decoded(value: Any) -> object:
    if isinstance(value, list):
        return join_names(str(_decoded(item)) for item in value)
    if not isinstance(value, dict):
        return value
    [(kind, content)] = value.items()
    return _DECODERS[kind](content)


def _choice(content: tuple[str, str]) -> str:
    name, value = content
    return str(getattr(choices, name)(value).label)


_DECODERS: Mapping[str, Any] = {
    "error": lambda content: _worded(*content),
    "item": lambda code: _(ITEMS_BY_CODE[code].label),
    "status": status_label,
    "choice": _choice,
    "moment": lambda text: moment_in_text(datetime.fromisoformat(text)),
    "day": lambda text: day_in_text(date.fromisoformat(text)),
}
