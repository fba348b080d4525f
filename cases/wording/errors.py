"""What went wrong, in words."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.checklist import ChecklistItem
from cases.domain.errors import CaseError
from cases.domain.hash_chain import IntegrityFlaw
from cases.domain.status import Status
from cases.wording.cases import status
from cases.wording.moments import day, listed, moment


def say(error: CaseError) -> str:
    """A named error as a sentence in the active language."""
    return _(error.message) % {name: _spoken(value) for name, value in error.params.items()}


def flaw(found: IntegrityFlaw) -> str:
    """What is wrong with a record or a dossier, in the active language."""
    said = _(found.message) % found.params
    return _("%(label)s: %(value)s") % {"label": found.about, "value": said} if found.about else said


def _spoken(value: Any) -> Any:
    if isinstance(value, ChecklistItem):
        return _(value.label)
    if isinstance(value, list):
        return listed(map(_spoken, value))
    if isinstance(value, Status):
        return status(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return value
