"""A team's note of a carrier's branch."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models.choices import Tristate
from cases.operations.branches import BranchFacts
from cases.web.forms.base import BaseForm, DayField


class BranchForm(BaseForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Contact phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    takes = forms.ChoiceField(
        label=_("Takes cancellations"),
        choices=Tristate.choices,
        widget=forms.RadioSelect,
        initial=Tristate.UNKNOWN,
        help_text=_(
            "Call first. Also ask which documents are needed and whether numbers from other provinces are accepted."
        ),
    )
    asked_on = DayField(label=_("Asked on"), required=False)
    note = forms.CharField(label=_("Notes"), max_length=300, required=False)

    error_field_names: ClassVar[dict[str, str]] = {"day": "asked_on"}

    def facts(self) -> BranchFacts:
        return BranchFacts(**{name: self.cleaned_data[name] for name in BranchFacts.__dataclass_fields__})
