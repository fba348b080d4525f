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
        label=_("Show full numbers"),
        required=False,
        help_text=_("If not ticked, numbers and holder names are masked, and the timeline files contain only hashes."),
    )
    with_receipts = forms.BooleanField(
        label=_("Include receipt files"),
        required=False,
        initial=True,
        help_text=_("Included as uploaded; their content is not masked. If not ticked, only their hashes are listed."),
    )

    def offer_masked_only(self, *, receipts: bool) -> None:
        """Show it to somebody who may not export: without full numbers, and without receipts unless `receipts`."""
        del self.fields["full_numbers"]
        if not receipts:
            del self.fields["with_receipts"]

    def choices(self) -> DossierOptions:
        data = self.cleaned_data
        return DossierOptions(full_numbers=data["full_numbers"], with_receipts=data["with_receipts"])


class BulkDossierForm(DossierForm):
    references = forms.CharField(
        label=_("Cases"),
        widget=text_area(8),
        max_length=20 * MAX_CASES,
        help_text=_("Case references, such as XK-2345ABCD."),
    )
    field_order = ("references", "full_numbers", "with_receipts")

    def clean_references(self) -> list[str]:
        """The references in order, without duplicates."""
        matches = re.findall(r"[^\s,;，；、]+", self.cleaned_data["references"].upper())
        references = list(dict.fromkeys(matches))
        if len(references) > MAX_CASES:
            raise forms.ValidationError(
                _("Up to %(most)s cases at a time. For more, use manage.py make_dossier."), params={"most": MAX_CASES}
            )
        return references


class DossierCheckForm(BaseForm):
    dossier = forms.FileField(label=_("Dossier (.zip)"), allow_empty_file=True)
    key = forms.CharField(
        label=_("Public key (only for dossiers created elsewhere)"),
        required=False,
        max_length=2000,
        widget=text_area(),
        help_text=_("Ask the person who created the dossier for the key. Do not take it from the dossier itself."),
    )

    def add_size_error(self) -> None:
        self.add_error(
            "dossier",
            _("Larger than %(size)s MB. Check it with manage.py verify_dossier.")
            % {"size": settings.DOSSIER_MAX_BYTES // 1024 // 1024},
        )
