"""Guessing at passwords and codes is slowed down: by browser where it is known, else by address and account."""

from dataclasses import dataclass

from django.forms import ValidationError
from django.http import HttpRequest
from django.utils.translation import ngettext

from cases.domain import guessing
from cases.domain.guessing import Pace
from cases.models import User
from cases.models.people import UserManager
from cases.operations import guess_limits
from cases.web.known_browsers import known_browser
from cases.web.rate_limits import client_network


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that is being looked at; `own_key`: what it is counted under that is nobody else's."""

    paces: dict[str, Pace]
    own_key: str

    def succeeded(self) -> None:
        """It was right, and does not count."""
        guess_limits.forgive_attempt(self.paces, cleared=self.own_key)


def begin_password_attempt(request: HttpRequest, email: str) -> Attempt:
    """Count an attempt at the password of the account with this address, there or not; raises ValidationError, which
    says how long to wait, and then the password is not looked at."""
    email = UserManager.normalize_email(email)
    return _begin(request, f"password:{email}", _own_browser(request, email=email), guessing.ACCOUNT)


def begin_code_attempt(request: HttpRequest, user: User) -> Attempt:
    """The same for a code of two-step verification."""
    return _begin(request, f"code:{user.pk}", _own_browser(request, pk=user.pk), guessing.ACCOUNT_CODES)


def forget_password_failures(email: str) -> None:
    """A new password was set by a link to the mailbox: guesses at the old one do not count."""
    guess_limits.forget_failures(_account_key(f"password:{UserManager.normalize_email(email)}"))


def _begin(request: HttpRequest, what: str, browser: str | None, account_pace: Pace) -> Attempt:
    if browser:
        own_key = f"browser:{browser}:{what}"
        attempt = Attempt({own_key: guessing.BROWSER}, own_key)
    else:
        network = client_network(request)
        own_key = f"address:{network}:{what}"
        paces = {own_key: guessing.ADDRESS, f"address:{network}": guessing.ADDRESS_ALL}
        attempt = Attempt(paces | {_account_key(what): account_pace}, own_key)
    if wait := guess_limits.begin_attempt(attempt.paces):
        raise ValidationError(_wait_text(wait), code="too_many_login_attempts")
    return attempt


def _account_key(what: str) -> str:
    return f"account:{what}"


def _own_browser(request: HttpRequest, **account: str | int) -> str | None:
    """The name of a browser in which the account is, or was, signed in."""
    browser = known_browser(request)
    accounts = browser.accounts if browser else ()
    if request.user.is_authenticated:
        accounts = (*accounts, request.user.pk)
    if not accounts or not User.objects.filter(pk__in=accounts, **account).exists():
        return None
    return browser.name if browser else str(request.session.session_key)


def _wait_text(seconds: int) -> str:
    if seconds <= 90:
        text = ngettext(
            "Too many failed attempts. Try again in %(count)s second.",
            "Too many failed attempts. Try again in %(count)s seconds.",
            seconds,
        )
        return text % {"count": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "Too many failed attempts. Try again in %(count)s minute.",
        "Too many failed attempts. Try again in %(count)s minutes.",
        minutes,
    )
    return text % {"count": minutes}
