"""An API token: its name, scopes and lifetime."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.roles import Scope
from cases.web.forms.base import BaseForm


class TokenForm(BaseForm):
    name = forms.CharField(label=_("Purpose"), max_length=80, help_text=_("For example: sync with the OA system."))
    write = forms.BooleanField(
        label=_("Can make changes"), required=False, help_text=_("If not ticked, it can only read.")
    )
    numbers = forms.BooleanField(
        label=_("Can see full numbers"),
        required=False,
        help_text=_("Every full number it reads is logged on the card, as when you view it yourself."),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
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
