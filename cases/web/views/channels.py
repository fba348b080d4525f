"""Notification channels of a person or of a team, and the notices sent over them.

`whose` in a URL is 'me' for one's own, 'teams' for those of the current team, which are for its managers.
"""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import selectors
from cases.checks import mail_problem
from cases.domain.roles import Right
from cases.formats import channel_urls
from cases.models import Notice, NotificationChannel, Reminder, Team, User
from cases.models.choices import AuditKind, ChannelKind
from cases.operations import channels as ops
from cases.operations.audit_log import record_audit_entry
from cases.reminders.test_send import send_test_message
from cases.web.access import TeamRequest, require_right, team_required
from cases.web.forms.channels import ChannelForm, kind_groups, setup_steps

NOTICES_PER_PAGE = 20
#: Fields that may hold a secret, and must not be in a report of an error.
EXTRA_NAMES = sorted({part.name for parts in channel_urls.EXTRA_PARTS.values() for part in parts})
CASES_SHOWN = 10


def _get_owner(request: TeamRequest, whose: str) -> User | Team:
    """The owner of the channels; 403 where the team's are not for this person."""
    if whose == "me":
        return request.user
    require_right(request, Right.MANAGE, request.team.pk)
    return request.team


def _get_channel(request: TeamRequest, whose: str, pk: int) -> NotificationChannel:
    owner = _get_owner(request, whose)
    return get_object_or_404(owner.channels.select_related("user", "team"), pk=pk)


def _audit_change(request: TeamRequest, whose: str, channel: NotificationChannel) -> None:
    """Record that a team's channel was added, changed, switched or removed; a person's own are not audited."""
    if whose == "teams":
        about = "channel: " + " · ".join(filter(None, [channel.kind, channel.name]))
        record_audit_entry(AuditKind.SETTINGS_CHANGED, by=request.user, now=request.now, team=request.team, about=about)


@require_safe
@team_required
def channel_list(request: TeamRequest, whose: str) -> HttpResponse:
    """All channels of the person or team with their state, and the kinds that can be added."""
    owner = _get_owner(request, whose)
    if isinstance(owner, User):
        ops.ensure_mailbox(owner)
    channels = list(owner.channels.select_related("user"))
    context = {
        "whose": whose,
        "channels": channels,
        "all_off": not any(channel.is_on for channel in channels),
        "kind_groups": kind_groups(get_language() or ""),
        "mail_in_files": not settings.EMAIL_HOST and any(c.kind == ChannelKind.EMAIL for c in channels),
        "doubtful_sender": settings.DEFAULT_FROM_EMAIL if request.user.is_staff and mail_problem() else "",
    }
    return render(request, "cases/channel_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("address", *EXTRA_NAMES)
@team_required
def channel_new(request: TeamRequest, whose: str, kind: str) -> HttpResponse | HttpResponseRedirect:
    """Add a channel of a kind, then return to the list, where it can be tested."""
    owner = _get_owner(request, whose)
    if kind not in channel_urls.URL_PREFIXES:  # e-mail is there by itself
        raise Http404
    form = ChannelForm(request.POST or None, kind=kind)
    if form.is_valid() and form.parsed_address:
        _audit_change(request, whose, ops.add_channel(owner, kind, form.parsed_address, name=form.cleaned_data["name"]))
        messages.success(request, _("Added. Send a test reminder now to check that it arrives."))
        return redirect("channel_list", whose)
    context = {"form": form, "whose": whose, "title": ChannelKind(kind).label, "steps": setup_steps(kind)}
    return render(request, "cases/channel_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("address", *EXTRA_NAMES)
@team_required
def channel_edit(request: TeamRequest, whose: str, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Change name or address."""
    channel = _get_channel(request, whose, pk)
    if channel.kind == ChannelKind.EMAIL:
        raise Http404  # its address is the account's
    form = ChannelForm(request.POST or None, kind=channel.kind, channel=channel)
    if form.is_valid():
        ops.change_channel(channel, name=form.cleaned_data["name"], address=form.parsed_address)
        _audit_change(request, whose, channel)
        messages.success(request, _("Saved."))
        return redirect("channel_list", whose)
    context = {"form": form, "whose": whose, "title": channel.get_kind_display(), "steps": setup_steps(channel.kind)}
    return render(request, "cases/channel_form.html", context | {"channel": channel})


@require_POST
@team_required
def channel_test(request: TeamRequest, whose: str, pk: int) -> HttpResponseRedirect:
    """Send a test message now and show the service's response."""
    result = send_test_message(_get_channel(request, whose, pk), request.now)
    if result.accepted:
        messages.success(request, _("Test reminder sent: %(answer)s") % {"answer": result.response})
    else:
        messages.error(request, _("Test reminder failed: %(answer)s") % {"answer": result.response})
    return redirect("channel_list", whose)


@require_POST
@team_required
def channel_toggle(request: TeamRequest, whose: str, pk: int) -> HttpResponseRedirect:
    """Switch a channel on or off."""
    channel = _get_channel(request, whose, pk)
    ops.switch_channel(channel, on=request.POST.get("on") == "1")
    _audit_change(request, whose, channel)
    return redirect("channel_list", whose)


@require_POST
@team_required
def channel_remove(request: TeamRequest, whose: str, pk: int) -> HttpResponseRedirect:
    """Delete a channel and its notices."""
    channel = _get_channel(request, whose, pk)
    _audit_change(request, whose, channel)
    ops.remove_channel(channel)
    messages.success(request, _("Deleted."))
    return redirect("channel_list", whose)


@require_safe
@team_required
def notice_list(request: TeamRequest, whose: str) -> HttpResponse:
    """The notices with their state and text, newest first."""
    owner = _get_owner(request, whose)
    notices = selectors.notices_of(owner).annotate(case_count=Count("lines__bundle__reminders"))
    notices = notices.order_by("-made_at", "id")
    page = Paginator(notices, NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(notice, _first_reminders(notice)) for notice in page]
    context = {"page_obj": page, "rows": rows, "whose": whose, "mail_in_files": not settings.EMAIL_HOST}
    return render(request, "cases/notice_list.html", context)


def _first_reminders(notice: Notice) -> list[Reminder]:
    """The first cases of a notice without a text, which is written when it is sent."""
    if notice.body:
        return []
    return list(selectors.reminders_in(notice).select_related("case__card").order_by("id")[:CASES_SHOWN])
