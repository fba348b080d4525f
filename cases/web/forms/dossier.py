"""Making a dossier, and uploading one to be checked."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.documents.dossier import DossierOptions
from cases.documents.exports import MAX_CASES
from cases.web.forms.base import BaseForm, text_area


class DossierForm(BaseForm):
    full_numbers = forms.BooleanField(
        label=_("Show numbers in full"),
        required=False,
        help_text=_("Otherwise numbers and names of holders are masked, and the timeline files hold hashes only."),
    )
    with_receipts = forms.BooleanField(
        label=_("With the receipts themselves"),
        required=False,
        initial=True,
        help_text=_("As they were handed in: what stands in them is not masked. Without, their hashes stand for them."),
    )

    def choices(self) -> DossierOptions:
        data = self.cleaned_data
        return DossierOptions(full_numbers=data["full_numbers"], with_receipts=data["with_receipts"])


class BulkDossierForm(DossierForm):
    references = forms.CharField(
        label=_("Cases"),
        widget=text_area(8),
        max_length=20 * MAX_CASES,
        help_text=_("Their references, such as XK-2345ABCD."),
    )
    field_order = ("references", "full_numbers", "with_receipts")

    def clean_references(self) -> list[str]:
        """The references in order, without duplicates."""
        matches = re.findall(r"[^\s,;，；、]+", self.cleaned_data["references"].upper())
        references = list(dict.fromkeys(matches))
        if len(references) > MAX_CASES:
            raise forms.ValidationError(
                _("At most %(most)s cases at once; manage.py make_dossier takes more."), params={"most": MAX_CASES}
            )
        return references


class DossierCheckForm(BaseForm):
    dossier = forms.FileField(label=_("Dossier (.zip)"), allow_empty_file=True)
    key = forms.CharField(
        label=_("Public key of another installation"),
        required=False,
        max_length=2000,
        widget=text_area(),
        help_text=_("Only for a dossier that was made elsewhere: get the key from its makers, not from the dossier."),
    )

    def add_size_error(self) -> None:
        self.add_error(
            "dossier",
            _("Larger than %(size)s MB: check it with manage.py verify_dossier.")
            % {"size": settings.DOSSIER_MAX_BYTES // 1024 // 1024},
        )
