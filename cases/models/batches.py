"""Batches: many requests submitted to one carrier at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import clock
from cases.models.carriers import Carrier
from cases.models.choices import RequestChannel
from cases.models.people import Team, User


class Batch(models.Model):
    """One letter, one visit, one list for an agent. Each of its cases goes its own way."""

    # Also finds a team's, newest first: few, and looked at one page at a time.
    team = models.ForeignKey(Team, models.CASCADE, related_name="batches", verbose_name=_("team"))
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+", verbose_name=_("carrier"))
    channel = models.CharField(_("request channel"), max_length=8, choices=RequestChannel.choices)
    reference = models.CharField(_("carrier reference number (受理单号)"), max_length=60, blank=True)
    submitted_at = models.DateTimeField(_("submitted"))
    words = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    made_at = models.DateTimeField(_("recorded"), default=clock.now)
    # The form's submit token: the same form sent twice is one batch.
    click = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["made_by", "click"], name="one_batch_per_click")]

    def __str__(self) -> str:
        return f"{self.carrier} · {self.reference or self.pk}"
