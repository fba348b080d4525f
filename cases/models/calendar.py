"""Corrections of the working calendar, entered by hand in the admin."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import clock


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
