"""``manage.py rotate_channel_keys``: other keys for the secrets of channels, calendars, forwarders and language
models, while the product runs."""

from django.db import models, transaction

from cases.management.key_rotation import RotateCommand
from cases.models import CalendarAddress, Forwarder, LanguageModel, NotificationChannel, encryption, keyrings

#: Rows in one transaction.
CHUNK_SIZE = 200


class Command(RotateCommand):
    help = (
        "Encrypts the secrets of reminder channels, calendars, SMS forwarding phones and language models with the "
        "newest key."
    )
    ring = keyrings.CHANNEL_KEYS

    def reencrypt(self) -> tuple[int, int]:
        counts = [reencrypt_rows(model) for model in (NotificationChannel, CalendarAddress, Forwarder, LanguageModel)]
        return sum(changed for changed, _ in counts), sum(unreadable for _, unreadable in counts)


def reencrypt_rows(model: type[models.Model]) -> tuple[int, int]:
    """Encrypt the secrets of a model's rows with the newest key; returns how many changed, how many are unreadable."""
    changed, unreadable, last_id = 0, 0, 0
    while True:
        with transaction.atomic():
            rows = (
                model._default_manager.select_for_update().filter(pk__gt=last_id).exclude(encrypted="").order_by("pk")
            )
            chunk = dict(rows.values_list("pk", "encrypted")[:CHUNK_SIZE])
            for key, encrypted in chunk.items():
                if encryption.is_encrypted_with_newest(encrypted):
                    continue
                try:
                    reencrypted = encryption.encrypt_values(encryption.decrypt_values(encrypted))
                except encryption.SecretUnreadable:
                    unreadable += 1
                    continue
                changed += model._default_manager.filter(pk=key).update(encrypted=reencrypted)
        if not chunk:
            return changed, unreadable
        last_id = max(chunk)
