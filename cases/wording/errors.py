"""What went wrong, in words."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Choices
from django.utils.translation import gettext as _

from cases.domain.checklist import ChecklistItem
from cases.domain.errors import CaseError
from cases.domain.hash_chain import IntegrityFlaw
from cases.domain.status import Status
from cases.domain.stored_place import StoredPlace
from cases.wording.cases import status_label
from cases.wording.joining import join_names, join_sentences, labelled
from cases.wording.moments import day_in_text, moment_in_text
from cases.wording.stored_places import place_in_words, value_in_words


def error_message(error: CaseError) -> str:
    """A named error as a sentence in the active language."""
    return _(error.message) % {name: _format_param(value) for name, value in error.params.items()}


def error_messages(errors: Iterable[CaseError]) -> str:
    """Several errors of one thing, as sentences one after the other."""
    return join_sentences(map(error_message, errors))


def flaw_message(flaw: IntegrityFlaw) -> str:
    """What is wrong with a record or a dossier, in the active language."""
    params = dict(flaw.params)
    place = params.get("place")
    if isinstance(place, StoredPlace):
        params["place"] = place_in_words(place)
        params |= {name: value_in_words(place, params[name]) for name in ("stored", "recorded") if name in params}
    text = _(flaw.message) % {name: _format_param(value) for name, value in params.items()}
    return labelled(flaw.about, text) if flaw.about else text


def _format_param(value: object) -> object:
    if isinstance(value, CaseError):
        return error_message(value)
    if isinstance(value, ChecklistItem):
        return _(value.label)
    if isinstance(value, list):
        return join_names(str(_format_param(item)) for item in value)
    if isinstance(value, CaseError):
        return error_message(value)
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, Status):
        return status_label(value)
    if isinstance(value, datetime):
        return moment_in_text(value)
    if isinstance(value, date):
        return day_in_text(value)
    return value
