"""``manage.py rotate_channel_keys``: other keys for the secrets of channels, calendars and forwarders, while the
product runs."""

from django.db import models, transaction

from cases.management.key_rotation import RotateCommand
from cases.models import CalendarAddress, Forwarder, NotificationChannel, encryption, keyrings

#: Rows in one transaction.
CHUNK = 200


class Command(RotateCommand):
    help = "Encrypts the secrets of channels, calendars and forwarders with the newest key."
    ring = keyrings.CHANNEL_KEYS

    def renew(self) -> tuple[int, int]:
        counts = [rotate(model) for model in (NotificationChannel, CalendarAddress, Forwarder)]
        return sum(done for done, _ in counts), sum(lost for _, lost in counts)


def rotate(model: type[models.Model]) -> tuple[int, int]:
    """Encrypt the secrets of a model's rows with the newest key; returns how many changed, how many are unreadable."""
    done, lost, after = 0, 0, 0
    while True:
        with transaction.atomic():
            rows = model._default_manager.select_for_update().filter(pk__gt=after).exclude(sealed="").order_by("pk")
            chunk = dict(rows.values_list("pk", "sealed")[:CHUNK])
            for key, sealed in chunk.items():
                if encryption.is_encrypted_with_newest(sealed):
                    continue
                try:
                    anew = encryption.encrypt_values(encryption.decrypt_values(sealed))
                except encryption.SecretUnreadable:
                    lost += 1
                    continue
                done += model._default_manager.filter(pk=key).update(sealed=anew)
        if not chunk:
            return done, lost
        after = max(chunk)
