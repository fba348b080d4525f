"""The working calendar: corrections entered by hand in the admin, and its editions as the record names them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import clock
from cases.models.append_only import AppendOnlyModel


class CalendarOverride(models.Model):
    """One day that is off, or worked, whatever the calendar package says."""

    date = models.DateField(_("day"), unique=True)
    working = models.BooleanField(_("is a working day"), default=False)
    name = models.CharField(_("why"), max_length=60)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("calendar override")
        verbose_name_plural = _("calendar overrides")
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"


class PublishedYear(models.Model):
    """A year whose schedule an administrator has entered in full: nothing in it is provisional."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    note = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        db_table = "cases_completeyear"
        verbose_name = _("year with a complete holiday schedule")
        verbose_name_plural = _("years with a complete holiday schedule")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarEdition(AppendOnlyModel):
    """The working calendar as it was when entries were recorded, so that their deadlines can be computed again.

    `body` is `WorkingCalendar.edition()`, `digest` the SHA-256 of its canonical JSON, by which entries name it.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.JSONField()
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("edition of the working calendar")
        verbose_name_plural = _("editions of the working calendar")

    def __str__(self) -> str:
        return self.digest[:12]
