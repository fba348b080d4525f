"""Forms for a carrier's reply, by itself or to a follow-up."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.domain.errors import EffectiveDayMissing
from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import Case
from cases.models.choices import EntryKind, FollowUpWay, ReturnReason
from cases.operations import Verb
from cases.web.forms.balance import BalanceForm
from cases.web.forms.base import DayField
from cases.web.forms.case_actions import (
    TimedActionForm,
    VerbForm,
    agent_field,
    amount_field,
    reference_field,
    words_field,
)

REPLY_CHOICES = [
    (EntryKind.ACKNOWLEDGED, _("Request acknowledged")),
    (EntryKind.UNDER_REVIEW, _("Under review")),
    (EntryKind.PROMISED, _("Promised date given")),
    (EntryKind.TAKES_EFFECT, _("Takes effect later, can be revoked until then (预销户)")),
    (EntryKind.RETURNED, _("Refused or returned: something is missing")),
    (EntryKind.REPORTED_DONE, _("Says it is done")),
]

#: What some kinds of reply need besides.
REPLY_DETAILS = ("promised_on", "accept_far", "effective_on", "roaming", "reason", "owed")


class CarrierReplyForm(VerbForm):
    """A carrier's reply; its kind decides which of the other fields count."""

    kind = forms.ChoiceField(label=_("Carrier’s reply"), widget=forms.RadioSelect, choices=REPLY_CHOICES)
    promised_on = DayField(label=_("Promised date"), required=False)
    accept_far = forms.BooleanField(label=_("Accept this date"), required=False)
    effective_on = DayField(
        label=_("Takes effect on"),
        required=False,
        help_text=_("Leave blank if the carrier named no date: its usual one is taken."),
    )
    roaming = forms.BooleanField(
        label=_("Roaming was used this month"), required=False, help_text=_("Only if no date was named.")
    )
    reason = forms.ChoiceField(
        label=_("Reason for return"), required=False, choices=[("", _("Choose…")), *ReturnReason.choices]
    )
    owed = amount_field(_("Amount owed (yuan)"), required=False)
    error_field_names: ClassVar[dict[str, str]] = {"amount": "owed"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owed"].label = _("Amount owed (yuan)")
        self.fields["owed"].help_text = _("If the carrier wants money first and named the amount.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reply = ops.REPLIES.get(data.get("kind", ""))
        if reply is ops.TakesEffect and not data.get("effective_on") and self.case.carrier.effect_day is None:
            self.add_case_error(EffectiveDayMissing())
        for name, error in reply.required.items() if reply else ():
            if not data.get(name) and name not in self.errors:
                self.add_case_error(error())
        return data


class ReplyForm(BalanceForm, CarrierReplyForm, TimedActionForm):
    """The carrier replied by itself."""

    words = words_field(_("In the carrier’s own words"))
    agent = agent_field()
    reference = reference_field()
    field_order = ["kind", *REPLY_DETAILS, "happened_at", "words", "agent", "reference"]

    def verb(self) -> Verb:
        reply_fields = self.cleaned_data | {"at": self.at}
        return ops.make_reply(reply_fields.pop("kind"), **reply_fields)

    def concerns_balance(self) -> bool:
        return self.cleaned_data.get("kind") == EntryKind.REPORTED_DONE


class FollowUpForm(BalanceForm, CarrierReplyForm, TimedActionForm):
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
        *("way", "agent", "kind", *REPLY_DETAILS),
        *("words", "reference", "happened_at"),
    ]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        if case.state not in STATUSES_WITH_CARRIER:  # then it owes no answer
            for name in ("kind", *REPLY_DETAILS):
                del self.fields[name]
            self.leave_out_balance()

    def verb(self) -> Verb:
        reply_fields = self.cleaned_data | {"at": self.at}
        kind = reply_fields.pop("kind", "")
        if kind:
            return ops.make_reply(kind, **reply_fields)
        return ops.FollowUp(self.at, **self.values("way", "words", "agent", "reference"))

    def concerns_balance(self) -> bool:
        return self.cleaned_data.get("kind") == EntryKind.REPORTED_DONE
