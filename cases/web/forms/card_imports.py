"""Uploading a table of cards, and saying how it is read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.documents.imports import read_columns
from cases.models import CardImport, Carrier
from cases.operations.card_import import ImportOptions
from cases.web.forms.base import BaseForm

#: What the fields of a column are called here. A column that is "ignored" is left out.
FIELD_LABELS: dict[str, Any] = {
    "number": _("Number"),
    "carrier": _("Carrier"),
    "holder": _("Holder"),
    "user": pgettext_lazy("of a card", "User"),
    "department": _("Department"),
    "purpose": _("Used for"),
    "plan": _("Plan"),
    "monthly_fee": _("Monthly fee (yuan)"),
    "iccid": _("ICCID"),
    "opened_on": _("Opened on"),
    "contract_ends_on": _("Contract ends"),
    "note": _("Notes"),
    "status": _("Status of the cancellation"),
    "submitted_at": pgettext_lazy("when it happened", "Submitted"),
    "cancelled_on": _("Cancelled on"),
    "returned_on": _("Returned on"),
    "returned_reason": _("Why it was returned"),
    "carrier_reference": _("Carrier reference number (受理单号)"),
    "channel": _("Request channel"),
    "reason": _("Reason"),
    "handler": _("Assignee"),
    "refund_amount": _("Refund owed (yuan)"),
    "refund_received": _("Refund received (yuan)"),
    "refund_status": _("Status of the refund"),
    "refund_due_on": _("Refund due"),
    "refund_received_on": _("Refund received on"),
}
CUSTOM, IGNORED = "custom", "ignored"
#: What several columns of a table may be at once: the numbers of a person, remarks, and whatever is the team's own.
REPEATABLE = {"number", "note", CUSTOM, IGNORED}


class CardTableForm(BaseForm):
    """A file, or rows copied from a spreadsheet; laid out by `parts/table_drop.html`."""

    upload = forms.FileField(required=False)
    pasted = forms.CharField(required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("upload") and not (data.get("pasted") or "").strip() and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file or paste rows."))
        return data


class ReadingForm(BaseForm):
    """How a table is read: its sheet, its row of titles, the carrier of all its rows, the field of each column.

    What belongs to another sheet, or stands below another row of titles, does not count when one of these is changed.
    """

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int, required=False)
    header_row = forms.IntegerField(
        label=_("Row with the titles"),
        required=False,
        min_value=0,
        help_text=_("Counted as in the file; 0 if the table has no titles."),
    )
    carrier = forms.ModelChoiceField(
        Carrier.objects.all(),
        label=_("Carrier of all rows"),
        required=False,
        to_field_name="slug",
        empty_label=_("as each row says"),
    )

    def __init__(self, data: Any = None, *, card_import: CardImport) -> None:
        self.card_import = card_import
        self.header_row_now = card_import.forecast.get("header_row")
        self.fields_now = {index: field or IGNORED for index, _title, field in read_columns(card_import)}
        initial = {"sheet": card_import.sheet, "header_row": self.header_row_now, "carrier": card_import.carrier}
        super().__init__(data, initial=initial)
        self.fields["sheet"].choices = sheet_choices(card_import)  # type: ignore[attr-defined]
        choices = [(CUSTOM, _("a column of its own")), (IGNORED, _("— do not import —")), *FIELD_LABELS.items()]
        for index, title, field in read_columns(card_import):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=title or _("Column %(number)s") % {"number": index + 1},
                choices=choices,
                required=False,
                initial=field or IGNORED,
            )

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen: set[str] = set()
        for name in [name for name in data if name.startswith("column_")]:
            field = data[name] or IGNORED
            if field in chosen and field not in REPEATABLE and self.fields_now.get(_index(name)) != field:
                self.add_error(name, _("Another column is already set to this field."))
            chosen.add(field)
        return data

    def options(self) -> ImportOptions:
        """How to read the table: what was not touched stays as it is recognized."""
        data, import_ = self.cleaned_data, self.card_import
        sheet = data["sheet"] if isinstance(data["sheet"], int) else import_.sheet
        if sheet != import_.sheet:
            return ImportOptions(sheet, carrier=data["carrier"])
        columns = {_index(name): data[name] or IGNORED for name in data if name.startswith("column_")}
        is_touched = columns != self.fields_now
        if data["header_row"] not in (None, self.header_row_now):
            # Other titles: their columns are recognized again, unless somebody has set them as well.
            return ImportOptions(sheet, data["header_row"], _stored(columns) if is_touched else None, data["carrier"])
        keeps_columns = is_touched or import_.columns
        return ImportOptions(sheet, import_.header_row, _stored(columns) if keeps_columns else None, data["carrier"])


def sheet_choices(card_import: CardImport) -> list[tuple[int, str]]:
    """The sheets of the file with how many rows each has."""
    template = _("%(name)s (%(rows)s rows)")
    names = sheet_names(card_import)
    return [(index, str(template % {"name": name, "rows": rows})) for index, (name, rows) in enumerate(names)]


def sheet_names(card_import: CardImport) -> Sequence[tuple[str, int]]:
    return [(name or str(_("the table")), rows) for name, rows in card_import.sheets]


def _index(name: str) -> int:
    return int(name.removeprefix("column_"))


def _stored(columns: dict[int, str]) -> dict[int, str]:
    return {index: "" if field == IGNORED else field for index, field in columns.items()}


class CarrierNameForm(BaseForm):
    """Which carrier a table means by a name that is not known."""

    name = forms.CharField(max_length=80)
    carrier = forms.ModelChoiceField(Carrier.objects.all(), to_field_name="slug")
