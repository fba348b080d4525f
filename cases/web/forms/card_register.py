"""Filters of the table of cards, the columns that a team adds, a value for many cards, cancellations of many."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.card_columns import OWN_KINDS, Kind
from cases.models import CardColumn, Carrier
from cases.models.choices import ColumnKind, Purpose, ReceiptKind, RequestChannel
from cases.operations.batches import NewBatch
from cases.operations.card_columns import ColumnFacts
from cases.selectors.card_register import EXACTLY, OPEN_STANDINGS, TEXT_COLUMNS, CardFilter
from cases.web.card_table import MOST_LETTERS
from cases.web.forms.base import BaseForm, DayField, MomentField, text_area, this_minute
from cases.web.forms.filters import STANDING_LABELS, CarrierFilterForm
from cases.web.forms.new_case import RequestForm
from cases.web.forms.receipts import MultipleFileField, read_uploads

#: Columns between two values: the beginning of the names of both fields, and what they are.
_RANGES = {
    "monthly_fee": ("fee", Kind.AMOUNT),
    "opened_on": ("opened", Kind.DATE),
    "contract_end": ("contract", Kind.DATE),
}
_EMPTY_CHOICE = (EXACTLY, _("(empty)"))
_EMPTY_OR_ALL = [("", _("All")), _EMPTY_CHOICE]


def _text_field(label: Any, suggestions: str = "") -> forms.CharField:
    attrs = {"list": suggestions} if suggestions else {}
    return forms.CharField(label=label, required=False, max_length=MOST_LETTERS, widget=forms.TextInput(attrs=attrs))


def _range_fields(name: str, title: str, kind: str) -> Iterator[tuple[str, forms.Field]]:
    for end, label in (("from", _("%(title)s, from")), ("to", _("%(title)s, to"))):
        text = label % {"title": title}
        if kind == Kind.DATE:
            yield f"{name}_{end}", DayField(label=text, required=False)
        else:
            yield f"{name}_{end}", forms.DecimalField(label=text, required=False, max_digits=20)


class CardFilterForm(CarrierFilterForm):
    """Which cards the table shows; all of it is in the address."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.SearchInput(attrs={"placeholder": _("Number, carrier, holder")}),
    )
    department = _text_field(_("Department"), "departments")
    user = _text_field(pgettext_lazy("of a card", "User"))
    holder = _text_field(_("Holder"))
    cases = forms.ChoiceField(
        label=_("Cases"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("With an open case")),
            ("not_open", _("Without an open case")),
            ("any", _("With any case")),
            ("none", _("Without any case")),
        ],
    )
    standing = forms.ChoiceField(
        label=_("Progress"),
        required=False,
        choices=[("", _("All")), *((name, STANDING_LABELS[name]) for name in OPEN_STANDINGS)],
    )
    purpose = forms.ChoiceField(label=_("Used for"), required=False, choices=[*_EMPTY_OR_ALL, *Purpose.choices])
    plan = _text_field(_("Plan"), "plans")
    fee_from = forms.DecimalField(label=_("Monthly fee, from"), required=False, max_digits=8)
    fee_to = forms.DecimalField(label=_("Monthly fee, to"), required=False, max_digits=8)
    iccid = _text_field(_("ICCID"))
    opened_from = DayField(label=_("Opened, from"), required=False)
    opened_to = DayField(label=_("Opened, to"), required=False)
    contract_from = DayField(label=_("Contract ends, from"), required=False)
    contract_to = DayField(label=_("Contract ends, to"), required=False)
    note = _text_field(_("Card note"))
    field_order = ["q", "carrier", "department", "user", "holder", "cases", "standing"]
    #: Shown at once; the others are folded.
    first_fields = tuple(field_order)

    def __init__(self, *args: Any, columns: Sequence[CardColumn] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for column in columns:
            self.fields |= dict(_own_fields(column))

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.first_fields]

    def fields_shown_first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.first_fields]

    @property
    def uses_more(self) -> bool:
        """Whether one of the folded fields narrows the table."""
        return any(field.value() for field in self.more_fields())

    def clean_carrier(self) -> Carrier | None:
        return self.carriers.get(self.cleaned_data["carrier"])

    def card_filter(self) -> CardFilter:
        """What is asked for; what is no valid value asks for nothing, and its field says so."""
        self.is_valid()
        data = self.cleaned_data
        own_choices = [column.key for column in self.columns if column.kind == Kind.CHOICE]
        own_texts = [column.key for column in self.columns if column.kind == Kind.TEXT]
        lowest, highest = self._ranges("from"), self._ranges("to")
        carrier = data.get("carrier")
        return CardFilter(
            q=data.get("q", ""),
            carrier=carrier.pk if carrier else None,
            texts={name: data[name] for name in (*TEXT_COLUMNS, *own_texts) if data.get(name)},
            values={name: data[name] for name in ("purpose", *own_choices) if data.get(name)},
            lowest=lowest,
            highest=highest,
            cases=data.get("cases", ""),
            standing=data.get("standing", ""),
        )

    def _ranges(self, end: str) -> dict[str, Decimal | date]:
        names = {name: fields for name, (fields, _kind) in _RANGES.items()}
        names |= {column.key: column.key for column in self.columns if column.kind in (Kind.NUMBER, Kind.DATE)}
        bounds = {name: self.cleaned_data.get(f"{fields}_{end}") for name, fields in names.items()}
        return {name: bound for name, bound in bounds.items() if bound is not None}


def _own_fields(column: CardColumn) -> Iterator[tuple[str, forms.Field]]:
    if column.kind == Kind.CHOICE:
        choices = [*_EMPTY_OR_ALL, *((choice, choice) for choice in column.choices)]
        yield column.key, forms.ChoiceField(label=column.title, required=False, choices=choices)
    elif column.kind == Kind.TEXT:
        yield column.key, _text_field(column.title)
    else:
        yield from _range_fields(column.key, column.title, column.kind)


class ColumnForm(BaseForm):
    """A column that a team adds to its cards."""

    title = forms.CharField(label=_("Title"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, ColumnKind(kind.value).label) for kind in OWN_KINDS],
        initial=Kind.TEXT.value,
        widget=forms.RadioSelect,
    )
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=10_000,
        widget=text_area(5),
        help_text=_("One per line; only for columns of choices."),
    )

    def facts(self) -> ColumnFacts:
        data = self.cleaned_data
        return ColumnFacts(data["title"], data["kind"], data["choices"].splitlines())


class SaveViewForm(BaseForm):
    """A list as it is shown, saved under a name."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_default = forms.BooleanField(label=_("Open the list with this view"), required=False)
    for_team = forms.BooleanField(label=_("For the whole team"), required=False)

    def __init__(self, *args: Any, may_manage: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_manage:
            del self.fields["for_team"]


class CancelCardsForm(RequestForm):
    """What was submitted for cards that were chosen in the table: the same for all of them."""

    happened_at = MomentField(label=_("Submission time"), initial=this_minute)
    uploads = MultipleFileField(
        label=_("Shared receipt"),
        required=False,
        help_text=_("For example the stamped letter or the signed list. It is stored once and shown on every case."),
    )
    field_order = ["channel", "reason", "happened_at", "reference", "uploads", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].initial = RequestChannel.LETTER

    def new_batch(self, carrier: Carrier) -> NewBatch:
        data = self.cleaned_data
        return NewBatch(
            carrier,
            (),
            data["channel"],
            data["reason"],
            data["happened_at"],
            reference=data["reference"],
            words=data["words"],
            files=read_uploads(data["uploads"], settings.RECEIPT_MAX_BYTES),
            receipt_kind=ReceiptKind.LETTER.value,
        )
