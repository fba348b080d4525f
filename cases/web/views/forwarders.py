"""Phones that forward their SMS: set up, watched, switched and removed by the team's managers."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import selectors
from cases.checks import LOOPBACK
from cases.domain.forwarder_silence import is_silent
from cases.inbox.errors import REFUSAL_MESSAGES
from cases.models import Forwarder
from cases.models.choices import AuditKind, ForwarderKind
from cases.models.encryption import SecretUnreadable
from cases.operations import forwarders as ops
from cases.operations.audit_log import record_audit_entry
from cases.web.access import TeamRequest, allow_get_post, manager_required
from cases.web.forms.forwarders import ForwarderChangeForm, ForwarderForm, message_template, setup_steps


def _get_forwarder(request: TeamRequest, pk: int) -> Forwarder:
    return get_object_or_404(request.team.forwarders.select_related("team"), pk=pk)


@require_safe
@manager_required
def forwarder_list(request: TeamRequest) -> HttpResponse:
    """All phones of the team with their state, and the kinds that can be added."""
    calendar = selectors.working_calendar()
    rows = [
        {
            "forwarder": forwarder,
            "is_silent": is_silent(forwarder.arrival_times(), forwarder.last_seen_at, request.now, calendar),
        }
        for forwarder in request.team.forwarders.all()
    ]
    return render(request, "cases/forwarder_list.html", {"rows": rows, "kinds": list(ForwarderKind)})


@allow_get_post
@manager_required
def forwarder_new(request: TeamRequest, kind: str) -> HttpResponse | HttpResponseRedirect:
    """Add a phone of a kind, then show how its app is set up."""
    if kind not in ForwarderKind.values:
        raise Http404
    form = ForwarderForm(request.POST or None, team=request.team)
    if form.is_valid():
        forwarder = ops.add_forwarder(
            request.team, kind, name=form.cleaned_data["name"], signed=form.cleaned_data["signed"]
        )
        ops.set_forwarder_cards(forwarder, form.cleaned_data["cards"])
        _audit_change(request, forwarder)
        return redirect("forwarder_detail", forwarder.pk)
    return render(request, "cases/forwarder_new.html", {"form": form, "title": ForwarderKind(kind).label})


@allow_get_post
@manager_required
def forwarder_detail(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """A phone: its URL, how its app is set up, what was received; its name and cards can be changed here."""
    forwarder = _get_forwarder(request, pk)
    form = ForwarderChangeForm(request.POST or None, forwarder=forwarder)
    if form.is_valid():
        ops.rename_forwarder(forwarder, form.cleaned_data["name"])
        if ops.set_forwarder_cards(forwarder, form.cleaned_data["cards"]):
            _audit_change(request, forwarder)
        messages.success(request, _("Saved."))
        return redirect("forwarder_detail", pk)
    context = _status_context(request, forwarder) | {"form": form}
    try:
        secret, key = ops.secrets_of(forwarder)
    except SecretUnreadable:
        return render(request, "cases/forwarder_detail.html", context)
    context |= {
        "address": f"{settings.SITE_URL}{reverse('sms_webhook', args=[secret])}",
        "is_local_address": urlsplit(settings.SITE_URL).hostname in LOOPBACK,
        "key": key,
        "template": message_template(forwarder.kind, signed=bool(key)),
        "steps": setup_steps(forwarder.kind, signed=bool(key)),
    }
    return render(request, "cases/forwarder_detail.html", context)


@require_safe
@manager_required
def forwarder_status(request: TeamRequest, pk: int) -> HttpResponse:
    """What was received from a phone: the part of its page that polls until the first message."""
    return render(request, "cases/parts/forwarder_status.html", _status_context(request, _get_forwarder(request, pk)))


def _audit_change(request: TeamRequest, forwarder: Forwarder) -> None:
    about = f"forwarder: {forwarder.kind} · {forwarder.name}"
    record_audit_entry(AuditKind.SETTINGS_CHANGED, by=request.user, now=request.now, team=request.team, about=about)


def _status_context(request: TeamRequest, forwarder: Forwarder) -> dict[str, Any]:
    refusal = REFUSAL_MESSAGES.get(forwarder.last_refusal)
    return {
        "forwarder": forwarder,
        "refusal": _(refusal) if refusal else "",
        "is_silent": is_silent(
            forwarder.arrival_times(), forwarder.last_seen_at, request.now, selectors.working_calendar()
        ),
    }


@require_POST
@manager_required
def forwarder_action(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Switch on or off, replace the URL, or delete."""
    forwarder = _get_forwarder(request, pk)
    command = request.POST.get("do")
    _audit_change(request, forwarder)
    if command == "remove":
        ops.remove_forwarder(forwarder)
        messages.success(request, _("Deleted."))
        return redirect("forwarder_list")
    if command in ("on", "off"):
        ops.switch_forwarder(forwarder, on=command == "on")
    elif command == "address":
        ops.replace_address(forwarder, signed=_is_signed(forwarder))
        messages.success(request, _("Address and secret replaced. Enter the new ones in the app."))
    return redirect("forwarder_detail", pk)


def _is_signed(forwarder: Forwarder) -> bool:
    try:
        return bool(ops.secrets_of(forwarder)[1])
    except SecretUnreadable:
        return True
