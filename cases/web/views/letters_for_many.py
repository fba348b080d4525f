"""One letter about many cases: from a selection, a batch or a call sheet, for each carrier one, and one about the money
of numbers that are cancelled."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import selectors, wording
from cases.documents.letter_texts import TITLES
from cases.documents.letters_for_many import in_writers_voice, load_contexts, shared_letter_pdf, shared_letter_text
from cases.domain.business_days import local
from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.models import Carrier, Case
from cases.models.choices import EscalationKind, ReceiptKind
from cases.operations import Action
from cases.operations.act_undo import can_undo_act
from cases.operations.audit_log import record_numbers_shown
from cases.operations.letter_bundles import (
    NewLetters,
    SharedLetter,
    finalize_letters,
    forecast_letters,
    is_about_money,
)
from cases.operations.letter_senders import carrier_fields, remember_carrier_fields, save_sender, sender_fields
from cases.operations.receipts import store_receipts
from cases.selectors.letters import bundles_of, letters_in
from cases.web.access import TeamRequest, agent_required, has_right, team_required
from cases.web.forms.letters_for_many import CARRIER_FIELDS, LettersForm
from cases.web.undo_offer import add_act_message
from cases.web.views.bulk_actions import selected_cases
from cases.web.views.case_lists import PAGE_SIZE

#: Cases in the letters of one act: a table that an office still reads.
MOST_CASES = 200
_ACTION_WHEN_SENT = {EscalationKind.COMPLAINT: Action.COMPLAIN, EscalationKind.APPEAL: Action.APPEAL}


@dataclass(frozen=True)
class _Group:
    """The cases of one carrier that one letter is about: requests, or money of cancelled numbers."""

    carrier: Carrier
    is_about_money: bool
    cases: list[Case]

    @property
    def key(self) -> str:
        """What the letter's fields are named after; no carrier's short name has a dot."""
        return f"money.{self.carrier.slug}" if self.is_about_money else self.carrier.slug


@require_POST
@agent_required
def letters_new(request: TeamRequest, kind: str) -> HttpResponse | HttpResponseRedirect:
    """Write one letter to each carrier of the selected cases; preview one, or make all final."""
    if kind not in EscalationKind.values:
        raise Http404
    letter_kind, cases = EscalationKind(kind), selected_cases(request)
    if not cases or len(cases) > MOST_CASES:
        return render(request, "cases/letters_new.html", {"kind": kind, "problem": _problem(cases)})
    is_submitted = "click" in request.POST
    is_sent = not is_submitted or bool(request.POST.get("is_sent"))
    if is_submitted and _is_done(request):
        return redirect("letter_bundles")
    outcome = forecast_letters(cases, letter_kind, is_sent=is_sent, by=request.user, now=request.now)
    groups = _by_letter(cases, {case.pk for case in outcome.done})
    letters = [group.key for group in groups]
    may_keep = has_right(request, Right.MANAGE) and not any(sender_fields(request.team).values())
    if not is_submitted:
        initial = _initial(request, letter_kind, groups)
        form = LettersForm(kind=letter_kind, letters=letters, may_keep=may_keep, initial=initial)
    else:
        form = LettersForm(request.POST, kind=letter_kind, letters=letters, may_keep=may_keep)
        if groups and form.is_valid():
            preview = next((g for g in groups if request.POST.get("preview") == g.key), None)
            if preview:
                return _preview(request, letter_kind, form, preview)
            refused = _finalize(request, letter_kind, form, groups)
            if not refused:
                return redirect("letter_bundles")
            outcome.refused += refused
            form.change_value("click", str(uuid4()))
    context = {
        "kind": kind,
        "form": form,
        "groups": [(group, form.letter_fields(group.key)) for group in groups],
        "count": sum(len(group.cases) for group in groups),
        "references": " ".join(case.reference for case in cases),
        "refusals": [(case, wording.error_message(error)) for case, error in outcome.refused],
    }
    return render(request, "cases/letters_new.html", context)


def _is_done(request: TeamRequest) -> bool:
    """Whether the same form made letters before."""
    try:
        token = UUID(request.POST["click"])
    except ValueError:
        return False
    return bundles_of(request.team).filter(made_by=request.user, click=token).exists()


def _problem(cases: list[Case]) -> str:
    if not cases:
        return _("No cases selected. Select some, or choose the whole list.")
    return _("One letter can name at most %(most)s numbers. Filter the list first.") % {"most": MOST_CASES}


def _by_letter(cases: list[Case], keys: set[int]) -> list[_Group]:
    groups: dict[tuple[int, bool], _Group] = {}
    for case in cases:
        if case.pk in keys:
            about_money = is_about_money(case)
            group = _Group(case.carrier, about_money, [])
            groups.setdefault((case.carrier_id, about_money), group).cases.append(case)
    return sorted(groups.values(), key=lambda group: (-len(group.cases), group.carrier.pk, group.is_about_money))


def _initial(request: TeamRequest, kind: EscalationKind, groups: list[_Group]) -> dict[str, Any]:
    """Who writes and whom to, as the team keeps them, and the texts from the records."""
    sender = sender_fields(request.team)
    holders = {case.card.holder for group in groups for case in group.cases}
    sender["name"] = sender["name"] or (holders.pop() if len(holders) == 1 else "")
    initial: dict[str, Any] = {**sender, "signed_on": local(request.now).date()}
    for group in groups:
        contexts = load_contexts(group.cases, request.now, selectors.working_calendar(), sender["name"])
        own = {**carrier_fields(request.team, group.carrier), "body": shared_letter_text(kind, contexts)}
        initial |= {f"{name}_{group.key}": own[name] for name in CARRIER_FIELDS if name in own}
    return initial


def _pdf(request: TeamRequest, kind: EscalationKind, form: LettersForm, group: _Group) -> tuple[str, bytes]:
    fields, body = form.letter(group.key)
    contexts = load_contexts(group.cases, request.now, selectors.working_calendar(), fields["name"])
    record_numbers_shown(request.team, group.cases, by=request.user, now=request.now, about="letter")
    return shared_letter_pdf(kind, contexts, fields, in_writers_voice(kind, contexts, body))


def _preview(request: TeamRequest, kind: EscalationKind, form: LettersForm, group: _Group) -> HttpResponse:
    """The PDF of what is typed for one carrier, without storing it; it shows the numbers, which is recorded."""
    name, content = _pdf(request, kind, form, group)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _finalize(
    request: TeamRequest, kind: EscalationKind, form: LettersForm, groups: list[_Group]
) -> list[tuple[Case, CaseError]]:
    """Make the letters final; returns the cases whose letter is not, each with the reason."""
    shared, keys = [], {}
    for group in groups:
        name, content = _pdf(request, kind, form, group)
        (receipt,) = store_receipts(request.team.pk, [(name, content)], kind=ReceiptKind.LETTER.value, now=request.now)
        shared.append(SharedLetter(group.carrier, group.cases, receipt))
        keys[group.carrier.pk, receipt.name] = group.key
    token = form.cleaned_data["click"]
    words = _("Letter sent: %(name)s") % {"name": TITLES[kind]}
    new = NewLetters(request.team, kind, shared, form.cleaned_data["is_sent"], words)
    made = finalize_letters(new, by=request.user, now=request.now, submit_token=token)
    for bundle in made.bundles:
        key = keys.get((bundle.carrier_id, bundle.name))
        fields = {name: form.cleaned_data.get(f"{name}_{key}") or "" for name in CARRIER_FIELDS}
        remember_carrier_fields(request.team, bundle.carrier, fields)
    if made.bundles and form.cleaned_data.get("keep_sender"):
        save_sender(request.team, form.sender(), by=request.user, now=request.now)
    if made.bundles:
        count = len(made.bundles)
        text = ngettext("%(count)s letter finalised.", "%(count)s letters finalised.", count) % {"count": count}
        add_act_message(request, token, text)
    return made.refused


@require_safe
@team_required
def letter_bundles(request: TeamRequest) -> HttpResponse:
    """The team's letters about several cases, newest first."""
    page = Paginator(bundles_of(request.team), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cases/letter_bundles.html", {"page_obj": page})


@require_safe
@team_required
def letter_bundle(request: TeamRequest, pk: int) -> HttpResponse:
    """One of them: its file, its cases, and recording that it was sent."""
    bundle = get_object_or_404(bundles_of(*request.teams), pk=pk)
    rows = list(letters_in(bundle))
    context = {
        "bundle": bundle,
        "letters": rows,
        "receipt": next((row.receipt for row in rows if row.receipt), None),
        "action": _ACTION_WHEN_SENT[EscalationKind(bundle.kind)].value,
        # What is done to many is done in the current team.
        "may_send": bundle.team_id == request.team.pk and has_right(request, Right.WORK),
        "references": " ".join(row.case.reference for row in rows if not row.is_voided),
        "undo_token": bundle.click if can_undo_act(bundle.click, request.user, request.now) else None,
    }
    return render(request, "cases/letter_bundle.html", context)
