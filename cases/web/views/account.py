"""The account of the person who is signed in."""

from datetime import datetime

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST, require_safe

from cases import clock, wording
from cases.documents.personal_data import personal_data
from cases.domain.business_days import local
from cases.models.choices import AuditKind
from cases.operations.accounts import change_account, change_hours
from cases.operations.audit_log import record_audit_entry
from cases.operations.moved_reminders import Moved, moved_reminders, remind_now
from cases.queue import enqueue
from cases.web.access import TeamRequest, allow_get_post, team_required
from cases.web.forms.people import AccountForm
from cases.web.local_redirects import redirect_to_path
from cases.web.middleware.language import COOKIE
from cases.web.views.calendar import calendar_link

#: What changed hours have moved, in the session; and so many lines of it are shown.
_MOVED = "moved_reminders"
_MAX_LINES = 3


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
                _remember_moved(request, moved_reminders(user, request.now))
                enqueue("cases.tasks.apply_notification_hours", user.pk)
        with override(language):
            messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "form": form,
        "calendar": calendar_link(request),
        "moved": _moved_lines(request),
        "may_send_now": bool(request.session.get(_MOVED, {}).get("due")),
        "failing": [channel for channel in user.channels.filter(is_on=True) if channel.failing],
    }
    return render(request, "cases/account.html", context)


@require_POST
@team_required
def reminders_now(request: TeamRequest) -> HttpResponseRedirect:
    """Send at once what the new hours have moved; once, for then it no longer stands there."""
    due = request.session.pop(_MOVED, {}).get("due", [])
    count = remind_now(request.user, due, request.now)
    if count:
        template = ngettext("%(count)s reminder is being sent now.", "%(count)s reminders are being sent now.", count)
        messages.success(request, template % {"count": count})
    else:
        messages.info(request, _("There is nothing left to send now."))
    return redirect("account")


def _remember_moved(request: TeamRequest, moved: Moved) -> None:
    """Keep what moves for the page that follows, until it is sent or the day is over."""
    request.session.pop(_MOVED, None)
    if moved.groups:
        lines = [
            (group.count, group.before.isoformat(), group.after.isoformat()) for group in moved.groups[:_MAX_LINES]
        ]
        request.session[_MOVED] = {"day": local(request.now).date().isoformat(), "lines": lines, "due": moved.due}


def _moved_lines(request: TeamRequest) -> list[str]:
    """What moved today, in sentences."""
    moved = request.session.get(_MOVED, {})
    if moved.get("day") != local(request.now).date().isoformat():
        request.session.pop(_MOVED, None)
        return []
    lines = []
    for count, *moments in moved["lines"]:
        before, after = (wording.moment_in_text(datetime.fromisoformat(moment)) for moment in moments)
        template = ngettext(
            "%(count)s reminder due on %(before)s will be sent on %(after)s.",
            "%(count)s reminders due on %(before)s will be sent on %(after)s.",
            count,
        )
        lines.append(template % {"count": count, "before": before, "after": after})
    return lines


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
