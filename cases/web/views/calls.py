"""Calls that are due: one sheet for all numbers of a carrier, and what was answered, recorded in one go."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases import selectors, wording
from cases.domain.calls import CallPurpose
from cases.domain.errors import CaseError
from cases.models import Batch, Carrier, Case
from cases.operations.audit_log import record_numbers_in_full
from cases.operations.call_sheets import CallRow, CallSheet, call_sheets, record_call, sheet_of_cases
from cases.operations.call_sheets import call_sheet as due_call_sheet
from cases.operations.letter_senders import sender_fields
from cases.web.access import TeamRequest, agent_required, allow_get_post
from cases.web.forms.calls import CallForm
from cases.web.full_numbers import display_for
from cases.web.undo_offer import add_act_message
from cases.wording.call_sheets import (
    CallSubject,
    call_opening,
    call_text,
    message_text,
    purpose_label,
    row_facts,
    shown,
)

#: Numbers on one sheet; the rest come with the next, when these are recorded.
SHEET_SIZE = 200


@require_safe
@agent_required
def call_list(request: TeamRequest) -> HttpResponse:
    """The calls that are due in the current team, each with how many numbers it is about."""
    sheets = call_sheets(selectors.cases_of(request.team), request.now, selectors.working_calendar())
    rows = [{"sheet": sheet, "purpose": purpose_label(sheet.purpose), "parts": sheet.by_batch()} for sheet in sheets]
    context = {"sheets": rows, "number_count": sum(len(sheet.rows) for sheet in sheets)}
    return render(request, "cases/call_list.html", context)


@allow_get_post
@agent_required
def call_sheet(request: TeamRequest, slug: str, purpose: str) -> HttpResponse | HttpResponseRedirect:
    """One call: whom to call, what to say, about which numbers; posted, its answers are recorded."""
    if purpose not in [known.value for known in CallPurpose]:
        raise Http404
    carrier, call_purpose = get_object_or_404(Carrier, slug=slug), CallPurpose(purpose)
    if request.method == "POST":
        return _record(request, carrier, call_purpose)
    sheet = due_call_sheet(
        selectors.cases_of(request.team), carrier, call_purpose, request.now, selectors.working_calendar()
    )
    count = len(sheet.rows)
    sheet = CallSheet(carrier, call_purpose, sheet.rows[:SHEET_SIZE])
    return _sheet_page(request, sheet, CallForm(sheet=sheet), later=count - len(sheet.rows))


def _record(request: TeamRequest, carrier: Carrier, purpose: CallPurpose) -> HttpResponse | HttpResponseRedirect:
    sheet = _posted_sheet(request, carrier, purpose)
    if not sheet.rows:
        messages.error(request, _("No cases selected. Open the call sheet again."))
        return redirect("call_list")
    form = CallForm(request.POST, sheet=sheet)
    if not form.is_valid():
        return _sheet_page(request, sheet, form)
    token = form.cleaned_data["click"]
    outcome = record_call(
        form.call(),
        form.cleaned_data["answers"],
        unanswered_words=_("No answer"),
        by=request.user,
        now=request.now,
        submit_token=token,
    )
    if outcome.done:
        text = ngettext("Call recorded on %(count)s case.", "Call recorded on %(count)s cases.", len(outcome.done))
        add_act_message(request, token, text % {"count": len(outcome.done)})
    if not outcome.refused:
        return redirect("call_list")
    refused = {case.pk: error for case, error in outcome.refused}
    left = sheet_of_cases(
        [case for case in sheet.cases if case.pk in refused],
        carrier,
        purpose,
        request.now,
        selectors.working_calendar(),
    )
    form = CallForm(request.POST, sheet=left)
    form.change_value("click", str(uuid4()))  # what is sent again is another act, with an undo of its own
    return _sheet_page(request, left, form, refused=refused)


def _posted_sheet(request: TeamRequest, carrier: Carrier, purpose: CallPurpose) -> CallSheet:
    """The sheet as it was called about, in its order, whatever has become of its cases."""
    references = [text for text in request.POST.getlist("case") if "\0" not in text][:SHEET_SIZE]
    cases = selectors.cases_of(request.team).filter(carrier=carrier, reference__in=references)
    by_reference = {case.reference: case for case in cases}
    posted = [by_reference[text] for text in dict.fromkeys(references) if text in by_reference]
    return sheet_of_cases(posted, carrier, purpose, request.now, selectors.working_calendar())


@dataclass(frozen=True)
class _Line:
    """A number on the page, with its fields."""

    case: Case
    number: str
    facts: str
    is_late: bool
    outcome: Any
    fields: list[Any]
    refusal: str


def _sheet_page(
    request: TeamRequest,
    sheet: CallSheet,
    form: CallForm,
    *,
    later: int = 0,
    refused: dict[int, CaseError] | None = None,
) -> HttpResponse:
    in_full = display_for(request, request.team).has_switch
    if in_full:
        record_numbers_in_full(request.team, sheet.cases, by=request.user, now=request.now, about="call sheet")
    subjects = [_subject(row) for row in sheet.rows]
    opening = call_opening(sheet.purpose, subjects, sheet.late_count)
    heading = wording.join_names(filter(None, (str(sheet.carrier), sheet.line, purpose_label(sheet.purpose))))
    context = {
        "sheet": sheet,
        "purpose": purpose_label(sheet.purpose),
        "form": form,
        "later": later,
        "in_full": in_full,
        "opening": opening,
        "call_text": call_text(heading, opening, subjects, in_full=in_full),
        "message_text": message_text(sheet.purpose, subjects, _signature(request), in_full=in_full),
        "parts": [_part(batch, part, form, in_full, refused or {}) for batch, part in sheet.by_batch()],
        "refused_count": len(refused or {}),
        "references": " ".join(case.reference for case in sheet.cases),
    }
    return render(request, "cases/call_sheet.html", context)


def _subject(row: CallRow) -> CallSubject:
    return CallSubject(row.case, row.standing, row.owed)


def _signature(request: TeamRequest) -> list[str]:
    """Who writes, as the team keeps it: one line each."""
    sender = sender_fields(request.team)
    return [sender[name] for name in ("name", "contact", "phone") if sender[name]]


def _part(
    batch: Batch | None, rows: list[CallRow], form: CallForm, in_full: bool, refused: dict[int, CaseError]
) -> dict[str, Any]:
    lines = [
        _Line(
            case=row.case,
            number=shown(row.case.card.number, in_full=in_full),
            facts=wording.join_names(row_facts(_subject(row))),
            is_late=row.is_late,
            outcome=form.outcome_of(row.case),
            fields=form.row_fields(row.case),
            refusal=wording.error_message(refused[row.case.pk]) if row.case.pk in refused else "",
        )
        for row in rows
    ]
    is_open = any(line.refusal or any(field.errors for field in line.fields) for line in lines)
    return {"batch": batch, "lines": lines, "outcome": form.outcome_of(batch) if batch else None, "is_open": is_open}
