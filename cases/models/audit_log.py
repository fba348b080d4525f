"""Who signed in, saw, exported or changed what: for a team's managers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.append_only import AppendOnlyModel
from cases.models.cards import Card
from cases.models.cases import Case
from cases.models.choices import AuditKind
from cases.models.people import Team, User


class AuditEntry(AppendOnlyModel):
    """One act that the timeline of no case tells. What happened to an account has no team: the managers of all teams
    that its owner belongs to see it."""

    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("event"), max_length=20, choices=AuditKind.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    # A card without cases can be deleted; what was noted about it stays as it was written, with the card's key.
    card = models.ForeignKey(
        Card, models.DO_NOTHING, null=True, blank=True, related_name="sightings", db_constraint=False
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    # Of whom or of what: never a number, a secret or a text.
    about = models.CharField(_("about"), max_length=200, blank=True)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["team", "-id"], name="audit_of_team"),  # a team's page
            models.Index(fields=["by", "-id"], name="audit_of_person"),  # the sign-ins of its members
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} · {self.get_kind_display()}"
