"""Channels: created, changed, switched and deleted by their owners."""

from django.db import transaction

from cases.formats.channel_urls import ChannelAddress
from cases.models import NotificationChannel, Team, User
from cases.models.choices import ChannelKind
from cases.models.encryption import encrypt_values
from cases.operations import untold_reminders


def ensure_mailbox(user: User) -> None:
    """The mailbox that every account comes with, as a channel; one that was switched off stays off."""
    NotificationChannel.objects.bulk_create(
        [NotificationChannel(user=user, kind=ChannelKind.EMAIL)], ignore_conflicts=True
    )


def add_channel(owner: User | Team, kind: str, address: ChannelAddress, *, name: str = "") -> NotificationChannel:
    """A new channel of a person, or of a team as a whole. A person's mailbox stays beside it."""
    channel = NotificationChannel(kind=kind, name=name, encrypted=encrypt_values(address.parts), label=address.label)
    with transaction.atomic():
        if isinstance(owner, User):
            ensure_mailbox(owner)
            channel.user = owner
        else:
            channel.team = owner
        channel.save()
    return channel


def change_channel(channel: NotificationChannel, *, name: str, address: ChannelAddress | None = None) -> None:
    """Another name, and another address unless it is None; the old address's results are deleted with it."""
    channel.name = name
    fields = ["name"]
    if address:
        channel.encrypted, channel.label = encrypt_values(address.parts), address.label
        channel.last_success_at = channel.last_failure_at = None
        channel.last_error = ""
        fields += ["encrypted", "label", "last_success_at", "last_failure_at", "last_error"]
    channel.save(update_fields=fields)


def switch_channel(channel: NotificationChannel, *, on: bool) -> None:
    """On or off. What waits to be sent over a channel that is off is not sent over it any more."""
    with transaction.atomic():
        channel.is_on = on
        channel.save(update_fields=["is_on"])
        if not on:
            _release_waiting(channel)


def remove_channel(channel: NotificationChannel) -> None:
    """Gone, with the messages that went over it; a mailbox is only switched off, for it would come back by itself."""
    if channel.kind == ChannelKind.EMAIL:
        switch_channel(channel, on=False)
        return
    with transaction.atomic():
        _release_waiting(channel)
        channel.delete()


def _release_waiting(channel: NotificationChannel) -> None:
    """What waits to be sent over this channel is told over the others that its reader has."""
    channels = NotificationChannel.objects.filter(pk=channel.pk)
    untold_reminders.release(untold_reminders.waiting_for_channels(channels))
