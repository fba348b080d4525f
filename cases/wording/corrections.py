"""How corrections of the record read: the entry that corrects, and the note at the entry that it corrects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain.json_values import JsonObject
from cases.models import TimelineEntry
from cases.models.choices import EntryKind


@dataclass(frozen=True)
class CorrectionNote:
    """What a corrected entry says of its correction: what was done by whom and when, why, and what it said before.

    `sequence` is the number of the correction.
    """

    sequence: int
    text: str
    words: str
    lines: list[tuple[str, str]]


def kind_label(kind: object) -> str:
    """The name of a kind of entry; one that is not known stays as it is."""
    return str(EntryKind(kind).label) if kind in EntryKind.values else str(kind)


def correction_title(kind: str, body: JsonObject) -> str:
    """The title of an entry that corrects another: 'Voided entry 4 (Carrier: under review)'."""
    names = {"entry": body.get("corrects", ""), "what": kind_label(body.get("corrected_kind", ""))}
    if kind == EntryKind.AMENDED:
        return _("Corrected entry %(entry)s (%(what)s)") % names
    if body.get("moved_to"):
        return _("Moved entry %(entry)s (%(what)s) to %(case)s") % (names | {"case": body["moved_to"]})
    if body.get("undone"):
        return _("Undid entry %(entry)s (%(what)s)") % names
    return _("Voided entry %(entry)s (%(what)s)") % names


def correction_note(correction: TimelineEntry, lines: list[tuple[str, str]]) -> CorrectionNote:
    """The note at the entry that `correction` (with its content) corrects; `lines`: what was amended in it."""
    body: Mapping[str, Any] = correction.content.body
    names = {"by": body.get("by") or _("Xiaoka (automatic)"), "when": wording.moment_in_text(correction.recorded_at)}
    if correction.kind == EntryKind.AMENDED:
        text = _("Corrected by %(by)s, %(when)s") % names
    elif body.get("moved_to"):
        text = _("Moved to %(case)s by %(by)s, %(when)s") % (names | {"case": body["moved_to"]})
    elif body.get("undone"):
        text = _("Undone by %(by)s, %(when)s") % names
    else:
        text = _("Voided by %(by)s, %(when)s") % names
    return CorrectionNote(correction.sequence, text, str(body.get("words", "")), lines)


def change_text(before: str, after: str) -> str:
    """'9 Oct → 12 Oct'; what was empty is named so."""
    nothing = pgettext("a corrected part of an entry", "nothing")
    return f"{before or nothing} → {after or nothing}"
