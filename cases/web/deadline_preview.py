"""The deadlines that a submission would have, before it is recorded."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases import selectors, wording
from cases.domain.business_days import ONE_DAY, SHANGHAI, WorkingCalendar, days_between, local
from cases.domain.clock_skew import settle_moment
from cases.domain.deadlines import Terms, compare_around_holiday, deadlines_of, last_day
from cases.domain.errors import CaseError, InTheFuture
from cases.models import Carrier
from cases.web.day_strip import day_strip
from cases.web.forms.base import MomentField, this_minute


def preview_context(
    raw_value: Any, carrier: Carrier | None, now: datetime, *, simulated: bool = False
) -> dict[str, Any]:
    """The deadlines of a submission at this moment, or `preview_error`: why there are none.

    For a submission of today, also those of tomorrow or of the day after the public holiday ahead. A moment in the
    future is refused unless it is only `simulated`; then the strip ends with the window.
    """
    field = MomentField(required=False)
    try:
        moment = settle_moment(field.clean(raw_value) or this_minute(), now)
        if moment > now and not simulated:
            raise InTheFuture()
        calendar = selectors.working_calendar()
        terms = carrier.terms() if carrier else Terms()
        deadlines = deadlines_of(moment, terms, calendar)
    except CaseError as error:
        return {"preview_error": wording.error_message(error)}
    except ValidationError as error:
        return {"preview_error": error.messages[0]}
    return {
        "deadlines": deadlines,
        "acknowledge_by": wording.deadline_in_text(deadlines.acknowledge_by),
        "first_call": wording.deadline_in_text(deadlines.window_opens),
        "reply_by": wording.deadline_in_text(deadlines.reply_by),
        "reply_days": terms.reply_days,
        "last_day": last_day(deadlines.reply_by),
        "festivals": wording.join_names(map(wording.festival_name, deadlines.stretched_by)),
        "strip": day_strip(moment, deadlines.reply_by, now=None if simulated else now, calendar=calendar),
        **_holiday_choices(moment, terms, calendar, now),
    }


def _holiday_choices(moment: datetime, terms: Terms, calendar: WorkingCalendar, now: datetime) -> dict[str, Any]:
    today = local(now).date()
    if local(moment).date() != today:
        return {}  # it is out already: there is nothing to choose any more
    options = compare_around_holiday(moment, terms, calendar)
    if options is None:
        return {}
    return {
        "holiday": wording.join_names(map(wording.festival_name, options.festivals)),
        "choices": [
            {
                "when": wording.submitted_on(choice.submitted_at, today),
                "reply_by": wording.deadline_in_text(choice.reply_by),
                "days": choice.calendar_days,
                "provisional": choice.provisional,
            }
            for choice in options.options
        ],
    }


@dataclass(frozen=True)
class ExampleMoment:
    """A moment worth trying in the simulator."""

    at: datetime
    label: str

    @property
    def title(self) -> str:
        """'today (30 Nov)'."""
        return wording.with_note(self.label, wording.day_in_text(self.at.date()))


#: So far ahead the simulator looks for holidays.
_DAYS_AHEAD = 400


def example_moments(today: date, calendar: WorkingCalendar) -> list[ExampleMoment]:
    """Today, and the working day before each of the next public holidays that are known, at 15:00 in Shanghai."""
    moments = [ExampleMoment(_afternoon(today), _("today"))]
    last_working_day, last_holiday = today, ""
    for day in map(calendar.day, days_between(today, min(today + _DAYS_AHEAD * ONE_DAY, calendar.last_date))):
        if day.working:
            last_working_day = day.date
        elif day.names and day.name != last_holiday:
            last_holiday = day.name
            moments.append(
                ExampleMoment(
                    _afternoon(last_working_day),
                    _("before %(holiday)s") % {"holiday": wording.festival_name(day.names[0])},
                )
            )
    return moments[:4]


def _afternoon(day: date) -> datetime:
    return datetime.combine(day, time(15), SHANGHAI)
