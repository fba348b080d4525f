"""What the lists can be narrowed by. All of it stands in the address, so that a list can be kept and sent."""

from typing import Any

from django import forms
from django.db.models import BigIntegerField
from django.utils.translation import gettext_lazy as _

from cases.listing import ORDERS, narrow
from cases.models import Carrier
from cases.models.choices import STATUS_CHOICES, Reason
from cases.queries import Cases
from cases.web.forms.base import BaseForm

#: How a case stands, and by what a list is ordered, in words (`cases.listing`).
STANDINGS: dict[str, Any] = {
    "overdue": _("Overdue"),
    "due_today": _("Due today"),
    "promised_today": _("Promised for today"),
    "to_verify": _("To verify"),
    "returned": _("Returned"),
    "waiting": _("Waiting"),
    "draft": _("In preparation"),
    "no_receipt": _("Confirmed without receipt"),
}
SORTS: dict[str, Any] = {
    "newest": _("Newest first"),
    "reply_by": _("Answer due first"),
    "submitted": _("Submitted longest ago"),
    "number": _("Number"),
}


class CaseFilterForm(BaseForm):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.SearchInput(attrs={"placeholder": _("Number, last four digits, reference, carrier")}),
    )
    standing = forms.ChoiceField(
        label=_("Where it stands"),
        required=False,
        choices=[("", _("All")), *STANDINGS.items()],
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *STATUS_CHOICES])
    carrier = forms.ModelChoiceField(
        label=_("Carrier"),
        required=False,
        queryset=Carrier.objects.all(),
        to_field_name="slug",
        empty_label=_("All"),
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("All")), *Reason.choices])
    batch = forms.IntegerField(
        required=False, min_value=1, max_value=BigIntegerField.MAX_BIGINT, widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=[*SORTS.items()])

    def narrow(self, cases: Cases, now: Any) -> Cases:
        """The cases that fit; what makes no sense in the address is passed over."""
        self.is_valid()
        data = self.cleaned_data
        return narrow(cases, now, data).order_by(*ORDERS[data.get("sort") or "newest"])
