"""Receipts: files and pasted texts, stored once under the hash of their bytes, never changed."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.domain import receipts
from cases.models.append_only import AppendOnlyModel
from cases.models.cases import Case
from cases.models.choices import ReceiptKind
from cases.models.people import User


class ReceiptAltered(OSError):
    """The stored bytes are gone, or are no longer those that were handed in."""


class ReceiptStore:
    """The one door to the bytes of receipts: RECEIPTS_ROOT/<team>/<first two>/<sha256>.

    Files are content-addressed within their team, so the same bytes are kept once, a batch's cases can share
    one receipt, and deleting a team's folder deletes all that it handed in.
    """

    def _path(self, team_id: int, sha256: str) -> Path:
        return Path(settings.RECEIPTS_ROOT) / str(team_id) / sha256[:2] / sha256

    def write(self, team_id: int, data: bytes) -> str:
        """Store the bytes and return their SHA-256. On return they are on the disk, whole, under their name."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(team_id, sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name, too, survives a power cut
        finally:
            os.close(folder)
        return sha256

    def read(self, team_id: int, sha256: str) -> bytes:
        """The bytes as they were handed in; raises ReceiptAltered when they are missing or changed."""
        try:
            data = self._path(team_id, sha256).read_bytes()
        except OSError as error:
            raise ReceiptAltered(f"receipt {sha256[:12]} cannot be read") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ReceiptAltered(f"receipt {sha256[:12]} was altered")
        return data


store = ReceiptStore()


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
        ending = receipts.ENDINGS[self.detected_type]
        return self.name if self.name.lower().endswith(f".{ending}") else f"{self.name}.{ending}"

    def read(self) -> bytes:
        """The bytes, checked against their hash; raises ReceiptAltered."""
        return store.read(self.case.team_id, self.sha256)
