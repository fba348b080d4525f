"""Letters in the making: a complaint (投诉函) or an appeal (申诉书), until it is frozen as a receipt."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.choices import EscalationKind
from cases.models.people import User
from cases.models.receipts import Receipt


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
