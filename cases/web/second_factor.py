"""Two-step verification as allauth has it, where each code counts once and guessing is slowed down."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from cases.operations.one_time_codes import use_code
from cases.web.guess_guard import begin_code_attempt

if TYPE_CHECKING:
    from django.forms import Form as _Form
else:
    _Form = object


class _CodeOnce(_Form):
    """Of a form that asks for a code. `authenticator`: what the code was found to belong to, set by allauth's form."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        attempt = begin_code_attempt(context.request, self.user)
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not use_code(self.authenticator, code):
            raise get_account_adapter().validation_error("incorrect_code")
        attempt.succeeded()
        return code


class CodeForm(_CodeOnce, AuthenticateForm):  # type: ignore[misc]
    """Signing in with a code."""


class CodeAgainForm(_CodeOnce, ReauthenticateForm):  # type: ignore[misc]
    """Saying again who one is, with a code."""


class NewAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def clean_code(self) -> str:
        attempt = begin_code_attempt(context.request, self.user)
        code: str = super().clean_code()
        attempt.succeeded()
        return code


class NewAppView(ActivateTOTPView):  # type: ignore[misc]
    """Sets an authenticator app up: once, however many requests with its first code arrive; the code is used up."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)
                authenticator = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
                use_code(authenticator, form.cleaned_data["code"])
        except IntegrityError:  # another request was first
            return redirect("mfa_index")
        return response


activate_totp = NewAppView.as_view()
