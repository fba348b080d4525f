"""Correcting the record: an entry undone, voided, amended or moved to another case; an act over many cases undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import operations as ops
from cases import queue, wording
from cases.domain.corrections import CorrectableEntry, NoSuchEntry
from cases.domain.errors import CaseError, ChangedMeanwhile
from cases.domain.roles import Right
from cases.models import Case
from cases.operations.act_undo import can_undo_act, count_cases, undo_act
from cases.operations.corrections import UndoEntry, load_entry
from cases.operations.moved_entries import move_entry
from cases.selectors.filters import BULK_LIMIT
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_case, team_required
from cases.web.forms.case_actions import VerbForm
from cases.web.forms.corrections import AmendForm, MoveForm, VoidForm
from cases.web.full_numbers import case_context
from cases.web.undo_offer import add_recorded_message
from cases.web.views.bulk_actions import CASES_SHOWN
from cases.wording.corrections import kind_label
from cases.wording.timeline import describe_entries


@require_POST
@team_required
def entry_undo(request: TeamRequest, reference: str, sequence: int) -> HttpResponseRedirect:
    """Undo an entry that the person has just recorded."""
    case = get_case(request, reference)
    try:
        entry = load_entry(case, sequence)
        ops.perform_one(UndoEntry(sequence), case, by=request.user, now=request.now)
    except NoSuchEntry as error:
        raise Http404 from error
    except CaseError as error:
        messages.error(request, wording.error_message(error))
    else:
        messages.success(request, _("Undone: %(what)s") % {"what": kind_label(entry.kind)})
    return redirect("case_detail", reference)


@allow_get_post
@team_required
def entry_void(request: TeamRequest, reference: str, sequence: int) -> HttpResponse | HttpResponseRedirect:
    """Void an entry, with the reason."""
    return _correction(request, reference, sequence, VoidForm)


@allow_get_post
@team_required
def entry_amend(request: TeamRequest, reference: str, sequence: int) -> HttpResponse | HttpResponseRedirect:
    """Correct parts of an entry, with the reason."""
    return _correction(request, reference, sequence, AmendForm)


def _correction(
    request: TeamRequest, reference: str, sequence: int, form_class: type[VoidForm] | type[AmendForm]
) -> HttpResponse | HttpResponseRedirect:
    def perform(case: Case, form: Any) -> HttpResponseRedirect:
        ops.perform_one(form.verb(), case, by=request.user, now=request.now, **form.perform_args())
        text = _("Recorded: %(what)s") % {"what": str(form.verb().kind.label)}
        add_recorded_message(request, case, form.cleaned_data["click"], text)
        return redirect("case_detail", reference)

    return _correction_page(request, reference, sequence, form_class, perform)


@allow_get_post
@team_required
def entry_move(request: TeamRequest, reference: str, sequence: int) -> HttpResponse | HttpResponseRedirect:
    """Move an entry to the case that it belongs to."""

    def perform(case: Case, form: Any) -> HttpResponseRedirect:
        target = move_entry(case, form.move(), by=request.user, now=request.now, **form.perform_args())
        messages.success(request, _("Moved from %(from)s to this case.") % {"from": reference})
        return redirect("case_detail", target.reference)

    return _correction_page(request, reference, sequence, MoveForm, perform)


def _correction_page(
    request: TeamRequest,
    reference: str,
    sequence: int,
    form_class: type[VoidForm] | type[AmendForm] | type[MoveForm],
    perform: Callable[[Case, Any], HttpResponseRedirect],
) -> HttpResponse | HttpResponseRedirect:
    """The page of a correction: the entry as it is, and the form; `perform` does what a valid form means."""
    case = get_case(request, reference, Right.WORK)
    try:
        entry = load_entry(case, sequence)
    except NoSuchEntry as error:
        raise Http404 from error
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        return redirect("case_detail", reference)
    form = form_class(request.POST if request.method == "POST" else None, case=case, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            return perform(case, form)
        except CaseError as error:
            form.add_case_error(error)
            if isinstance(error, ChangedMeanwhile):
                form.accept_version(get_case(request, reference).version)
    return render(request, "cases/entry_correction.html", case_context(request, case) | _context(case, entry, form))


def _context(case: Case, entry: CorrectableEntry, form: VerbForm) -> dict[str, Any]:
    names = {"entry": entry.sequence, "what": kind_label(entry.kind)}
    titles: dict[type[VerbForm], str] = {
        VoidForm: _("Void entry %(entry)s"),
        AmendForm: _("Correct entry %(entry)s"),
        MoveForm: _("Move entry %(entry)s to another case"),
    }
    kinds: dict[type[VerbForm], str] = {VoidForm: "void", AmendForm: "amend", MoveForm: "move"}
    rows = list(case.entries.select_related("content", "recorded_by").order_by("sequence"))
    item = next(item for item in describe_entries(rows) if item.entry.sequence == entry.sequence)
    return {
        "case": case,
        "form": form,
        "item": item,
        "title": titles[type(form)] % names,
        "kind": kinds[type(form)],
    }


@require_POST
@agent_required
def act_undo(request: TeamRequest, token: UUID) -> HttpResponse:
    """Undo an act of the person over many cases; each case that has moved on is named."""
    context: dict[str, Any] = {}
    words = _("Logged by mistake")
    if count_cases(token, request.user) > BULK_LIMIT and can_undo_act(token, request.user, request.now):
        queue.enqueue("cases.tasks.undo_act", str(token), request.user.pk, request.now.isoformat(), words)
        return render(request, "cases/act_undone.html", {"is_queued": True})
    try:
        outcome = undo_act(token, by=request.user, now=request.now, words=words)
    except CaseError as error:
        context = {"error": wording.error_message(error)}
    else:
        context = {
            "outcome": outcome,
            "left": [(case, wording.error_message(error)) for case, error in outcome.left[:CASES_SHOWN]],
        }
    return render(request, "cases/act_undone.html", context)
