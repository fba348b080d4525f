"""Letters in the making: a complaint (投诉函) or an appeal (申诉书), until it is frozen as a receipt."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.carriers import Carrier
from cases.models.cases import Case
from cases.models.choices import EscalationKind
from cases.models.people import Team, User
from cases.models.receipts import Receipt


class TeamSender(models.Model):
    """Who writes a team's letters, kept once and filled into each; removed with the team."""

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="sender", verbose_name=_("team"))
    name = models.CharField(_("company or person"), max_length=80, blank=True)
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    contact = models.CharField(_("contact person"), max_length=80, blank=True)
    credit_code = models.CharField(_("unified social credit identifier"), max_length=18, blank=True)

    class Meta:
        verbose_name = _("sender of letters")
        verbose_name_plural = _("senders of letters")

    def __str__(self) -> str:
        return self.name


class LetterRecipient(models.Model):
    """Whom a team's letters to a carrier are addressed to, as they were last: its provincial company."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="letter_recipients", verbose_name=_("team"))
    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="+", verbose_name=_("carrier"))
    name = models.CharField(_("legal name"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    province = models.CharField(_("province"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("recipient of letters")
        verbose_name_plural = _("recipients of letters")
        # The one that a new letter to the carrier begins with.
        constraints = [models.UniqueConstraint(fields=["team", "carrier"], name="one_recipient_per_team_and_carrier")]

    def __str__(self) -> str:
        return self.name


class LetterBundle(models.Model):
    """One letter about several cases of a carrier; each of them has its own final `Letter`, with the same file."""

    # Also finds a team's, newest first: few, and looked at one by one.
    team = models.ForeignKey(Team, models.CASCADE, related_name="letter_bundles", verbose_name=_("team"))
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+", verbose_name=_("carrier"))
    kind = models.CharField(_("kind"), max_length=9, choices=EscalationKind.choices)
    name = models.CharField(_("name"), max_length=80)
    # Whether the complaint or appeal was recorded on each case with it.
    is_sent = models.BooleanField(_("sent"), default=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))
    # The form's submit token, by which the same form sent twice is one letter for each carrier, and is undone.
    click = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter about several cases")
        verbose_name_plural = _("letters about several cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["made_by", "click", "carrier", "kind", "name"], name="one_bundle_per_click_and_carrier"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """A draft is one person's words, changed at will; once final it is the PDF among the receipts and no more."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=9, choices=EscalationKind.choices)
    # What the record cannot know: name, address, telephone, postcode of who writes; province. Emptied when final.
    fields = models.JSONField(default=dict)
    body = models.TextField(_("text"), blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    final_at = models.DateTimeField(null=True, blank=True)
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, blank=True, related_name="+")
    # The letter about several cases that it is this case's part of.
    bundle = models.ForeignKey(LetterBundle, models.CASCADE, null=True, blank=True, related_name="letters")

    class Meta:
        verbose_name = _("draft of a letter")
        verbose_name_plural = _("drafts of letters")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(final_at__isnull=True), name="one_draft_per_case_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(final_at__isnull=True, receipt__isnull=True)
                | Q(final_at__isnull=False, receipt__isnull=False),
                name="final_letter_is_a_receipt",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
