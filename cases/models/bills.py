"""Carriers' bills, and what they and the register do not agree on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cards import Card
from cases.models.carriers import Carrier
from cases.models.cases import Case
from cases.models.choices import FindingKind, FindingState
from cases.models.people import Team, User


class Bill(models.Model):
    """A month's bill of a carrier's company account, as it was brought in.

    The file is kept in the receipt store under `sha256`; the same file for the same month is one bill.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="bills", verbose_name=_("team"))
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carrier")
    )
    #: The first day of the billed month.
    month = models.DateField(_("month"))
    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(editable=False)
    lines = models.PositiveIntegerField(_("lines"))
    total = models.DecimalField(_("total (yuan)"), max_digits=12, decimal_places=2)
    is_total_printed = models.BooleanField(default=True, editable=False)
    # Lines that were compared with nothing: [row, msgid, params].
    skipped = models.JSONField(default=list, editable=False)
    # Whether its lines were understood; if not, somebody has to say what its columns are.
    is_read = models.BooleanField(default=True, db_default=True, editable=False)
    made_at = models.DateTimeField(_("imported on"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("imported by"))

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-month", "-id"]
        constraints = [models.UniqueConstraint(fields=["team", "month", "sha256"], name="bill_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} · {self.name}"


class BillFinding(models.Model):
    """One number on which a bill and the register do not agree, and what became of it.

    `number` as it stands on the bill, where no card has it; `amount` as in `domain.bill_comparison.Finding`.
    """

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="findings", verbose_name=_("bill"))
    kind = models.CharField(_("finding"), max_length=26, choices=FindingKind.choices)
    card = models.ForeignKey(Card, models.CASCADE, null=True, blank=True, related_name="bill_findings")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="bill_findings")
    number = models.CharField(_("number"), max_length=20, blank=True)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2, null=True, blank=True)
    # What the carrier charged for the plan, where that differs from the register.
    plan_fee = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, editable=False)
    rows = models.JSONField(default=list, editable=False)
    # Whether the bill shows that the number was used; None where it does not show use.
    has_use = models.BooleanField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN.value)
    words = models.CharField(_("reason"), max_length=500, blank=True)
    #: Until when the carrier is to answer a dispute.
    answer_by = models.DateTimeField(_("answer due"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )

    class Meta:
        verbose_name = _("finding of a bill")
        verbose_name_plural = _("findings of bills")
        ordering = ["id"]
        indexes = [
            # Those that wait, of a team's bills.
            models.Index(fields=["bill", "id"], condition=Q(state="open"), name="finding_open"),
            models.Index(fields=["card", "kind"], condition=Q(card__isnull=False), name="finding_of_card"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.card or self.number}"

    @property
    def shown_number(self) -> str:
        """The number of its card, or as the bill has it."""
        return self.card.number if self.card else self.number

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something: nothing was done, or the carrier owes an answer."""
        return self.state in (FindingState.OPEN, FindingState.DISPUTED)


class BillColumns(models.Model):
    """What the columns of a carrier's bills under these titles are, as a team has said once.

    `titles` is a digest of the row of titles (`formats.bills.layouts`), `columns` what each column is, in order.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="bill_columns", db_index=False)
    carrier = models.ForeignKey(Carrier, models.CASCADE, null=True, blank=True, related_name="+")
    titles = models.CharField(max_length=64)
    columns = models.JSONField(default=list)

    class Meta:
        verbose_name = _("remembered columns of a bill")
        verbose_name_plural = _("remembered columns of bills")
        constraints = [
            # Also finds those of a team by the titles of a bill.
            models.UniqueConstraint(fields=["team", "titles", "carrier"], name="bill_columns_once"),
        ]

    def __str__(self) -> str:
        return self.titles[:8]
