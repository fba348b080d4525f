"""The one page between choosing an act and doing it: it repeats what is selected and asks the form.

The selection travels as the cases' keys in one field: thousands of fields would be refused as an attack, and a
filter asked again could mean other cases.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import operations as ops
from cases import wording
from cases.admin.actions import ACTS, ActForm
from cases.admin.base import now_of
from cases.domain import phones
from cases.models import Case, User

#: More than this are not taken in one act: it has to end while the browser waits.
MOST_AT_ONCE = 5000
#: So many of the selected are shown one by one.
_SHOWN = 20


def link_to(name: str, case: Case, *, back: str) -> str:
    """The address that asks for this act on one case; afterwards the browser goes to `back`."""
    return f"{reverse('admin:cases_case_act', args=[name])}?{urlencode({'cases': case.pk, 'back': back})}"


def ask_for(name: str, request: HttpRequest, cases: QuerySet[Case]) -> HttpResponseBase:
    """The page for cases chosen in the list, which may be all that its filters found."""
    keys = list(cases.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(keys) > MOST_AT_ONCE:
        messages.error(request, _("Select at most %(most)s cases at once.") % {"most": MOST_AT_ONCE})
        return redirect(request.get_full_path())
    return _page(request, name, ACTS[name].form(), keys, back=request.get_full_path())


def act_view(request: HttpRequest, name: str) -> HttpResponseBase:
    """Asks (GET) or does (POST) an act for the cases whose keys are in `cases`, separated by commas.

    What was typed survives; cases that were refused stay selected, each with its reason. The same click
    (`click`, a UUID) twice is done once.
    """
    if name not in ACTS:
        raise Http404
    if not request.user.has_perm("cases.change_case"):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    keys = [int(key) for key in given.get("cases", "").split(",") if key.isdecimal()][:MOST_AT_ONCE]
    back = _safe(request, given.get("back", ""))
    if not keys:
        messages.warning(request, _("No case is selected."))
        return redirect(back)
    form = ACTS[name].form(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, name, form, keys, back=back)
    outcome = _do(request, form, keys)
    if outcome.done:
        count = len(outcome.done)
        said = ngettext("Recorded for %(count)s case.", "Recorded for %(count)s cases.", count) % {"count": count}
        messages.success(request, said)
    if not outcome.refused:
        return redirect(back)
    return _page(request, name, form, [case.pk for case, _ in outcome.refused], back=back, refused=outcome.refused)


def _do(request: HttpRequest, form: ActForm, keys: Sequence[int]) -> ops.VerbOutcome:
    assert isinstance(request.user, User)  # admin_view let only staff in
    now, seen = now_of(request), request.POST.get("seen", "")
    return ops.perform(
        form.verb(now),
        Case.objects.filter(pk__in=keys).only("pk"),
        by=request.user,
        now=now,
        submit_token=_click(request),
        # Several cases have several versions; the operation's own rules guard those.
        expected_version=int(seen) if seen.isdecimal() and len(keys) == 1 else None,
    )


def _click(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("click", ""))
    except ValueError:
        return uuid4()


def _safe(request: HttpRequest, back: str) -> str:
    """Where to go afterwards: a page of this site, otherwise the list."""
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else reverse("admin:cases_case_changelist")


def _page(
    request: HttpRequest,
    name: str,
    form: ActForm,
    keys: Sequence[int],
    *,
    back: str,
    refused: Sequence[tuple[Case, Any]] = (),
) -> HttpResponse:
    found = Case.objects.select_related("card", "carrier").in_bulk(keys[:_SHOWN])
    named = [found[key] for key in keys[:_SHOWN] if key in found]
    context = {
        **admin.site.each_context(request),
        "title": ACTS[name].title,
        "opts": Case._meta,
        "form": form,
        "action_url": reverse("admin:cases_case_act", args=[name]),
        "back": back,
        "click": _click(request),
        "keys": ",".join(map(str, keys)),
        "seen": named[0].version if len(keys) == 1 and named else "",
        "count": len(keys),
        "named": [(case, phones.mask_number(case.card.number)) for case in named],
        "unnamed": len(keys) - len(named),
        "refused": [(case, wording.say(error)) for case, error in refused],
    }
    return TemplateResponse(request, "admin/cases/case/act.html", context)
