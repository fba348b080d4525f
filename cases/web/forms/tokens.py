"""An API token: its name, scopes and lifetime."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.roles import Scope
from cases.web.forms.base import BaseForm


class TokenForm(BaseForm):
    name = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("Such as: sync with the OA system."))
    write = forms.BooleanField(
        label=_("It may record things"), required=False, help_text=_("Without this it only reads.")
    )
    numbers = forms.BooleanField(
        label=_("It may see numbers in full"),
        required=False,
        help_text=_("Each number that it sees is noted with its card, as yours are."),
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )

    def __init__(self, *args: Any, may_work: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_work:  # no token may more than its person
            del self.fields["write"]

    def make_token_args(self) -> dict[str, Any]:
        """The arguments of `create_token` beside the membership."""
        scopes = [scope for scope in (Scope.WRITE, Scope.NUMBERS) if self.cleaned_data.get(scope.value)]
        return {"name": self.cleaned_data["name"], "scopes": scopes, "days": self.cleaned_data["days"]}
