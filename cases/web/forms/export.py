"""Exporting a list, or a monthly statement, as a file."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.documents.tables import Format
from cases.domain.errors import CaseError
from cases.domain.statement_months import Month, parse_month
from cases.web.forms.base import BaseForm


class ExportForm(BaseForm):
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(Format.XLSX.value, _("Excel (XLSX)")), (Format.CSV.value, _("CSV (UTF-8)"))],
        initial=Format.XLSX.value,
        widget=forms.RadioSelect,
    )
    full_numbers = forms.BooleanField(
        label=_("Show full numbers"),
        required=False,
        help_text=_("If not ticked, numbers are masked. Exporting full numbers is logged on each card."),
    )


class StatementForm(BaseForm):
    """The month, and the file format if it is exported."""

    month = forms.CharField(
        label=_("Month"),
        max_length=20,
        error_messages={"required": _("Enter a month, like 2026-09.")},
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    format = forms.ChoiceField(choices=[("", ""), ("xlsx", "xlsx"), ("pdf", "pdf")], required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def clean_month(self) -> Month:
        try:
            return parse_month(self.cleaned_data["month"], self._now)
        except CaseError as error:
            raise forms.ValidationError(wording.error_message(error)) from error
