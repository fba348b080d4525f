"""The card register."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from cases import clock
from cases.domain import masking, phones
from cases.models.carriers import Carrier
from cases.models.choices import Purpose
from cases.models.lookups import Folded
from cases.models.people import Team


class Card(models.Model):
    team = models.ForeignKey(Team, models.PROTECT, related_name="cards", verbose_name=_("team"))
    # National digits only; how they are read and shown is cases.domain.phones.
    number = models.CharField(_("number"), max_length=13)
    tail = models.GeneratedField(
        expression=Right("number", 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="cards", verbose_name=_("carrier"))
    holder = models.CharField(_("holder"), max_length=80, blank=True)
    purpose = models.CharField(_("used for"), max_length=16, choices=Purpose.choices, blank=True)
    plan = models.CharField(_("plan"), max_length=80, blank=True)
    monthly_fee = models.DecimalField(
        _("monthly fee (yuan)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    contract_end = models.DateField(_("contract ends"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints = [
            # Also serves the search by full number and by its beginning, and the case list in the order of numbers.
            models.UniqueConstraint(fields=["team", "number"], name="one_card_per_number"),
            models.CheckConstraint(
                condition=models.Q(monthly_fee__isnull=True) | models.Q(monthly_fee__gte=0),
                name="card_fee_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "tail"], name="card_tail"),  # search by the last four digits
            # The register, newest first.
            models.Index(fields=["team", "-id"], name="card_team_newest"),
            # Search by a carrier's name.
            models.Index(fields=["team", "carrier", "-id"], name="card_team_carrier"),
            # Search by the beginning of a holder's name.
            models.Index("team", Folded("holder"), name="card_holder"),
        ]

    def __str__(self) -> str:
        return masking.mask_number(self.number)

    @property
    def is_erased(self) -> bool:
        """The number is gone, with the cases that it was in."""
        return phones.is_erased(self.number)
