"""Forms about accounts and teams."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from cases.domain.notification_hours import NotificationHours
from cases.domain.roles import Role
from cases.models import Invitation, User
from cases.models.choices import ROLE_CHOICES, FullNumbers, Language
from cases.web.forms.base import BaseForm


def check_new_password(form: forms.Form, password: str | None, email: str, name: str) -> None:
    """Adds an error to the password field where it does not suit a person with this address and name."""
    if password is None:
        return
    try:
        validate_password(password, User(email=email, name=name))
    except forms.ValidationError as error:
        form.add_error("password", error)


class FirstAccountForm(BaseForm):
    """The first administrator and their team."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    team = forms.CharField(
        label=_("Team name"), max_length=80, help_text=_("Your company or department; for yourself, your own name.")
    )
    email = forms.EmailField(label=_("Email"), max_length=254, help_text=_("You sign in with this email."))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_("At least 12 characters. Do not use only digits or a common password."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_new_password(self, data.get("password"), data.get("email", ""), data.get("name", ""))
        return data


class TeamForm(BaseForm):
    name = forms.CharField(label=_("Team name"), max_length=80, help_text=_("Your company or department."))


class FullNumbersForm(BaseForm):
    full_numbers = forms.ChoiceField(
        label=_("Full numbers on lists and cases"),
        choices=FullNumbers.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "For case workers and managers. Viewers see masked numbers. The activity log says once a day for each list "
            "who viewed it with full numbers. One number can always be shown on its card."
        ),
    )


class RoleForm(BaseForm):
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)


class InviteForm(BaseForm):
    """Whom to invite, and in which role."""

    email = forms.EmailField(
        label=_("Email"),
        required=False,
        max_length=254,
        help_text=_(
            "If you enter an email, only that account can use the link. If you leave it blank, anyone with the "
            "link can."
        ),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, initial=Role.AGENT)


class LeaveForm(BaseForm):
    """Who takes over the open cases of a member who leaves."""

    to = forms.ChoiceField(
        label=_("Reassign open cases to"),
        required=False,
        help_text=_("Managers are reminded of cases without an assignee."),
    )

    def __init__(self, *args: Any, members: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(user.pk): user for user in members}
        choices = [(key, str(user)) for key, user in self.members.items()]
        self.fields["to"].choices = [("", _("Unassigned")), *choices]  # type: ignore[attr-defined]

    def new_handler(self) -> User | None:
        return self.members.get(self.cleaned_data["to"])


class JoinForm(BaseForm):
    """Accepting an invitation: no fields for whoever is signed in, and those of a new account for others."""

    name = FirstAccountForm.base_fields["name"]
    email = FirstAccountForm.base_fields["email"]
    password = FirstAccountForm.base_fields["password"]

    def __init__(self, *args: Any, invitation: Invitation, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited_email = invitation.email
        if user.is_authenticated:
            self.fields.clear()
        elif self.invited_email:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_new_password(self, data.get("password"), data.get("email", self.invited_email), data.get("name", ""))
        return data

    def account_args(self) -> dict[str, str]:
        """The arguments of `sign_up_and_join` for the new account."""
        return {"email": self.invited_email, **self.cleaned_data}


class TimeField(forms.TimeField):
    """A time of day to the minute, with the browser's own picker."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": _("Enter a time of day, like 09:00.")}
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], error_messages=messages, **kwargs)


class AccountForm(BaseForm):
    """Name, language, and the hours for reminders (Shanghai time)."""

    name = FirstAccountForm.base_fields["name"]
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    remind_from = TimeField(label=_("Send reminders from"))
    remind_until = TimeField(
        label=_("Send reminders until"), help_text=_("Reminders due outside these hours are sent when they next begin.")
    )
    remind_on_days_off = forms.BooleanField(label=_("Also on weekends and public holidays"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("remind_from"), data.get("remind_until")
        if start and end and start >= end:
            self.add_error("remind_until", _("Reminder hours must begin before they end."))
        return data

    def hours(self) -> NotificationHours:
        """The hours that were entered."""
        data = self.cleaned_data
        return NotificationHours(data["remind_from"], data["remind_until"], data["remind_on_days_off"])
