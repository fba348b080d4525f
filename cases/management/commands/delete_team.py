"""``manage.py delete_team KEY``: a team goes at once, with all that it has."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.models import Team
from cases.operations.deleting import delete_team


class Command(BaseCommand):
    """For operators; managers do the same on the team's page, with a week in which to take it back."""

    help = "Deletes a team with its cards, cases, records, receipts and messages. Nothing brings it back but a backup."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", type=int, help="the number in the address of the team's page")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, key: int, yes: bool, **options: Any) -> None:
        team = Team.objects.filter(pk=key).first()
        if team is None:
            raise CommandError(f"There is no team {key}.")
        what = f"“{team.name}” with {team.cases.count()} cases and {team.cards.count()} cards"
        if not yes and input(f"Delete {what} for good? Type its name: ").strip() != team.name:
            raise CommandError("That is not its name. Nothing was deleted.")
        delete_team(team, timezone.now())
        self.stdout.write(f"Deleted: {what}.")
