"""``manage.py send_reminders --once``: what the worker does each minute, for cron and for a look."""

import json
from collections.abc import Sequence
from operator import itemgetter
from uuid import UUID

from django.core.management import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from cases import clock
from cases.domain.business_days import local_iso
from cases.inbox.process import process_stored
from cases.management.commands.explain_deadlines import parse_moment
from cases.models import ReminderDelivery
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import count_pending, run_sweep

#: Notices looked up at once.
CHUNK = 500


def told_in(notices: Sequence[UUID]) -> list[dict[str, str | int]]:
    """What these notices told: of which case, which reminder, to whom (a person's e-mail, or the name of a team that
    was told as a whole), over which kind of channel, when; the earliest first, then by recipient and case."""
    rows: list[dict[str, str | int]] = [
        {
            "case": delivery.reminder.case.reference,
            "kind": delivery.reminder.kind,
            "ordinal": delivery.reminder.ordinal,
            "to": delivery.user.email if delivery.user else delivery.reminder.case.team.name,
            "channel": delivery.channel_kind,
            "at": local_iso(delivery.at),
        }
        for start in range(0, len(notices), CHUNK)
        for delivery in ReminderDelivery.objects.filter(notice__in=notices[start : start + CHUNK]).select_related(
            "user", "reminder__case__team"
        )
    ]
    return sorted(rows, key=itemgetter("at", "to", "channel", "case", "kind", "ordinal"))


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
        process_stored(now or clock.now())
        sweep_result = run_sweep(now or clock.now())
        sent: list[UUID] = []
        outcome = deliver_due(now, sent=sent)
        summary = {
            "reminders": sweep_result.reminders,
            "notices": sweep_result.notices,
            "sent": outcome["sent"],
            "failed": outcome["failed"],
            "pending": count_pending(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(summary | {"told": told_in(sent)}, ensure_ascii=False))
            return
        self.stdout.write(
            _(
                "Reminders created: %(reminders)s. Reminder messages created: %(notices)s, sent: %(sent)s, failed: "
                "%(failed)s, waiting: %(pending)s."
            )
            % summary
        )
