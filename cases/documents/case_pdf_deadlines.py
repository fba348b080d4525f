"""The deadlines of a case in its PDF, day by day: a table for each waiting round, as data for templates/dossier.typ."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain.business_days import ONE_DAY, WorkingCalendar, days_between, local, start_of_day
from cases.domain.deadlines import Basis, ExplainedDay, explain_days, last_day, working_days_late
from cases.domain.errors import CaseError
from cases.domain.json_values import JsonObject
from cases.models import WaitingRound

#: Days of a long lateness that are listed; the rest is summed up in a line.
MAX_LATE_DAYS = 45


def deadline_tables(
    waiting_rounds: Sequence[WaitingRound], calendar: WorkingCalendar, now: datetime
) -> Iterator[JsonObject]:
    """A table for each round: its first line, and why each day counts or not, at `now` (aware)."""
    for number, waiting_round in enumerate(waiting_rounds):
        sentences = list(_round_sentences(waiting_round))
        try:
            days = list(_day_rows(waiting_round, calendar, now))
        except CaseError as error:  # a day outside the years of the calendar
            days = []
            sentences.append(wording.error_message(error))
        yield {
            "kind": "table",
            "title": _("Deadlines, day by day") if number == 0 else "",
            "words": wording.join_sentences(sentences),
            "head": [pgettext("of a calendar", "Day"), pgettext("of a count", "No."), _("Counted or not, and why")],
            "columns": [12.5, 3.2, -1],
            "rows": days,
        }


def _round_sentences(waiting_round: WaitingRound) -> Iterator[str]:
    yield _("From %(start)s, basis: %(basis)s; reply due by %(due)s.") % {
        "start": wording.moment_in_text(waiting_round.started_at),
        "basis": _basis_label(waiting_round),
        "due": wording.deadline_in_text(waiting_round.reply_by),
    }
    if waiting_round.ended_at:
        yield _("Ended on %(end)s.") % {"end": wording.moment_in_text(waiting_round.ended_at)}


def _basis_label(waiting_round: WaitingRound) -> str:
    labels = {
        Basis.SUBMISSION: _("the request"),
        Basis.UNDER_REVIEW: _("the reply “under review”"),
        Basis.PROMISE: _("a promise"),
        Basis.TAKES_EFFECT: _("the answer that it takes effect later"),
        Basis.STILL_ALIVE: _("number found still in use"),
        Basis.REOPENED: _("case reopened"),
    }
    return labels[Basis(waiting_round.basis)]


def _day_rows(waiting_round: WaitingRound, calendar: WorkingCalendar, now: datetime) -> Iterator[list[str]]:
    start, end = local(waiting_round.started_at).date(), last_day(waiting_round.reply_by)
    for explained in explain_days(waiting_round.started_at, max(start, end), calendar):
        yield [wording.format_day(explained.day.date), str(explained.number or ""), wording.day_reason(explained)]
    last_counted = min(local(waiting_round.ended_at or now).date(), calendar.last_date)

    def lateness(day: date) -> str:
        return wording.lateness(working_days_late(waiting_round.reply_by, start_of_day(day), calendar))

    for day in map(calendar.day, days_between(end + ONE_DAY, min(last_counted, end + MAX_LATE_DAYS * ONE_DAY))):
        reason = wording.day_reason(ExplainedDay(day, is_counted=False, number=None, is_start=False))
        yield [wording.format_day(day.date), "", lateness(day.date) if day.working else reason]
    if (last_counted - end).days > MAX_LATE_DAYS:
        until = {"day": wording.day_in_text(last_counted), "late": lateness(last_counted)}
        yield ["…", "", _("until %(day)s: %(late)s") % until]
