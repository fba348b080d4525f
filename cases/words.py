"""How the product says things: days and moments, where a case stands, what to do next, what went wrong.

One place for pages, admin, commands and messages, so that all of them speak alike. Everything is in the active
language; moments are shown in Shanghai time.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, ngettext_lazy, pgettext

from cases.domain.business_days import FESTIVALS, ONE_DAY, DayKind, local, start_of_day
from cases.domain.checklist import Item
from cases.domain.deadlines import ExplainedDay, last_day
from cases.domain.errors import CaseError
from cases.domain.record import Flaw
from cases.domain.standing import Kind, Standing, Step
from cases.domain.status import LABELS, Status
from cases.models import Case

# Days and moments

# Texts of Django's own that our catalogue, which goes before Django's, words anew: its Chinese for short weekdays
# is long, for "Log out" it is our word for cancelling a number, and for some it has none. Only `make messages` reads
# this.
_DJANGO_TEXTS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
    gettext_noop("Log out"),
    gettext_noop("Select %s to change"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    gettext_noop("Error:"),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)


_always_with_year = ContextVar("always_with_year", default=False)


@contextmanager
def with_years() -> Iterator[None]:
    """Within it every day is said with its year: for papers, which are read in other years."""
    token = _always_with_year.set(True)
    try:
        yield
    finally:
        _always_with_year.reset(token)


def day(value: date) -> str:
    """'Tue 13 Oct', with the year when it is not this one."""
    if value.year == timezone.localdate().year and not _always_with_year.get():
        return date_format(value, pgettext("date format: day of this year", "D j M"))
    return date_format(value, pgettext("date format: day with year", "D j M Y"))


def month(first: date) -> str:
    """'October 2026', of its first day."""
    return date_format(first, "YEAR_MONTH_FORMAT")


def moment(value: datetime) -> str:
    """'Tue 13 Oct, 15:00'."""
    value = local(value)
    return _("%(day)s, %(time)s") % {"day": day(value.date()), "time": f"{value:%H:%M}"}


def deadline(value: datetime) -> str:
    """A deadline at midnight belongs to the day that it ends: 'Tue 13 Oct, 24:00'."""
    value = local(value)
    if value == start_of_day(value.date()):
        return _("%(day)s, %(time)s") % {"day": day(last_day(value)), "time": "24:00"}
    return moment(value)


def submitted_on(moment: datetime, today: date) -> str:
    """'Submitted today, Wed 30 Sep', 'Submitted tomorrow, …', 'Submitted after the holiday, …'."""
    on = local(moment).date()
    said = {"day": day(on)}
    if on == today:
        return _("Submitted today, %(day)s") % said
    if on == today + ONE_DAY:
        return _("Submitted tomorrow, %(day)s") % said
    return _("Submitted after the holiday, %(day)s") % said


def festival(name: str) -> str:
    """A festival's name; one that was entered by hand stays as it is."""
    return _(name) if name in FESTIVALS else name


def listed(names: Iterable[str]) -> str:
    """'Mid-Autumn Festival, National Day'."""
    return pgettext("between names in a list", ", ").join(names)


def day_reason(explained: ExplainedDay) -> str:
    """Why a day counted or did not."""
    kind, name = explained.day.kind, " · ".join(map(festival, explained.day.names))
    if explained.is_start:
        return _("the day of the event does not count")
    if kind is DayKind.HOLIDAY:
        return _("public holiday: %(name)s") % {"name": name}
    if kind is DayKind.CLOSED:
        return _("day off entered by hand: %(name)s") % {"name": name}
    if kind is DayKind.OPENED:
        return _("working day entered by hand: %(name)s") % {"name": name}
    if kind is DayKind.WEEKEND:
        return _("weekend")
    return _("make-up working day") if kind is DayKind.MAKE_UP else _("working day")


def yuan(amount: Decimal) -> str:
    """'19.80 yuan'."""
    return _("%(amount)s yuan") % {"amount": f"{amount:,.2f}"}


def without_fee(count: int) -> str:
    """That the delay of so many cases is in no sum."""
    said = ngettext(
        "%(count)s late case has no monthly fee on its card, so its delay costs nothing here.",
        "%(count)s late cases have no monthly fee on their cards, so their delay costs nothing here.",
        count,
    )
    return said % {"count": count}


# Where a case stands


def status(value: str) -> str:
    return _(LABELS[value])


def lateness(late_days: int) -> str:
    """'3 working days overdue'; on the days off right after the deadline there is none to count yet."""
    if late_days == 0:
        return _("overdue, on a day off")
    return ngettext("%(days)s working day overdue", "%(days)s working days overdue", late_days) % {"days": late_days}


def headline(standing: Standing) -> str:
    """Where the case stands, in a few words."""
    if standing.kind is Kind.OVERDUE:
        return lateness(standing.late_days)
    if standing.kind is Kind.WAITING:
        left = standing.days_left
        return ngettext("%(days)s working day left", "%(days)s working days left", left) % {"days": left}
    return _(_HEADLINES[standing.kind])


# Looked up and not made anew for each case: a list or a message has hundreds.
_HEADLINES = {
    Kind.DUE_TODAY: gettext_noop("due today"),
    Kind.TO_VERIFY: gettext_noop("to verify"),
    Kind.RETURNED: gettext_noop("returned: our turn"),
    Kind.DRAFT: gettext_noop("in preparation"),
    Kind.CONFIRMED: gettext_noop("cancelled, confirmed"),
    Kind.WITHDRAWN: gettext_noop("withdrawn"),
}


def next_step(standing: Standing, case: Case) -> str:
    """The one thing to do next, with the number to call where it is a call."""
    carrier = case.carrier
    numbers = {"hotline": carrier.hotline, "complaints": carrier.complaint_line or carrier.hotline}
    return _(_STEPS[standing.step]) % numbers


_STEPS = {
    Step.SUBMIT: gettext_noop("Gather what is needed and submit the request: %(hotline)s"),
    Step.WAIT: gettext_noop("Nothing: the carrier still has time"),
    Step.ASK_REGISTERED: gettext_noop("No confirmation yet: ask %(hotline)s whether the request is registered"),
    Step.FIRST_CALL: gettext_noop("A first call is reasonable: %(hotline)s"),
    Step.CHASE: gettext_noop("Call %(hotline)s now and chase"),
    Step.HOLD_TO_PROMISE: gettext_noop("Call %(hotline)s and hold them to their promise"),
    Step.COMPLAIN: gettext_noop("Lodge a formal complaint: %(complaints)s"),
    Step.WAIT_COMPLAINT: gettext_noop("The complaint is running: wait for its answer"),
    Step.APPEAL: gettext_noop("The complaint stayed unanswered: an appeal is possible"),
    Step.WAIT_APPEAL: gettext_noop("The appeal is running: wait for its answer"),
    Step.VERIFY: gettext_noop("Make sure that the number is really cancelled"),
    Step.RESUBMIT: gettext_noop("Settle what the carrier wants, then submit again"),
    Step.CHECK_BILL: gettext_noop("Look at next month's bill for charges after cancellation"),
    Step.NOTHING: gettext_noop("Nothing"),
    Step.READ_MESSAGE: gettext_noop("Look at the carrier’s message, then record it or set it aside"),
}


# What went wrong


def say(error: CaseError) -> str:
    """A named error as a sentence in the active language."""
    return _(error.message) % {name: _spoken(value) for name, value in error.params.items()}


def flaw(found: Flaw) -> str:
    """What is wrong with a record or a dossier, in the active language."""
    said = _(found.message) % found.params
    return _("%(label)s: %(value)s") % {"label": found.about, "value": said} if found.about else said


def _spoken(value: Any) -> Any:
    if isinstance(value, Item):
        return _(value.label)
    if isinstance(value, list):
        return listed(map(_spoken, value))
    if isinstance(value, Status):
        return status(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return value
