"""Recording a carrier's message on the timeline."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases.domain.corrections import CorrectableEntry
from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import CarrierMessage, Case
from cases.models.choices import EntryKind
from cases.operations import Reply, Verb
from cases.operations.corrected_readings import ReadingCorrection
from cases.operations.messages import proposed_reply, reply_from_message
from cases.web.forms.case_actions import reference_field
from cases.web.forms.replies import REPLY_CHOICES, REPLY_DETAILS, CarrierReplyForm

EVIDENCE_CHOICE = (EntryKind.MESSAGE, _("None of these: save as a receipt without changing the case"))


class MessageForm(CarrierReplyForm):
    """Prefilled with what was read in the message, or as if it had been `read_as`; its words and moment cannot be
    changed."""

    kind = forms.ChoiceField(label=_("Meaning of the SMS"), widget=forms.RadioSelect)
    reference = reference_field()
    field_order = ["kind", *REPLY_DETAILS, "reference"]

    def __init__(self, *args: Any, message: CarrierMessage, case: Case, read_as: str = "", **kwargs: Any) -> None:
        self.message = message
        reply_initial = proposed_reply(message, read_as)
        choices = REPLY_CHOICES if case.state in STATUSES_WITH_CARRIER else []
        if not choices:
            reply_initial["kind"] = EntryKind.MESSAGE.value
        kwargs["initial"] = {**reply_initial, **kwargs.get("initial", {})}
        super().__init__(*args, case=case, members=[], **kwargs)
        self.fields["kind"].choices = [*choices, EVIDENCE_CHOICE]  # type: ignore[attr-defined]

    def verb(self) -> Verb:
        return ops.RecordMessage(self.message, self.reply())

    def reply(self) -> Reply | None:
        """What the message says; None where it only is evidence."""
        reply_fields = dict(self.cleaned_data)
        kind = reply_fields.pop("kind")
        return None if kind == EntryKind.MESSAGE else reply_from_message(self.message, kind, **reply_fields)

    def hidden_values(self) -> list[tuple[str, str]]:
        """The values of the prefilled form, to be submitted by one button; none without a proposed answer."""
        if not self["kind"].value():
            return []
        return [(name, str(field.value())) for name, field in zip(self.fields, self, strict=True) if field.value()]


class ReadingForm(MessageForm):
    """What a recorded message says instead of what the entry says that recorded it."""

    def __init__(self, *args: Any, message: CarrierMessage, case: Case, entry: CorrectableEntry, **kwargs: Any) -> None:
        content = entry.content or {}
        parts = ("promised_on", "effective_on", "reason", "owed", "reference")
        recorded = {part: content.get(part) or "" for part in parts}
        initial = {"kind": str(entry.kind), **recorded}
        super().__init__(*args, message=message, case=case, initial=initial, **kwargs)
        # Where the case stood before the entry: a reply was possible then.
        self.fields["kind"].choices = [*REPLY_CHOICES, EVIDENCE_CHOICE]  # type: ignore[attr-defined]
        self.sequence = entry.sequence

    def correction(self) -> ReadingCorrection:
        return ReadingCorrection(self.sequence, self.reply(), gettext("The SMS was misread."))
