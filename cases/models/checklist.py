"""How far the checklist of a case is; its items are cases.domain.checklist."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.cases import Case
from cases.models.choices import ItemState


class ChecklistMark(models.Model):
    """One settled item; an item without a row is still open."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="marks")
    code = models.CharField(max_length=20)
    state = models.CharField(_("state"), max_length=6, choices=ItemState.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("checklist mark")
        verbose_name_plural = _("checklist marks")
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="one_mark_per_item")]

    def __str__(self) -> str:
        return f"{self.code}: {self.state}"
