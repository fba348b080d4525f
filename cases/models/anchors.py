"""The anchors as the database knows them, beside their file (`cases.models.anchor_store`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Anchor(models.Model):
    """One line of the anchor file, and what became of it.

    The row is there before the line is in the file. Rows that the file lacks show that it was cut; lines that the
    database lacks show that it was set back.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    # The whole line, as in the file, with its line feed.
    line = models.TextField()
    # Cases that did not continue the anchors before, when this one was made; None while that was not looked at.
    flaws = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(null=True)
    # Why the last attempt failed; empty when nothing is in the way.
    send_error = models.CharField(max_length=200, blank=True)
    stamp_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")

    def __str__(self) -> str:
        return f"anchor {self.sequence}"
