"""What an operator may do with cases here: the forms, and the operations that they become."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import operations as ops
from cases.models.choices import Finding, FollowUpWay, Method

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrPromise

# Nothing is confirmed by leaving a form as it came.
_EMPTY_CHOICE = ("", "---------")


class AdminActionForm(forms.Form):
    """The moment and the words; subclasses add what their operation needs."""

    at = forms.DateTimeField(
        label=_("Time"),
        help_text=_("When it happened (Beijing time). Leave blank if it was just now."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Enter a date and time, like 2026-09-30 15:00.")},
    )
    words = forms.CharField(
        label=_("Details"),
        help_text=_("Saved with your name on every selected case. Do not enter passwords or identity numbers."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    field_order = ["at", "way", "method", "finding", "agent", "words"]

    def verb(self, now: datetime) -> ops.Verb:
        """The operation of a valid form; `now` stands in for an empty moment."""
        raise NotImplementedError(type(self).__name__)

    def moment(self, now: datetime) -> datetime:
        """When it happened: as entered, or now."""
        at: datetime | None = self.cleaned_data["at"]
        return at or now


def _agent_field() -> forms.CharField:
    return forms.CharField(
        label=_("Carrier representative"), help_text=_("Name or staff number (工号)."), required=False, max_length=60
    )


class AdminFollowUpForm(AdminActionForm):
    way = forms.ChoiceField(label=_("Method"), choices=FollowUpWay.choices)
    agent = _agent_field()

    def verb(self, now: datetime) -> ops.Verb:
        data = self.cleaned_data
        return ops.FollowUp(self.moment(now), way=data["way"], words=data["words"], agent=data["agent"])


class AdminUnderReviewForm(AdminActionForm):
    agent = _agent_field()

    def verb(self, now: datetime) -> ops.Verb:
        data = self.cleaned_data
        return ops.UnderReview(self.moment(now), words=data["words"], agent=data["agent"])


class AdminConfirmForm(AdminActionForm):
    method = forms.ChoiceField(
        label=_("Verification method"),
        help_text=_(
            "A failed call is weak evidence: a number suspended for unpaid bills fails too. So is a lower number "
            "count: it never shows which number is gone."
        ),
        choices=[_EMPTY_CHOICE, *Method.choices],
    )
    finding = forms.ChoiceField(
        label=pgettext_lazy("of a verification", "Result"),
        help_text=_(
            "“Cancelled” confirms and closes the case. Any other result is only recorded, and the case stays open."
        ),
        choices=[_EMPTY_CHOICE, *Finding.choices],
    )

    def verb(self, now: datetime) -> ops.Verb:
        data = self.cleaned_data
        return ops.Verify(self.moment(now), data["method"], data["finding"], words=data["words"], confirm=True)


#: What each action that the admin offers asks there.
FORMS: dict[ops.Action, type[AdminActionForm]] = {
    ops.Action.FOLLOW_UP: AdminFollowUpForm,
    ops.Action.REPLY: AdminUnderReviewForm,
    ops.Action.VERIFY: AdminConfirmForm,
}
#: The offers of the registry by their names in addresses.
OFFERS = {spec.admin.name: spec for spec in ops.ADMIN_ACTIONS if spec.admin}


def offer_title(spec: ops.ActionSpec) -> "StrPromise":
    """The title of an action that the admin offers."""
    assert spec.admin is not None
    return spec.admin.title
