"""One form for each thing that can be done with a case. A form knows its fields; the verb knows the rules."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.domain.escalation import AppealSubject
from cases.models import Case, User
from cases.models.choices import (
    Finding,
    ItemState,
    Method,
)
from cases.operations import Verb
from cases.web.forms.base import ActionForm, DayField, MomentField, text_area, this_minute
from cases.wording.carriers import VerificationMethod, verification_methods

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

    def values(self, *names: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}


class TimedActionForm(VerbForm):
    """Something that happened at a moment."""

    happened_at = MomentField(label=_("When"), initial=this_minute, help_text=_("Shanghai time."))

    @property
    def at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        return moment


def words_field(label: Any = None, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label or _("Note"), required=required, max_length=4000, widget=text_area(), help_text=help_text
    )


def reference_field() -> forms.CharField:
    return forms.CharField(label=_("Carrier's reference (受理单号)"), max_length=60, required=False)


def agent_field() -> forms.CharField:
    return forms.CharField(
        label=_("Who you spoke to"), max_length=60, required=False, help_text=_("Name or staff number (工号).")
    )


class VerifyForm(TimedActionForm):
    method = forms.ChoiceField(label=_("How did you check?"), choices=Method.choices, widget=forms.RadioSelect)
    part = "cases/parts/verify_form.html"
    finding = forms.ChoiceField(label=_("What did you find?"), choices=Finding.choices, widget=forms.RadioSelect)
    confirm = forms.BooleanField(
        label=_("Close the case as confirmed, if the number is cancelled"), required=False, initial=True
    )
    words = words_field()
    field_order = ["method", "finding", "happened_at", "confirm", "words"]

    def methods(self) -> list[VerificationMethod]:
        """The three ways, each with how it is gone and what it proves."""
        return verification_methods(self.case.carrier)

    def verb(self) -> Verb:
        return ops.Verify(self.at, **self.values("method", "finding", "words", "confirm"))


class ConfirmForm(VerbForm):
    words = words_field()

    def verb(self) -> Verb:
        return ops.Confirm(self.cleaned_data["words"])


class ReopenForm(VerbForm):
    words = words_field(_("Why is it opened again?"), required=True)

    def verb(self) -> Verb:
        return ops.Reopen(self.cleaned_data["words"])


class WithdrawForm(VerbForm):
    words = words_field(_("Why is it withdrawn?"))

    def verb(self) -> Verb:
        return ops.Withdraw(self.cleaned_data["words"])


class CorrectForm(TimedActionForm):
    happened_at = MomentField(label=_("When was it really handed in?"), help_text=_("Shanghai time."))
    words = words_field(_("Why is it corrected?"), required=True)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"happened_at": case.submitted_at, **kwargs.get("initial", {})}
        super().__init__(*args, case=case, **kwargs)

    def verb(self) -> Verb:
        return ops.CorrectSubmission(self.at, self.cleaned_data["words"])


class ComplainForm(TimedActionForm):
    happened_at = MomentField(label=_("When was it lodged?"), initial=this_minute, help_text=_("Shanghai time."))
    reference = forms.CharField(label=_("The complaint's number"), max_length=60, required=False)
    words = words_field(_("What the complaint says"))

    def verb(self) -> Verb:
        return ops.Complain(self.at, **self.values("reference", "words"))


class AppealForm(TimedActionForm):
    happened_at = MomentField(
        label=_("When did the papers arrive?"),
        initial=this_minute,
        help_text=_("Shanghai time. The appeal body's deadlines run from then."),
    )
    about = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        choices=[
            (AppealSubject.OTHER, _("The cancellation is not done")),
            (AppealSubject.CHARGES, _("Charges alone: taken for 5 months only")),
        ],
        initial=AppealSubject.OTHER,
    )
    anyway = forms.BooleanField(label=_("It was lodged all the same"), required=False)
    reference = forms.CharField(label=_("The appeal's number"), max_length=60, required=False)
    words = words_field()
    field_order = ["happened_at", "about", "anyway", "reference", "words"]

    def verb(self) -> Verb:
        return ops.Appeal(self.at, **self.values("reference", "words", "about", "anyway"))


class EscalationAnswerForm(TimedActionForm):
    satisfied = forms.ChoiceField(
        label=_("Does the answer settle it?"), choices=YES_NO_CHOICES, widget=forms.RadioSelect
    )
    words = words_field(_("What the answer says"))
    field_order = ["satisfied", "happened_at", "words"]

    @property
    def answer_args(self) -> dict[str, Any]:
        return {"at": self.at, "satisfied": self.cleaned_data["satisfied"] == "yes", **self.values("words")}


class ComplaintAnswerForm(EscalationAnswerForm):
    def verb(self) -> Verb:
        return ops.ComplaintAnswered(**self.answer_args)


class AppealAnswerForm(EscalationAnswerForm):
    def verb(self) -> Verb:
        return ops.AppealAnswered(**self.answer_args)


class AppealDecisionForm(TimedActionForm):
    accepted = forms.ChoiceField(
        label=_("Does the appeal body take it up?"), choices=YES_NO_CHOICES, widget=forms.RadioSelect
    )
    words = words_field()
    field_order = ["accepted", "happened_at", "words"]

    def verb(self) -> Verb:
        return ops.AppealDecided(self.at, self.cleaned_data["accepted"] == "yes", self.cleaned_data["words"])


class SnoozeForm(VerbForm):
    until = DayField(
        label=_("Quiet until"),
        required=False,
        help_text=_("No reminders before this day; the case stays as late as it is. Empty: remind again."),
    )
    words = words_field()

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"until": case.snoozed_until, **kwargs.get("initial", {})}
        super().__init__(*args, case=case, **kwargs)

    def verb(self) -> Verb:
        return ops.Snooze(**self.values("until", "words"))


class HandOverForm(VerbForm):
    handler = forms.ChoiceField(label=_("Who looks after it"), required=False)
    words = words_field()

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"handler": case.handler_id or "", **kwargs.get("initial", {})}
        super().__init__(*args, case=case, **kwargs)
        choices = [(str(user.pk), str(user)) for user in self.members]
        self.fields["handler"].choices = [("", _("Nobody in particular")), *choices]  # type: ignore[attr-defined]

    def verb(self) -> Verb:
        handler_id = self.cleaned_data["handler"]
        handler = next((user for user in self.members if str(user.pk) == handler_id), None)
        return ops.HandOver(handler, self.cleaned_data["words"])


class ChecklistItemForm(VerbForm):
    """One line of the checklist."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=20)
    state = forms.ChoiceField(choices=[("", ""), *ItemState.choices], required=False)
    words = forms.CharField(required=False, max_length=500)

    def verb(self) -> Verb:
        return ops.MarkItem(**self.values("code", "state", "words"))
