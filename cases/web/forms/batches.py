"""Recording a batch, and the carrier's answer to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import wording
from cases.formats.number_list import MAX_NUMBERS, NumberList, parse_number_list
from cases.models.choices import EntryKind, ReceiptKind, RequestChannel
from cases.operations.batches import BatchReply, NewBatch
from cases.web.forms.base import ActionForm, MomentField, text_area, this_minute
from cases.web.forms.new_case import CardForm, RequestForm
from cases.web.forms.receipts import MultipleFileField, read_uploads

#: Numbers that an error names; more are only hinted at.
_MAX_NAMED = 10


def _number_list_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200_000, widget=text_area(8), help_text=help_text)


def _parse_numbers(form: forms.Form, name: str) -> NumberList:
    """The numbers of a field; adds errors for what is no number, and for too many."""
    number_list = parse_number_list(form.cleaned_data.get(name) or "")
    if number_list.invalid:
        shown = [*number_list.invalid[:_MAX_NAMED], *(["…"] if len(number_list.invalid) > _MAX_NAMED else [])]
        wrong = wording.join_names(shown)
        form.add_error(name, _("These are not valid mobile numbers: %(wrong)s.") % {"wrong": wrong})
    if len(number_list.notes) > MAX_NUMBERS:
        form.add_error(name, _("You can enter at most %(most)s numbers at a time.") % {"most": MAX_NUMBERS})
    return number_list


class BatchForm(RequestForm):
    numbers = _number_list_field(
        pgettext_lazy("of cards", "Numbers"),
        _("One per line, or separated by commas. You can paste from a spreadsheet."),
    )
    carrier = CardForm.base_fields["carrier"]
    happened_at = MomentField(label=_("Submission time"), initial=this_minute)
    uploads = MultipleFileField(
        label=_("Shared receipt"),
        required=False,
        help_text=_("For example the stamped letter or the signed list. It is stored once and shown on every case."),
    )

    field_order = ["numbers", "carrier", "channel", "reason", "happened_at", "reference", "uploads", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].initial = RequestChannel.LETTER

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("numbers"):
            data["list"] = _parse_numbers(self, "numbers").numbers
            if not data["list"] and "numbers" not in self.errors:
                self.add_error("numbers", _("Enter at least one number."))
        return data

    def new_batch(self) -> NewBatch:
        data = self.cleaned_data
        return NewBatch(
            data["carrier"],
            data["list"],
            data["channel"],
            data["reason"],
            data["happened_at"],
            reference=data["reference"],
            words=data["words"],
            files=read_uploads(data["uploads"], settings.RECEIPT_MAX_BYTES),
            receipt_kind=ReceiptKind.LETTER.value,
        )


class BatchReplyForm(ActionForm):
    """Which numbers are done, and which are not."""

    done = _number_list_field(_("Completed numbers"), _("Paste the carrier’s list."), required=False)
    others = _number_list_field(
        _("Numbers not completed"),
        _("One number per line, followed by the reason. The reason is saved with the case."),
        required=False,
    )
    others_kind = forms.ChoiceField(
        label=_("Status of these numbers"),
        choices=[
            (EntryKind.UNDER_REVIEW.value, _("Still in progress")),
            (EntryKind.RETURNED.value, _("Returned: something is missing")),
        ],
        initial=EntryKind.UNDER_REVIEW.value,
        widget=forms.RadioSelect,
    )
    happened_at = MomentField(label=_("Reply time"), initial=this_minute)
    words = RequestForm.base_fields["words"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        done, others = _parse_numbers(self, "done"), _parse_numbers(self, "others")
        duplicates = [number for number in done.notes if number in others.notes]
        if duplicates:
            self.add_error(
                "others",
                _("These numbers are in both lists: %(numbers)s. Remove them from one.")
                % {"numbers": wording.join_names(duplicates[:_MAX_NAMED])},
            )
        if not done.notes and not others.notes and not self.errors:
            self.add_error("done", _("Enter at least one number."))
        data["answer"] = (done.numbers, others.notes)
        return data

    def reply(self) -> BatchReply:
        done, others = self.cleaned_data["answer"]
        data = self.cleaned_data
        return BatchReply(data["happened_at"], done, others, data["others_kind"], data["words"])
