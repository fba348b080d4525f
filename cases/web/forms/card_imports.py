"""Uploading a table of cards, and mapping its columns."""

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.formats.card_table import CARD_FIELDS
from cases.models import CardImport
from cases.web.forms.base import BaseForm

#: What the fields of a row are called here; where a column is not known, it is left out.
FIELD_LABELS: dict[str, Any] = {
    "number": _("Number"),
    "carrier": _("Carrier"),
    "holder": _("Holder"),
    "purpose": _("Used for"),
    "plan": _("Plan"),
    "monthly_fee": _("Monthly fee (yuan)"),
    "contract_end": _("Contract ends"),
    "submitted_at": pgettext_lazy("when it happened", "Submitted"),
    "reference": _("Carrier reference number (受理单号)"),
    "channel": _("Request channel"),
    "reason": _("Reason"),
    "handler": _("Assignee"),
    "state": _("Status (cards already cancelled are added without a case)"),
    "words": _("Notes"),
}
assert tuple(FIELD_LABELS) == CARD_FIELDS


class CardTableForm(BaseForm):
    """A file, or rows copied from a spreadsheet; laid out by `parts/table_drop.html`."""

    upload = forms.FileField(required=False)
    pasted = forms.CharField(required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("upload") and not (data.get("pasted") or "").strip() and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file or paste rows."))
        return data


class ColumnsForm(BaseForm):
    """The field of each column of an import."""

    def __init__(self, *args: Any, card_import: CardImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("— do not import —")), *FIELD_LABELS.items()]
        for index, title in enumerate(card_import.titles):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=title or _("Column %(number)s") % {"number": index + 1},
                choices=choices,
                required=False,
                initial=card_import.columns.get(str(index), ""),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        field_by_column: dict[str, str] = {}
        for name, field in list(data.items()):
            if field and field in field_by_column.values():
                self.add_error(name, _("Another column is already set to this field."))
            field_by_column[name] = field
        return data

    def columns(self) -> dict[int, str]:
        """The field by column index; columns without one are left out."""
        return {int(name.removeprefix("column_")): field for name, field in self.cleaned_data.items() if field}
