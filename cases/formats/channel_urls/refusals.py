"""What is wrong with what a person entered as the address of a channel. No refusal repeats it: it may hold a key."""

from cases.domain.errors import CaseError, gettext_noop


class AddressRefused(CaseError):
    code = "address_refused"
    message = gettext_noop(
        "This is not a valid address or key for this service. The address should start with: %(begins)s"
    )


class WebAddressRefused(CaseError):
    code = "web_address_refused"
    message = gettext_noop("Enter an address starting with https:// or http://, without a user name.")


class SecretRefused(CaseError):
    code = "secret_refused"
    message = gettext_noop(
        "This is not a valid signing secret. Paste all of it and nothing else, or leave the field blank."
    )


class DeviceKeyRefused(CaseError):
    code = "device_key_refused"
    message = gettext_noop("This is not a valid key. It is the part of the address that the Bark app shows for you.")


class DeviceKeyUnclear(DeviceKeyRefused):
    code = "device_key_unclear"
    message = gettext_noop("It is not clear which part of the address is the key. Enter the key here as well.")


class ServerRefused(CaseError):
    code = "server_refused"
    message = gettext_noop(
        "Enter the address of the server and nothing else, like https://push.example.com or https://example.com/push."
    )


class TopicRefused(CaseError):
    code = "topic_refused"
    message = gettext_noop(
        "Enter the topic, like team-3f9a1c, or its whole address, like https://ntfy.example.com/team-3f9a1c. A topic "
        "has up to 64 letters, digits, hyphens and underscores."
    )


class TokenRefused(CaseError):
    code = "token_refused"
    message = gettext_noop("This is not a valid token. Paste all of it and nothing else.")


class ChatRefused(CaseError):
    code = "chat_refused"
    message = gettext_noop(
        "Enter the number of the chat, like 123456789 or -1001234567890, or the name of a public channel, like "
        "@company."
    )


class RoomRefused(CaseError):
    code = "room_refused"
    message = gettext_noop(
        "Enter the internal ID of the room, like !AbCdEfGh:example.com. It is not the room’s address, which starts "
        "with #."
    )
