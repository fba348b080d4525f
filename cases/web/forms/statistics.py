"""The period and the carrier of the statistics."""

from datetime import datetime, timedelta

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.domain.business_days import local, start_of_day
from cases.models import Carrier
from cases.selectors import Cases
from cases.web.forms.filters import CarrierFilterForm


class StatisticsForm(CarrierFilterForm):
    """All of it is in the address; invalid parameters are ignored."""

    #: Without a choice; and the most that the charts have room for.
    DEFAULT_WEEKS, MAX_WEEKS = 26, 52
    weeks = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[("12", _("12 weeks")), ("", _("26 weeks")), ("52", _("52 weeks")), ("all", _("All time"))],
    )
    field_order = ["weeks", "carrier"]

    @cached_property
    def selected_carrier(self) -> Carrier | None:
        """The carrier of the filter; None for all."""
        self.is_valid()
        return self.carriers.get(self.cleaned_data.get("carrier", ""))

    def filter_cases(self, cases: Cases) -> Cases:
        """The cases of the selected carrier."""
        return cases.filter(carrier=self.selected_carrier) if self.selected_carrier else cases

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())

    @property
    def week_count(self) -> int:
        """The number of weeks shown, the current one included."""
        period = self.cleaned_data.get("weeks") or str(self.DEFAULT_WEEKS)
        return self.MAX_WEEKS if period == "all" else int(period)

    def since(self, now: datetime) -> datetime | None:
        """Monday, 00:00 in Shanghai, of the first of these weeks; None for all time."""
        if self.cleaned_data.get("weeks") == "all":
            return None
        today = local(now).date()
        return start_of_day(today - timedelta(days=today.weekday(), weeks=self.week_count - 1))
