"""Why what a forwarder sent is refused."""

from cases.domain.errors import CaseError, gettext_noop


class MessageRefused(CaseError):
    """What was sent cannot be taken; the subclasses say why. `code` is stored as the forwarder's last refusal."""

    code = "message_refused"
    message = gettext_noop("This SMS cannot be accepted.")


class PayloadUnreadable(MessageRefused):
    code = "not_readable"
    message = gettext_noop("The request is neither a form nor a JSON object in UTF-8 or GB18030.")


class SenderMissing(MessageRefused):
    code = "no_sender"
    message = gettext_noop("Sender missing or longer than 40 characters: set “from” or “sender”.")


class TextMissing(MessageRefused):
    code = "no_text"
    message = gettext_noop("Text missing: set “content”, “text” or “message”.")


class TextEncrypted(MessageRefused):
    code = "encrypted_text"
    message = gettext_noop("The text is encrypted. Turn off encryption in the app.")


class TimestampInvalid(MessageRefused):
    code = "no_moment"
    message = gettext_noop("The time received could not be read. Use milliseconds since 1970, or 2026-10-09 10:20:00.")


class MessageInAddress(MessageRefused):
    code = "in_address"
    message = gettext_noop(
        "The SMS is in the address of the request, and addresses end up in logs. In SmsForwarder, choose POST, or set "
        "a template that starts with {."
    )


class SignatureInvalid(MessageRefused):
    code = "bad_signature"
    message = gettext_noop(
        "The signature is missing or incorrect. Check that the secret in the app is the one shown here."
    )


class SignatureExpired(SignatureInvalid):
    code = "old_signature"
    message = gettext_noop(
        "The signature is too old, or its time lies ahead. Check that the clocks of phone and server are right."
    )
