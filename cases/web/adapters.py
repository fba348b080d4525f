"""Hooks of allauth, which signs people in: who may sign up, how mail is sent, how secrets are stored."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import User
from cases.models.encryption import decrypt_values, encrypt_values
from cases.web.forms.people import FirstAccountForm
from cases.web.middleware.language import request_language

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email or password is incorrect. Passwords are case-sensitive."),
        "too_many_login_attempts": _("Too many failed attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether anybody may sign up; invitations are `cases.web.views.teams.invitation`."""
        return bool(settings.SIGNUP == "open")

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name, user.language = form.cleaned_data["name"], request_language(request)
        saved_user: User = super().save_user(request, user, form, commit)
        return saved_user

    def format_email_subject(self, subject: str) -> str:
        return gettext("Xiaoka: %(subject)s") % {"subject": subject}

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """An unreachable mail server must not keep anybody from changing their password."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are of this kind, too
            log.warning("A message about an account could not be sent: %s", type(error).__name__)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are stored encrypted, as those of channels are."""

    def encrypt(self, text: str) -> str:
        return encrypt_values({"secret": text})

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_values(encrypted_text)["secret"]


class NewAccountForm(SignupForm):  # type: ignore[misc]
    """Signing up without an invitation, where the installation allows it."""

    name = FirstAccountForm.base_fields["name"]
    field_order = ["name", "email", "password1"]


class NewKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new security key or passkey; allauth's field has no label, and shows its English name."""

    name = forms.CharField(label=_("Key name"), required=False)


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Key name"))
