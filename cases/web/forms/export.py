"""Asking for a list as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.reports.tables import Format
from cases.web.forms.base import BaseForm

#: Rows that are made into a file while somebody waits.
MOST_ROWS = 200_000


class ExportForm(BaseForm):
    format = forms.ChoiceField(
        label=_("As"),
        choices=[(Format.XLSX.value, _("Excel (XLSX)")), (Format.CSV.value, _("CSV (UTF-8)"))],
        initial=Format.XLSX.value,
        widget=forms.RadioSelect,
    )
    full_numbers = forms.BooleanField(
        label=_("Show numbers in full"),
        required=False,
        help_text=_("Otherwise they are masked. It is noted with each card that you took it out."),
    )
