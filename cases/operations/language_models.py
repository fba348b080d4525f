"""A team's language model: set up, turned on and off, and its requests counted before they are sent."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from cases.domain.business_days import local
from cases.domain.message_meaning import Meaning
from cases.formats.language_model import ModelReading
from cases.models import CarrierMessage, LanguageModel, Team, User
from cases.models.choices import AuditKind, MessageState
from cases.models.encryption import SecretUnreadable, decrypt_values, encrypt_values
from cases.operations.audit_log import record_audit_entry

_WAITING = (MessageState.PROPOSED, MessageState.UNMATCHED)


def language_model_of(team: Team) -> LanguageModel | None:
    """The team's language model, on or off; None where none was set up."""
    return LanguageModel.objects.select_related("team").filter(team=team).first()


@dataclass(frozen=True)
class ModelSettings:
    """What a manager enters. `endpoint`: the base URL and what of it may be shown; `key`: empty for none. None leaves
    either as it is."""

    model: str
    daily_limit: int
    endpoint: tuple[str, str] | None = None
    key: str | None = field(default=None, repr=False)


def save_language_model(team: Team, entered: ModelSettings, *, by: User, now: datetime) -> LanguageModel:
    """Set up the team's language model, off, for which an endpoint must be given; or change it.

    With another address go the key, which must not reach another host, and the results of the address before. Raises
    SecretUnreadable where the address that is to stay cannot be read.
    """
    with transaction.atomic():
        row = LanguageModel.objects.select_for_update().filter(team=team).first() or LanguageModel(team=team)
        if entered.endpoint is None:
            values = decrypt_values(row.encrypted)
        else:
            url, row.label = entered.endpoint
            values = {"url": url, "key": _key_for(row, url)}
        if entered.key is not None:
            values["key"] = entered.key
        row.encrypted, row.has_key = encrypt_values(values), bool(values["key"])
        row.model, row.daily_limit = entered.model, entered.daily_limit
        row.last_success_at = row.last_failure_at = None
        row.last_error = ""
        row.save()
        _audit(row, "changed", by, now)
    return row


def _key_for(row: LanguageModel, url: str) -> str:
    """The key that is there, where the address stays."""
    try:
        values = decrypt_values(row.encrypted)
    except SecretUnreadable:
        return ""
    return values["key"] if values.get("url") == url else ""


def switch_language_model(row: LanguageModel, *, on: bool, by: User, now: datetime) -> None:
    """On: messages stored from now on may be sent. Off: nothing is, from this moment on."""
    with transaction.atomic():
        stored = LanguageModel.objects.select_for_update().get(pk=row.pk)
        if stored.is_on == on:
            return
        stored.is_on, stored.on_since = on, now if on else None
        stored.save(update_fields=["is_on", "on_since"])
        _audit(stored, "on" if on else "off", by, now)


def remove_language_model(row: LanguageModel, *, by: User, now: datetime) -> None:
    """Gone, address and key with it; what it read stays with the messages."""
    with transaction.atomic():
        _audit(row, "removed", by, now)
        row.delete()


def _audit(row: LanguageModel, what: str, by: User, now: datetime) -> None:
    about = f"language_model: {what} · {row.model}"
    record_audit_entry(AuditKind.SETTINGS_CHANGED, by=by, now=now, team=row.team, about=about)


def secrets_of(row: LanguageModel) -> tuple[str, str]:
    """Base URL and key, empty for none; raises SecretUnreadable."""
    values = decrypt_values(row.encrypted)
    return values["url"], values["key"]


def reserve_request(row: LanguageModel, message: CarrierMessage, now: datetime) -> bool:
    """Count a request about a message, before it is sent: one that kills its process is counted too.

    False where the model is off by now, the day's requests are used up, or the message no longer waits or was taken by
    somebody else.
    """
    today = local(now).date()
    with transaction.atomic():
        stored = LanguageModel.objects.select_for_update().filter(pk=row.pk, is_on=True).first()
        if stored is None:
            return False
        count = stored.request_count if stored.counted_on == today else 0
        if count >= stored.daily_limit:
            return False
        unclear = CarrierMessage.objects.filter(pk=message.pk, state__in=_WAITING, meaning=Meaning.AMBIGUOUS)
        is_ours = unclear.filter(model_requests=message.model_requests, text=message.text).update(
            model_requests=F("model_requests") + 1, model_asked_at=now
        )
        if not is_ours:
            return False
        stored.counted_on, stored.request_count = today, count + 1
        stored.save(update_fields=["counted_on", "request_count"])
    return True


def skip_message(message: CarrierMessage, requests: int) -> None:
    """Never send this message: `requests` counts as so many requests about it."""
    CarrierMessage.objects.filter(pk=message.pk).update(model_requests=requests)


def keep_model_reading(row: LanguageModel, message: CarrierMessage, reading: ModelReading, now: datetime) -> bool:
    """Keep the third reading with a message that is as unclear as it was; it changes neither meaning nor state.

    Returns whether it was kept: somebody may have dealt with the message meanwhile.
    """
    with transaction.atomic():
        unclear = CarrierMessage.objects.select_for_update(of=("self",)).filter(
            pk=message.pk, state__in=_WAITING, meaning=Meaning.AMBIGUOUS, text=message.text
        )
        current = unclear.first()
        if current:
            current.reading["language_model"] = {
                "meaning": reading.meaning.value,
                "reason": reading.reason,
                "model": row.model,
            }
            current.save(update_fields=["reading"])
        note_success(row, now)
    return current is not None


def note_success(row: LanguageModel, now: datetime) -> None:
    """It answered as asked."""
    LanguageModel.objects.filter(pk=row.pk).update(last_success_at=now)


def note_failure(row: LanguageModel, error: str, now: datetime) -> None:
    """It did not; `error` says why, without a secret."""
    LanguageModel.objects.filter(pk=row.pk).update(last_failure_at=now, last_error=error[:300])
