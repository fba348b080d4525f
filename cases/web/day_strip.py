"""The day strip: each day from the submission to the end of its window and beyond, counted or not, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases import wording
from cases.domain.business_days import ONE_DAY, DayKind, WorkingCalendar, days_between, local
from cases.domain.deadlines import ExplainedDay, explain_days, last_day
from cases.models.choices import EntryKind

#: A strip longer than this leaves out days in the middle of a long lateness.
MAX_DAYS = 30
_TAIL_DAYS = 14
#: In a list a strip is a glance: its first days, and the last ones.
_GLANCE_DAYS, _GLANCE_TAIL_DAYS = 12, 4
#: Entries that are the carrier's; a mark tells them from one's own.
CARRIER_KINDS = {
    EntryKind.ACKNOWLEDGED,
    EntryKind.UNDER_REVIEW,
    EntryKind.PROMISED,
    EntryKind.TAKES_EFFECT,
    EntryKind.RETURNED,
    EntryKind.REPORTED_DONE,
}


@dataclass(frozen=True)
class Mark:
    """What happened on a day, in words; `theirs` when the carrier did it."""

    on: date
    text: str
    theirs: bool = False


@dataclass
class StripDay:
    """One day as a page shows it.

    `gap` is the number of days left out before it; `caption` stands below it: the festival on the first of its days, a
    make-up day, or the day of the event.
    """

    date: date
    tone: str  # start, counted, weekend, holiday, make_up, late, off
    label: str
    reason: str
    festival: str = ""
    caption: str = ""
    is_today: bool = False
    is_last: bool = False
    shows_month: bool = False
    gap: int = 0
    marks: list[Mark] = field(default_factory=list)

    @property
    def title(self) -> str:
        return "\n".join([wording.format_day(self.date), self.reason, *(mark.text for mark in self.marks)])

    @property
    def has_ours(self) -> bool:
        return any(not mark.theirs for mark in self.marks)

    @property
    def has_theirs(self) -> bool:
        return any(mark.theirs for mark in self.marks)


@dataclass(frozen=True)
class DayStrip:
    """All days of a round; `days` is what a page shows, which leaves out the middle of a long lateness.

    `is_submission`: the round began when the request was submitted, and not with a reply or a verification.
    `has_ended`: it was over on the last of the days.
    """

    all_days: list[StripDay]
    is_submission: bool = True
    has_ended: bool = False

    @property
    def days(self) -> list[StripDay]:
        return _add_captions(_shorten(self.all_days, MAX_DAYS, _TAIL_DAYS), self._start_caption)

    @property
    def _start_caption(self) -> str:
        if self.is_submission:
            return pgettext("under a day of the strip", "submitted")
        return pgettext("under the first day of the strip", "start")

    @property
    def glance(self) -> list[StripDay]:
        return _shorten(self.all_days, _GLANCE_DAYS, _GLANCE_TAIL_DAYS)

    @property
    def summary(self) -> str:
        """How long and why, in sentences: what was counted, what was not, how late it is."""
        return wording.join_sentences(_summary_sentences(self.all_days, has_ended=self.has_ended))

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The tones and marks that occur, each with its meaning."""
        present = {day.tone for day in self.all_days}
        present |= {"ours" for day in self.all_days if day.has_ours} | {
            "theirs" for day in self.all_days if day.has_theirs
        }
        return [(tone, meaning) for tone, meaning in _meanings() if tone in present]


def _meanings() -> list[tuple[str, str]]:
    return [
        ("start", _("start day, not counted")),
        ("counted", _("counted")),
        ("make_up", _("make-up working day, counted")),
        ("weekend", _("weekend")),
        ("holiday", _("public holiday")),
        ("late", _("overdue")),
        ("ours", _("your follow-up")),
        ("theirs", _("carrier’s reply")),
    ]


def day_strip(
    started_at: datetime,
    reply_by: datetime,
    *,
    now: datetime | None,
    calendar: WorkingCalendar,
    ended_at: datetime | None = None,
    marks: Iterable[Mark] = (),
) -> DayStrip:
    """The days of a round from its start to its last day, or to today where that is later.

    `now` is aware; None: no day is today, the round is only imagined. `ended_at`: the round was over then (aware), and
    the strip ends with that day, before its last day or after it: no day of it counts any more.
    """
    start, end = local(started_at).date(), last_day(reply_by)
    today = min(local(now).date(), calendar.last_date) if now and ended_at is None else None
    until = local(ended_at).date() if ended_at else today or end
    days = [_window_day(day) for day in explain_days(started_at, max(end, start), calendar)]
    days += _late_days(end + ONE_DAY, min(until, calendar.last_date), calendar)
    if ended_at:
        days = [day for day in days if day.date <= max(until, start)]
    by_date = {day.date: day for day in days}
    if end in by_date:
        by_date[end].is_last = True
    if today in by_date:
        by_date[today].is_today = True
    for mark in marks:
        if mark.on in by_date:
            by_date[mark.on].marks.append(mark)
    return DayStrip(days, has_ended=ended_at is not None)


def _window_day(explained_day: ExplainedDay) -> StripDay:
    day = explained_day.day
    tone = {
        DayKind.WORKDAY: "counted",
        DayKind.OPENED: "make_up",
        DayKind.MAKE_UP: "make_up",
        DayKind.WEEKEND: "weekend",
        DayKind.HOLIDAY: "holiday",
        DayKind.CLOSED: "holiday",
    }[day.kind]
    is_off = day.kind in (DayKind.HOLIDAY, DayKind.CLOSED) and not explained_day.is_start
    label = (
        str(explained_day.number)
        if explained_day.is_counted
        else pgettext("on a day of the strip", "off")
        if is_off
        else ""
    )
    festival = wording.join_names(map(wording.festival_name, day.names)) if is_off else ""
    return StripDay(
        day.date, "start" if explained_day.is_start else tone, label, wording.day_reason(explained_day), festival
    )


def _late_days(first: date, last: date, calendar: WorkingCalendar) -> list[StripDay]:
    days, late_count = [], 0
    for day in map(calendar.day, days_between(first, last)):
        late_count += day.working
        if day.working:
            reason = wording.lateness(late_count)
        else:
            reason = wording.day_reason(ExplainedDay(day, is_counted=False, number=None, is_start=False))
        days.append(
            StripDay(day.date, "late" if day.working else "off", str(late_count) if day.working else "", reason)
        )
    return days


def _shorten(days: list[StripDay], max_days: int, tail_days: int) -> list[StripDay]:
    if len(days) <= max_days:
        return days
    return [*days[: max_days - tail_days], replace(days[-tail_days], gap=len(days) - max_days), *days[1 - tail_days :]]


def _add_captions(days: list[StripDay], start_caption: str) -> list[StripDay]:
    """The days with month and caption: the month where it begins, a festival on the first of its days."""
    previous: StripDay | None = None
    for day in days:
        day.shows_month = previous is None or bool(day.gap) or day.date.day == 1
        if day.tone == "start":
            day.caption = start_caption
        elif day.tone == "make_up":
            day.caption = pgettext("under a day of the strip", "make-up")
        elif day.festival and (previous is None or previous.festival != day.festival or day.gap):
            day.caption = day.festival
        previous = day
    return days


def _summary_sentences(days: list[StripDay], *, has_ended: bool) -> Iterable[str]:
    end = next((index for index, day in enumerate(days) if day.is_last), None)
    window, days_after = (days[1:], []) if end is None else (days[1 : end + 1], days[end + 1 :])
    counted_days = sum(day.tone in ("counted", "make_up") for day in window)
    if end is None:
        template = ngettext(
            "Ended before the deadline, after %(counted)s working day (%(total)s calendar days).",
            "Ended before the deadline, after %(counted)s working days (%(total)s calendar days).",
            counted_days,
        )
    else:
        template = ngettext(
            "%(counted)s working day, %(total)s calendar days.",
            "%(counted)s working days, %(total)s calendar days.",
            counted_days,
        )
    yield template % {"counted": counted_days, "total": len(window)}
    uncounted = [_name_with_days(name, sum(day.festival == name for day in window)) for name in _festivals(window)]
    if weekend_days := sum(day.tone == "weekend" for day in window):
        uncounted.append(_name_with_days(_("weekend"), weekend_days))
    if uncounted:
        yield _("Not counted: %(days)s.") % {"days": wording.join_names(uncounted)}
    if make_up_days := [wording.day_in_text(day.date) for day in window if day.tone == "make_up"]:
        yield _("Counted although on a weekend: %(days)s.") % {"days": wording.join_names(make_up_days)}
    if days_after:
        late_days = sum(day.tone == "late" for day in days_after)
        template = (
            _("Ended %(late)s, %(total)s calendar days after the deadline.")
            if has_ended
            else _("Since then %(late)s, %(total)s calendar days.")
        )
        yield template % {"late": wording.lateness(late_days), "total": len(days_after)}


def _name_with_days(name: str, days: int) -> str:
    """'National Day 7'."""
    return ngettext("%(name)s %(days)s day", "%(name)s %(days)s days", days) % {"name": name, "days": days}


def _festivals(days: list[StripDay]) -> list[str]:
    return list(dict.fromkeys(day.festival for day in days if day.festival))
