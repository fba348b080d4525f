"""Hooks of allauth, which signs people in: who may sign up, how mail is sent, how secrets are stored."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases import clock
from cases.models import User
from cases.models.encryption import decrypt_values, encrypt_values
from cases.operations.account_mails import Letter
from cases.operations.accounts import confirm_email, replace_password
from cases.web.account_mail import links_of_this_site, queue_letter, site_host, subject_with_site
from cases.web.forms.people import FirstAccountForm
from cases.web.guess_guard import begin_password_attempt, forget_password_failures
from cases.web.middleware.language import request_language


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email or password is incorrect. Passwords are case-sensitive."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether anybody may sign up; invitations are `cases.web.views.teams.invitation`."""
        return bool(settings.SIGNUP == "open")

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name, user.language = form.cleaned_data["name"], request_language(request)
        saved_user: User = super().save_user(request, user, form, commit)
        return saved_user

    # Emails

    def format_email_subject(self, subject: str) -> str:
        return subject_with_site(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Have an email sent by the worker, in the language of the account's owner."""
        user = context.get("user") or User.objects.filter(email=User.objects.normalize_email(email)).first()
        with override(user.language if user else request_language(self.request)):
            values = links_of_this_site(context) | {
                "email": email,
                "site_url": settings.SITE_URL,
                "current_site": {"name": "Xiaoka", "domain": site_host()},
            }
            message = self.render_mail(template_prefix, email, values)
        kind = template_prefix.rpartition("/")[2]
        queue_letter(kind, Letter(email, message.subject, f"{message.body}\n"), user)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        values = (context or {}) | {"user": user, "timestamp": clock.now()}
        super().send_notification_mail(template_prefix, user, values, email)

    # Passwords, and what counts once

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._attempt = begin_password_attempt(request, str(credentials.get("email", "")))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user:
            self._attempt.succeeded()
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        forget_password_failures(str(credentials.get("email", "")))

    def set_password(self, user: User, password: str) -> None:
        """The page is shown anew where the password was changed meanwhile; a link to a new password is used up then."""
        if not replace_password(user, password):
            raise ImmediateHttpResponse(redirect(self.request.path))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            is_free: bool = email_address.can_set_verified()  # or else allauth says that another account has it
            if is_free and not confirm_email(email_address):
                return False
            return bool(super().confirm_email(request, email_address))


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
