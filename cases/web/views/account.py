"""The account of the person who is signed in."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from cases import clock
from cases.documents.personal_data import personal_data
from cases.models.choices import AuditKind
from cases.operations.accounts import change_account, change_hours
from cases.operations.audit_log import record_audit_entry
from cases.queue import enqueue
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.forms.people import AccountForm
from cases.web.local_redirects import redirect_to_path
from cases.web.middleware.language import COOKIE
from cases.web.views.calendar import calendar_link


@allow_get_post
@team_required
def account(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Name, language, hours, channels and calendar of the account."""
    user = request.user
    fields = ("name", "language", "remind_from", "remind_until", "remind_on_days_off")
    form = AccountForm(request.POST or None, initial={name: getattr(user, name) for name in fields})
    if form.is_valid():
        language = form.cleaned_data["language"]
        with transaction.atomic():
            change_account(user, by=user, now=request.now, name=form.cleaned_data["name"], language=language)
            if change_hours(user, form.hours()):
                enqueue("cases.tasks.apply_notification_hours", user.pk)
        with override(language):
            messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "form": form,
        "calendar": calendar_link(request),
        "failing": [channel for channel in user.channels.filter(is_on=True) if channel.failing],
    }
    return render(request, "cases/account.html", context)


@require_safe
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def account_export(request: TeamRequest) -> JsonResponse:
    """All that is stored about the person, as a JSON file."""
    now = clock.now()
    record_audit_entry(AuditKind.EXPORTED, by=request.user, now=now, about="own data")
    response = JsonResponse(personal_data(request.user, now), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="xiaoka-my-data.json"'
    return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponseRedirect:
    """Set the language: of the account, and in a cookie for visitors."""
    language = request.POST.get("language", "")
    response = redirect_to_path(request, request.POST.get("next", ""))
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            change_account(request.user, by=request.user, now=clock.now(), language=language)
        response.set_cookie(COOKIE, language, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.HTTPS)
    return response
