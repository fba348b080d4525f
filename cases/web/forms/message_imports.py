"""Adding carriers' messages by hand: pasted one by one, or from a file."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.file_types import MEGABYTE
from cases.formats.forwarders.payloads import MAX_SENDER_LENGTH, strip_unstorable
from cases.formats.message_exports import MAX_FILE_BYTES
from cases.web.forms.base import BaseForm, MomentField, text_area, this_minute


class MessagePasteForm(BaseForm):
    error_field_names: ClassVar[dict[str, str]] = {"happened_at": "received_at"}

    text = forms.CharField(
        label=_("Full text, including the signature 【…】"),
        max_length=20_000,
        strip=False,
        widget=text_area(5),
        help_text=_("Copy it exactly as it is on the phone. Verification codes are never stored."),
    )
    sender = forms.CharField(label=_("Sender"), max_length=MAX_SENDER_LENGTH, help_text=_("Such as 10086."))
    received_at = MomentField(label=_("Received at"), initial=this_minute)

    def clean_text(self) -> str:
        return self._storable("text")

    def clean_sender(self) -> str:
        return self._storable("sender")

    def _storable(self, name: str) -> str:
        value: Any = strip_unstorable(self.cleaned_data[name])
        if not value.strip():
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        return str(value)


class MessageImportForm(BaseForm):
    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with a header row (sender, text, received_at), a JSON list, an SMS Backup & Restore XML file, or an "
            "export of SMS Import / Export, iMazing, SmsForwarder or 豌豆荚; also as ZIP, up to %(limit)s MB."
        )
        % {"limit": MAX_FILE_BYTES // MEGABYTE},
    )
