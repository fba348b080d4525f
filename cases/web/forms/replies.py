"""Forms for a carrier's reply, by itself or to a follow-up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import Case
from cases.models.choices import EntryKind, FollowUpWay, ReturnReason
from cases.operations import Verb
from cases.web.forms.base import DayField
from cases.web.forms.case_actions import TimedActionForm, VerbForm, agent_field, reference_field, words_field

REPLY_CHOICES = [
    (EntryKind.ACKNOWLEDGED, _("Request acknowledged")),
    (EntryKind.UNDER_REVIEW, _("Under review")),
    (EntryKind.PROMISED, _("Promised date given")),
    (EntryKind.RETURNED, _("Refused or returned: something is missing")),
    (EntryKind.REPORTED_DONE, _("Says it is done")),
]


class CarrierReplyForm(VerbForm):
    """A carrier's reply; its kind decides which of the other fields count."""

    kind = forms.ChoiceField(label=_("Carrier’s reply"), widget=forms.RadioSelect, choices=REPLY_CHOICES)
    promised_on = DayField(label=_("Promised date"), required=False)
    accept_far = forms.BooleanField(label=_("Accept this date"), required=False)
    reason = forms.ChoiceField(
        label=_("What the carrier wants"), required=False, choices=[("", _("Choose…")), *ReturnReason.choices]
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reply = ops.REPLIES.get(data.get("kind", ""))
        for name, error in reply.required.items() if reply else ():
            if not data.get(name) and name not in self.errors:
                self.add_case_error(error())
        return data


class ReplyForm(CarrierReplyForm, TimedActionForm):
    """The carrier replied by itself."""

    words = words_field(_("In the carrier’s own words"))
    agent = agent_field()
    reference = reference_field()
    field_order = ["kind", "promised_on", "accept_far", "reason", "happened_at", "words", "agent", "reference"]

    def verb(self) -> Verb:
        reply_fields = self.cleaned_data | {"at": self.at}
        return ops.make_reply(reply_fields.pop("kind"), **reply_fields)


class FollowUpForm(CarrierReplyForm, TimedActionForm):
    """A call, visit or message to the carrier, with its outcome; the most frequent one is preselected.

    Without a reply it is a follow-up; where the agent accepts, returns, promises or reports done, it is that reply
    (domain.md, 'Waiting rounds, replies, promises').
    """

    way = forms.ChoiceField(label=_("Method"), choices=FollowUpWay.choices, widget=forms.RadioSelect, initial="call")
    kind = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        required=False,
        initial="",
        choices=[("", _("No firm reply")), *REPLY_CHOICES],
    )
    agent = agent_field()
    words = words_field(_("Notes on the conversation"))
    reference = reference_field()
    field_order = [
        *("way", "agent", "kind", "promised_on", "accept_far", "reason"),
        *("words", "reference", "happened_at"),
    ]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        if case.state not in STATUSES_WITH_CARRIER:  # then it owes no answer
            for name in ("kind", "promised_on", "accept_far", "reason"):
                del self.fields[name]

    def verb(self) -> Verb:
        reply_fields = self.cleaned_data | {"at": self.at}
        kind = reply_fields.pop("kind", "")
        if kind:
            return ops.make_reply(kind, **reply_fields)
        return ops.FollowUp(self.at, **self.values("way", "words", "agent", "reference"))
