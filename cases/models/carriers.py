"""The carriers, and facts about them with how certain they are. All is edited in the admin."""

from dataclasses import fields

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.domain.deadlines import Terms
from cases.models.choices import Confidence, Topic


def in_readers_language(chinese: str, english: str) -> str:
    """The text in the language that is active; where it has only one, that one."""
    if (get_language() or "zh").startswith("zh"):
        return chinese or english
    return english or chinese


class Carrier(models.Model):
    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40)
    # Empty of the one that stands for those nobody has entered (`operations.carrier_names`).
    hotline = models.CharField(_("hotline"), max_length=20, blank=True)
    complaint_line = models.CharField(_("complaint line"), max_length=20, blank=True)
    sms_senders = models.JSONField(_("SMS senders"), default=list, blank=True)
    is_virtual = models.BooleanField(_("virtual operator"), default=False)
    # Terms of its own, where they differ; empty means the product's defaults (domain.md, 'Deadlines').
    acknowledge_hours = models.PositiveSmallIntegerField(
        _("hours to acknowledge"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    review_days = models.PositiveSmallIntegerField(
        _("working days of review"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    window_days = models.PositiveSmallIntegerField(
        _("working days until a first call"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    reply_days = models.PositiveSmallIntegerField(
        _("working days in all"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    # The day of the next month on which a cancellation takes effect for which no day was named; empty: not known.
    effect_day = models.PositiveSmallIntegerField(
        _("day of the next month on which cancellations take effect"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("For a cancellation that waits to take effect (预销户). One month later where roaming was used."),
    )
    bills_whole_month = models.BooleanField(
        _("charges the month of a cancellation in full"),
        default=False,
        db_default=False,
        help_text=_(
            "If its terms say so: charges up to the end of that month are then not “after the cancellation”. Enter "
            "where you read it under “Carrier facts”, with the topic “Billing after a cancellation”."
        ),
    )

    # Up to which day of the month after a request in its app it refunds the balance; empty: not known.
    refund_day = models.PositiveSmallIntegerField(
        _("day of the next month by which balances are refunded"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("For a cancellation requested in the app. One month later where roaming was used."),
    )

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["is_virtual", "id"]

    def __str__(self) -> str:
        return in_readers_language(self.name, self.name_en)

    def terms(self) -> Terms:
        """The terms a submission of today gets."""
        default = Terms()
        return Terms(
            acknowledge_hours=self.acknowledge_hours or default.acknowledge_hours,
            review_days=self.review_days or default.review_days,
            window_days=self.window_days or default.window_days,
            reply_days=self.reply_days or default.reply_days,
        )

    def default_terms(self) -> list[str]:
        """Which of `terms()` are the product's defaults, because the carrier has published none of its own."""
        return [field.name for field in fields(Terms) if not getattr(self, field.name)]


class CarrierFact(models.Model):
    """A fact about a carrier, with its source; advice, which never blocks anyone."""

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="facts")
    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices)
    statement = models.CharField(_("statement"), max_length=300)
    statement_en = models.CharField(_("statement in English"), max_length=300)
    source = models.CharField(_("source"), max_length=300)
    # Empty: the source is shown as it is to readers of English too.
    source_en = models.CharField(_("source in English"), max_length=300, blank=True, default="", db_default="")
    confidence = models.CharField(_("confidence"), max_length=1, choices=Confidence.choices)

    class Meta:
        verbose_name = _("carrier fact")
        verbose_name_plural = _("carrier facts")
        ordering = ["carrier_id", "id"]

    def __str__(self) -> str:
        return in_readers_language(self.statement, self.statement_en)

    @property
    def localized_source(self) -> str:
        """Where it was seen, in the reader's language."""
        return in_readers_language(self.source, self.source_en)
