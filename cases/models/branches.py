"""Where a carrier is met: its branches (营业厅), and the body that hears appeals (申诉) of a province."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.carriers import Carrier, in_readers_language
from cases.models.choices import Confidence, Tristate
from cases.models.people import Team


class Branch(models.Model):
    """A branch of a carrier: known to everybody (no team), or noted by a team for itself."""

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="branches", verbose_name=_("carrier"))
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="branches", verbose_name=_("team")
    )
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    takes = models.CharField(
        _("takes cancellations"), max_length=7, choices=Tristate.choices, default=Tristate.UNKNOWN.value
    )
    # When somebody called and asked; an answer without a day proves nothing.
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["carrier_id", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(takes="unknown") | Q(asked_on__isnull=False),
                name="branch_answer_has_a_day",
                violation_error_message=_(
                    "Enter the date you asked. Without a date the information may be out of date."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AppealBody(models.Model):
    """The body that hears appeals against carriers in a province (Measures on Users' Appeals, article 9)."""

    province = models.CharField(_("province"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    channels = models.CharField(_("other ways to appeal"), max_length=300, blank=True)
    # Empty: these are shown in Chinese to readers of English too.
    channels_en = models.CharField(
        _("other ways to appeal, in English"), max_length=300, blank=True, default="", db_default=""
    )
    source = models.CharField(_("source"), max_length=300)
    source_en = models.CharField(_("source in English"), max_length=300, blank=True, default="", db_default="")
    confidence = models.CharField(_("confidence"), max_length=1, choices=Confidence.choices)

    class Meta:
        verbose_name = _("appeal body")
        verbose_name_plural = _("appeal bodies")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def localized_channels(self) -> str:
        """The other ways to appeal, in the reader's language."""
        return in_readers_language(self.channels, self.channels_en)

    @property
    def localized_source(self) -> str:
        """Where it was seen, in the reader's language."""
        return in_readers_language(self.source, self.source_en)
