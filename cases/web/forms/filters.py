"""The filters of the lists. All of it is in the address, so that a filtered list can be bookmarked and sent."""

from typing import Any

from django import forms
from django.db.models import BigIntegerField
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.search_words import SearchWords, parse
from cases.models import Carrier, Team
from cases.models.choices import STATUS_CHOICES, Reason
from cases.selectors import Cases
from cases.selectors.card_names import NameColumn
from cases.selectors.filters import filter_cases, order_of
from cases.selectors.pagination import Order
from cases.selectors.search_words import filter_by_words
from cases.web.forms.base import BaseForm

#: How a case stands, and by what a list is ordered, in words (`cases.selectors.filters`).
STANDING_LABELS: dict[str, Any] = {
    "overdue": _("Overdue"),
    "due_today": _("Due today"),
    "promised_today": _("Promise due today"),
    "to_verify": _("To verify"),
    "returned": _("Returned"),
    "refund_open": _("Refund open"),
    "refund_overdue": _("Refund overdue"),
    "waiting": _("Waiting"),
    "draft": _("In preparation"),
    "to_chase": _("Overdue, your turn"),
    "message": _("SMS to answer"),
    "to_call": _("A call is possible"),
    "escalated": _("Complaint or appeal running"),
    "only_waiting": _("Nothing to do but wait"),
    "no_receipt": _("Confirmed without receipt"),
    "money_open": _("Confirmed, money open"),
    "settled": _("Settled"),
}
SORTS: dict[str, Any] = {
    "newest": _("Newest first"),
    "reply_by": _("Reply due soonest"),
    "-reply_by": _("Reply due latest"),
    "submitted": _("Longest waiting"),
    "-submitted": _("Submitted most recently"),
    "number": _("Number"),
    "-number": _("Number, highest first"),
}


class CarrierFilterForm(BaseForm):
    """By carrier, whose slug is in the address."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
        choices = [(slug, str(carrier)) for slug, carrier in self.carriers.items()]
        self.fields["carrier"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]


class CardNameField(forms.CharField):
    """A name that cards have; the browser offers those that there are, which it asks for while somebody types."""

    def __init__(self, column: NameColumn, **kwargs: Any) -> None:
        self.widget = forms.TextInput(
            attrs={
                "list": f"names-{column}",
                "autocomplete": "off",
                "hx-post": reverse_lazy("card_names", args=[column]),
                "hx-trigger": "focus once, input changed delay:150ms",
                "hx-target": f"#names-{column}",
                "hx-select": "unset",
                "hx-swap": "innerHTML",
                "hx-push-url": "false",
            }
        )
        super().__init__(required=False, max_length=80, **kwargs)


class KeyField(forms.IntegerField):
    """The key of something that a link names: no field to fill in."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, min_value=1, max_value=BigIntegerField.MAX_BIGINT)


class WorkFilterForm(CarrierFilterForm):
    """The quick filters of the work list."""

    department = CardNameField("department", label=_("Department"))
    field_order = ["department", "carrier"]


class CaseFilterForm(CarrierFilterForm):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.SearchInput(attrs={"placeholder": _("Number, name or overdue dept:Sales")}),
    )
    standing = forms.ChoiceField(
        label=_("Progress"),
        required=False,
        choices=[("", _("All")), *STANDING_LABELS.items()],
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *STATUS_CHOICES])
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("All")), *Reason.choices])
    department = CardNameField("department", label=_("Department"))
    user = CardNameField("user", label=pgettext_lazy("of a card", "User"))
    batch = KeyField()
    handler = KeyField()
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=[*SORTS.items()])
    field_order = ["q", "standing", "status", "carrier", "reason", "department", "user", "batch", "handler", "sort"]

    def clean_carrier(self) -> Carrier | None:
        return self.carriers.get(self.cleaned_data["carrier"])

    def filter_cases(self, cases: Cases, now: Any, *teams: Team) -> Cases:
        """The cases of these teams that fit, in their order; invalid parameters are ignored."""
        self.is_valid()
        words = self.words
        cases = filter_cases(cases, now, self.cleaned_data | {"q": words.text}, *teams)
        return filter_by_words(cases, now, words.terms, *teams).order_by(*self.ordering().order_by())

    @property
    def words(self) -> SearchWords:
        """What stands in the search box: filters, and what is searched for."""
        self.is_valid()
        return parse(self.cleaned_data.get("q") or "")

    def ordering(self, *teams: Team) -> Order:
        """The order of the list."""
        self.is_valid()
        return order_of(self.cleaned_data, *teams)
