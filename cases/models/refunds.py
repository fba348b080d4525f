"""Money that a carrier owes back after a cancellation."""

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.domain import refunds as rules
from cases.models.cases import Case
from cases.models.choices import REFUND_DUE_BASIS_CHOICES, RefundWay


class Refund(models.Model):
    """A balance that is owed back; at most one of a case is open."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(
        _("amount (yuan)"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Blank: not known."),
    )
    way = models.CharField(_("refund method"), max_length=16, choices=RefundWay.choices, default=RefundWay.UNKNOWN)
    account_ending = models.CharField(
        _("account ending"), max_length=rules.ACCOUNT_ENDING_LENGTH, blank=True, default=""
    )
    due_on = models.DateField(_("refund due"))
    # The day by which it was due first, where the carrier has named a later one since; empty: `due_on` is the first.
    put_off_from = models.DateField(_("put off from"), null=True, blank=True)
    due_basis = models.CharField(_("basis of the date"), max_length=16, choices=REFUND_DUE_BASIS_CHOICES)
    received = models.DecimalField(_("received (yuan)"), max_digits=10, decimal_places=2, default=0)
    # When the last of it came: statistics count all of it on that day.
    received_on = models.DateField(_("last received on"), null=True, blank=True)
    # Since when nothing of it is expected any more; empty: open.
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    written_off = models.BooleanField(_("written off"), default=False)
    words = models.CharField(_("note"), max_length=500, blank=True, default="")
    recorded_at = models.DateTimeField()
    # The entry that recorded it: what the row is called in the record.
    sequence = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed_on__isnull=True), name="one_open_refund"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="refund_above_zero"),
            models.CheckConstraint(condition=Q(received__gte=0), name="received_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} · {'?' if self.amount is None else self.amount}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def first_due_on(self) -> date:
        """The day by which it was due before the carrier put it off."""
        return self.put_off_from or self.due_on

    @property
    def outstanding(self) -> Decimal | None:
        """What is still owed, in yuan; None where nobody knows how much it is. Of a closed one nothing."""
        return rules.outstanding(self.amount, self.received) if self.is_open else Decimal("0.00")
