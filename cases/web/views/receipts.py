"""Uploading receipts, and downloading them."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import operations as ops
from cases.documents.downloads import serve_receipt
from cases.domain.errors import CaseError
from cases.models import ReceiptAltered
from cases.web.access import TeamRequest, get_case, team_required
from cases.web.forms.receipts import ReceiptForm, read_uploads
from cases.web.undo_offer import add_recorded_message
from cases.web.views.case import case_page


@require_POST
@team_required
def receipt_add(request: TeamRequest, reference: str) -> HttpResponse | HttpResponseRedirect:
    """Store the uploaded files and a pasted text; all of them, or none."""
    case = get_case(request, reference)
    form = ReceiptForm(request.POST, request.FILES)
    if form.is_valid():
        data, count_before = form.cleaned_data, case.receipts.count()
        try:
            ops.attach_receipts(
                case,
                ops.ReceiptUpload(
                    data["kind"], read_uploads(data["uploads"], settings.RECEIPT_MAX_BYTES), data["text"]
                ),
                words=data["words"],
                by=request.user,
                now=request.now,
                submit_token=data["click"],
            )
        except CaseError as error:
            form.add_case_error(error)
        else:
            added_count = case.receipts.count() - count_before
            add_recorded_message(
                request,
                case,
                data["click"],
                ngettext("%(count)s receipt saved.", "%(count)s receipts saved.", added_count) % {"count": added_count}
                if added_count
                else _("These receipts have already been added."),
            )
            return redirect("case_detail", case.reference)
    return case_page(request, case, receipt_form=form)


@require_safe
@team_required
def receipt_file(request: TeamRequest, reference: str, pk: int) -> HttpResponse:
    """A receipt's file, always as a download, never rendered on this site."""
    case = get_case(request, reference)
    receipt = get_object_or_404(case.receipts.select_related("case"), pk=pk)
    try:
        return serve_receipt(request, receipt)
    except ReceiptAltered:
        return render(request, "cases/receipt_altered.html", {"case": case, "receipt": receipt}, status=410)
