"""One act for many cases: those ticked on a list, or all that its filter finds."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import operations as ops
from cases import selectors, wording
from cases.domain import phones
from cases.domain.errors import CaseError
from cases.domain.full_numbers import NumberList
from cases.models import Case
from cases.operations import ACTIONS, Action, VerbOutcome
from cases.operations.audit_log import record_numbers_shown
from cases.operations.receipts import store_receipts
from cases.selectors import Cases
from cases.selectors.filters import BULK_LIMIT
from cases.web.access import TeamRequest, agent_required
from cases.web.card_table import TableSettings
from cases.web.case_rows import case_list_rows
from cases.web.case_table import heads
from cases.web.forms.bulk_actions import BULK_BUTTONS, bulk_action_form, verb_of
from cases.web.forms.filters import CaseFilterForm
from cases.web.forms.receipts import read_uploads
from cases.web.full_numbers import list_context

#: Cases that are named one by one.
CASES_SHOWN = 200
#: Instead of an act: the cases as a list, to choose among them.
SELECT = "select"


def selected_cases(request: TeamRequest) -> list[Case]:
    """The cases that were ticked, or named by their references, or all that the list's filter finds; of the team that
    one is in, and no more than one above MOST_AT_ONCE."""
    cases = selectors.cases_of(request.team)
    if request.POST.get("everything"):
        filter_query = QueryDict(request.POST.get("filter", ""))
        return list(CaseFilterForm(filter_query).filter_cases(cases, request.now, request.team)[: BULK_LIMIT + 1])
    return list(referenced_cases(request).order_by("-id"))


def referenced_cases(request: TeamRequest) -> Cases:
    """The cases that were ticked, or named by their references; of the team that one is in."""
    references = [*request.POST.getlist("case"), *request.POST.get("references", "").split()]
    references = [reference for reference in references if "\0" not in reference]  # PostgreSQL takes no NUL
    return selectors.cases_of(request.team).filter(reference__in=references[: BULK_LIMIT + 1])


def batch_initial(request: TeamRequest) -> dict[str, Any]:
    """What a new batch begins with when cases were chosen for it: their numbers and carrier, and each card knows."""
    if request.method != "POST":
        return {}
    cases = selected_cases(request)[:BULK_LIMIT]
    record_numbers_shown(request.team, cases, by=request.user, now=request.now)
    carriers = {case.carrier_id for case in cases}
    numbers = "\n".join(phones.format_number(case.card.number) for case in cases if not case.card.is_erased)
    return {"numbers": numbers} | ({"carrier": carriers.pop()} if len(carriers) == 1 else {})


@require_POST
@agent_required
def bulk_action(request: TeamRequest) -> HttpResponse:
    """Asks what the act needs, then does it: each case is done, or named with why not."""
    name, cases = request.POST.get("action", ""), selected_cases(request)
    if name == SELECT and cases:
        return _selection_page(request, cases)
    problem = _problem(name, cases)
    if problem:
        context = {
            "error": problem,
            "bulk_actions": BULK_BUTTONS,
            "references": _references(cases),
            "count": len(cases),
        }
        return render(request, "cases/bulk_action.html", context)
    action = Action(name)
    members = list(selectors.assignable_users(request.team)) if ACTIONS[action].needs_members else []
    is_submitted = "click" in request.POST
    form = bulk_action_form(
        action, request.POST if is_submitted else None, request.FILES if is_submitted else None, cases, members
    )
    outcome = None
    if form.is_valid():
        try:
            outcome = _perform(request, action, form, cases)
        except CaseError as error:
            form.add_case_error(error)
    batches = {case.batch_id for case in cases}
    context = {
        "action": action.value,
        "batch": batches.pop() if len(batches) == 1 else None,
        "title": ACTIONS[action].title,
        "bulk_actions": BULK_BUTTONS,
        "cases": cases[:CASES_SHOWN],
        "count": len(cases),
        "references": _references(cases),
        "form": form,
        "outcome": outcome,
        "undo_token": form.cleaned_data["click"] if outcome and outcome.done else None,
        "refused_references": _references([case for case, _error in outcome.refused]) if outcome else "",
        "refusals": [(case, wording.error_message(error)) for case, error in outcome.refused[:CASES_SHOWN]]
        if outcome
        else [],
    }
    return render(request, "cases/bulk_action.html", context)


def _selection_page(request: TeamRequest, cases: list[Case]) -> HttpResponse:
    """These cases as a list, all of them ticked."""
    rows = case_list_rows(cases[:CASES_SHOWN], request.now, selectors.working_calendar())
    context = {
        "rows": rows,
        "heads": heads(TableSettings()),
        "count": len(cases),
        "bulk_actions": BULK_BUTTONS,
        **list_context(request, NumberList.CASES, rows),
    }
    return render(request, "cases/case_selection.html", context)


def _problem(action: str, cases: list[Case]) -> str:
    if not cases:
        return _("No cases selected. Select some, or choose the whole list.")
    if len(cases) > BULK_LIMIT:
        return _("More than %(most)s cases. Filter the list first.") % {"most": f"{BULK_LIMIT:,}"}
    return "" if action in dict(BULK_BUTTONS) else _("Choose an action.")


def _references(cases: list[Case]) -> str:
    return " ".join(case.reference for case in cases[:BULK_LIMIT])


def _perform(request: TeamRequest, action: Action, form: Any, cases: list[Case]) -> VerbOutcome:
    """Does it, in chunks that commit one by one; sent twice, it is done once."""
    data = form.cleaned_data
    if action is Action.RECEIPTS:
        files = read_uploads(data["uploads"], settings.RECEIPT_MAX_BYTES)
        receipts = store_receipts(request.team.pk, files, kind=data["kind"], now=request.now, text=data["text"])
        verb: ops.Verb = ops.AttachReceipts(receipts, data["words"])
    else:
        verb = verb_of(form)
    return ops.perform(verb, cases, by=request.user, now=request.now, submit_token=data["click"])
