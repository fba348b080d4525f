"""A person's dates for their calendar program: iCalendar, RFC 5545.

One event for what is due on a day from a carrier, by batch: the last day of its window, of its promise, of a complaint,
an appeal or a refund; how many cases there are stands in its title, which ones in its text. Its UID stays the same
while it lives; what changes raises its SEQUENCE, and what has ended stays for a while as cancelled, so that a program
that only adds takes it away. Numbers are masked.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from icalendar import Calendar, Event, Timezone, vDuration

from cases import selectors, wording
from cases.documents.calendar_dates import CalendarEntry, CaseDate, calendar_entries, case_dates
from cases.domain import masking
from cases.domain.business_days import SHANGHAI, WorkingCalendar
from cases.domain.case_standing import Step
from cases.models import User
from cases.operations.next_reminder import standing_of
from cases.selectors.calendar import dated_cases, last_changes
from cases.wording.refunds import refund_state

#: For how long what has ended stays as cancelled.
CANCELLED_RETENTION = timedelta(days=30)
#: How often a program should look again.
REFRESH_INTERVAL = timedelta(hours=1)
#: How many cases an event lists; programs cut longer texts.
MAX_CASES_LISTED = 200
#: SEQUENCE counts seconds from here: more than any that an earlier release gave, and less than 2^31 until 2088.
_SEQUENCE_START = datetime(2020, 1, 1, tzinfo=UTC)


def render_calendar(user: User, now: datetime) -> bytes:
    """The calendar of a person at an aware moment, in their language."""
    with override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Xiaoka//Xiaoka//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Xiaoka: deadlines of my cases"))
        calendar.add("refresh-interval", vDuration(REFRESH_INTERVAL), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH_INTERVAL))
        # A calendar without any component is none: on a quiet day this one is there.
        calendar.add_component(Timezone.from_tzid(SHANGHAI.key, first_date=date(2004, 1, 1)))
        business_calendar, since = selectors.working_calendar(), now - CANCELLED_RETENTION
        dates = (
            case_date
            for case in dated_cases(user, since)
            for case_date in case_dates(case, business_calendar)
            if case_date.ended is None or case_date.ended > since
        )
        changes = last_changes(user, since)
        for entry in calendar_entries(dates):
            calendar.add_component(_event(entry, changes, now, business_calendar))
        return bytes(calendar.to_ical())


def _event(
    entry: CalendarEntry, changes: Mapping[tuple[int, int | None], datetime], now: datetime, calendar: WorkingCalendar
) -> Event:
    event, first, case = Event(), entry.first, entry.first.case
    changed_at = changes[case.carrier_id, case.batch_id]
    link = _link(entry)
    event.add("uid", f"{case.reference}.{first.uid}@xiaoka")
    event.add("summary", _summary(entry))
    event.add("description", "\n\n".join([*_by_next_step(entry, now, calendar), link]))
    event.add("url", link)
    event.add("dtstart", first.day)
    event.add("dtend", first.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # a date to know of, not a day that is taken
    event.add("sequence", int((changed_at - _SEQUENCE_START).total_seconds()))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("status", "CANCELLED" if first.ended else "TENTATIVE" if entry.is_provisional else "CONFIRMED")
    return event


def _summary(entry: CalendarEntry) -> str:
    case, count, title = entry.first.case, len(entry.dates), _(entry.first.title)
    if count == 1:
        return f"{title} · {masking.mask_number(case.card.number)} {case.carrier}"
    cases = ngettext("%(count)s case", "%(count)s cases", count) % {"count": count}
    reference = masking.mask_text(case.batch.reference) if case.batch else ""
    return " · ".join(filter(None, (title, cases, str(case.carrier), reference)))


def _link(entry: CalendarEntry) -> str:
    """The page of the case, of the batch, or the carrier's cases by deadline."""
    case = entry.first.case
    if len(entry.dates) == 1:
        path = reverse("case_detail", args=[case.reference])
    elif case.batch_id:
        path = reverse("batch_detail", args=[case.batch_id])
    else:
        query = "standing=refund_open" if entry.first.refund else "sort=reply_by"
        path = f"{reverse('case_list')}?carrier={case.carrier.slug}&{query}"
    return f"{settings.SITE_URL}{path}"


def _by_next_step(entry: CalendarEntry, now: datetime, calendar: WorkingCalendar) -> Iterator[str]:
    """What is to be done next, each with the cases it is to be done in; of a date that has ended nothing."""
    if entry.first.ended:
        return
    lines: dict[str, list[str]] = {}
    for case_date in entry.dates[:MAX_CASES_LISTED]:
        lines.setdefault(_next_step(case_date, now, calendar), []).append(_case_line(case_date))
    for step, cases in lines.items():
        yield "\n".join([step, *cases])
    if (more := len(entry.dates) - MAX_CASES_LISTED) > 0:
        yield ngettext("%(count)s more case", "%(count)s more cases", more) % {"count": more}


def _next_step(case_date: CaseDate, now: datetime, calendar: WorkingCalendar) -> str:
    """Of a refund that still has time that it is to be looked for: the case itself may call for something else."""
    standing = standing_of(case_date.case, now, calendar)
    if case_date.refund and standing.step is not Step.ASK_REFUND:
        return _("Check whether the refund has arrived")
    return wording.next_step(standing, case_date.case)


def _case_line(case_date: CaseDate) -> str:
    case, refund = case_date.case, case_date.refund
    reference = masking.mask_text(case.carrier_reference)
    owed = refund_state(refund) if refund and refund.outstanding else ""
    return " · ".join(filter(None, (masking.mask_number(case.card.number), case.reference, reference, owed)))
