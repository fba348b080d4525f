"""Days and years entered by hand; the open cases that they touch follow in the background.

The job is put in the queue within the transaction that saves the day: it is there exactly when the day is.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import queue, selectors, wording
from cases.admin.base import COUNT_CAP, ProtectedDeleteAdmin, capped_label
from cases.admin.typed_admin import ModelAdmin, ModelForm
from cases.domain.business_days import WorkingCalendar, YearNotCovered, end_of_day
from cases.models import CalendarOverride, Case, PublishedYear
from cases.operations.calendar_days import enqueue_recalculation, windows_with_days


def windows_in_years(years: Iterable[int]) -> selectors.Cases:
    """The open windows that reach into one of these years, or into the week before."""
    return reduce(or_, (selectors.with_window_in_year(Case.objects.all(), year) for year in years))


def _announce_recalculation(request: HttpRequest, affected: selectors.Cases) -> None:
    """Tell the operator how many open windows will be calculated again."""
    count = selectors.capped_count(affected, COUNT_CAP)
    if count >= COUNT_CAP:
        template = _(
            "The deadlines of more than %(count)s open cases are affected and are being recalculated in the background."
        )
        count = COUNT_CAP - 1
    elif count:
        template = ngettext(
            "The deadlines of %(count)s open case are affected and are being recalculated in the background.",
            "The deadlines of %(count)s open cases are affected and are being recalculated in the background.",
            count,
        )
    else:
        template = _("No deadlines of open cases are affected.")
    messages.info(request, template % {"count": count})


class OverrideForm(ModelForm[CalendarOverride]):
    class Meta:
        model = CalendarOverride
        fields = ("date", "working", "name")

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        try:
            selectors.working_calendar().day(day)
        except YearNotCovered as error:
            raise ValidationError(wording.error_message(error)) from error
        return day


@admin.register(CalendarOverride)
class CalendarOverrideAdmin(ModelAdmin[CalendarOverride]):
    form = OverrideForm
    list_display = ("date", "working", "name", "created_at")
    list_filter = ("working",)
    search_fields = ("name",)
    date_hierarchy = "date"

    def save_model(
        self, request: HttpRequest, obj: CalendarOverride, form: ModelForm[CalendarOverride], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if {"date", "working"} & set(form.changed_data):
            self._recalculate_windows(request, {obj.date, form.initial["date"]} if change else {obj.date}, str(obj))

    def delete_model(self, request: HttpRequest, obj: CalendarOverride) -> None:
        super().delete_model(request, obj)
        self._recalculate_windows(request, {obj.date}, str(obj))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarOverride]) -> None:
        rows = list(queryset)
        super().delete_queryset(request, queryset)
        self._recalculate_windows(request, {row.date for row in rows}, ", ".join(map(str, rows)))

    def _recalculate_windows(self, request: HttpRequest, days: Collection[date], reason: str) -> None:
        _announce_recalculation(request, windows_with_days(list(days)))
        enqueue_recalculation(list(days), reason)


class PublishedYearForm(ModelForm[PublishedYear]):
    class Meta:
        model = PublishedYear
        fields = ("year", "note")

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        calendar = selectors.working_calendar()
        if not calendar.first_year <= year <= calendar.last_year:
            error = YearNotCovered(first=calendar.first_year, last=calendar.last_year, year=year)
            raise ValidationError(wording.error_message(error))
        return year


@admin.register(PublishedYear)
class PublishedYearAdmin(ProtectedDeleteAdmin[PublishedYear]):
    form = PublishedYearForm
    list_display = ("year", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: PublishedYear | None = None) -> tuple[str, ...]:
        # Another year is another row: deleting this one looks after the windows that stand on it.
        return ("year",) if obj else ()

    def blockers(self, rows: Iterable[PublishedYear]) -> list[str]:
        """Without its years the calendar would not reach to the end of these windows."""
        others = PublishedYear.objects.exclude(pk__in=[row.pk for row in rows]).values_list("year", flat=True)
        last_year = WorkingCalendar(published_years=list(others)).last_year
        beyond = Case.objects.filter(reply_by__gt=end_of_day(date(last_year, 12, 31)))
        count = selectors.capped_count(beyond, COUNT_CAP)
        label = _("open cases with deadlines beyond %(year)s: %(count)s") % {
            "year": last_year,
            "count": capped_label(count),
        }
        return [label] if count else []

    def save_model(
        self, request: HttpRequest, obj: PublishedYear, form: ModelForm[PublishedYear], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            self._recalculate_windows(request, {obj.year})

    def delete_model(self, request: HttpRequest, obj: PublishedYear) -> None:
        super().delete_model(request, obj)
        self._recalculate_windows(request, {obj.year})

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PublishedYear]) -> None:
        years = set(queryset.values_list("year", flat=True))
        super().delete_queryset(request, queryset)
        self._recalculate_windows(request, years)

    def _recalculate_windows(self, request: HttpRequest, years: Collection[int]) -> None:
        _announce_recalculation(request, windows_in_years(years))
        queue.enqueue("cases.tasks.recalculate_years", sorted(years))
