"""Letters about many cases: who writes once, and for each letter whom it goes to and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.domain.credit_codes import normalize_credit_code
from cases.domain.errors import CaseError
from cases.domain.letter_rules import REQUIRED_FIELDS, SENDER_FIELDS, check_province, identity_number_errors
from cases.models import AppealBody
from cases.models.choices import EscalationKind
from cases.web.forms.base import ActionForm, BaseForm, DayField, text_area
from cases.web.forms.letters import LetterForm

#: The fields that each letter has its own of, in order.
CARRIER_FIELDS = ("carrier_name", "carrier_address", "province", "recipient", "body")


class SenderForm(BaseForm):
    """Who writes a team's letters."""

    name = forms.CharField(
        label=_("Company or person"),
        max_length=80,
        required=False,
        help_text=_("Whom the cards are registered to. It is filled into every letter."),
    )
    phone = LetterForm.base_fields["phone"]
    address = LetterForm.base_fields["address"]
    postcode = LetterForm.base_fields["postcode"]
    contact = LetterForm.base_fields["contact"]
    credit_code = LetterForm.base_fields["credit_code"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["credit_code"] = normalize_credit_code(data.get("credit_code") or "")
        except CaseError as refusal:
            self.add_error("credit_code", wording.error_message(refusal))
        fields = {name: data.get(name) or "" for name in SENDER_FIELDS}
        for error in identity_number_errors(fields, ""):
            self.add_error(error.part, wording.error_message(error))
        return data

    def sender(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name) or "") for name in SENDER_FIELDS}


class LettersForm(ActionForm, SenderForm):
    """One letter for each of these keys; its own fields are named after it: 'body_china-mobile'."""

    signed_on = DayField(label=_("Date of the letters"))
    is_sent = forms.BooleanField(required=False, initial=True)
    keep_sender = forms.BooleanField(
        label=_("Keep this sender for the team’s next letters"), required=False, initial=True
    )

    def __init__(self, *args: Any, kind: EscalationKind, letters: Sequence[str], may_keep: bool, **kwargs: Any) -> None:
        """`may_keep`: whether the sender that is typed can be kept for the team."""
        super().__init__(*args, **kwargs)
        if not may_keep:
            del self.fields["keep_sender"]
        self.kind, self.letters = kind, letters
        self.fields["is_sent"].label = (
            _("I am sending them now: record the appeal on every case")
            if kind == EscalationKind.APPEAL
            else _("I am sending them now: record the complaint on every case")
        )
        for name in REQUIRED_FIELDS[kind]:
            if name in self.fields:
                self.fields[name].required = True
        provinces = dict(AppealBody.objects.values_list("province", "name")) if kind == EscalationKind.APPEAL else {}
        for key in letters:
            for name in CARRIER_FIELDS:
                if kind == EscalationKind.APPEAL or name not in ("province", "recipient"):
                    self.fields[f"{name}_{key}"] = self._carrier_field(name, provinces)

    def _carrier_field(self, name: str, provinces: Mapping[str, str]) -> forms.Field:
        like = LetterForm.base_fields[name]
        required = name == "body" or name in REQUIRED_FIELDS[self.kind]
        if name == "province":
            choices = [("", _("Choose…")), *((province, province) for province in provinces)]
            return forms.ChoiceField(label=like.label, required=required, choices=choices)
        if name == "body":
            return forms.CharField(
                label=like.label, max_length=20000, widget=text_area(16), help_text=like.help_text, required=required
            )
        return forms.CharField(label=like.label, max_length=like.max_length, required=required)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.letters:
            fields = {f"{name}_{key}": str(data.get(f"{name}_{key}") or "") for name in CARRIER_FIELDS}
            for error in identity_number_errors(fields, ""):
                self.add_error(error.part, wording.error_message(error))
            try:
                province = fields[f"province_{key}"]
                check_province(self.kind, province, AppealBody.objects.values_list("province", flat=True))
            except CaseError as refusal:
                self.add_error(f"province_{key}", wording.error_message(refusal))
        return data

    def sender_fields(self) -> Iterator[forms.BoundField]:
        """Who writes, and the date."""
        names = (*SenderForm.base_fields, "signed_on", "keep_sender")
        return (self[name] for name in names if name in self.fields)

    def letter_fields(self, key: str) -> list[forms.BoundField]:
        """Whom a letter goes to, and its text."""
        names = (f"{name}_{key}" for name in CARRIER_FIELDS)
        return [self[name] for name in names if name in self.fields]

    def letter(self, key: str) -> tuple[dict[str, str], str]:
        """The fields of a letter as it is set, and its text with plain line ends."""
        data = self.cleaned_data
        own = {name: str(data.get(f"{name}_{key}") or "") for name in CARRIER_FIELDS}
        body = own.pop("body").replace("\r\n", "\n").replace("\r", "\n")
        signed_on: date = data["signed_on"]
        return {**self.sender(), **own, "signed_on": signed_on.isoformat()}, body
