"""``manage.py rotate_channel_keys``: other keys for the secrets of channels and calendars, while the product runs."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.utils.translation import gettext as _

from cases.models import CalendarAddress, Channel, sealing

#: Rows in one transaction.
CHUNK = 200


class Command(BaseCommand):
    """Encrypts everything with the newest key. It may be stopped anywhere and run again: what is done stays done."""

    help = "Encrypts the secrets of channels and calendars with the newest key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="first make a new key in DATA_DIR/channel-keys")
        parser.add_argument(
            "--forget-old", action="store_true", help="at the end remove the older keys; in a call of its own, later"
        )

    def handle(self, *args: Any, new_key: bool, forget_old: bool, **options: Any) -> None:
        if settings.CHANNEL_KEYS and (new_key or forget_old):
            raise CommandError(_("The keys come from CHANNEL_KEYS: put a new one first there, or take old ones out."))
        if new_key and forget_old:
            # A page that is being served meanwhile may just be writing with the key from before.
            raise CommandError(_("First --new-key; then, in another call, --forget-old."))
        if new_key:
            sealing.add_key()
        done, lost = 0, 0
        for model in (Channel, CalendarAddress):
            renewed, unreadable = rotate(model)
            done, lost = done + renewed, lost + unreadable
        self.stdout.write(_("Encrypted anew: %(done)s. Cannot be read: %(lost)s.") % {"done": done, "lost": lost})
        if forget_old and lost:
            raise CommandError(_("The older keys stay: what cannot be read may still need another key."))
        if forget_old:
            count = sealing.forget_older_keys()
            self.stdout.write(_("Older keys removed: %(count)s.") % {"count": count})


def rotate(model: type[models.Model]) -> tuple[int, int]:
    """Encrypt the secrets of a model's rows with the newest key; returns how many changed, how many are unreadable."""
    done, lost, after = 0, 0, 0
    while True:
        with transaction.atomic():
            rows = model._default_manager.select_for_update().filter(pk__gt=after).exclude(sealed="").order_by("pk")
            chunk = dict(rows.values_list("pk", "sealed")[:CHUNK])
            for key, sealed in chunk.items():
                if sealing.is_newest(sealed):
                    continue
                try:
                    anew = sealing.seal(sealing.unseal(sealed))
                except sealing.Unreadable:
                    lost += 1
                    continue
                done += model._default_manager.filter(pk=key).update(sealed=anew)
        if not chunk:
            return done, lost
        after = max(chunk)
