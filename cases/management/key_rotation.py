"""What the commands that change keys have in common."""

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases.models.keyrings import KeyRing


class RotateCommand(BaseCommand):
    """Encrypts everything with the newest key. It may be stopped anywhere and run again: what is done stays done."""

    ring: KeyRing

    def reencrypt(self) -> tuple[int, int]:
        """Encrypt with the newest key whatever is not; returns how many changed, how many cannot be read."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="first make a new key in the file in DATA_DIR")
        parser.add_argument(
            "--forget-old", action="store_true", help="at the end remove the older keys; in a call of its own, later"
        )

    def handle(self, *args: object, new_key: bool, forget_old: bool, **options: object) -> None:
        if self.ring.is_from_setting and (new_key or forget_old):
            raise CommandError(
                _("The keys come from %(name)s: put the new key first there, or remove old ones.")
                % {"name": self.ring.name}
            )
        if new_key and forget_old:
            # A page that is being served meanwhile may just be writing with the key from before.
            raise CommandError(_("Run with --new-key first, then run again with --forget-old."))
        if new_key:
            self.ring.add_key()
        changed, unreadable = self.reencrypt()
        self.stdout.write(
            _("Re-encrypted: %(done)s. Cannot be read: %(lost)s.") % {"done": changed, "lost": unreadable}
        )
        if forget_old and unreadable:
            raise CommandError(_("The old keys are kept, because what cannot be read may still need one of them."))
        if forget_old:
            self.stdout.write(_("Older keys removed: %(count)s.") % {"count": self.ring.drop_older_keys()})
