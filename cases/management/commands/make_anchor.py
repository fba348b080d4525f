"""``manage.py make_anchor [--accept WORDS]``: an anchor now, besides the daily one."""

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import clock
from cases.models.anchor_store import AnchorsBusy
from cases.operations.anchors import make_anchor
from cases.reminders.anchor_delivery import send_waiting_anchors


class Command(BaseCommand):
    """Makes an anchor over all cases and sends it where the settings say. After a restore, `--accept` says why the
    records no longer match the anchors before; the words are signed, and stay in the anchor file."""

    help = "Makes a signed anchor over the records of all cases, as the worker does once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--accept",
            metavar="WORDS",
            default="",
            help="why the records no longer match earlier anchors: from now on they are compared with this one",
        )

    def handle(self, *args: object, accept: str, **options: object) -> None:
        now = clock.now()
        try:
            anchor = make_anchor(now, accepted=accept.strip())
        except AnchorsBusy:
            raise CommandError(_("Another process is making an anchor or a backup. Try again later.")) from None
        send_waiting_anchors(now)
        self.stdout.write(anchor.line.strip())
        if anchor.flaws:
            raise CommandError(_("The records do not match the anchors. Run verify_timeline."))
