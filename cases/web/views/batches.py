"""Batches: many requests handed in by one act; how far each is; the carrier's answer as a list."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.domain import phones
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.models import Batch
from cases.operations.batches import BatchReplyResult, record_batch_reply, submit_batch
from cases.selectors.filters import with_status_counts
from cases.web.access import TeamRequest, agent_page, form_page, get_batch, may, team_required
from cases.web.case_rows import rows
from cases.web.forms.batches import AnswerForm, BatchForm
from cases.web.forms.bulk_actions import ACTS
from cases.web.views.bulk_actions import chosen_numbers
from cases.web.views.case_lists import PAGE


@require_safe
@team_required
def batch_list(request: TeamRequest) -> HttpResponse:
    """The team's batches, newest first, with how far each is."""
    found = with_status_counts(selectors.batches_of(request.team), request.now).order_by("-id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/batch_list.html", {"page_obj": page})


@form_page
@agent_page
def batch_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Record that many requests were handed in by one act."""
    posted = request.method == "POST" and "carrier" in request.POST
    initial = {} if posted else chosen_numbers(request)
    form = BatchForm(request.POST if posted else None, request.FILES if posted else None, initial=initial)
    if form.is_valid():
        try:
            done = submit_batch(request.team, by=request.user, now=request.now, **form.asked())
        except CaseError as error:
            form.refuse(error)
        else:
            said = ngettext("%(count)s request recorded.", "%(count)s requests recorded.", len(done.cases))
            messages.success(request, said % {"count": len(done.cases)})
            for number, why in done.refused:
                messages.warning(request, f"{phones.mask_number(number)}: {wording.say(why)}")
            return redirect("batch_detail", done.batch.pk)
    return render(request, "cases/batch_new.html", {"form": form})


@require_safe
@team_required
def batch_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One batch: how far it is, and its cases."""
    return _page(request, get_batch(request, pk))


def _page(request: TeamRequest, batch: Batch, answered: BatchReplyResult | None = None) -> HttpResponse:
    its = with_status_counts(selectors.batches_of(batch.team), request.now).get(pk=batch.pk)
    cases = selectors.cases_of(batch.team).filter(batch=batch).order_by("status", "id")
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    total = its.total or 1  # type: ignore[attr-defined]
    context = {
        "its": its,
        "page_obj": page,
        "rows": rows(page.object_list, request.now, selectors.working_calendar()),
        "open": its.total - its.confirmed - its.withdrawn,  # type: ignore[attr-defined]
        "percent": 100 * its.confirmed // total,  # type: ignore[attr-defined]
        "may_work": may(request, Right.WORK, batch.team_id),
        "acts": ACTS,
        "answered": answered,
        "refused": [(case, wording.say(error)) for case, error in answered.refused] if answered else [],
        "strangers": [phones.mask_number(number) for number in answered.unknown_numbers] if answered else [],
    }
    return render(request, "cases/batch_detail.html", context)


@form_page
@team_required
def batch_answer(request: TeamRequest, pk: int) -> HttpResponse:
    """The carrier's answer to a batch, pasted as lists of numbers."""
    batch = get_batch(request, pk, Right.WORK)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        click = form.cleaned_data["click"]
        answered = record_batch_reply(batch, form.answer(), by=request.user, now=request.now, submit_token=click)
        messages.success(request, _("The answer is recorded."))
        return _page(request, batch, answered)
    return render(request, "cases/batch_answer.html", {"its": batch, "form": form})
