"""Writing a letter from the record: draft, preview, final, and recording that it was sent."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import operations as ops
from cases import selectors, wording
from cases.documents import letters
from cases.domain.errors import CaseError, LetterChanged
from cases.domain.escalation import AppealSubject
from cases.domain.roles import Right
from cases.models import AppealBody, Case, Letter
from cases.models.choices import EscalationKind
from cases.operations import Action
from cases.operations.audit_log import record_number_shown
from cases.operations.escalation import appeal_outlook_of
from cases.operations.money_in_dispute import days_in_dispute
from cases.operations.next_reminder import standing_of
from cases.selectors import MarkedLetter
from cases.web.access import TeamRequest, allow_get_post, get_case, team_required
from cases.web.escalation_ladder import appeal_sentences
from cases.web.forms.letters import LetterForm, draft_initial, draft_version
from cases.web.full_numbers import case_context

#: What is recorded when a letter was sent.
_ACTION_WHEN_SENT = {EscalationKind.COMPLAINT: Action.COMPLAIN, EscalationKind.APPEAL: Action.APPEAL}


def _parse_kind(name: str) -> EscalationKind:
    if name not in EscalationKind.values:
        raise Http404
    return EscalationKind(name)


@allow_get_post
@team_required
def letter_edit(request: TeamRequest, reference: str, kind: str) -> HttpResponse | HttpResponseRedirect:
    """Edit the draft of a letter, or make it final."""
    case, letter_kind = get_case(request, reference, Right.WORK), _parse_kind(kind)
    draft = ops.letter_draft(case, letter_kind)
    if request.method != "POST":
        form = LetterForm(
            kind=letter_kind, initial=draft_initial(draft) if draft else _new_letter_initial(request, case, letter_kind)
        )
        return _letter_page(request, case, form, draft)
    form = LetterForm(request.POST, kind=letter_kind)
    if not form.is_valid():
        return _letter_page(request, case, form, draft)
    try:
        edit = form.letter_edit()
        if request.POST.get("press") == "final":
            return _make_final(request, case, form, edit)
        ops.save_letter_draft(case, edit, by=request.user, now=request.now)
    except CaseError as error:
        saved_draft = ops.letter_draft(case, letter_kind)
        form.add_case_error(error)
        form.accept_draft(saved_draft)
        return _letter_page(
            request, case, form, saved_draft, newer_draft=saved_draft if isinstance(error, LetterChanged) else None
        )
    messages.success(request, _("Draft saved."))
    return redirect("letter_edit", case.reference, letter_kind)


def _make_final(request: TeamRequest, case: Case, form: LetterForm, edit: ops.LetterEdit) -> HttpResponseRedirect:
    letter, is_new = letters.save_and_finalize(
        case, edit, by=request.user, now=request.now, submit_token=form.cleaned_data["click"]
    )
    if is_new:
        messages.success(request, _("Letter finalised and saved as a receipt."))
    return redirect("letter_final", case.reference, letter.pk)


@require_POST
@team_required
def letter_draft_delete(request: TeamRequest, reference: str, kind: str) -> HttpResponseRedirect:
    """Delete the draft that the page showed."""
    case, letter_kind = get_case(request, reference), _parse_kind(kind)
    draft = ops.letter_draft(case, letter_kind)
    try:
        if draft is not None and request.POST.get("seen") != draft_version(draft):
            raise LetterChanged()
        if draft is not None:
            ops.delete_letter_draft(case, letter_kind, expected_changed_at=draft.changed_at)
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        return redirect("letter_edit", case.reference, letter_kind)
    messages.success(request, _("Draft deleted."))
    return redirect("case_detail", case.reference)


def _new_letter_initial(request: TeamRequest, case: Case, kind: EscalationKind) -> dict[str, Any]:
    """The initial values without a draft: what the register has, and the text from the record."""
    card_fields = letters.initial_fields(case, kind, request.now)
    return {
        "click": uuid4(),
        **card_fields,
        "signed_on": date.fromisoformat(card_fields["signed_on"]),
        "body": letters.draft_from_record(case, kind, request.now),
    }


def _letter_page(
    request: TeamRequest, case: Case, form: LetterForm, draft: Letter | None, *, newer_draft: Letter | None = None
) -> HttpResponse:
    kind = form.kind
    signer = str(form["name"].value() or "")
    is_possible = ops.may_write_letter(case)
    fresh_body = letters.draft_from_record(case, kind, request.now, signer=signer) if is_possible else ""
    current_body = str(form["body"].value() or "").replace("\r\n", "\n")
    subject = case.appeal_subject
    days = days_in_dispute(case, request.now) if subject is AppealSubject.CHARGES else []
    appeal_outlook = appeal_outlook_of(
        case, list(case.escalations.all()), days, subject, request.now, selectors.working_calendar()
    )
    standing = standing_of(case, request.now, selectors.working_calendar())
    context = {
        **case_context(request, case),
        "case": case,
        "standing": standing,
        "next_step": wording.next_step(standing, case),
        "form": form,
        "kind": kind,
        "draft": draft,
        "newer_draft": newer_draft,
        "is_possible": is_possible,
        "fresh_body": fresh_body if fresh_body != current_body else "",
        "appeal_sentences": appeal_sentences(appeal_outlook) if kind == EscalationKind.APPEAL else [],
        "is_appeal_open": appeal_outlook.is_open,
        "appeal_bodies": AppealBody.objects.all() if kind == EscalationKind.APPEAL else [],
    }
    return render(request, "cases/letter_edit.html", context)


@require_POST
@team_required
def letter_preview(request: TeamRequest, reference: str, kind: str) -> HttpResponse:
    """The PDF of what is typed, without storing it; it shows the number, which is recorded with the card."""
    case, letter_kind = get_case(request, reference), _parse_kind(kind)
    form = LetterForm(request.POST, kind=letter_kind)
    if not form.is_valid():
        return _letter_page(request, case, form, ops.letter_draft(case, letter_kind))
    fields, body = form.letter_content()
    record_number_shown(case.card, by=request.user, now=request.now, case=case)
    name, content = letters.render_letter(case, letter_kind, fields, body)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@team_required
def letter_final(request: TeamRequest, reference: str, pk: int) -> HttpResponse:
    """A final letter: download it, and record that it was sent."""
    case = get_case(request, reference)
    letter: MarkedLetter = get_object_or_404(selectors.final_letters_of(case), pk=pk)
    assert letter.receipt is not None  # a constraint holds it
    kind = EscalationKind(letter.kind)
    action = _ACTION_WHEN_SENT[kind]
    default_words = _("Letter sent: %(name)s") % {"name": letter.receipt.name}
    sent_url = f"{reverse('case_action', args=[case.reference, action])}?{urlencode({'words': default_words})}"
    allowed = ops.allowed_actions(case, case.escalations.all(), request.roles.get(case.team_id))
    context = {
        **case_context(request, case),
        "case": case,
        "letter": letter,
        "kind": kind,
        "receipt": letter.receipt,
        "sent_url": sent_url if action in allowed and not letter.is_voided else "",
        "appeal_bodies": AppealBody.objects.all() if kind == EscalationKind.APPEAL else [],
    }
    return render(request, "cases/letter_final.html", context)
