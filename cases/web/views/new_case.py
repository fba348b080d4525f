"""Logging a case, with its deadlines previewed."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import operations as ops
from cases import selectors, wording
from cases.domain import checklist, phones
from cases.domain.checklist import ItemGroup
from cases.domain.errors import CaseError, NumberRefused, OpenCaseExists
from cases.domain.status import OPEN_STATUSES
from cases.models import Carrier, Case
from cases.operations.audit_log import record_number_shown
from cases.web.access import TeamRequest, agent_page, form_page, get_card
from cases.web.deadline_preview import preview
from cases.web.forms.new_case import LogForm, guess, remembered


@form_page
@agent_page
def case_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Log a case: as a draft, or as submitted already."""
    if request.method != "POST":
        initial = {}
        if card := key(request.GET.get("card")):
            known = get_card(request, card)
            initial = remembered(known)
            record_number_shown(known, by=request.user, now=request.now)  # the form holds it in full
        form = LogForm(initial=initial)
        return _page(request, form)
    pressed = request.POST.get("press")
    form = LogForm(request.POST, submitting=pressed == "submit")
    open_case: Case | None = None
    if form.is_valid() and pressed in ("draft", "submit"):
        try:
            case = _log(request, form)
        except OpenCaseExists as error:
            open_case = selectors.cases_of(request.team).filter(reference=error.params["reference"]).first()
            form.refuse(error)
        except CaseError as error:
            form.refuse(error)
        else:
            return redirect("case_detail", case.reference)
    return _page(request, form, open_case)


def _log(request: TeamRequest, form: LogForm) -> Case:
    data = form.cleaned_data
    return ops.open_case(
        request.team,
        data["number"],
        data["carrier"],
        reason=data["reason"],
        channel=data["channel"],
        by=request.user,
        now=request.now,
        facts=form.facts(),
        handler=request.user,
        words=data["words"],
        ready=data["ready"],
        submitted_at=data["submitted_at"] if form.submitting else None,
        reference=data["reference"],
        submit_token=data["click"],
    )


def _page(request: TeamRequest, form: LogForm, open_case: Case | None = None) -> HttpResponse:
    chosen = _carrier(form["carrier"].value())
    context = {
        "form": form,
        "open_case": open_case,
        "groups": checklist_groups(form),
        **preview(form["submitted_at"].value(), chosen, request.now),
    }
    return render(request, "cases/case_new.html", context)


def checklist_groups(form: LogForm) -> list[dict[str, Any]]:
    """The checklist with the form's ticks, group by group."""
    titles = {
        ItemGroup.MATERIALS: _("To have at hand"),
        ItemGroup.COMPANY: _("For companies"),
        ItemGroup.BEFORE: _("To settle before"),
    }
    ticked = set(form["ready"].value() or [])
    return [
        {"title": title, "items": [(i, i.code in ticked) for i in checklist.ITEMS if i.group is group]}
        for group, title in titles.items()
    ]


def key(typed: Any) -> int | None:
    """A row's key as it stands in an address or a field; None for anything else."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _carrier(typed: Any) -> Carrier | None:
    pk = key(typed)
    return Carrier.objects.filter(pk=pk).first() if pk is not None else None


@require_POST
@agent_page
def deadline_preview(request: TeamRequest) -> HttpResponse:
    """The preview alone, for htmx: of `submitted_at` and `carrier`, or of `happened_at` of the form of a draft."""
    chosen = _carrier(request.POST.get("carrier"))
    if chosen is None and request.POST.get("number"):
        try:
            chosen = guess(phones.parse(request.POST["number"]))
        except NumberRefused:
            chosen = None
    typed = request.POST.get("submitted_at") or request.POST.get("happened_at")
    context = preview(typed, chosen, request.now)
    return render(request, "cases/parts/preview.html", context)


@require_POST
@agent_page
def case_lookup(request: TeamRequest) -> HttpResponse:
    """What a number tells while it is typed, for htmx: the guessed carrier, what the register knows, an open case."""
    context: dict[str, Any] = {}
    try:
        number = phones.parse(request.POST.get("number", ""))
    except NumberRefused as error:
        typed = request.POST.get("number", "").strip()
        context["problem"] = wording.say(error) if len(typed) >= 11 else ""
    else:
        card = selectors.cards_of(request.team).filter(number=number).first()
        guessed, chosen = guess(number), request.POST.get("carrier", "")
        context = {
            "card": card,
            "open_case": card.cases.filter(status__in=OPEN_STATUSES).first() if card else None,
            "guess": card.carrier if card else guessed,
            "virtual": phones.is_virtual(number),
            "chosen": chosen,
            "differs": bool(chosen and guessed and not card and key(chosen) != guessed.pk),
        }
    context["carriers"] = Carrier.objects.all()
    return render(request, "cases/parts/lookup.html", context)
