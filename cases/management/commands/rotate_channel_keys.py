"""``manage.py rotate_channel_keys``: other keys for the secrets of channels, calendars, forwarders, language models,
second factors and emails that wait, while the product runs."""

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from cases.management.key_rotation import RotateCommand
from cases.models import (
    AccountMail,
    CalendarAddress,
    Forwarder,
    IdempotencyRecord,
    LanguageModel,
    NotificationChannel,
    encryption,
    keyrings,
)

#: Rows in one transaction.
CHUNK_SIZE = 200


class Command(RotateCommand):
    help = (
        "Encrypts the secrets of reminder channels, calendars, SMS forwarding phones, language models, two-step "
        "verification and waiting emails with the newest key."
    )
    ring = keyrings.CHANNEL_KEYS

    def reencrypt(self) -> tuple[int, int]:
        models_with_secrets = (
            *(NotificationChannel, CalendarAddress, Forwarder, LanguageModel),
            *(AccountMail, IdempotencyRecord),
        )
        counts = [*map(reencrypt_rows, models_with_secrets), reencrypt_second_factors()]
        return sum(changed for changed, _ in counts), sum(unreadable for _, unreadable in counts)


def reencrypt_rows(model: type[models.Model]) -> tuple[int, int]:
    """Encrypt the secrets of a model's rows with the newest key; returns how many changed, how many are unreadable."""
    changed, unreadable = 0, 0
    rows = model._default_manager.exclude(encrypted="").order_by("pk")
    while True:
        with transaction.atomic():
            chunk = dict(rows.select_for_update().values_list("pk", "encrypted")[:CHUNK_SIZE])
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
        rows = rows.filter(pk__gt=max(chunk))


def reencrypt_second_factors() -> tuple[int, int]:
    """The same for authenticator apps and recovery codes, whose secrets lie among other data of allauth's."""
    changed = unreadable = 0
    for key in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            authenticator = Authenticator.objects.select_for_update().filter(pk=key).first()
            data = authenticator.data if authenticator else {}
            old = {name: data[name] for name in ("secret", "seed") if name in data}
            stale = {name: text for name, text in old.items() if not encryption.is_encrypted_with_newest(text)}
            try:
                new = {name: encryption.encrypt_values(encryption.decrypt_values(text)) for name, text in stale.items()}
            except encryption.SecretUnreadable:
                unreadable += 1
                continue
            if new:
                changed += Authenticator.objects.filter(pk=key).update(data=data | new)
    return changed, unreadable
