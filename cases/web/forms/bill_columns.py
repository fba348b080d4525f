"""Saying what the columns of a bill are."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.masking import mask_text
from cases.formats.bills.columns import Column
from cases.formats.tables.workbook import Sheet
from cases.models import Bill, Carrier
from cases.operations.bill_columns import ColumnChoice, SheetColumns
from cases.web.forms.base import BaseForm

COLUMN_LABELS: dict[str, Any] = {
    Column.NUMBER: _("Number"),
    Column.NET: _("To be paid"),
    Column.GROSS: _("To be paid, before discounts"),
    Column.PLAN_FEE: _("Monthly fee of the plan"),
    Column.CHARGE: _("Another charge"),
    Column.RELIEF: _("Discount"),
    Column.USE: _("Use (minutes, data, SMS)"),
    Column.ITEM: _("Type of charge (one line each)"),
    Column.NAME: pgettext_lazy("of a card", "User"),
    Column.PERIOD: _("Billed month"),
    Column.OTHER: _("— ignore —"),
}


class BillColumnsForm(BaseForm):
    """The sheet, its row of titles, whose bill it is, and what each column is.

    What was chosen for columns counts only while sheet and row are those that the page showed (`shown`).
    """

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)
    header_row = forms.IntegerField(
        label=_("Row with the titles"),
        min_value=1,
        help_text=_("Counted as in the file. Of two rows of titles, the lower one. Change it to see other columns."),
    )
    carrier = forms.ModelChoiceField(
        Carrier.objects.all(), label=_("Carrier"), required=False, to_field_name="slug", empty_label=_("not known")
    )

    def __init__(self, data: Any = None, *, bill: Bill, sheets: Sequence[Sheet], columns: SheetColumns) -> None:
        self.sheet_columns = columns
        choice = columns.choice
        self.shown = f"{choice.sheet}-{choice.titles_row}"
        initial = {"sheet": choice.sheet, "header_row": choice.titles_row + 1, "carrier": bill.carrier}
        super().__init__(data, initial=initial)
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (at, sheet.name or str(_("the table"))) for at, sheet in enumerate(sheets)
        ]
        for index, (title, column) in enumerate(zip(columns.titles, choice.columns, strict=True)):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=title or _("Column %(number)s") % {"number": index + 1},
                choices=[*COLUMN_LABELS.items()],
                initial=column.value,
                help_text=" · ".join(mask_text(cell) for cell in columns.samples[index]),
            )

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column_")]

    def choice(self) -> ColumnChoice:
        """What the form says."""
        data, columns = self.cleaned_data, self.sheet_columns
        chosen = tuple(Column(data[f"column_{index}"]) for index in range(len(columns.titles)))
        return ColumnChoice(columns.choice.sheet, columns.choice.titles_row, chosen, data["carrier"])
