"""Bringing in a bill, and what is done with its findings."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Carrier
from cases.models.choices import FindingKind
from cases.operations.bills import (
    AllRight,
    ChargeOnCase,
    CorrectRegister,
    Dispute,
    FindingAct,
    LogCancellation,
    ReopenCase,
)
from cases.web.forms.base import BaseForm, today_in_shanghai

#: What can be done, in the order in which it is offered, with the words of the buttons.
ACT_LABELS: dict[str, Any] = {
    "charge": _("Record as a charge of the case"),
    "reopen": _("Reopen the case: the number is in use"),
    "correct": pgettext_lazy("finding of a bill", "Update the card"),
    "request": _("Log a cancellation"),
    "dispute": _("Dispute it with the carrier"),
    "all_right": _("All right (enter why)"),
}
_ACTS_OF_KIND: dict[str, tuple[str, ...]] = {
    FindingKind.CHARGED_AFTER_CANCELLATION: ("charge", "reopen", "dispute", "all_right"),
    FindingKind.NOT_IN_REGISTER: ("correct", "request", "dispute", "all_right"),
    FindingKind.FEE_DIFFERS: ("correct", "dispute", "all_right"),
    FindingKind.NEVER_BILLED: ("request", "dispute", "all_right"),
    FindingKind.NO_USE: ("request", "all_right"),
}


class MonthField(forms.CharField):
    """A month, as its first day, with the browser's own picker."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return date.fromisoformat(f"{text}-01") if text else None
        except ValueError:
            raise forms.ValidationError(_("Enter a month, like 2026-10.")) from None


def last_month() -> str:
    """The month before this one, as a form shows it: bills come with the next month."""
    today: date = today_in_shanghai()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}-{month:02}"


class BillForm(BaseForm):
    """A file or pasted rows, and the billed month."""

    month = MonthField(label=_("Billed month"), initial=last_month)
    upload = forms.FileField(label=_("File"), required=False, help_text=_("XLSX, XLS, ODS, CSV or text."))
    pasted = forms.CharField(
        label=_("Or paste rows"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("upload") and not (data.get("pasted") or "").strip() and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file or paste rows."))
        return data


class FindingForm(BaseForm):
    """What is done with the findings of one kind that are ticked."""

    act = forms.ChoiceField(label=_("What to do"))
    carrier = forms.ModelChoiceField(Carrier.objects.none(), label=_("Carrier"), required=False)
    words = forms.CharField(label=_("Reason or note"), required=False, max_length=500)

    def __init__(self, *args: Any, kind: str, asks_for_carrier: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{kind}_%s", **kwargs})
        choices = [(name, ACT_LABELS[name]) for name in _ACTS_OF_KIND[kind]]
        self.fields["act"] = forms.ChoiceField(label=_("What to do"), choices=choices)
        if asks_for_carrier and kind == FindingKind.NOT_IN_REGISTER:
            self.fields["carrier"].queryset = Carrier.objects.order_by("pk")  # type: ignore[attr-defined]
        else:
            del self.fields["carrier"]

    def act_of(self) -> FindingAct:
        """What the form says is done."""
        data = self.cleaned_data
        words, carrier = data["words"], data.get("carrier")
        acts: dict[str, FindingAct] = {
            "charge": ChargeOnCase(words),
            "reopen": ReopenCase(words),
            "correct": CorrectRegister(carrier, words),
            "request": LogCancellation(carrier, words),
            "dispute": Dispute(words),
            "all_right": AllRight(words),
        }
        return acts[data["act"]]
