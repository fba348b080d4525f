"""Money that a carrier asks or takes on the way to a cancellation."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.choices import ChargeKind


class Charge(models.Model):
    case = models.ForeignKey(Case, models.PROTECT, related_name="charges")
    kind = models.CharField(_("type of charge"), max_length=10, choices=ChargeKind.choices)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    day = models.DateField(_("day"))
    words = models.CharField(_("note"), max_length=500, blank=True)
    refunded_on = models.DateField(_("refunded on"), null=True, blank=True)
    # Given up, with the reason in the record: nobody goes on asking for it.
    written_off_on = models.DateField(_("written off on"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    # The entry that recorded it: what the row is called in the record. Below zero where that is not known any more.
    sequence = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        ordering = ["day", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="charge_not_negative")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.amount}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be claimed: it neither came back nor was given up."""
        return self.refunded_on is None and self.written_off_on is None
