"""The first start: a one-time link under which the first administrator creates an account.

`serve` prints it; its token is `operations.accounts.first_account_token`.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_post_parameters

from cases.models import User
from cases.operations.accounts import AccountExists, create_first_account, first_account_token
from cases.web.access import allow_get_post
from cases.web.auth_audit import start_session
from cases.web.forms.people import FirstAccountForm
from cases.web.middleware.language import request_language


@allow_get_post
@sensitive_post_parameters("password")
def first_start(request: HttpRequest, token: str) -> HttpResponse:
    if not constant_time_compare(token, first_account_token()) or User.objects.exists():
        raise Http404
    form = FirstAccountForm(request.POST or None)
    if form.is_valid():
        try:
            user = create_first_account(**form.cleaned_data, language=request_language(request))
        except AccountExists:
            raise Http404 from None
        start_session(request, user)
        return redirect("work_list")
    return render(request, "cases/first_start.html", {"form": form})
