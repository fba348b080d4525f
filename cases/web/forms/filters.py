"""What the lists can be narrowed by. All of it stands in the address, so that a list can be kept and sent."""

from typing import Any

from django import forms
from django.db.models import BigIntegerField, F
from django.utils.translation import gettext_lazy as _

from cases import queries
from cases.domain.status import Status
from cases.models import Carrier
from cases.models.choices import STATUS_CHOICES, Reason
from cases.queries import Cases
from cases.web.forms.base import BaseForm

#: How a case stands -> the query that finds those.
STANDINGS: dict[str, tuple[Any, Any]] = {
    "overdue": (_("Overdue"), queries.overdue),
    "due_today": (_("Due today"), queries.due_today),
    "promised_today": (_("Promised for today"), queries.promised_today),
    "to_verify": (_("To verify"), lambda cases, now: queries.to_verify(cases)),
    "returned": (_("Returned"), lambda cases, now: queries.with_status(cases, Status.RETURNED)),
    "waiting": (_("Waiting"), queries.waiting),
    "draft": (_("In preparation"), lambda cases, now: queries.with_status(cases, Status.DRAFT)),
    "no_receipt": (
        _("Confirmed without receipt"),
        lambda cases, now: queries.confirmed_without_receipt(cases),
    ),
}
SORTS: dict[str, tuple[Any, list[Any]]] = {
    "newest": (_("Newest first"), ["-id"]),
    "reply_by": (_("Answer due first"), [F("reply_by").asc(nulls_last=True), "-id"]),
    "submitted": (_("Submitted longest ago"), [F("submitted_at").asc(nulls_last=True), "-id"]),
    "number": (_("Number"), ["card__number", "-id"]),
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
        choices=[("", _("All")), *((key, label) for key, (label, _query) in STANDINGS.items())],
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
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=[(key, label) for key, (label, _order) in SORTS.items()]
    )

    def narrow(self, cases: Cases, now: Any) -> Cases:
        """The cases that fit; what makes no sense in the address is passed over."""
        self.is_valid()
        data = self.cleaned_data
        cases = queries.search(cases, data.get("q") or "")
        if data.get("standing"):
            cases = STANDINGS[data["standing"]][1](cases, now)
        exact = {name: data[name] for name in ("status", "carrier", "reason", "batch") if data.get(name)}
        return cases.filter(**exact).order_by(*SORTS[data.get("sort") or "newest"][1])
