"""``manage.py forget_worker NAME``: a worker that is no longer used is not missed."""

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import clock, queue


class Command(BaseCommand):
    """For a machine that will not come back; without it, its worker is named as silent for a week."""

    help = "Stops reporting a worker as silent that is no longer used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as /healthz and the admin name it")

    def handle(self, *args: object, name: str, **options: object) -> None:
        if not queue.forget_worker(name):
            known = ", ".join(queue.worker_silences(clock.now())) or "–"
            raise CommandError(
                _("Unknown background process “%(name)s”. Known: %(known)s.") % {"name": name, "known": known}
            )
        self.stdout.write(_("“%(name)s” is no longer missed.") % {"name": name})
