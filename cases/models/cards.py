"""The card register, the columns that teams add to it, and the views of it that they save."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import clock
from cases.domain import masking, phones
from cases.models.carriers import Carrier
from cases.models.choices import ColumnKind, Purpose
from cases.models.lookups import Folded
from cases.models.people import Team, User


class Card(models.Model):
    team = models.ForeignKey(Team, models.PROTECT, related_name="cards", verbose_name=_("team"))
    # National digits only; how they are read and shown is cases.domain.phones.
    number = models.CharField(_("number"), max_length=13)
    tail = models.GeneratedField(
        expression=Right("number", 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="cards", verbose_name=_("carrier"))
    holder = models.CharField(_("holder"), max_length=80, blank=True)
    # Who has it in the hand, and where in the company; as names, for they need no account.
    user = models.CharField(pgettext_lazy("of a card", "user"), max_length=80, blank=True, db_default="", default="")
    department = models.CharField(_("department"), max_length=80, blank=True, db_default="", default="")
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
    iccid = models.CharField(_("ICCID"), max_length=20, blank=True, db_default="", default="")
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    contract_end = models.DateField(_("contract ends"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True, db_default="", default="")
    # Whom a table names as the one who handles it, and who was no member then: the card's cases are theirs once they
    # join by that name.
    handler_name = models.CharField(
        _("assignee, not yet a member"), max_length=80, blank=True, db_default="", default=""
    )
    # The team's own columns: the value of each by the key of its CardColumn, dates as '2026-09-30', numbers as text.
    custom = models.JSONField(
        _("own columns"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )
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
            # Search by the beginning of a user's or a department's name, and the filters by them.
            models.Index("team", Folded("user"), name="card_user"),
            models.Index("team", Folded("department"), name="card_department"),
            # The table by fee and by the end of the contract, either way; the others follow in the order of their keys.
            models.Index(
                fields=["team", "monthly_fee", "id"], condition=models.Q(monthly_fee__isnull=False), name="card_fee"
            ),
            models.Index(
                fields=["team", "contract_end", "id"],
                condition=models.Q(contract_end__isnull=False),
                name="card_contract_end",
            ),
            # Those whose handler has not joined yet: few.
            models.Index(
                fields=["team", "handler_name"], condition=~models.Q(handler_name=""), name="card_handler_name"
            ),
        ]

    def __str__(self) -> str:
        return masking.mask_number(self.number)

    @property
    def is_erased(self) -> bool:
        """The number is gone, with the cases that it was in."""
        return phones.is_erased(self.number)


class CardColumn(models.Model):
    """A column that a team has added to its register; `Card.custom` holds its values by `key` ('c1', 'c2', …)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="card_columns", verbose_name=_("team"))
    key = models.CharField(max_length=8, editable=False)
    title = models.CharField(_("title"), max_length=60)
    kind = models.CharField(_("kind"), max_length=6, choices=ColumnKind.choices, default=ColumnKind.TEXT)
    # The values of a column of choices, in their order.
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("own column of cards")
        verbose_name_plural = _("own columns of cards")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "key"], name="one_card_column_per_key"),
            models.UniqueConstraint(fields=["team", "title"], name="one_card_column_per_title"),
        ]

    def __str__(self) -> str:
        return self.title


class CardView(models.Model):
    """A way to look at the register, or at the list of cases, that somebody saved: columns, order and filters, for them
    or for the team."""

    CARDS, CASES = "cards", "cases"

    # Which list it is a view of.
    shows = models.CharField(
        _("list"),
        max_length=5,
        choices=[(CARDS, _("Cards")), (CASES, _("Cases"))],
        default=CARDS,
        db_default=CARDS,
        editable=False,
    )
    team = models.ForeignKey(Team, models.CASCADE, related_name="card_views", verbose_name=_("team"))
    # Whose it is; empty: the team's.
    owner = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="card_views", verbose_name=_("saved by")
    )
    name = models.CharField(_("name"), max_length=60)
    # The list opens with it: their own before the team's.
    is_default = models.BooleanField(_("opens first"), default=False, db_default=False)
    # {"columns": ["number", "c1"], "sort": "-department", "filters": {"carrier": "china-mobile"}, "rows": 50}
    settings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
