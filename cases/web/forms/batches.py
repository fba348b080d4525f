"""A batch recorded, and the carrier's answer to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.formats.number_list import MAX_NUMBERS, NumberList, parse_number_list
from cases.models import Carrier
from cases.models.choices import EntryKind, Reason, ReceiptKind, RequestChannel
from cases.operations.batches import BatchReply, NewBatch
from cases.web.forms.base import ActionForm, MomentField, text_area, this_minute
from cases.web.forms.receipts import MultipleFileField


def _number_list_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200_000, widget=text_area(8), help_text=help_text)


def _parse_numbers(form: forms.Form, name: str) -> NumberList:
    """The numbers of a field; what is none, and too many, is told there."""
    number_list = parse_number_list(form.cleaned_data.get(name) or "")
    if number_list.invalid:
        wrong = ", ".join(number_list.invalid[:10]) + (" …" if len(number_list.invalid) > 10 else "")
        form.add_error(name, _("These are no mobile numbers: %(wrong)s.") % {"wrong": wrong})
    if len(number_list.notes) > MAX_NUMBERS:
        form.add_error(name, _("At most %(most)s numbers at once.") % {"most": MAX_NUMBERS})
    return number_list


class BatchForm(ActionForm):
    numbers = _number_list_field(
        _("Numbers"), _("One in each row, or with commas between; as they stand in your list.")
    )
    carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.all(), empty_label=_("Choose …"))
    channel = forms.ChoiceField(
        label=_("How is it asked for?"), choices=RequestChannel.choices, initial=RequestChannel.LETTER
    )
    reason = forms.ChoiceField(label=_("Why is it cancelled?"), choices=Reason.choices, initial=Reason.COST)
    happened_at = MomentField(label=_("When was the request handed in?"), initial=this_minute)
    reference = forms.CharField(label=_("Carrier's reference (受理单号)"), max_length=60, required=False)
    uploads = MultipleFileField(
        label=_("Receipt for all"),
        required=False,
        help_text=_("The stamped letter, the list with a signature: it is kept once and stands on every case."),
    )
    words = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=text_area(2))

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
            files=[(file.name, file.read()) for file in data["uploads"]],
            receipt_kind=ReceiptKind.LETTER.value,
        )


class BatchReplyForm(ActionForm):
    """Which numbers are done, which are not."""

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
    words = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=text_area(2))

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
