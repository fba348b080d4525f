"""Channels: made, changed, switched and removed by their owners."""

from django.db import transaction

from cases.formats.channel_urls import Address
from cases.models import Channel, Team, User
from cases.models.choices import ChannelKind
from cases.models.encryption import seal


def ensure_mailbox(user: User) -> None:
    """The mailbox that every account comes with, as a channel; one that was switched off stays off."""
    Channel.objects.bulk_create([Channel(user=user, kind=ChannelKind.EMAIL)], ignore_conflicts=True)


def add_channel(owner: User | Team, kind: str, address: Address, *, name: str = "") -> Channel:
    """A new channel of a person, or of a team as a whole. A person's mailbox stays beside it."""
    channel = Channel(kind=kind, name=name, sealed=seal(address.parts), shown=address.shown)
    with transaction.atomic():
        if isinstance(owner, User):
            ensure_mailbox(owner)
            channel.user = owner
        else:
            channel.team = owner
        channel.save()
    return channel


def change_channel(channel: Channel, *, name: str, address: Address | None = None) -> None:
    """Another name, and another address unless it is None; what was said of the old address goes with it."""
    channel.name = name
    fields = ["name"]
    if address:
        channel.sealed, channel.shown = seal(address.parts), address.shown
        channel.last_success_at = channel.last_failure_at = None
        channel.last_error = ""
        fields += ["sealed", "shown", "last_success_at", "last_failure_at", "last_error"]
    channel.save(update_fields=fields)


def switch_channel(channel: Channel, *, on: bool) -> None:
    """On or off. What waits to be sent over a channel that is off is not sent any more."""
    channel.is_on = on
    channel.save(update_fields=["is_on"])


def remove_channel(channel: Channel) -> None:
    """Gone, with the messages that went over it; a mailbox is only switched off, for it would come back by itself."""
    if channel.kind == ChannelKind.EMAIL:
        switch_channel(channel, on=False)
    else:
        channel.delete()
