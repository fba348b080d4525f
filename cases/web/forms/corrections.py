"""Forms that correct the record: why an entry is voided, what is amended in it, where it belongs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import selectors, wording
from cases.domain import phones
from cases.domain.business_days import local, local_iso
from cases.domain.corrections import CorrectableEntry, amendable_parts
from cases.domain.errors import NumberRefused
from cases.models import Case
from cases.models.choices import EntryKind, Reason, RequestChannel, ReturnReason
from cases.operations.corrections import AmendEntry, VoidEntry
from cases.operations.moved_entries import EntryMove
from cases.web.forms.base import DayField, MomentField
from cases.web.forms.case_actions import VerbForm, reference_field, words_field


class _CorrectionForm(VerbForm):
    """About one entry."""

    def __init__(self, *args: Any, entry: CorrectableEntry, **kwargs: Any) -> None:
        self.entry = entry
        super().__init__(*args, members=[], **kwargs)


class VoidForm(_CorrectionForm):
    words = words_field(_("Why it is void"), required=True, help_text=_("The entry stays readable, struck through."))

    def verb(self) -> VoidEntry:
        return VoidEntry(self.entry.sequence, self.cleaned_data["words"])


class AmendForm(_CorrectionForm):
    """A field for each part of the entry that can be amended, as it is now, and why."""

    #: Of the parts, those that the form calls otherwise.
    _FIELDS: Mapping[str, str] = {"at": "happened_at", "words": "entry_words"}

    def __init__(self, *args: Any, entry: CorrectableEntry, **kwargs: Any) -> None:
        self.parts = amendable_parts(entry)
        content = entry.content or {}
        initial = {self._FIELDS.get(part, part): _initial(part, content.get(part)) for part in self.parts}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, entry=entry, **kwargs)
        for part in self.parts:
            self.fields[self._FIELDS.get(part, part)] = _part_field(part, entry.kind)
        self.fields["words"] = words_field(_("Why it is corrected"), required=True)

    def verb(self) -> AmendEntry:
        changes = {part: _as_text(self.cleaned_data[self._FIELDS.get(part, part)]) for part in self.parts}
        return AmendEntry(self.entry.sequence, changes, self.cleaned_data["words"])


def _initial(part: str, value: Any) -> Any:
    return local(datetime.fromisoformat(value)) if part == "at" and value else value


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return local_iso(value)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _part_field(part: str, kind: str) -> forms.Field:
    match part:
        case "at":
            return MomentField(label=_("Time"), help_text=_("Beijing time."))
        case "promised_on":
            return DayField(label=_("Promised date"))
        case "effective_on":
            return DayField(label=_("Takes effect on"))
        case "channel":
            return forms.ChoiceField(label=_("Request channel"), choices=RequestChannel.choices)
        case "reason" if kind == EntryKind.LOGGED:
            return forms.ChoiceField(label=_("Reason"), choices=Reason.choices)
        case "reason":
            return forms.ChoiceField(label=_("Reason for return"), choices=ReturnReason.choices)
        case "reference":
            return reference_field()
    return words_field()


class MoveForm(_CorrectionForm):
    """The case on which the entry belongs, by its reference or its number, among those of the same team."""

    target = forms.CharField(
        label=_("Move it to"),
        max_length=60,
        help_text=_("Case reference (XK-…) or mobile number of a case of the same team."),
    )
    words = words_field(_("Why it is moved"))

    def clean_target(self) -> Case:
        text = self.cleaned_data["target"].strip()
        cases = selectors.cases_of(self.case.team).exclude(pk=self.case.pk)
        try:
            matches = list(cases.filter(card__number=phones.parse(text)).order_by("-pk"))
        except NumberRefused:
            matches = list(cases.filter(reference=text.upper().replace("\0", "")))
        if not matches:
            raise forms.ValidationError(_("No other case of this team has this case reference or number."))
        open_cases = [case for case in matches if case.is_open]
        if len(open_cases or matches) > 1:
            references = wording.join_names(case.reference for case in matches)
            raise forms.ValidationError(
                _("Several cases have this number: %(cases)s. Enter the case reference."),
                params={"cases": references},
            )
        return (open_cases or matches)[0]

    def move(self) -> EntryMove:
        return EntryMove(self.entry.sequence, self.cleaned_data["target"], self.cleaned_data["words"])
