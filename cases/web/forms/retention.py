"""Forms about keeping, deleting and closing."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.domain import retention
from cases.web.forms.base import BaseForm


class RetentionForm(BaseForm):
    keep_months = forms.TypedChoiceField(
        label=_("Keep documents and notes of closed cases"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            ("", _("indefinitely")),
            *(
                (str(months), format_lazy(_("for {months} months"), months=months))
                for months in retention.RETENTION_MONTHS
            ),
        ],
        help_text=_(
            "After that, receipts, notes, carrier references and the number are erased; the sequence of events stays. "
            "The assignee is reminded 30 days before. Nothing is erased while a complaint or appeal is open."
        ),
    )

    def months(self) -> int | None:
        months: int | None = self.cleaned_data["keep_months"]
        return months


class TeamDeleteForm(BaseForm):
    typed = forms.CharField(label=_("Type the team’s name to confirm"), max_length=80)


class AccountCloseForm(BaseForm):
    email = forms.EmailField(label=_("Type your email to confirm"), max_length=254)

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self._email = email
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.strip().lower() != self._email:
            raise forms.ValidationError(_("The email does not match. Your account was not deleted."))
        return email
