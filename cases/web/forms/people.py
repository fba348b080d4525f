"""Forms about accounts and teams."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from cases.models import User
from cases.models.choices import Language
from cases.web.forms.base import BaseForm


def _bare_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("E-mail and password do not belong together. Mind upper and lower case in the password."),
        "inactive": _("This account is not active."),
    }

    @property
    def helper(self) -> FormHelper:
        return _bare_helper()


class NewPasswordForm(PasswordChangeForm):
    @property
    def helper(self) -> FormHelper:
        return _bare_helper()


class FirstAccountForm(BaseForm):
    """The first administrator and the first team."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    team = forms.CharField(
        label=_("Team"), max_length=80, help_text=_("Your company or department; for yourself, your own name.")
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("You sign in with it."))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_("At least 8 characters, not only digits, and not a common one."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data:
            try:
                validate_password(data["password"], User(email=data.get("email", ""), name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class TeamForm(BaseForm):
    name = forms.CharField(label=_("Team"), max_length=80, help_text=_("Your company or department."))


class MeForm(BaseForm):
    name = forms.CharField(label=_("Your name"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
