"""The answers of one call about many numbers: what holds for all, and what is different for some."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.domain.calls import OUTCOMES, CallOutcome, CallPurpose
from cases.domain.costs import AmountRefused
from cases.domain.errors import CaseError, ReturnReasonMissing
from cases.models import Batch, Case
from cases.models.choices import ReturnReason
from cases.operations.call_sheets import Call, CallAnswer, CallSheet, answer_verb
from cases.web.forms.base import ActionForm, DayField, MomentField, this_minute
from cases.web.forms.case_actions import agent_field, amount_field, reference_field, words_field
from cases.wording.call_sheets import outcome_label
from cases.wording.refunds import open_refund_of

#: What is asked about all numbers beside the answer, by what the call is for.
_ANSWER_FIELDS = {
    CallPurpose.COMPLAIN: ("day", "accept_far", "reason", "reference"),
    CallPurpose.ASK: ("day", "accept_far", "reason", "reference"),
    CallPurpose.VERIFY: ("reference",),
    CallPurpose.REFUND: ("day",),
    CallPurpose.ARREARS: ("reference",),
}


class CallForm(ActionForm):
    """What was said in a call. A number without an outcome of its own has that of its batch, or that of all."""

    error_field_names = {"promised_on": "day"}

    agent = agent_field()
    happened_at = MomentField(label=_("Time"), initial=this_minute, help_text=_("Beijing time."))
    outcome = forms.ChoiceField(label=_("Answer for all numbers"), widget=forms.RadioSelect)
    day = DayField(label=_("Promised date"), required=False)
    accept_far = forms.BooleanField(label=_("Accept this date"), required=False)
    reason = forms.ChoiceField(
        label=_("Reason for return"), required=False, choices=[("", _("Choose…")), *ReturnReason.choices]
    )
    reference = reference_field()
    words = words_field(_("Notes on the conversation"))
    field_order = ["agent", "outcome", "day", "accept_far", "reason", "reference", "words", "happened_at"]

    def __init__(self, *args: Any, sheet: CallSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        outcomes = OUTCOMES[sheet.purpose]
        choices = [(outcome.value, outcome_label(outcome)) for outcome in outcomes]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        self.fields["outcome"].initial = outcomes[0].value
        self.common_names = list(self.fields)
        if sheet.purpose is CallPurpose.COMPLAIN:
            self.fields["reference"].label = _("Complaint reference")
        if sheet.purpose is CallPurpose.REFUND:
            self.fields["day"].label = _("Date the carrier named for the refund")
            self.fields["day"].help_text = _("If it was paid: the day on which it came; blank is the day of the call.")
        for name in ("day", "accept_far", "reason", "reference"):
            if name not in _ANSWER_FIELDS[sheet.purpose]:
                del self.fields[name]
        own = [("", _("Same for all")), *choices, (CallOutcome.NOT_ASKED.value, outcome_label(CallOutcome.NOT_ASKED))]
        for batch, rows in sheet.by_batch():
            if batch:
                self._add_outcome(
                    f"outcome_batch_{batch.pk}", own, gettext("Answer for the batch %(batch)s") % {"batch": batch}
                )
            for row in rows:
                self._add_row(row.case, own)

    def _add_outcome(self, name: str, choices: Sequence[Any], label: str) -> None:
        self.fields[name] = forms.ChoiceField(
            required=False,
            choices=choices,
            label=label,
            widget=forms.Select(attrs={"class": "form-select form-select-sm", "aria-label": label}),
        )

    def _add_row(self, case: Case, choices: Sequence[Any]) -> None:
        place, is_refund = {"case": case.reference}, self.sheet.purpose is CallPurpose.REFUND
        self._add_outcome(f"outcome_{case.reference}", choices, gettext("Answer for %(case)s") % place)
        if "day" in self.fields:
            text = gettext("Date for the refund of %(case)s") if is_refund else gettext("Promised date for %(case)s")
            self._add_detail(f"day_{case.reference}", DayField(required=False), text % place)
        if "reference" in self.fields:
            text = gettext("Reference number for %(case)s") % place
            self._add_detail(f"reference_{case.reference}", forms.CharField(required=False, max_length=60), text)
        if is_refund:
            text = gettext("Amount received for %(case)s (yuan)") % place
            self._add_detail(f"amount_{case.reference}", amount_field(required=False), text)

    def _add_detail(self, name: str, field: forms.Field, label: str) -> None:
        field.label = label
        field.widget.attrs |= {"class": "form-control form-control-sm", "aria-label": label}
        self.fields[name] = field

    def common_fields(self) -> Iterator[forms.BoundField]:
        """What holds for all numbers, in order."""
        return (self[name] for name in self.fields if name in self.common_names and name not in ("click", "seen"))

    def row_fields(self, case: Case) -> list[forms.BoundField]:
        """The day, reference and amount of one number, where its purpose asks for them."""
        names = [f"{name}_{case.reference}" for name in ("day", "reference", "amount")]
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["answers"] = {row.case: self._answer(row.case, data) for row in self.sheet.rows}
            for case, answer in data["answers"].items():
                if answer.outcome is CallOutcome.REFUND_RECEIVED and answer.is_all and answer.amount is None:
                    self.add_error(f"amount_{case.reference}", wording.error_message(AmountRefused()))
                try:
                    answer_verb(self.call(), answer)
                except CaseError as error:
                    self._add_answer_error(error)
        return data

    def _answer(self, case: Case, data: dict[str, Any]) -> CallAnswer:
        own = data.get(f"outcome_{case.reference}") or data.get(f"outcome_batch_{case.batch_id}")
        refund = open_refund_of(case)
        return CallAnswer(
            CallOutcome(own or data["outcome"]),
            data.get(f"day_{case.reference}") or data.get("day"),
            data.get("reason", ""),
            data.get(f"reference_{case.reference}") or data.get("reference", ""),
            data.get("accept_far", False),
            data.get(f"amount_{case.reference}"),
            refund is not None and refund.amount is None,
        )

    def _add_answer_error(self, error: CaseError) -> None:
        """Once, at the field for all, however many numbers lack it."""
        message = wording.error_message(error)
        name = "reason" if isinstance(error, ReturnReasonMissing) else "day"
        if message not in self.errors.get(name, []):
            self.add_error(name, message)

    def call(self) -> Call:
        """When it was, who answered, what was said in general."""
        data = self.cleaned_data
        agent = wording.labelled(gettext("Carrier representative"), data["agent"]) if data["agent"] else ""
        note = "\n".join(filter(None, (agent, data["words"])))
        return Call(data["happened_at"], data["agent"], data["words"], note)

    def outcome_of(self, item: Case | Batch) -> forms.BoundField:
        """The field with the answer for one number, or for all of a batch."""
        return self[f"outcome_batch_{item.pk}" if isinstance(item, Batch) else f"outcome_{item.reference}"]
