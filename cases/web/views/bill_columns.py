"""The columns of a bill, put right by a person."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases import wording
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.operations.bill_columns import columns_of_sheet, set_columns, sheets_of_bill
from cases.web.access import TeamRequest, allow_get_post, get_bill, team_required
from cases.web.forms.bill_columns import BillColumnsForm
from cases.web.middleware.storage_status import note_error


@allow_get_post
@team_required
def bill_columns(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Say what the columns of a bill are, and compare it by that; another sheet or row of titles is shown first."""
    bill = get_bill(request, pk, Right.WORK)
    try:
        sheets = sheets_of_bill(bill)
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        return redirect("bill_detail", pk)
    posted = request.POST
    sheet, row = _place(posted.get("sheet"), 0), _place(posted.get("header_row"), 1)
    columns = columns_of_sheet(bill, sheets, sheet if sheet is not None and sheet < len(sheets) else None, row)
    is_current = posted.get("shown") == f"{columns.choice.sheet}-{columns.choice.titles_row}"
    form = BillColumnsForm(posted if is_current else None, bill=bill, sheets=sheets, columns=columns)
    if posted.get("carrier"):  # kept while another sheet or row is shown
        form.initial["carrier"] = posted["carrier"]
    if form.is_valid():
        try:
            set_columns(bill, form.choice(), by=request.user, now=request.now)
        except CaseError as error:
            note_error(error)
            form.add_error(None, wording.error_message(error))
        else:
            messages.success(request, _("The bill was compared again."))
            return redirect("bill_detail", pk)
    may_remove = all(finding.state == "open" for finding in bill.findings.all())
    return render(request, "cases/bill_columns.html", {"bill": bill, "form": form, "may_remove": may_remove})


def _place(text: str | None, first: int) -> int | None:
    """A sheet or row as typed, counted from 0; None for what is no such number."""
    if text and text.isascii() and text.isdigit() and len(text) < 9 and int(text) >= first:
        return int(text) - first
    return None
