"""The period and the carrier of the statistics."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cases.domain.business_days import local, start_of_day
from cases.domain.savings import Period
from cases.models import Carrier, Team
from cases.selectors import Cases
from cases.web.forms.base import BaseForm
from cases.web.forms.filters import CarrierFilterForm
from cases.wording.savings import PERIOD_LABELS


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


class SavingsForm(BaseForm):
    """The period and the teams of what was saved; invalid parameters are ignored."""

    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[(period.value, label) for period, label in PERIOD_LABELS.items()]
    )
    teams = forms.ChoiceField(
        label=_("Team"), required=False, choices=[("", _("Current team")), ("all", _("All my teams"))]
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(teams) < 2:
            del self.fields["teams"]

    @cached_property
    def _values(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    @property
    def selected_period(self) -> Period:
        """This year where none was chosen."""
        return Period(self._values.get("period") or Period.YEAR)

    @property
    def is_all_teams(self) -> bool:
        """Whether all teams of the person are wanted."""
        return self._values.get("teams") == "all"
