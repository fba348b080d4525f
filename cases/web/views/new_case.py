"""Opening a case, with a preview of its deadlines."""

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
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_card
from cases.web.deadline_preview import preview_context
from cases.web.forms.new_case import NewCaseForm, card_initial, guess_carrier


@allow_get_post
@agent_required
def case_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Open a case: as a draft, or as submitted already."""
    if request.method != "POST":
        initial = {}
        if card_pk := parse_pk(request.GET.get("card")):
            registered_card = get_card(request, card_pk)
            initial = card_initial(registered_card)
            record_number_shown(registered_card, by=request.user, now=request.now)  # the form holds it in full
        form = NewCaseForm(initial=initial)
        return _new_case_page(request, form)
    button = request.POST.get("press")
    form = NewCaseForm(request.POST, submitting=button == "submit")
    open_case: Case | None = None
    if form.is_valid() and button in ("draft", "submit"):
        try:
            case = _open_case(request, form)
        except OpenCaseExists as error:
            open_case = selectors.cases_of(request.team).filter(reference=error.params["reference"]).first()
            form.add_case_error(error)
        except CaseError as error:
            form.add_case_error(error)
        else:
            return redirect("case_detail", case.reference)
    return _new_case_page(request, form, open_case)


def _open_case(request: TeamRequest, form: NewCaseForm) -> Case:
    data = form.cleaned_data
    new_case = ops.NewCase(
        data["number"],
        data["carrier"],
        data["reason"],
        data["channel"],
        facts=form.facts(),
        handler=request.user,
        words=data["words"],
        ready=tuple(data["ready"]),
        submit=ops.Submit(data["submitted_at"], data["reference"]) if form.submitting else None,
    )
    return ops.open_case(request.team, new_case, by=request.user, now=request.now, submit_token=data["click"])


def _new_case_page(request: TeamRequest, form: NewCaseForm, open_case: Case | None = None) -> HttpResponse:
    carrier = _find_carrier(form["carrier"].value())
    context = {
        "form": form,
        "open_case": open_case,
        "groups": checklist_groups(form),
        **preview_context(form["submitted_at"].value(), carrier, request.now),
    }
    return render(request, "cases/case_new.html", context)


def checklist_groups(form: NewCaseForm) -> list[dict[str, Any]]:
    """The checklist with the form's ticks, by group."""
    titles = {
        ItemGroup.MATERIALS: _("Documents to bring"),
        ItemGroup.COMPANY: _("For companies"),
        ItemGroup.BEFORE: _("Before you cancel"),
    }
    ready_codes = set(form["ready"].value() or [])
    return [
        {"title": title, "items": [(item, item.code in ready_codes) for item in checklist.ITEMS if item.group is group]}
        for group, title in titles.items()
    ]


def parse_pk(raw_value: Any) -> int | None:
    """A primary key from a URL or a field; None for anything else."""
    text = str(raw_value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _find_carrier(raw_value: Any) -> Carrier | None:
    pk = parse_pk(raw_value)
    return Carrier.objects.filter(pk=pk).first() if pk is not None else None


@require_POST
@agent_required
def deadline_preview(request: TeamRequest) -> HttpResponse:
    """The preview alone, for htmx: of `submitted_at` and `carrier`, or of `happened_at` in the form of a draft."""
    carrier = _find_carrier(request.POST.get("carrier"))
    if carrier is None and request.POST.get("number"):
        try:
            carrier = guess_carrier(phones.parse(request.POST["number"]))
        except NumberRefused:
            carrier = None
    raw_value = request.POST.get("submitted_at") or request.POST.get("happened_at")
    context = preview_context(raw_value, carrier, request.now)
    return render(request, "cases/parts/deadline_preview.html", context)


@require_POST
@agent_required
def case_lookup(request: TeamRequest) -> HttpResponse:
    """What is known of a number while it is typed, for htmx: the guessed carrier, the card, an open case."""
    context: dict[str, Any] = {}
    try:
        number = phones.parse(request.POST.get("number", ""))
    except NumberRefused as error:
        raw_value = request.POST.get("number", "").strip()
        context["error"] = wording.error_message(error) if len(raw_value) >= 11 else ""
    else:
        card = selectors.cards_of(request.team).filter(number=number).first()
        guessed_carrier, carrier_pk = guess_carrier(number), request.POST.get("carrier", "")
        context = {
            "card": card,
            "open_case": card.cases.filter(status__in=OPEN_STATUSES).first() if card else None,
            "guessed_carrier": card.carrier if card else guessed_carrier,
            "is_virtual": phones.is_virtual(number),
            "chosen_carrier": carrier_pk,
            "is_other_carrier": bool(
                carrier_pk and guessed_carrier and not card and parse_pk(carrier_pk) != guessed_carrier.pk
            ),
        }
    context["carriers"] = Carrier.objects.all()
    return render(request, "cases/parts/case_lookup.html", context)
