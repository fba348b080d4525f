"""The refund of a charge, and checking the bill after the cancellation."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.models import Charge
from cases.models.choices import ChargeKind
from cases.operations import Verb
from cases.web.forms.base import DayField, today_in_shanghai
from cases.web.forms.case_actions import TimedActionForm, VerbForm, amount_field, words_field


class RefundForm(VerbForm):
    """The end of a charge: it came back, or is given up for a reason."""

    outcome = forms.ChoiceField(
        label=_("Outcome of the claim"),
        choices=[("refunded", _("Refunded")), ("written_off", _("Written off: not claimed any more"))],
        initial="refunded",
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Date"), initial=today_in_shanghai)
    words = words_field(help_text=_("A reason is needed to write it off."))
    error_field_names: ClassVar[dict[str, str]] = {"day": "on"}

    def __init__(self, *args: Any, charge: Charge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.charge = charge

    def verb(self) -> Verb:
        is_written_off = self.cleaned_data["outcome"] == "written_off"
        return ops.RecordRefund(self.charge.pk, **self.values("on", "words"), written_off=is_written_off)


class BillForm(TimedActionForm):
    """What the bill shows; a charge needs its amount and its day."""

    found = forms.ChoiceField(
        label=_("Bill shows"),
        choices=[("nothing", _("Nothing was charged after the cancellation")), ("charge", _("There is a charge"))],
        widget=forms.RadioSelect,
        help_text=_(
            "See the bill in the carrier’s app or ask the hotline. The month of cancellation may still be "
            "charged, sometimes in full."
        ),
    )
    what = forms.ChoiceField(label=_("Type of charge"), choices=ChargeKind.choices, required=False)
    amount = amount_field(required=False)
    day = DayField(label=_("Date of the charge"), required=False)
    words = words_field()
    field_order = ["found", "what", "amount", "day", "happened_at", "words"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("found") == "charge":
            for name, problem in (("amount", _("Enter the amount.")), ("day", _("Enter the date of the charge."))):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, problem)
        return data

    def verb(self) -> Verb:
        data = self.cleaned_data
        charge = None
        if data["found"] == "charge":
            charge = ops.NewCharge(data["amount"], data["day"], data["what"] or ChargeKind.OTHER, data["words"])
        return ops.CheckBill(self.at, charge, data["words"])
