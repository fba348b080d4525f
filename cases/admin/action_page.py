"""The page between choosing an action and performing it: it repeats the selection and shows the form.

The selection is posted as the cases' keys in one field: thousands of fields would be refused as an attack, and a
filter applied again could match other cases.
"""

from collections.abc import Sequence
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
from cases.admin.actions import FORMS, OFFERS, AdminActionForm, offer_title
from cases.admin.base import request_now, signed_in_user
from cases.domain import masking
from cases.domain.errors import CaseError
from cases.models import Case

#: Cases of one action: it has to end while the browser waits.
MAX_CASES_AT_ONCE = 5000
#: Of the selected cases, how many the page names.
_MAX_LISTED = 20


def action_url(name: str, case: Case, *, back: str) -> str:
    """The address of this action's page for one case; afterwards the browser goes to `back`."""
    return f"{reverse('admin:cases_case_action', args=[name])}?{urlencode({'cases': case.pk, 'back': back})}"


def action_form_response(name: str, request: HttpRequest, cases: QuerySet[Case]) -> HttpResponseBase:
    """The page for cases selected in the list, which may be all that match its filters."""
    case_ids = list(cases.values_list("pk", flat=True)[: MAX_CASES_AT_ONCE + 1])
    if len(case_ids) > MAX_CASES_AT_ONCE:
        messages.error(request, _("Select at most %(most)s cases at once.") % {"most": MAX_CASES_AT_ONCE})
        return redirect(request.get_full_path())
    return _render_form(request, name, FORMS[OFFERS[name].key](), case_ids, back=request.get_full_path())


def action_view(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show the form of an action (GET), or perform it (POST), for the keys in `cases`, separated by commas.

    The form keeps its input; cases that were refused stay selected, each with its reason. The same form
    (`click`, its submit token) sent twice is performed once.
    """
    if name not in OFFERS:
        raise Http404
    if not request.user.has_perm("cases.change_case"):
        raise PermissionDenied
    params = request.POST if request.method == "POST" else request.GET
    case_ids = [int(key) for key in params.get("cases", "").split(",") if key.isdecimal()][:MAX_CASES_AT_ONCE]
    back = _safe_return_url(request, params.get("back", ""))
    if not case_ids:
        messages.warning(request, _("No case is selected."))
        return redirect(back)
    form = FORMS[OFFERS[name].key](request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _render_form(request, name, form, case_ids, back=back)
    outcome = _perform(request, form, case_ids)
    if outcome.done:
        count = len(outcome.done)
        message = ngettext("Recorded for %(count)s case.", "Recorded for %(count)s cases.", count) % {"count": count}
        messages.success(request, message)
    if not outcome.refused:
        return redirect(back)
    return _render_form(
        request, name, form, [case.pk for case, _ in outcome.refused], back=back, refused=outcome.refused
    )


def _perform(request: HttpRequest, form: AdminActionForm, case_ids: Sequence[int]) -> ops.VerbOutcome:
    now, expected_version = request_now(request), request.POST.get("seen", "")
    return ops.perform(
        form.verb(now),
        Case.objects.filter(pk__in=case_ids).only("pk"),
        by=signed_in_user(request),
        now=now,
        submit_token=_submit_token(request),
        # Several cases have several versions; the operation's own rules guard those.
        expected_version=int(expected_version) if expected_version.isdecimal() and len(case_ids) == 1 else None,
    )


def _submit_token(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("click", ""))
    except ValueError:
        return uuid4()


def _safe_return_url(request: HttpRequest, back: str) -> str:
    """Where to go afterwards: a page of this site, otherwise the list."""
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else reverse("admin:cases_case_changelist")


def _render_form(
    request: HttpRequest,
    name: str,
    form: AdminActionForm,
    case_ids: Sequence[int],
    *,
    back: str,
    refused: Sequence[tuple[Case, CaseError]] = (),
) -> HttpResponse:
    cases_by_id = Case.objects.select_related("card", "carrier").in_bulk(case_ids[:_MAX_LISTED])
    listed_cases = [cases_by_id[key] for key in case_ids[:_MAX_LISTED] if key in cases_by_id]
    context = {
        **admin.site.each_context(request),
        "title": offer_title(OFFERS[name]),
        "opts": Case._meta,
        "form": form,
        "action_url": reverse("admin:cases_case_action", args=[name]),
        "back": back,
        "click": _submit_token(request),
        "keys": ",".join(map(str, case_ids)),
        "seen": listed_cases[0].version if len(case_ids) == 1 and listed_cases else "",
        "count": len(case_ids),
        "named": [(case, masking.mask_number(case.card.number)) for case in listed_cases],
        "unnamed": len(case_ids) - len(listed_cases),
        "refused": [(case, wording.error_message(error)) for case, error in refused],
    }
    return TemplateResponse(request, "admin/cases/case/action.html", context)
