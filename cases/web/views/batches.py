"""Batches: requests submitted together, their progress, and the carrier's answer as a list."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.domain import masking
from cases.domain.errors import CaseError
from cases.domain.full_numbers import NumberList
from cases.domain.roles import Right
from cases.models import Batch
from cases.operations.batches import BatchReplyResult, record_batch_reply, submit_batch
from cases.selectors.filters import with_status_counts
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_batch, has_right, team_required
from cases.web.case_rows import case_list_rows
from cases.web.forms.batches import BatchForm, BatchReplyForm
from cases.web.forms.bulk_actions import BULK_BUTTONS
from cases.web.full_numbers import list_context
from cases.web.undo_offer import add_act_message
from cases.web.views.bulk_actions import batch_initial
from cases.web.views.case_lists import PAGE_SIZE


@require_safe
@team_required
def batch_list(request: TeamRequest) -> HttpResponse:
    """The team's batches with their progress, newest first."""
    batches = with_status_counts(selectors.batches_of(request.team), request.now).order_by("-id")
    page = Paginator(batches, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cases/batch_list.html", {"page_obj": page})


@allow_get_post
@agent_required
def batch_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Record requests that were submitted together."""
    is_posted = request.method == "POST" and "carrier" in request.POST
    initial = {} if is_posted else batch_initial(request)
    form = BatchForm(request.POST if is_posted else None, request.FILES if is_posted else None, initial=initial)
    if form.is_valid():
        try:
            result = submit_batch(
                request.team,
                form.new_batch(),
                by=request.user,
                now=request.now,
                submit_token=form.cleaned_data["click"],
            )
        except CaseError as error:
            form.add_case_error(error)
        else:
            text = ngettext("%(count)s request logged.", "%(count)s requests logged.", len(result.cases))
            add_act_message(request, result.batch.click, text % {"count": len(result.cases)})
            if result.refused:  # stays on the page, where a message would go with the next one
                return _batch_page(request, result.batch, refused=result.refused)
            return redirect("batch_detail", result.batch.pk)
    return render(request, "cases/batch_new.html", {"form": form})


@require_safe
@team_required
def batch_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One batch: its progress and its cases."""
    return _batch_page(request, get_batch(request, pk))


def _batch_page(
    request: TeamRequest,
    batch: Batch,
    reply_result: BatchReplyResult | None = None,
    refused: Sequence[tuple[str, CaseError]] = (),
) -> HttpResponse:
    counted_batch = with_status_counts(selectors.batches_of(batch.team), request.now).get(pk=batch.pk)
    cases = selectors.listed(selectors.cases_of(batch.team)).filter(batch=batch).order_by("status", "id")
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    total = counted_batch.total or 1
    context = {
        "batch": counted_batch,
        "refused": [(masking.mask_number(number), wording.error_message(error)) for number, error in refused],
        "page_obj": page,
        "rows": case_list_rows(page.object_list, request.now, selectors.working_calendar()),
        "open_count": counted_batch.total - counted_batch.confirmed - counted_batch.withdrawn,
        "percent": 100 * counted_batch.confirmed // total,
        "may_work": has_right(request, Right.WORK, batch.team_id),
        "bulk_actions": BULK_BUTTONS,
        **list_context(request, NumberList.BATCH, page.object_list, batch.team, batch.pk),
        "reply_result": reply_result,
        "refusals": [(case, wording.error_message(error)) for case, error in reply_result.refused]
        if reply_result
        else [],
        "unknown_numbers": reply_result.unknown_numbers if reply_result else [],
    }
    return render(request, "cases/batch_detail.html", context)


@allow_get_post
@team_required
def batch_reply(request: TeamRequest, pk: int) -> HttpResponse:
    """The carrier's answer to a batch, pasted as lists of numbers."""
    batch = get_batch(request, pk, Right.WORK)
    form = BatchReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        submit_token = form.cleaned_data["click"]
        reply_result = record_batch_reply(
            batch, form.reply(), by=request.user, now=request.now, submit_token=submit_token
        )
        add_act_message(request, submit_token, _("Reply recorded."))
        return _batch_page(request, batch, reply_result)
    return render(request, "cases/batch_reply.html", {"batch": batch, "form": form})
