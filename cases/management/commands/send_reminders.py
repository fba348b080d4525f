"""``manage.py send_reminders --once``: what the worker does each minute, for cron and for a look."""

import json

from django.core.management import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.inbox.process import process_stored
from cases.management.commands.explain_deadlines import parse_moment
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import count_pending, run_sweep


class Command(BaseCommand):
    """Sweeps once, sends what is due, and says what it did."""

    help = "Creates reminders that are due, sends waiting ones, and prints what was done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", required=True, help="run once, then exit")
        parser.add_argument(
            "--as-of",
            metavar="MOMENT",
            help="act as if it were this date and time (Beijing time unless it has an offset)",
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: object, as_of: str | None, **options: object) -> None:
        now = parse_moment(as_of) if as_of else None
        process_stored(now or timezone.now())
        sweep_result = run_sweep(now or timezone.now())
        outcome = deliver_due(now)
        summary = {
            "reminders": sweep_result.reminders,
            "notices": sweep_result.notices,
            "sent": outcome["sent"],
            "failed": outcome["failed"],
            "pending": count_pending(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(summary))
            return
        self.stdout.write(
            _(
                "Reminders created: %(reminders)s. Reminder messages created: %(notices)s, sent: %(sent)s, failed: "
                "%(failed)s, waiting: %(pending)s."
            )
            % summary
        )
