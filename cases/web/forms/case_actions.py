"""One form for each thing that can be done with a case. A form knows its fields; the verb knows the rules."""

import types
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.models import Case, User
from cases.models.choices import ItemState
from cases.operations import ACTIONS, Action, ActionSpec, Verb
from cases.operations.actions import Input, InputKind
from cases.operations.next_reminder import snoozed_until
from cases.web.forms.base import ActionForm, DayField, MomentField, text_area, this_minute, today_in_shanghai

YES_NO_CHOICES = [("yes", _("Yes")), ("no", _("No"))]


class VerbForm(ActionForm):
    """A form that ends in a verb; `part` is a template that lays it out, where crispy's own is not enough."""

    part: ClassVar[str] = ""

    def __init__(self, *args: Any, case: Case, members: list[User], **kwargs: Any) -> None:
        self.case, self.members = case, members
        super().__init__(*args, version=case.version, **kwargs)

    def verb(self) -> Verb:
        """The verb that the cleaned data mean."""
        raise NotImplementedError(type(self).__name__)

    def refund(self) -> ops.ExpectRefund | None:
        """The balance that the cleaned data say is owed back beside it; most forms ask for none."""
        return None

    def values(self, *names: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}


class TimedActionForm(VerbForm):
    """Something that happened at a moment."""

    happened_at = MomentField(label=_("Time"), initial=this_minute, help_text=_("Beijing time."))

    @property
    def at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        return moment


def words_field(label: Any = None, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label or _("Notes"), required=required, max_length=4000, widget=text_area(), help_text=help_text
    )


def reference_field() -> forms.CharField:
    return forms.CharField(label=_("Carrier reference number (受理单号)"), max_length=60, required=False)


def agent_field() -> forms.CharField:
    return forms.CharField(
        label=_("Carrier representative"), max_length=60, required=False, help_text=_("Name or staff number (工号).")
    )


def amount_field(label: Any = None, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label or _("Amount (yuan)"),
        required=required,
        help_text=help_text,
        max_digits=10,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0.01"}),
    )


class InputsForm(VerbForm):
    """A form whose fields are the inputs of a registered action (`inputs_form`)."""

    spec: ClassVar[ActionSpec]

    def __init__(self, *args: Any, case: Case, members: list[User], **kwargs: Any) -> None:
        initial = {item.name: getattr(case, item.initial_from) for item in self.spec.inputs if item.initial_from}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, case=case, members=members, **kwargs)
        choices = [("", _("Unassigned")), *((str(user.pk), str(user)) for user in members)]
        for item in self.spec.inputs:
            if item.kind is InputKind.MEMBER:
                self.fields[item.name].choices = choices  # type: ignore[attr-defined]

    def verb(self) -> Verb:
        return self.spec.make_verb({item.name: self._value(item) for item in self.spec.inputs})

    def _value(self, item: Input) -> Any:
        value = self.cleaned_data[item.name]
        if item.kind is InputKind.YES_NO:
            return value == "yes"
        if item.kind is InputKind.MEMBER:
            return next((user for user in self.members if str(user.pk) == value), None)
        return value


class SnoozeForm(InputsForm):
    """Snoozing is ended by leaving the day blank, which says nothing while nothing is snoozed."""

    spec = ACTIONS[Action.SNOOZE]
    until = DayField(label=spec.inputs[0].label, help_text=spec.inputs[0].help_text, required=False)
    words = words_field()

    def __init__(self, *args: Any, case: Case, members: list[User], **kwargs: Any) -> None:
        self.snoozed_until = snoozed_until(case, this_minute())  # the row keeps a day that is over
        kwargs["initial"] = kwargs.get("initial", {}) | {"until": self.snoozed_until}
        super().__init__(*args, case=case, members=members, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("until") and "until" not in self.errors and self.snoozed_until is None:
            self.add_error("until", _("Choose a date. Reminders are not snoozed now, so there is nothing to resume."))
        return data


def inputs_form(spec: ActionSpec) -> type[InputsForm]:
    """The form of an action that needs no other than its inputs."""
    fields = {item.name: _field_of(item) for item in spec.inputs}
    form_class: type[InputsForm] = types.new_class(
        f"{spec.key.class_name}Form", (InputsForm,), exec_body=lambda namespace: namespace.update(spec=spec, **fields)
    )
    return form_class


def _field_of(item: Input) -> forms.Field:
    options: dict[str, Any] = {
        "label": item.label,
        "help_text": item.help_text,
        "required": item.required or item.defaults_to_now,
    }
    match item.kind:
        case InputKind.MOMENT:
            return MomentField(**options, initial=this_minute if item.defaults_to_now else None)
        case InputKind.DAY:
            return DayField(**options, initial=today_in_shanghai if item.defaults_to_now else None)
        case InputKind.WORDS:
            return words_field(item.label, required=item.required, help_text=item.help_text)
        case InputKind.LINE:
            return forms.CharField(**options, max_length=item.max_length)
        case InputKind.AMOUNT:
            return amount_field(**options)
        case InputKind.FLAG | InputKind.CONSENT:
            return forms.BooleanField(**{**options, "required": item.kind is InputKind.CONSENT})
    return _choice_field(item, options)


def _choice_field(item: Input, options: dict[str, Any]) -> forms.Field:
    if item.kind is InputKind.MEMBER:
        return forms.ChoiceField(**options)
    choices: Any = [*item.labels.items()] or YES_NO_CHOICES
    if item.choices and not item.labels:
        choices = item.choices.choices  # type: ignore[attr-defined]
    is_radio = item.radio or item.kind is InputKind.YES_NO
    return forms.ChoiceField(
        **{**options, "required": True},
        choices=choices,
        initial=item.initial,
        widget=forms.RadioSelect if is_radio else forms.Select,
    )


class ChecklistItemForm(VerbForm):
    """One line of the checklist."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=20)
    state = forms.ChoiceField(choices=[("", ""), *ItemState.choices], required=False)
    words = forms.CharField(required=False, max_length=500)

    def verb(self) -> Verb:
        return ops.MarkItem(**self.values("code", "state", "words"))
