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
    USUAL, MOST = 26, 52
    weeks = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[("12", _("12 weeks")), ("", _("26 weeks")), ("52", _("52 weeks")), ("all", _("From the beginning"))],
    )
    carrier = forms.ChoiceField(label=_("Carrier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
        named = [(slug, str(carrier)) for slug, carrier in self.carriers.items()]
        self.fields["carrier"].choices = [("", _("All")), *named]  # type: ignore[attr-defined]

    @cached_property
    def chosen(self) -> Carrier | None:
        """The carrier that is asked for; None for all."""
        self.is_valid()
        return self.carriers.get(self.cleaned_data.get("carrier", ""))

    def narrow(self, cases: Cases) -> Cases:
        """The cases of the carrier."""
        return cases.filter(carrier=self.chosen) if self.chosen else cases

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return any(self.cleaned_data.values())

    @property
    def chosen_weeks(self) -> int:
        """How many weeks are shown, the running one included."""
        chosen = self.cleaned_data.get("weeks") or str(self.USUAL)
        return self.MOST if chosen == "all" else int(chosen)

    def since(self, now: datetime) -> datetime | None:
        """Monday, 00:00, of the first of these weeks; None from the beginning."""
        if self.cleaned_data.get("weeks") == "all":
            return None
        today = local(now).date()
        return start_of_day(today - timedelta(days=today.weekday(), weeks=self.chosen_weeks - 1))
