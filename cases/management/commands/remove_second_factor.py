"""``manage.py remove_second_factor EMAIL``: for somebody who lost telephone and recovery codes."""

from allauth.mfa.models import Authenticator
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases.models import User


class Command(BaseCommand):
    """The account opens with its password alone again, until its owner sets up another second factor."""

    help = "Removes the authenticator app, passkeys and recovery codes of an account (two-step verification)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account's email")

    def handle(self, *args: object, email: str, **options: object) -> None:
        try:
            user = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(_("There is no account with the email %(email)s.") % {"email": email}) from None
        count = Authenticator.objects.filter(user=user).delete()[0]
        self.stdout.write(
            _("Verification methods removed: %(count)s. %(email)s can now sign in with the password alone.")
            % {"count": count, "email": user.email}
        )
