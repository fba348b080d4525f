"""Uploading receipts: any number of files at once, or a pasted text."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cases.domain.file_types import MEGABYTE, FileTooLarge, clean_file_name
from cases.models.choices import ReceiptKind
from cases.web.forms.base import ActionForm, text_area


def read_uploads(files: "Iterable[UploadedFile[bytes]]", max_bytes: int) -> list[tuple[str, bytes]]:
    """Name and content of each file. Raises FileTooLarge before anything is read when one has more than `max_bytes`."""
    for file in files:
        if (file.size or 0) > max_bytes:
            raise FileTooLarge(name=clean_file_name(file.name or ""), limit=max_bytes // MEGABYTE)
    return [(file.name or "", file.read()) for file in files]


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Any number of files; the operation checks their types."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class ReceiptForm(ActionForm):
    # Opens the camera of a phone; where there is none the page leaves it out.
    photo = MultipleFileField(
        label=_("Take a photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    uploads = MultipleFileField(
        label=_("Files"),
        required=False,
        help_text=_("PDF, images, recordings or plain text, up to 20 MB each. Do not upload identity documents."),
    )
    text = forms.CharField(
        label=_("Or paste text, such as an SMS from the carrier"), required=False, max_length=20000, widget=text_area()
    )
    kind = forms.ChoiceField(label=_("Type"), choices=ReceiptKind.choices, initial=ReceiptKind.SCREENSHOT)
    words = forms.CharField(label=_("Notes"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["uploads"] = [*(data.get("photo") or []), *(data.get("uploads") or [])]
        if not data["uploads"] and not data.get("text", "").strip():
            self.add_error("uploads", _("Choose at least one file, or paste text."))
        return data
