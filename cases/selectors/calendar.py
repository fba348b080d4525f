"""The working calendar as this installation knows it, the cases that a change of it touches, and those whose dates
stand in a person's calendar."""

from datetime import date, datetime, timedelta

from django.db.models import CharField, Max, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast

from cases.domain.business_days import Override, WorkingCalendar, local, start_of_day
from cases.models import CalendarOverride, Case, Escalation, Membership, PublishedYear, Refund, User, WaitingRound
from cases.selectors.cases import Cases
from cases.selectors.visibility import reminder_cases_of


def working_calendar() -> WorkingCalendar:
    """The working calendar with what administrators entered by hand; one query, which almost every page asks."""
    days = CalendarOverride.objects.order_by().values_list(Cast("date", CharField()), "working", "name")
    years = PublishedYear.objects.order_by().values_list(Cast("year", CharField()), Value(True), Value(""))
    rows = list(days.union(years, all=True))
    overrides = {date.fromisoformat(day): Override(working, name) for day, working, name in rows if "-" in day}
    return WorkingCalendar(overrides, [int(year) for year, _, _ in rows if "-" not in year])


def with_window_on_day(cases: Cases, day: date) -> Cases:
    """Open windows that contain this day: begun before it ended, with a last day not before it."""
    return cases.filter(submitted_at__lt=start_of_day(day), reply_by__gt=start_of_day(day))


def with_window_in_year(cases: Cases, year: int) -> Cases:
    """Open windows that reach into this year, or into the last week of the one before."""
    return cases.filter(
        submitted_at__lt=start_of_day(date(year + 1, 1, 1)), reply_by__gt=start_of_day(date(year - 1, 12, 24))
    )


def with_reminder_after(cases: Cases, day: date) -> Cases:
    """Cases whose next reminder a change of this day may move."""
    return cases.filter(next_reminder_at__gte=start_of_day(day - timedelta(days=1)))


def dated_cases(user: User, since: datetime) -> Cases:
    """The cases whose reminders a person gets, as far as a date of theirs runs or has ended after `since` (aware); with
    those rounds and refunds, and with their escalations."""
    cases = _with_dates(reminder_cases_of(user), since).select_related("card", "carrier", "batch")
    dated = (Prefetch("rounds", _rounds(since)), Prefetch("refunds", _refunds(since)), "escalations")
    return cases.prefetch_related(*dated).order_by("pk")


def last_changes(user: User, since: datetime) -> dict[tuple[int, int | None], datetime]:
    """By carrier and batch (their keys): when anything about such a case of a person's teams last changed.

    Of all cases, and not of `dated_cases` alone: that one of them went to somebody else is a change, too.
    """
    cases = _with_dates(Case.objects.filter(team__in=Membership.objects.filter(user=user).values("team")), since)
    changes = cases.order_by().values_list("carrier", "batch").annotate(changed_at=Max("entries__recorded_at"))
    return {(carrier, batch): changed_at for carrier, batch, changed_at in changes}


def _with_dates(cases: Cases, since: datetime) -> Cases:
    escalations = Escalation.objects.filter(Q(answered_at=None) | Q(answered_at__gt=since))
    return cases.filter(
        Q(pk__in=_rounds(since).order_by().values("case"))
        | Q(pk__in=escalations.order_by().values("case"))
        | Q(pk__in=_refunds(since).order_by().values("case"))
    )


def _rounds(since: datetime) -> QuerySet[WaitingRound]:
    return WaitingRound.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since))


def _refunds(since: datetime) -> QuerySet[Refund]:
    return Refund.objects.filter(Q(closed_on=None) | Q(closed_on__gte=local(since).date()))
