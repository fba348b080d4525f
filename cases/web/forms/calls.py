"""The answers of one call about many numbers: what holds for all, and what is different for some."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.domain.calls import OUTCOMES, CallOutcome, CallPurpose
from cases.domain.errors import CaseError, ReturnReasonMissing
from cases.models import Batch, Case
from cases.models.choices import ReturnReason
from cases.operations.call_sheets import Call, CallAnswer, CallSheet, answer_verb
from cases.web.forms.base import ActionForm, DayField, MomentField, this_minute
from cases.web.forms.case_actions import agent_field, reference_field, words_field
from cases.wording.call_sheets import outcome_label


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
        if sheet.purpose is CallPurpose.VERIFY:
            for name in ("day", "accept_far", "reason"):
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
        place = case.reference
        self._add_outcome(f"outcome_{place}", choices, gettext("Answer for %(case)s") % {"case": place})
        if self.sheet.purpose is not CallPurpose.VERIFY:
            label = gettext("Promised date for %(case)s") % {"case": place}
            self.fields[f"day_{place}"] = DayField(required=False, label=label)
            self.fields[f"day_{place}"].widget.attrs |= {"class": "form-control form-control-sm", "aria-label": label}
        label = gettext("Reference number for %(case)s") % {"case": place}
        self.fields[f"reference_{place}"] = forms.CharField(required=False, max_length=60, label=label)
        self.fields[f"reference_{place}"].widget.attrs |= {"class": "form-control form-control-sm", "aria-label": label}

    def common_fields(self) -> Iterator[forms.BoundField]:
        """What holds for all numbers, in order."""
        return (self[name] for name in self.fields if name in self.common_names and name not in ("click", "seen"))

    def row_fields(self, case: Case) -> list[forms.BoundField]:
        """The day and reference of one number, where its purpose asks for them."""
        names = (f"day_{case.reference}", f"reference_{case.reference}")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["answers"] = {row.case: self._answer(row.case, data) for row in self.sheet.rows}
            for answer in data["answers"].values():
                try:
                    answer_verb(self.call(), answer)
                except CaseError as error:
                    self._add_answer_error(error)
        return data

    def _answer(self, case: Case, data: dict[str, Any]) -> CallAnswer:
        own = data.get(f"outcome_{case.reference}") or data.get(f"outcome_batch_{case.batch_id}")
        return CallAnswer(
            CallOutcome(own or data["outcome"]),
            data.get(f"day_{case.reference}") or data.get("day"),
            data.get("reason", ""),
            data[f"reference_{case.reference}"] or data["reference"],
            data.get("accept_far", False),
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
