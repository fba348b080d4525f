"""``manage.py load_demo``: made-up cases in every state, for an empty database."""

from datetime import datetime

from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import transaction

from cases import clock, wording
from cases.domain.business_days import SHANGHAI, local
from cases.domain.errors import CaseError
from cases.management import demo
from cases.management.demo.messages import load_demo_messages


class Command(BaseCommand):
    """Fills an empty database, or refuses in one line; the same seed and moment give the same cases."""

    help = "Fills an empty database with fictitious cases in every state, and prints the accounts to sign in with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same cases (default: 1)")
        parser.add_argument(
            "--cases", type=int, default=300, help="how many (default: 300); fewer than 60 do not cover every state"
        )
        parser.add_argument(
            "--as-of",
            metavar="MOMENT",
            help="such as 2026-02-20T10:00; Beijing time unless it has an offset (default: now)",
        )

    def handle(
        self, *args: object, seed: int, cases: int, as_of: str | None, verbosity: int, **options: object
    ) -> None:
        if cases < 1:
            raise CommandError("--cases must be at least 1.")
        moment = _parse_moment(as_of) if as_of else clock.now()
        try:
            with transaction.atomic():
                call_command("load_carriers", verbosity=0)
                demo_cases = demo.load(seed=seed, cases=cases, as_of=moment)
                load_demo_messages(demo_cases[0].team, moment)
        except demo.DatabaseInUse:
            raise CommandError(
                "This database has accounts or cases already; made-up ones are loaded into an empty one only. "
                "Name a new folder with DATA_DIR, and no DATABASE_URL."
            ) from None
        except CaseError as error:
            raise CommandError(wording.labelled("--as-of", wording.error_message(error))) from error
        if not verbosity:
            return
        self.stdout.write(f"Demo cases: {len(demo_cases)}, as of {local(moment):%Y-%m-%d %H:%M}, seed {seed}")
        self.stdout.write("\n".join(demo.account_lines()))


def _parse_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--as-of {text} is not a date and time like 2026-02-20T10:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
