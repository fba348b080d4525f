"""The form of a letter. A draft may lack anything, a final letter may not."""

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.domain.errors import CaseError, LetterChanged, LetterIncomplete
from cases.domain.letter_rules import APPEAL_FIELDS, LETTER_FIELDS, REQUIRED_FIELDS, identity_number_errors
from cases.models import AppealBody, Letter
from cases.models.choices import EscalationKind
from cases.operations import LetterEdit
from cases.web.forms.base import BaseForm, DayField, text_area

#: What the person or company is called who signs.
_SIGNER_LABELS = {EscalationKind.COMPLAINT: _("Complainant"), EscalationKind.APPEAL: _("Appellant")}


class LetterForm(BaseForm):
    """`seen` is the version of the draft that the page showed, empty when there was none."""

    click = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    name = forms.CharField(
        max_length=80,
        required=False,
        help_text=_("The person or company the card is registered to."),
    )
    phone = forms.CharField(
        label=_("Contact phone"),
        max_length=30,
        required=False,
        help_text=_("Use a number you will keep, not the one being cancelled."),
    )
    address = forms.CharField(label=_("Postal address"), max_length=200, required=False)
    postcode = forms.RegexField(
        r"^\d{6}$",
        label=_("Postcode"),
        required=False,
        error_messages={"invalid": _("A postcode has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 6}),
    )
    contact = forms.CharField(label=_("Contact person"), max_length=80, required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit identifier"), max_length=18, required=False, help_text=_("Of a company.")
    )
    carrier_name = forms.CharField(
        label=_("Carrier’s legal name"),
        max_length=120,
        required=False,
        help_text=_("As on the contract or bill, usually the provincial company."),
    )
    carrier_address = forms.CharField(
        label=_("The carrier’s address"),
        max_length=200,
        required=False,
        help_text=_("See the contract or bill, or use the address of the branch that sold the card."),
    )
    province = forms.ChoiceField(
        label=_("Carrier’s province"),
        required=False,
        help_text=_(
            "The appeal body of this province handles the appeal. It is usually the province where the card was opened."
        ),
    )
    recipient = forms.CharField(
        label=_("Name of the appeal body"),
        max_length=80,
        required=False,
        help_text=_(
            "Leave blank to use the name listed for the province. Check the name and address against what the body "
            "publishes."
        ),
    )
    signed_on = DayField(label=_("Date of the letter"), required=False)
    body = forms.CharField(
        label=_("Letter text"),
        required=False,
        max_length=20000,
        widget=text_area(24),
        help_text=_("Always in Chinese. Check every sentence: you sign the letter, and it must be true."),
    )

    def __init__(self, *args: Any, kind: EscalationKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["name"].label = _SIGNER_LABELS[kind]
        if kind == EscalationKind.APPEAL:
            names = dict(AppealBody.objects.values_list("province", "name"))
            choices = [("", _("Choose…")), *((province, province) for province in names)]
            self.fields["province"].choices = choices  # type: ignore[attr-defined]
            # Where there is JavaScript, choosing the province fills the name in.
            self.fields["province"].widget.attrs["data-recipients"] = json.dumps(names, ensure_ascii=False)
        else:
            for name in APPEAL_FIELDS:
                del self.fields[name]
        for name in REQUIRED_FIELDS[kind]:
            self.fields[name].widget.attrs["aria-describedby"] = "needed"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        fields = {name: data[name] for name in LETTER_FIELDS if isinstance(data.get(name), str)}
        for error in identity_number_errors(fields, data.get("body", "")):
            self.add_error(error.part, wording.error_message(error))
        return data

    def add_case_error(self, error: CaseError) -> None:
        super().add_case_error(error)
        if isinstance(error, LetterIncomplete):
            for name in error.missing:
                self.add_error(name, _("Required before you finalise."))

    def letter_content(self) -> tuple[dict[str, str], str]:
        """The fields as they are stored, and the text with plain line ends."""
        data = self.cleaned_data
        fields = {name: str(data.get(name) or "") for name in LETTER_FIELDS if name in self.fields}
        return fields, data["body"].replace("\r\n", "\n").replace("\r", "\n")

    def letter_edit(self) -> LetterEdit:
        """What was typed, over the draft in `seen`; raises LetterChanged where that is no moment: it fits no draft."""
        raw_value = self.cleaned_data.get("seen")
        try:
            expected_changed_at = datetime.fromisoformat(raw_value) if raw_value else None
        except ValueError:
            raise LetterChanged() from None
        return LetterEdit(self.kind, *self.letter_content(), expected_changed_at)

    def accept_draft(self, draft: Letter | None) -> None:
        """After a refusal: submitting the form again applies to the draft as it is now."""
        self.change_value("seen", draft_version(draft))


def draft_version(draft: Letter | None) -> str:
    """The value of `seen` for this draft."""
    return draft.changed_at.isoformat() if draft else ""


def draft_initial(draft: Letter) -> dict[str, Any]:
    """The initial values for a draft."""
    signed_on = draft.fields.get("signed_on")
    return {
        **draft.fields,
        "signed_on": date.fromisoformat(signed_on) if signed_on else None,
        "body": draft.body,
        "seen": draft_version(draft),
    }
