"""Sign-ins, those that worked and those that did not, and what changed about how somebody signs in, are noted for the
managers (by signals of django.contrib.auth and allauth)."""

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
from django.utils import timezone

from cases.models import User
from cases.models.choices import AuditKind
from cases.operations.accounts import reclaim_account
from cases.operations.audit_log import record_audit_entry


def ensure_email_address(user: User) -> None:
    """allauth's own row about the address of the account. Whoever made the account vouched for the address; only one
    that was changed, or came without an invitation, has to answer first."""
    if not EmailAddress.objects.filter(user=user, email=user.email).exists():
        EmailAddress.objects.filter(user=user, primary=True).delete()  # an operator entered another one
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def on_signed_in(user: User, **kwargs: Any) -> None:
    ensure_email_address(user)
    record_audit_entry(AuditKind.SIGNED_IN, by=user, now=timezone.now())


def on_sign_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Noted where the account exists; of an address that nobody has, nothing is kept."""
    email = credentials.get("username") or credentials.get("email") or ""
    user = User.objects.filter(email=User.objects.normalize_email(str(email))[:254]).first()
    if user:
        record_audit_entry(AuditKind.SIGN_IN_FAILED, by=user, now=timezone.now())


def on_password_reset(user: User, **kwargs: Any) -> None:
    """A link that was mailed opened the account: the mailbox is that person's."""
    reclaim_account(user)


def start_session(request: HttpRequest, user: User) -> None:
    """Signs somebody in who has just made their account; their session is listed among theirs, as allauth's are."""
    login(request, user)
    UserSession.objects.create_from_request(request)


def on_factor_added(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """With the first second factor, sessions that were begun without one end; whoever has one would be in the admin."""
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if factors.count() == 1:
        for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
            session.end()


def _audit_setting_change(signal: Signal, about: str) -> None:
    """Notes what somebody changed about how they sign in."""

    def record_change(user: User, **kwargs: Any) -> None:
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=user, now=timezone.now(), about=about)

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
