"""``manage.py delete_team KEY``: a team goes at once, with all that it has."""

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases import clock, wording
from cases.domain.roles import TeamNameMismatch
from cases.models import Team
from cases.operations.deletion import delete_team


class Command(BaseCommand):
    """For operators; managers do the same on the team's page, with a week in which to take it back."""

    help = "Deletes a team with its cards, cases, records, receipts and SMS. Only a backup can restore it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", type=int, help="the team's number, as in the address of its page")
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def handle(self, *args: object, key: int, yes: bool, **options: object) -> None:
        team = Team.objects.filter(pk=key).first()
        if team is None:
            raise CommandError(_("Team %(key)s not found.") % {"key": key})
        params = {"name": team.name, "cases": team.cases.count(), "cards": team.cards.count()}
        prompt = _("Permanently delete “%(name)s” with %(cases)s cases and %(cards)s cards? Type its name:") % params
        if not yes and input(prompt).strip() != team.name.strip():
            raise CommandError(wording.error_message(TeamNameMismatch()))
        delete_team(team, clock.now())
        self.stdout.write(_("Deleted: “%(name)s”, cases: %(cases)s, cards: %(cards)s.") % params)
