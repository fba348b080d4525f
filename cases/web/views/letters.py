"""Writing a letter from the record: draft, preview, final; and what to do when it was sent."""

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
from cases.domain.letter_rules import check_final
from cases.domain.roles import Right
from cases.models import AppealBody, Case, Letter
from cases.models.choices import EntryKind, EscalationKind
from cases.operations import Action
from cases.operations.audit_log import record_number_shown
from cases.operations.escalation import appeal_outlook_of
from cases.web.access import TeamRequest, form_page, get_case, may, team_required
from cases.web.escalation_ladder import outlook_notes
from cases.web.forms.letters import LetterForm, initial_of, stamp

#: What is recorded when a letter was sent.
_SENT = {EscalationKind.COMPLAINT: Action.COMPLAIN, EscalationKind.APPEAL: Action.APPEAL}


def _kind(name: str) -> EscalationKind:
    if name not in EscalationKind.values:
        raise Http404
    return EscalationKind(name)


@form_page
@team_required
def letter_edit(request: TeamRequest, reference: str, kind: str) -> HttpResponse | HttpResponseRedirect:
    """A letter in the making: kept as a draft, made final, or thrown away."""
    case, its_kind = get_case(request, reference, Right.WORK), _kind(kind)
    draft = ops.letter_draft(case, its_kind)
    if request.method != "POST":
        form = LetterForm(kind=its_kind, initial=initial_of(draft) if draft else _new(request, case, its_kind))
        return _page(request, case, form, draft)
    form = LetterForm(request.POST, kind=its_kind)
    if not form.is_valid():
        return _page(request, case, form, draft)
    final = request.POST.get("press") == "final"
    done = _finished_by(request, case, form) if final else None
    if done is not None:
        return redirect("letter_final", case.reference, done.pk)
    try:
        fields, body = form.letter()
        draft = ops.save_letter_draft(case, its_kind, fields, body, expected_changed_at=form.seen_at(), by=request.user, now=request.now)
        if final:
            return _finish(request, case, draft, form)
    except CaseError as error:
        saved = ops.letter_draft(case, its_kind)
        form.refuse(error)
        form.show_again(saved)
        return _page(request, case, form, saved, other=saved if isinstance(error, LetterChanged) else None)
    messages.success(request, _("The draft is saved."))
    return redirect("letter_edit", case.reference, its_kind)


@require_POST
@team_required
def letter_throw_away(request: TeamRequest, reference: str, kind: str) -> HttpResponseRedirect:
    """Delete the draft that the page showed."""
    case, its_kind = get_case(request, reference), _kind(kind)
    draft = ops.letter_draft(case, its_kind)
    try:
        if draft is not None and request.POST.get("seen") != stamp(draft):
            raise LetterChanged()
        if draft is not None:
            ops.delete_letter_draft(case, its_kind, expected_changed_at=draft.changed_at)
    except CaseError as error:
        messages.error(request, wording.say(error))
        return redirect("letter_edit", case.reference, its_kind)
    messages.success(request, _("The draft is thrown away."))
    return redirect("case_detail", case.reference)


def _new(request: TeamRequest, case: Case, kind: EscalationKind) -> dict[str, Any]:
    """What the form shows before there is a draft: what the register knows, and the text from the record."""
    known = letters.known(case, request.now)
    return {
        "click": uuid4(),
        **known,
        "signed_on": date.fromisoformat(known["signed_on"]),
        "body": letters.from_record(case, kind, request.now),
    }


def _page(
    request: TeamRequest, case: Case, form: LetterForm, draft: Letter | None, *, other: Letter | None = None
) -> HttpResponse:
    kind = form.kind
    fresh = letters.from_record(case, kind, request.now) if ops.may_write_letter(case) else ""
    shown = str(form["body"].value() or "").replace("\r\n", "\n")
    its = appeal_outlook_of(case, list(case.escalations.all()), [], AppealSubject.OTHER, request.now, selectors.working_calendar())
    context = {
        "case": case,
        "form": form,
        "kind": kind,
        "draft": draft,
        "other": other,
        "possible": ops.may_write_letter(case),
        "fresh": fresh if fresh != shown else "",
        "notes": outlook_notes(its) if kind == EscalationKind.APPEAL else [],
        "open": its.is_open,
        "bodies": AppealBody.objects.all() if kind == EscalationKind.APPEAL else [],
    }
    return render(request, "cases/letter_edit.html", context)


def _finished_by(request: TeamRequest, case: Case, form: LetterForm) -> Letter | None:
    """The letter that the same click made final before: a form sent twice leads to it."""
    entries = case.entries.filter(recorded_by=request.user, kind=EntryKind.LETTER)
    entry = entries.filter(click=form.cleaned_data["click"]).first() if form.cleaned_data["click"] else None
    return case.letters.filter(kind=form.kind, final_at=entry.recorded_at).first() if entry else None


def _finish(request: TeamRequest, case: Case, draft: Letter, form: LetterForm) -> HttpResponseRedirect:
    check_final(draft.kind, draft.fields, draft.body)
    record_number_shown(case.card, by=request.user, now=request.now, case=case)
    click = form.cleaned_data.get("click")
    letters.make_final(case, draft, by=request.user, now=request.now, click=click)
    messages.success(request, _("The letter is final and stands among the receipts."))
    return redirect("letter_final", case.reference, draft.pk)


@require_POST
@team_required
def letter_preview(request: TeamRequest, reference: str, kind: str) -> HttpResponse:
    """The PDF of what is typed, of which nothing is kept; it shows the number, and the card tells of that."""
    case, its_kind = get_case(request, reference), _kind(kind)
    form = LetterForm(request.POST, kind=its_kind)
    if not form.is_valid():
        return _page(request, case, form, ops.letter_draft(case, its_kind))
    fields, body = form.letter()
    record_number_shown(case.card, by=request.user, now=request.now, case=case)
    name, made = letters.paper(case, its_kind, fields, body)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@team_required
def letter_final(request: TeamRequest, reference: str, pk: int) -> HttpResponse:
    """A final letter: to download, to send, and to record that it was sent."""
    case = get_case(request, reference)
    letter = get_object_or_404(case.letters.select_related("receipt"), pk=pk, final_at__isnull=False)
    assert letter.receipt is not None  # a constraint holds it
    kind = EscalationKind(letter.kind)
    action = _SENT[kind]
    note = _("Letter sent: %(name)s") % {"name": letter.receipt.name}
    sent = f"{reverse('case_act', args=[case.reference, action])}?{urlencode({'words': note})}"
    may_record = may(request, Right.WORK, case.team_id)
    context = {
        "case": case,
        "letter": letter,
        "kind": kind,
        "receipt": letter.receipt,
        "sent": sent if may_record and action in ops.allowed_actions(case, case.escalations.all()) else "",
        "bodies": AppealBody.objects.all() if kind == EscalationKind.APPEAL else [],
    }
    return render(request, "cases/letter_final.html", context)
