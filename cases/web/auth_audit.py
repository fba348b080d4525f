"""Audit of signing in: successful and failed sign-ins and changed credentials are recorded for the managers, by signals
of django.contrib.auth and allauth."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from cases import clock
from cases.models import User
from cases.models.choices import AuditKind
from cases.operations.accounts import reclaim_account
from cases.operations.audit_log import record_audit_entry
from cases.web.known_browsers import remember_browser


def ensure_email_address(user: User) -> None:
    """Create allauth's row for the address of the account, as verified: whoever created the account vouched for it.
    Only an address that was changed, or that signed up without an invitation, has to be confirmed first."""
    if not EmailAddress.objects.filter(user=user, email=user.email).exists():
        EmailAddress.objects.filter(user=user, primary=True).delete()  # an operator entered another one
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def on_signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    ensure_email_address(user)
    remember_browser(request, user)
    record_audit_entry(AuditKind.SIGNED_IN, by=user, now=clock.now())


def on_sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Recorded where the account exists; nothing is stored of an address that nobody has."""
    email = credentials.get("username") or credentials.get("email") or ""
    user = User.objects.filter(email=User.objects.normalize_email(str(email))[:254]).first()
    if user:
        record_audit_entry(AuditKind.SIGN_IN_FAILED, by=user, now=clock.now())


def on_password_reset(user: User, **kwargs: Any) -> None:
    """Opening a mailed link proves that the mailbox is that person's."""
    reclaim_account(user)


def start_session(request: HttpRequest, user: User) -> None:
    """Sign in somebody who has just created their account, and list the session among theirs, as allauth does."""
    login(request, user)
    UserSession.objects.create_from_request(request)


def on_factor_added(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The first second factor ends the sessions that began without one, which could otherwise enter the admin."""
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if factors.count() == 1:
        for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
            session.end()


def _audit_setting_change(signal: Signal, about: str) -> None:
    """Record a change of credentials whenever the signal is sent."""

    def record_change(user: User, **kwargs: Any) -> None:
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=user, now=clock.now(), about=about)

    signal.connect(record_change, weak=False, dispatch_uid=f"cases.{about}")


def connect_signals() -> None:
    _audit_setting_change(password_changed, "password changed")
    _audit_setting_change(password_set, "password changed")
    _audit_setting_change(password_reset, "password changed")
    _audit_setting_change(email_changed, "e-mail changed")
    _audit_setting_change(authenticator_added, "second factor added")
    authenticator_added.connect(on_factor_added, dispatch_uid="cases.factor_added")
    _audit_setting_change(authenticator_removed, "second factor removed")
    user_logged_in.connect(on_signed_in, dispatch_uid="cases.signed_in")
    user_login_failed.connect(on_sign_in_failed, dispatch_uid="cases.sign_in_failed")
    password_reset.connect(on_password_reset, dispatch_uid="cases.password_reset")
