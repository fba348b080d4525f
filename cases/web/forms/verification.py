"""Forms for the end of a cancellation: the check of the number, and the confirmation by it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import operations as ops
from cases.domain.number_count import MOST_NUMBERS
from cases.models.choices import Finding, Method
from cases.operations import ACTIONS, Action, Verb
from cases.operations.voided_receipts import closing_kinds
from cases.web.forms.balance import BalanceForm
from cases.web.forms.case_actions import InputsForm, TimedActionForm, words_field
from cases.wording.carriers import VerificationMethod, verification_methods
from cases.wording.closing_documents import ClosingDocument, closing_documents


def count_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_NUMBERS, help_text=_("Only for 一证通查; optional.")
    )


class VerifyForm(BalanceForm, TimedActionForm):
    """A check of the number; one that finds it cancelled may close the case, and name a balance."""

    method = forms.ChoiceField(label=_("Verification method"), choices=Method.choices, widget=forms.RadioSelect)
    part = "cases/parts/verify_form.html"
    finding = forms.ChoiceField(
        label=pgettext_lazy("of a verification", "Result"), choices=Finding.choices, widget=forms.RadioSelect
    )
    confirm = forms.BooleanField(
        label=_("If the number is cancelled, also close the case"), required=False, initial=True
    )
    count_before = count_field(_("Numbers before"))
    count_after = count_field(_("Numbers after"))
    words = words_field()
    field_order = ["method", "count_before", "count_after", "finding", "happened_at", "confirm", "words"]

    def methods(self) -> list[VerificationMethod]:
        """The ways, each with how it is gone and what it proves."""
        return verification_methods(self.case.carrier)

    def closing_documents(self) -> list[ClosingDocument]:
        """What to ask for at the counter, and what of it is among the receipts."""
        return closing_documents(closing_kinds([self.case]).get(self.case.pk, []))

    def verb(self) -> Verb:
        return ops.Verify(
            self.at, **self.values("method", "finding", "words", "confirm", "count_before", "count_after")
        )

    def concerns_balance(self) -> bool:
        return self.cleaned_data.get("finding") == Finding.CANCELLED


class ConfirmForm(BalanceForm, InputsForm):
    """The confirmation by a check that was recorded before."""

    spec = ACTIONS[Action.CONFIRM]
    words = words_field(spec.inputs[0].label)

    def concerns_balance(self) -> bool:
        return True
