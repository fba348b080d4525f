"""The filters of the lists. All of it is in the address, so that a filtered list can be bookmarked and sent."""

from typing import Any

from django import forms
from django.db.models import BigIntegerField
from django.utils.translation import gettext_lazy as _

from cases.models import Carrier, Team
from cases.models.choices import STATUS_CHOICES, Reason
from cases.selectors import Cases
from cases.selectors.filters import filter_cases, order_of
from cases.selectors.pagination import Order
from cases.web.forms.base import BaseForm

#: How a case stands, and by what a list is ordered, in words (`cases.selectors.filters`).
STANDING_LABELS: dict[str, Any] = {
    "overdue": _("Overdue"),
    "due_today": _("Due today"),
    "promised_today": _("Promise due today"),
    "to_verify": _("To verify"),
    "returned": _("Returned"),
    "waiting": _("Waiting"),
    "draft": _("In preparation"),
    "no_receipt": _("Confirmed without receipt"),
}
SORTS: dict[str, Any] = {
    "newest": _("Newest first"),
    "reply_by": _("Reply due soonest"),
    "submitted": _("Longest waiting"),
    "number": _("Number"),
}


class CarrierFilterForm(BaseForm):
    """By carrier, whose slug is in the address."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
        choices = [(slug, str(carrier)) for slug, carrier in self.carriers.items()]
        self.fields["carrier"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]


class CaseFilterForm(CarrierFilterForm):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.SearchInput(attrs={"placeholder": _("Number, last four digits, case reference, carrier")}),
    )
    standing = forms.ChoiceField(
        label=_("Progress"),
        required=False,
        choices=[("", _("All")), *STANDING_LABELS.items()],
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *STATUS_CHOICES])
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("All")), *Reason.choices])
    batch = forms.IntegerField(
        required=False, min_value=1, max_value=BigIntegerField.MAX_BIGINT, widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=[*SORTS.items()])
    field_order = ["q", "standing", "status", "carrier", "reason", "batch", "sort"]

    def clean_carrier(self) -> Carrier | None:
        return self.carriers.get(self.cleaned_data["carrier"])

    def filter_cases(self, cases: Cases, now: Any, *teams: Team) -> Cases:
        """The cases of these teams that fit, in their order; invalid parameters are ignored."""
        self.is_valid()
        return filter_cases(cases, now, self.cleaned_data, *teams).order_by(*self.ordering().order_by())

    def ordering(self, *teams: Team) -> Order:
        """The order of the list."""
        self.is_valid()
        return order_of(self.cleaned_data, *teams)
