"""The day strip: each day from the submission to the window's end and past it, counted or not, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases import wording
from cases.domain.business_days import DayKind, WorkingCalendar, days_between, local
from cases.domain.deadlines import ExplainedDay, explain_days, last_day

#: A strip longer than this leaves out days in the middle of a long lateness.
LONGEST = 30
_ENDS = 14
#: In a list a strip is a glance: its first days, and the last ones.
_GLANCE, _GLANCE_ENDS = 12, 4
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mark:
    """What happened on a day, in words; `theirs`: the carrier did it."""

    on: date
    text: str
    theirs: bool = False


@dataclass
class StripDay:
    """One day as a page shows it; `gap` stands for days left out before it, `dated` names its month too.

    `under` is what stands below it: a festival at the first of its days, a make-up day, the day of the event.
    """

    date: date
    tone: str  # start, counted, weekend, holiday, make_up, late, off
    label: str
    reason: str
    festival: str = ""
    under: str = ""
    today: bool = False
    last: bool = False
    dated: bool = False
    gap: int = 0
    marks: list[Mark] = field(default_factory=list)

    @property
    def title(self) -> str:
        return "\n".join([wording.day(self.date), self.reason, *(mark.text for mark in self.marks)])

    @property
    def ours(self) -> bool:
        return any(not mark.theirs for mark in self.marks)

    @property
    def theirs(self) -> bool:
        return any(mark.theirs for mark in self.marks)


@dataclass(frozen=True)
class Strip:
    """`every` day of a round; a page shows `days`, which leave out the middle of a long lateness."""

    every: list[StripDay]

    @property
    def days(self) -> list[StripDay]:
        return _labelled(_shortened(self.every, LONGEST, _ENDS))

    @property
    def glance(self) -> list[StripDay]:
        return _shortened(self.every, _GLANCE, _GLANCE_ENDS)

    @property
    def summary(self) -> str:
        """How long and why, in a sentence for each: what was counted, what was not, how late it is."""
        return " ".join(_told(self.every))

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The tones and marks that occur, each with what it means."""
        seen = {day.tone for day in self.every}
        seen |= {"ours" for day in self.every if day.ours} | {"theirs" for day in self.every if day.theirs}
        return [(tone, said) for tone, said in _meanings() if tone in seen]


def _meanings() -> list[tuple[str, str]]:
    return [
        ("start", _("day of the event")),
        ("counted", _("counted")),
        ("make_up", _("make-up day, counted")),
        ("weekend", _("weekend")),
        ("holiday", _("public holiday")),
        ("late", _("late")),
        ("ours", _("what you did")),
        ("theirs", _("what the carrier said")),
    ]


def strip(
    started_at: datetime,
    reply_by: datetime,
    *,
    until: datetime,
    calendar: WorkingCalendar,
    ended: bool = False,
    marks: Iterable[Mark] = (),
) -> Strip:
    """The days of a round from its start to its last day, or to `until` when that is later.

    `until` is now, or with `ended` when the round was over.
    """
    start, end, today = local(started_at).date(), last_day(reply_by), local(until).date()
    today = min(today, calendar.last_date)
    days = [_window_day(day) for day in explain_days(started_at, max(end, start), calendar)]
    days += _late_days(end + _ONE_DAY, today, calendar)
    by_date = {day.date: day for day in days}
    by_date[end].last = True
    if not ended and today in by_date:
        by_date[today].today = True
    for mark in marks:
        if mark.on in by_date:
            by_date[mark.on].marks.append(mark)
    return Strip(days)


def _window_day(explained: ExplainedDay) -> StripDay:
    day = explained.day
    tone = {
        DayKind.WORKDAY: "counted",
        DayKind.OPENED: "make_up",
        DayKind.MAKE_UP: "make_up",
        DayKind.WEEKEND: "weekend",
        DayKind.HOLIDAY: "holiday",
        DayKind.CLOSED: "holiday",
    }[day.kind]
    off = day.kind in (DayKind.HOLIDAY, DayKind.CLOSED) and not explained.is_start
    label = str(explained.number) if explained.is_counted else pgettext("on a day of the strip", "off") if off else ""
    festival = wording.listed(map(wording.festival, day.names)) if off else ""
    return StripDay(day.date, "start" if explained.is_start else tone, label, wording.day_reason(explained), festival)


def _late_days(first: date, last: date, calendar: WorkingCalendar) -> list[StripDay]:
    days, late = [], 0
    for day in map(calendar.day, days_between(first, last)):
        late += day.working
        if day.working:
            reason = wording.lateness(late)
        else:
            reason = wording.day_reason(ExplainedDay(day, is_counted=False, number=None, is_start=False))
        days.append(StripDay(day.date, "late" if day.working else "off", str(late) if day.working else "", reason))
    return days


def _shortened(days: list[StripDay], longest: int, ends: int) -> list[StripDay]:
    if len(days) <= longest:
        return days
    return [*days[: longest - ends], replace(days[-ends], gap=len(days) - longest), *days[1 - ends :]]


def _labelled(days: list[StripDay]) -> list[StripDay]:
    """With what stands over and under each: the month where it begins, a festival at the first of its days."""
    before: StripDay | None = None
    for day in days:
        day.dated = before is None or bool(day.gap) or day.date.day == 1
        if day.tone == "start":
            day.under = pgettext("under a day of the strip", "asked")
        elif day.tone == "make_up":
            day.under = pgettext("under a day of the strip", "works")
        elif day.festival and (before is None or before.festival != day.festival or day.gap):
            day.under = day.festival
        before = day
    return days


def _told(days: list[StripDay]) -> Iterable[str]:
    end = next(place for place, day in enumerate(days) if day.last)
    window, after = days[1 : end + 1], days[end + 1 :]
    counted = sum(day.tone in ("counted", "make_up") for day in window)
    yield ngettext(
        "%(counted)s working day, %(total)s by the calendar.",
        "%(counted)s working days, %(total)s by the calendar.",
        counted,
    ) % {"counted": counted, "total": len(window)}
    left_out = [_days_of(name, sum(day.festival == name for day in window)) for name in _festivals(window)]
    if weekends := sum(day.tone == "weekend" for day in window):
        left_out.append(_days_of(_("weekend"), weekends))
    if left_out:
        yield _("Not counted: %(days)s.") % {"days": wording.listed(left_out)}
    if worked := [wording.day(day.date) for day in window if day.tone == "make_up"]:
        yield _("Counted, though a weekend: %(days)s.") % {"days": wording.listed(worked)}
    if after:
        late = sum(day.tone == "late" for day in after)
        yield _("Since then %(late)s, %(total)s by the calendar.") % {
            "late": wording.lateness(late),
            "total": len(after),
        }


def _days_of(name: str, days: int) -> str:
    """'National Day 7'."""
    return ngettext("%(name)s %(days)s day", "%(name)s %(days)s days", days) % {"name": name, "days": days}


def _festivals(days: list[StripDay]) -> list[str]:
    return list(dict.fromkeys(day.festival for day in days if day.festival))
