"""Why a forwarder's request is refused before its message is read. `code` is kept as its last refusal."""

from cases.domain.errors import gettext_noop
from cases.formats.forwarders import refusals
from cases.formats.forwarders.refusals import MessageRefused


class PayloadTooLarge(MessageRefused):
    code = "too_large"
    message = gettext_noop("The SMS is larger than 64 KB.")


class ForwarderDisabled(MessageRefused):
    code = "switched_off"
    message = gettext_noop("This address is turned off.")


class ForwarderRateLimited(MessageRefused):
    code = "too_many"
    message = gettext_noop("Too many SMS from this phone. Try again in a few minutes.")


class SigningKeyMissing(MessageRefused):
    code = "key_missing"
    message = gettext_noop(
        "The signature cannot be checked because this address’s encryption key is missing. Tell the system "
        "administrator."
    )


#: What is said of a forwarder's last refusal, by its code.
REFUSAL_MESSAGES = {
    error.code: error.message
    for error in (
        refusals.PayloadUnreadable,
        refusals.SenderMissing,
        refusals.TextMissing,
        refusals.TextEncrypted,
        refusals.TimestampInvalid,
        refusals.MessageInAddress,
        refusals.SignatureInvalid,
        refusals.SignatureExpired,
        PayloadTooLarge,
        ForwarderDisabled,
        ForwarderRateLimited,
        SigningKeyMissing,
    )
}
