"""``manage.py explain_deadlines MOMENT [--carrier SLUG] [--json]``: deadlines, and why they fall where they do."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain.business_days import SHANGHAI, WorkingCalendar, local
from cases.domain.deadlines import Deadlines, ExplainedDay, Terms, deadlines_of, explain_days, last_day
from cases.domain.errors import CaseError
from cases.domain.json_values import Json
from cases.models import Carrier
from cases.selectors import working_calendar

Explanation = tuple[ExplainedDay, ...]


class Command(BaseCommand):
    """Computes as a submission would, with the days entered by hand, and stores nothing."""

    help = "Prints the deadlines of a request submitted at a given time, explained day by day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("moment", help="such as 2026-09-30T15:00; Beijing time unless it has an offset")
        parser.add_argument("--carrier", metavar="SLUG", help="use the time limits of this carrier")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: object, moment: str, carrier: str | None, as_json: bool, **options: object) -> None:
        submitted_at = parse_moment(moment)
        terms = terms_of(carrier) if carrier else Terms()
        calendar = self.calendar()
        try:
            deadlines = deadlines_of(submitted_at, terms, calendar)
            days = explain_days(submitted_at, last_day(deadlines.reply_by), calendar)
        except CaseError as error:
            raise CommandError(wording.error_message(error)) from error
        if as_json:
            self.stdout.write(json.dumps(as_data(deadlines, days), ensure_ascii=False, indent=2))
        else:
            self.stdout.writelines(f"{line}\n" for line in as_lines(deadlines, days))

    def calendar(self) -> WorkingCalendar:
        """The calendar with the days entered by hand; without a database the package's alone, with a warning."""
        try:
            return working_calendar()
        except DatabaseError:
            self.stderr.write(_("No database yet, so days added manually are not included."))
            return WorkingCalendar()


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment as Shanghai time: without a zone it is that already. CommandError for anything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return local(moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI))
    except (ValueError, OverflowError) as error:
        raise CommandError(
            _("“%(text)s” is not a date and time. Write it like 2026-09-30T15:00.") % {"text": text}
        ) from error


def terms_of(slug: str) -> Terms:
    """The terms of a carrier; CommandError, with the carriers there are, when it is unknown."""
    try:
        carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
    except DatabaseError as error:
        raise CommandError(
            _("No database yet, so carriers are not known. Start Xiaoka once, or leave out --carrier.")
        ) from error
    if slug not in carriers:
        raise CommandError(
            _("Unknown carrier “%(slug)s”. Known carriers: %(known)s.")
            % {"slug": slug, "known": wording.join_names(sorted(carriers)) or "–"}
        )
    return carriers[slug].terms()


def as_data(deadlines: Deadlines, days: Explanation) -> dict[str, Json]:
    """What --json prints; moments in ISO 8601 with +08:00, words in the active language."""
    return {
        "submitted_at": deadlines.submitted_at.isoformat(),
        "acknowledge_by": deadlines.acknowledge_by.isoformat(),
        "review_by": deadlines.review_by.isoformat(),
        "window_opens": deadlines.window_opens.isoformat(),
        "reply_by": deadlines.reply_by.isoformat(),
        "provisional": deadlines.provisional,
        "stretched_by": [wording.festival_name(name) for name in deadlines.stretched_by],
        "days": [
            {
                "date": explained_day.day.date.isoformat(),
                "counted": explained_day.is_counted,
                "number": explained_day.number,
                "reason": wording.day_reason(explained_day),
            }
            for explained_day in days
        ],
    }


def as_lines(deadlines: Deadlines, days: Explanation) -> Iterator[str]:
    """The same for people: the deadlines, what to know about them, then a line for each day."""
    for label, value in (
        (pgettext("when it happened", "Submitted"), wording.format_moment(deadlines.submitted_at)),
        (_("Acknowledgement due"), wording.format_moment(deadlines.acknowledge_by)),
        (_("Review due"), wording.format_deadline(deadlines.review_by)),
        (_("First call from"), wording.format_moment(deadlines.window_opens)),
        (_("Reply due"), wording.format_deadline(deadlines.reply_by)),
    ):
        yield wording.labelled(label, value)
    if deadlines.stretched_by:
        names = wording.join_names(wording.festival_name(name) for name in deadlines.stretched_by)
        yield _("Extended by %(festivals)s: %(days)s calendar days in total.") % {
            "festivals": names,
            "days": deadlines.calendar_days,
        }
    if deadlines.provisional:
        yield _("Provisional: a public holiday schedule that is not published yet may move these dates.")
    yield ""
    for explained_day in days:
        weekday = date_format(explained_day.day.date, "D")
        number = explained_day.number or "·"
        yield f"{explained_day.day.date}  {weekday}  {number:>2}  {wording.day_reason(explained_day)}"
