"""``manage.py calendar_day DATE off|work|clear [--why …]``: a day as the admin enters it, and at once."""

import json
from datetime import date

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import clock, wording
from cases.domain.errors import CaseError
from cases.operations.calendar_days import affected_by_days, clear_day, recalculate_all, set_day
from cases.reminders.delivery_hours import reschedule_notices

#: Characters, as in the admin.
MAX_WHY = 60


class Command(BaseCommand):
    """Enters the day, then calculates the open cases again before it ends; a worker need not run."""

    help = "Makes a day off or worked, or takes that back, and recalculates the open cases at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", metavar="DATE", help="such as 2026-10-16")
        parser.add_argument("change", choices=["off", "work", "clear"], help="clear: as the calendar has it")
        parser.add_argument("--why", default="", help="the name of the day, shown where days are explained")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *args: object, day: str, change: str, why: str, as_json: bool, **options: object) -> None:
        on = parse_day(day)
        why = why.strip() or (_("Day off") if change == "off" else _("Working day"))
        if len(why) > MAX_WHY:
            raise CommandError(_("--why is too long: %(most)s characters at most.") % {"most": MAX_WHY})
        affected = affected_by_days([on])
        before = dict(affected.values_list("reference", "reply_by"))
        try:
            changed = clear_day(on) if change == "clear" else set_day(on, working=change == "work", why=why)
        except CaseError as error:
            raise CommandError(wording.error_message(error)) from error
        # Also where nothing changed: an earlier call may have been cut off.
        reschedule_notices(clock.now())
        recalculate_all(affected, f"{on} {why}" if change != "clear" else str(on))
        after = affected.model.objects.filter(reference__in=before).values_list("reference", "reply_by")
        moved = sorted(reference for reference, reply_by in after if before[reference] != reply_by)
        if as_json:
            summary = {"date": on.isoformat(), "change": change, "changed": changed, "moved": moved}
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
            return
        state = _("%(day)s was saved.") if changed else _("%(day)s was like this already.")
        self.stdout.write(state % {"day": wording.format_day(on)})
        count = ngettext("%(count)s deadline moved.", "%(count)s deadlines moved.", len(moved)) % {"count": len(moved)}
        self.stdout.write(count)


def parse_day(text: str) -> date:
    """An ISO date; CommandError for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise CommandError(_("“%(text)s” is not a date. Write it like 2026-10-16.") % {"text": text}) from error
