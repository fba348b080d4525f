"""A person's calendar: its secret URL, and the feed that is fetched without signing in."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import clock
from cases.documents.ical import render_calendar
from cases.models import CalendarAddress
from cases.models.encryption import SecretUnreadable, decrypt_values
from cases.operations.calendar_address import create_calendar_address, revoke_calendar_address
from cases.operations.secret_digest import digest_secret
from cases.web.access import TeamRequest, team_required


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The iCalendar feed behind a secret; 404 for every other URL, revoked or not."""
    address_digest = digest_secret(secret)
    address = CalendarAddress.objects.select_related("user").filter(digest=address_digest, user__is_active=True).first()
    # The database has compared already, in its own time; but only digests, of which nothing can be guessed.
    if address is None or not constant_time_compare(address.digest, address_digest):
        raise Http404
    response = HttpResponse(render_calendar(address.user, clock.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="xiaoka.ics"'
    patch_cache_control(response, private=True, max_age=0, must_revalidate=True)
    return response


def calendar_link(request: TeamRequest) -> str | None:
    """The URL of the person's calendar; empty when its key is missing, None when there is none."""
    address = CalendarAddress.objects.filter(user=request.user).first()
    if address is None:
        return None
    try:
        secret = decrypt_values(address.encrypted)["secret"]
    except SecretUnreadable:
        return ""
    return f"{settings.SITE_URL}{reverse('calendar_feed', args=[secret])}"


@require_POST
@team_required
def calendar_change(request: TeamRequest) -> HttpResponseRedirect:
    """Create or replace the URL, or revoke it."""
    if request.POST.get("do") == "revoke":
        revoke_calendar_address(request.user)
        messages.success(request, _("Calendar address revoked."))
    else:
        create_calendar_address(request.user)
        messages.success(request, _("New calendar address created."))
    return redirect(f"{reverse('account')}#calendar")
