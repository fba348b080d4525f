"""The end of a charge: refunded, or written off."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from cases import operations as ops
from cases import wording
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.web.access import TeamRequest, allow_get_post, get_case, team_required
from cases.web.forms.charges import RefundForm
from cases.web.undo_offer import add_recorded_message
from cases.web.views.case import action_page, recorded_title


@allow_get_post
@team_required
def charge_refund(request: TeamRequest, reference: str, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Record when a charge was refunded, or that it is written off."""
    case = get_case(request, reference, Right.WORK)
    charge = get_object_or_404(case.charges, pk=pk)
    form = RefundForm(request.POST if request.method == "POST" else None, charge=charge, case=case, members=[])
    if request.method == "POST" and form.is_valid():
        try:
            ops.perform_one(form.verb(), case, by=request.user, now=request.now, **form.perform_args())
        except CaseError as error:
            form.add_case_error(error)
        else:
            text = _("Recorded: %(what)s") % {"what": recorded_title(request, case, form)}
            add_recorded_message(request, case, form.cleaned_data["click"], text)
            return redirect(f"/cases/{case.reference}/#charges")
    refusal = ""
    if charge.refunded_on:
        refusal = _("This charge was already refunded, on %(day)s.") % {"day": wording.day_in_text(charge.refunded_on)}
    elif charge.written_off_on:
        refusal = _("This charge was written off on %(day)s.") % {"day": wording.day_in_text(charge.written_off_on)}
    context = {
        "facts": [
            (_("Type of charge"), charge.get_kind_display()),
            (_("Amount"), wording.format_yuan(charge.amount)),
            (_("Date of the charge"), wording.format_day(charge.day)),
        ],
        "action": "refund",
        "title": _("Outcome of the charge"),
        "is_possible": not refusal,
        "refusal": refusal,
    }
    return action_page(request, case, form, context)
