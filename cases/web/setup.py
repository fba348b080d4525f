"""The first start: a one-time link under which the first administrator makes an account.

The link is a signature under SECRET_KEY, good while no account exists: nothing is stored, and the account that it
made ends it.
"""

from django.core.signing import Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_post_parameters

from cases.models import User
from cases.operations.people import AccountExists, create_first_account
from cases.web.access import form_page
from cases.web.forms.people import FirstAccountForm
from cases.web.language import chosen
from cases.web.sign_ins import begin


def _token() -> str:
    return Signer(salt="cases.first-account").signature("first administrator")


def setup_path() -> str:
    """The path of the one-time link; good while no account exists."""
    return reverse("welcome", args=[_token()])


@form_page
@sensitive_post_parameters("password")
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    if not constant_time_compare(token, _token()) or User.objects.exists():
        raise Http404
    form = FirstAccountForm(request.POST or None)
    if form.is_valid():
        try:
            user = create_first_account(**form.cleaned_data, language=chosen(request))
        except AccountExists:
            raise Http404 from None
        begin(request, user)
        return redirect("work_list")
    return render(request, "cases/welcome.html", {"form": form})
