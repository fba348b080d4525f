"""Receipts for operators, who need not belong to the team: downloads only, never a page of this site."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.models import Receipt, ReceiptAltered


@require_GET
def download_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a receipt, for whoever may see cases; an altered one is reported, not sent."""
    if not (request.user.has_perm("cases.view_case") or request.user.has_perm("cases.change_case")):
        raise PermissionDenied
    stored_receipt = get_object_or_404(Receipt.objects.select_related("case"), pk=pk)
    try:
        data = stored_receipt.read()
    except ReceiptAltered:
        messages.error(
            request, _("“%(name)s” is missing or no longer matches the upload.") % {"name": stored_receipt.name}
        )
        return redirect("admin:cases_case_change", stored_receipt.case_id)
    charset = "; charset=utf-8" if stored_receipt.is_text else ""
    return HttpResponse(
        data,
        content_type=stored_receipt.detected_type + charset,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": content_disposition_header(True, stored_receipt.download_name()) or "attachment",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )
