"""Recording a batch, and the carrier's answer to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.formats.number_list import MAX_NUMBERS, NumberList, parse_number_list
from cases.models.choices import EntryKind, ReceiptKind, RequestChannel
from cases.operations.batches import BatchReply, NewBatch
from cases.web.forms.base import ActionForm, MomentField, text_area, this_minute
from cases.web.forms.new_case import CardForm, RequestForm
from cases.web.forms.receipts import MultipleFileField, read_uploads


def _number_list_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200_000, widget=text_area(8), help_text=help_text)


def _parse_numbers(form: forms.Form, name: str) -> NumberList:
    """The numbers of a field; adds errors for what is no number, and for too many."""
    number_list = parse_number_list(form.cleaned_data.get(name) or "")
    if number_list.invalid:
        wrong = ", ".join(number_list.invalid[:10]) + (" …" if len(number_list.invalid) > 10 else "")
        form.add_error(name, _("These are no mobile numbers: %(wrong)s.") % {"wrong": wrong})
    if len(number_list.notes) > MAX_NUMBERS:
        form.add_error(name, _("At most %(most)s numbers at once.") % {"most": MAX_NUMBERS})
    return number_list


class BatchForm(RequestForm):
    numbers = _number_list_field(
        _("Numbers"), _("One in each row, or with commas between; as they stand in your list.")
    )
    carrier = CardForm.base_fields["carrier"]
    happened_at = MomentField(label=_("When was the request handed in?"), initial=this_minute)
    uploads = MultipleFileField(
        label=_("Receipt for all"),
        required=False,
        help_text=_("The stamped letter, the list with a signature: it is kept once and stands on every case."),
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
                self.add_error("numbers", _("There is no number in this list."))
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

    done = _number_list_field(_("Said to be done"), _("Paste the carrier's list."), required=False)
    others = _number_list_field(
        _("Not done"), _("One number in each row, with the reason beside it: it is kept with the case."), required=False
    )
    others_kind = forms.ChoiceField(
        label=_("What that means"),
        choices=[
            (EntryKind.UNDER_REVIEW.value, _("They are still being worked on")),
            (EntryKind.RETURNED.value, _("They are handed back: something is missing")),
        ],
        initial=EntryKind.UNDER_REVIEW.value,
        widget=forms.RadioSelect,
    )
    happened_at = MomentField(label=_("When did the answer come?"), initial=this_minute)
    words = RequestForm.base_fields["words"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        done, others = _parse_numbers(self, "done"), _parse_numbers(self, "others")
        duplicates = [number for number in done.notes if number in others.notes]
        if duplicates:
            self.add_error("others", _("In both lists: %(numbers)s.") % {"numbers": ", ".join(duplicates[:10])})
        if not done.notes and not others.notes and not self.errors:
            self.add_error("done", _("There is no number in this list."))
        data["answer"] = (done.numbers, others.notes)
        return data

    def reply(self) -> BatchReply:
        done, others = self.cleaned_data["answer"]
        data = self.cleaned_data
        return BatchReply(data["happened_at"], done, others, data["others_kind"], data["words"])
