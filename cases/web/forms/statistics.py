"""Of which weeks, and of which carrier, the statistics tell."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.domain.business_days import local, start_of_day
from cases.models import Carrier
from cases.selectors import Cases
from cases.web.forms.base import BaseForm


class StatisticsForm(BaseForm):
    """All of it stands in the address; what makes no sense there is passed over."""

    #: Where nothing is chosen; and as many as there is room for where no end is.
    DEFAULT_WEEKS, MAX_WEEKS = 26, 52
    weeks = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[("12", _("12 weeks")), ("", _("26 weeks")), ("52", _("52 weeks")), ("all", _("From the beginning"))],
    )
    carrier = forms.ChoiceField(label=_("Carrier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
        choices = [(slug, str(carrier)) for slug, carrier in self.carriers.items()]
        self.fields["carrier"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    @cached_property
    def selected_carrier(self) -> Carrier | None:
        """The carrier that is asked for; None for all."""
        self.is_valid()
        return self.carriers.get(self.cleaned_data.get("carrier", ""))

    def filter_cases(self, cases: Cases) -> Cases:
        """The cases of the carrier."""
        return cases.filter(carrier=self.selected_carrier) if self.selected_carrier else cases

    @property
    def is_filtered(self) -> bool:
        """Whether anything was chosen."""
        return any(self.cleaned_data.values())

    @property
    def week_count(self) -> int:
        """How many weeks are shown, the running one included."""
        period = self.cleaned_data.get("weeks") or str(self.DEFAULT_WEEKS)
        return self.MAX_WEEKS if period == "all" else int(period)

    def since(self, now: datetime) -> datetime | None:
        """Monday, 00:00, of the first of these weeks; None from the beginning."""
        if self.cleaned_data.get("weeks") == "all":
            return None
        today = local(now).date()
        return start_of_day(today - timedelta(days=today.weekday(), weeks=self.week_count - 1))
