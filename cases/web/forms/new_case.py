"""Opening a case, and editing a card."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import wording
from cases.domain import checklist, phones
from cases.domain.card_columns import MOST_CHARACTERS, Kind, ValueRefused, parse_value
from cases.domain.errors import NumberRefused
from cases.models import Card, CardColumn, Carrier
from cases.models.choices import Purpose, Reason, RequestChannel
from cases.operations import CardFacts
from cases.operations.card_columns import rule_of
from cases.web.forms.base import ActionForm, BaseForm, DayField, MomentField, text_area, this_minute
from cases.web.forms.case_actions import reference_field

NUMBER_ATTRS = {"inputmode": "tel", "autocomplete": "off", "maxlength": 40, "placeholder": "138 0013 8000"}
#: Looks the carrier and the card up while one types; without JavaScript the answer comes with the page. Sent, so that
#: no address holds a number.
LOOKUP_ATTRS = {
    "hx-post": reverse_lazy("case_lookup"),
    "hx-trigger": "change, keyup changed delay:400ms, change from:#carrier-field",
    "hx-target": "#lookup",
    "hx-params": "csrfmiddlewaretoken,number,carrier",
}
PREVIEW_ATTRS = {
    "hx-post": reverse_lazy("deadline_preview"),
    "hx-trigger": "change",
    "hx-target": "#preview",
    "hx-params": "csrfmiddlewaretoken,submitted_at,carrier,number",
}


class CardForm(BaseForm):
    """A registered card."""

    number = forms.CharField(label=_("Number"), max_length=40, widget=forms.TextInput(attrs=NUMBER_ATTRS))
    carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.all(), empty_label=_("Choose…"))
    holder = forms.CharField(
        label=_("Holder"),
        max_length=80,
        required=False,
        help_text=_("The person or company the card is registered to."),
    )
    user = forms.CharField(label=pgettext_lazy("of a card", "User"), max_length=80, required=False)
    department = forms.CharField(label=_("Department"), max_length=80, required=False)
    purpose = forms.ChoiceField(label=_("Used for"), choices=[("", "—"), *Purpose.choices], required=False)
    plan = forms.CharField(label=_("Plan"), max_length=80, required=False)
    monthly_fee = forms.DecimalField(
        label=_("Monthly fee (yuan)"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    iccid = forms.CharField(label=_("ICCID"), max_length=20, required=False)
    opened_on = DayField(label=_("Opened on"), required=False)
    contract_end = DayField(label=_("Contract ends"), required=False)
    note = forms.CharField(label=_("Card note"), max_length=2000, required=False, widget=text_area(2))

    def __init__(self, *args: Any, columns: Sequence[CardColumn] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.fields |= {column.key: own_field(column) for column in columns}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = dict(super().clean() or {})
        for column in self.columns:
            try:
                data[column.key] = parse_value(rule_of(column), data.get(column.key) or "")
            except ValueRefused as error:
                self.add_error(column.key, wording.error_message(error))
        return data

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"])
        except NumberRefused as error:
            self.add_case_error(error)
            return ""

    def fact_values(self) -> dict[str, Any]:
        """What is typed of the card's facts, by column."""
        data = self.cleaned_data
        values = {name: value for name, value in data.items() if name in CardFacts.__dataclass_fields__}
        own = {column.key: data[column.key] for column in self.columns if column.key in data}
        return values | ({"custom": own} if own else {})

    def facts(self) -> CardFacts:
        values = self.fact_values()
        own = {key: value for key, value in values.pop("custom", {}).items() if value}
        return CardFacts(**values, custom=own)


def own_field(column: CardColumn) -> forms.Field:
    """The field of a team's own column; what is typed is checked by the form that has it."""
    if column.kind == Kind.CHOICE:
        choices = [("", "–"), *((choice, choice) for choice in column.choices)]
        return forms.ChoiceField(label=column.title, choices=choices, required=False)
    attrs = {"inputmode": "decimal"} if column.kind == Kind.NUMBER else {}
    widget = forms.DateInput(attrs={"type": "date"}) if column.kind == Kind.DATE else forms.TextInput(attrs=attrs)
    return forms.CharField(label=column.title, max_length=MOST_CHARACTERS, required=False, widget=widget)


class CardEditForm(CardForm):
    """A card that is there already: what was changed since the page was shown is saved, and nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["number"]
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "carrier"

    def changed_values(self) -> dict[str, Any]:
        """The values that differ from those that the page was shown with."""
        shown = {self.add_initial_prefix(name) for name in self.fields}
        values = self.fact_values()
        if shown.isdisjoint(self.data):
            return values
        own = {key: value for key, value in values.pop("custom", {}).items() if key in self.changed_data}
        changed = {name: value for name, value in values.items() if name in self.changed_data}
        return changed | ({"custom": own} if own else {})


class NumberCorrectionForm(BaseForm):
    """The number that a card has, and why the one in the register was wrong."""

    number = forms.CharField(label=_("Correct number"), max_length=40, widget=forms.TextInput(attrs=NUMBER_ATTRS))
    words = forms.CharField(label=_("Reason for the correction"), max_length=2000, widget=text_area(3))


def card_initial(card: Card) -> dict[str, Any]:
    """The initial values for a card."""
    return {
        **{name: getattr(card, name) for name in CardFacts.__dataclass_fields__},
        **card.custom,
        "number": phones.format_number(card.number),
        "carrier": card.carrier_id,
    }


class RequestForm(ActionForm):
    """A new request, about one card or many."""

    reason = forms.ChoiceField(label=_("Reason for cancellation"), choices=Reason.choices, initial=Reason.COST)
    channel = forms.ChoiceField(
        label=_("Request channel"), choices=RequestChannel.choices, initial=RequestChannel.HOTLINE
    )
    reference = reference_field()
    words = forms.CharField(label=_("Notes"), required=False, max_length=2000, widget=text_area(2))


class NewCaseForm(CardForm, RequestForm):
    """Number, reason, channel and checklist on one page; saved as a draft, or as submitted already."""

    submitted_at = MomentField(
        label=_("Submission time"),
        required=False,
        initial=this_minute,
        help_text=_("Beijing time. Only needed if you have already submitted the request."),
    )
    ready = forms.MultipleChoiceField(
        label=_("Ready"),
        required=False,
        choices=[(item.code, _(item.label)) for item in checklist.ITEMS],
        widget=forms.CheckboxSelectMultiple,
    )

    error_field_names = {"happened_at": "submitted_at"}
    field_order = ["number", "carrier", "reason", "channel", "ready", "submitted_at", "reference", "words"]

    def __init__(self, *args: Any, submitting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submitting = submitting
        self.carrier_guessed = False
        # Left empty, the carrier is guessed from the number and shown: the person decides.
        self.fields["carrier"].required = False
        self.fields["number"].widget.attrs |= LOOKUP_ATTRS
        for name in ("submitted_at", "carrier"):
            self.fields[name].widget.attrs |= PREVIEW_ATTRS

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.submitting and not data.get("submitted_at") and "submitted_at" not in self.errors:
            self.add_error("submitted_at", _("Enter the submission time, or save the case as a draft."))
        if not data.get("carrier") and data.get("number") and "carrier" not in self.errors:
            self._guess_carrier(data["number"])
        return data

    def _guess_carrier(self, number: str) -> None:
        carrier = guess_carrier(number)
        if carrier is None:
            self.add_error("carrier", _("Choose the carrier. It cannot be worked out from the number."))
            return
        self.carrier_guessed = True
        self.change_value("carrier", str(carrier.pk))
        self.add_error(
            "carrier",
            _(
                "The carrier was filled in from the number’s prefix. Numbers can be ported, so check it, then submit "
                "again."
            ),
        )


def guess_carrier(number: str) -> Carrier | None:
    """The carrier to which the number's prefix is assigned, if known."""
    slug = phones.guess_carrier(number)
    return Carrier.objects.filter(slug=slug).first() if slug else None
