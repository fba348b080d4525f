"""The form for submitting a request, with the open items of the checklist."""

import json
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.domain.checklist import ChecklistItem
from cases.models import Case
from cases.operations import Verb
from cases.web.forms.base import MomentField, this_minute
from cases.web.forms.case_actions import TimedActionForm, reference_field, words_field


class SubmitForm(TimedActionForm):
    """Open items are ticked or waived here; the button says whether the request was submitted already."""

    part = "cases/parts/submit_form.html"
    happened_at = MomentField(label=_("Submission time"), initial=this_minute, help_text=_("Beijing time."))
    reference = reference_field()
    words = words_field()
    already = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.open_lines = [line for line in ops.checklist_of(case) if not line.state]
        for line in self.open_lines:
            self.fields[f"ready-{line.item.code}"] = forms.BooleanField(required=False)
            self.fields[f"waive-{line.item.code}"] = forms.CharField(required=False, max_length=500)
        self.fields["happened_at"].widget.attrs |= {
            "hx-post": reverse("deadline_preview"),
            "hx-vals": json.dumps({"carrier": case.carrier_id}),
            "hx-trigger": "change",
            "hx-target": "#preview",
            "hx-params": "csrfmiddlewaretoken,happened_at,carrier",
        }

    def line_fields(self) -> list[tuple[ChecklistItem, bool, forms.BoundField, forms.BoundField]]:
        """The open items, each with whether it is required, and its two fields."""
        return [
            (line.item, line.required, self[f"ready-{line.item.code}"], self[f"waive-{line.item.code}"])
            for line in self.open_lines
        ]

    @property
    def is_incomplete(self) -> bool:
        """Whether a required item is open."""
        return any(line.is_missing for line in self.open_lines)

    def verb(self) -> Verb:
        data = self.cleaned_data
        codes = [line.item.code for line in self.open_lines]
        waived = {code: data[f"waive-{code}"] for code in codes if data[f"waive-{code}"]}
        ready = tuple(code for code in codes if data[f"ready-{code}"])
        return ops.Submit(
            self.at,
            **self.values("reference", "words"),
            already_sent=data["already"],
            ready=ready,
            waived={code: reason for code, reason in waived.items() if code not in ready},
        )
