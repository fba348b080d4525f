"""Receipts: files and pasted texts, stored once under the hash of their bytes, encrypted, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.domain import file_types
from cases.models.append_only import AppendOnlyModel
from cases.models.cases import Case
from cases.models.choices import ReceiptKind
from cases.models.people import User
from cases.models.receipt_store import receipt_store


class Receipt(AppendOnlyModel):
    case = models.ForeignKey(Case, models.PROTECT, related_name="receipts")
    kind = models.CharField(_("kind"), max_length=10, choices=ReceiptKind.choices)
    name = models.CharField(_("name"), max_length=120)
    detected_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="receipt_once_per_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_text(self) -> bool:
        return self.detected_type == "text/plain"

    @property
    def is_picture(self) -> bool:
        """A browser can show it as a small picture."""
        return self.detected_type in ("image/jpeg", "image/png", "image/webp")

    def download_name(self) -> str:
        """The given name with the ending of what the bytes really are."""
        extension = file_types.EXTENSIONS[self.detected_type]
        return self.name if self.name.lower().endswith(f".{extension}") else f"{self.name}.{extension}"

    def read(self) -> bytes:
        """The bytes, checked against their hash; raises ReceiptAltered."""
        return receipt_store.read(self.case.team_id, self.sha256)
