"""The codes of authenticator apps: each is believed once, also the one that set the app up.

allauth remembers a used code in the cache, for 30 seconds. That is less than the minute and a half for which a code is
good here (MFA_TOTP_TOLERANCE), not atomic in files, and not done at all for the code that enrols. RFC 6238, 5.2: "The
verifier MUST NOT accept the second attempt of the OTP after the successful validation has been issued for the first".
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from cases.models import UsedCode

#: Before any step of time.
_NEVER = -1


def use_code(authenticator: Authenticator, code: str) -> bool:
    """Use a code of an authenticator app up, and with it all codes before; False when it is used up already, or is
    none of those that count now. Of many calls at once one returns True."""
    step = _step_of(authenticator, code)
    if step is None:
        return False
    UsedCode.objects.bulk_create([UsedCode(authenticator=authenticator, step=_NEVER)], ignore_conflicts=True)
    return UsedCode.objects.filter(authenticator=authenticator, step__lt=step).update(step=step) == 1


def _step_of(authenticator: Authenticator, code: str) -> int | None:
    """The step of time whose code this is, among those that count now."""
    secret = get_adapter().decrypt(authenticator.data["secret"])
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None
