"""The card register."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import operations as ops
from cases import selectors, wording
from cases.domain import masking, phones
from cases.domain.errors import CardHasCases, CaseError, NumberTaken
from cases.domain.roles import Right
from cases.models import Card
from cases.models.choices import AuditKind
from cases.operations.audit_log import record_number_shown
from cases.operations.card_columns import own_columns
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_card, has_right, team_required
from cases.web.card_table import NO_VIEW, TableSettings
from cases.web.case_rows import case_list_rows
from cases.web.forms.new_case import CardEditForm, CardForm, NumberCorrectionForm, card_initial
from cases.web.full_numbers import card_context
from cases.wording.card_columns import card_facts

#: The last of those who saw a card's number in full, on its page.
SIGHTINGS_SHOWN = 20


@require_safe
@team_required
def card_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One card and its cases."""
    return _card_page(request, get_card(request, pk))


@require_POST
@team_required
def card_number(request: TeamRequest, pk: int) -> HttpResponse:
    """The page of a card with its number in full, which is recorded with the card."""
    card = get_card(request, pk, Right.READ)
    record_number_shown(card, by=request.user, now=request.now)
    return _card_page(request, card, full_number=True)


def _card_page(request: TeamRequest, card: Card, *, full_number: bool = False) -> HttpResponse:
    cases = selectors.cases_of(card.team).filter(card=card).order_by("-id")
    case_rows = case_list_rows(cases, request.now, selectors.working_calendar())
    numbers = card_context(request, card)
    open_case = next((row.case for row in case_rows if row.case.is_open), None)
    context = {
        "card": card,
        "rows": case_rows,
        "open_case": open_case,
        "facts": card_facts(card, own_columns(card.team_id)),
        **numbers,
        "full_numbers": full_number or numbers["full_numbers"],
        "sightings": card.sightings.filter(kind=AuditKind.NUMBER_SHOWN).select_related("by")[:SIGHTINGS_SHOWN],
        "may_work": has_right(request, Right.WORK, card.team_id),
        "may_manage": has_right(request, Right.MANAGE, card.team_id),
    }
    return render(request, "cases/card_detail.html", context)


@allow_get_post
@agent_required
def card_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Register a card before there is a case."""
    form = CardForm(request.POST or None, columns=own_columns(request.team.pk))
    existing_card = None
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        existing_card = selectors.cards_of(request.team).filter(number=number).first()
        if existing_card is None:
            carrier = form.cleaned_data["carrier"]
            card = ops.register_card(request.team, number, carrier, form.facts(), by=request.user, now=request.now)
            return redirect("card_detail", card.pk)
        form.add_error("number", _("This card has already been added."))
    context = {"form": form, "title": _("Add a card"), "existing_card": existing_card}
    return render(request, "cases/card_form.html", context)


@allow_get_post
@team_required
def card_edit(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Change what the register has of a card, except its number; the address has the settings of the table that one
    comes from."""
    card = get_card(request, pk, Right.WORK)
    form = CardEditForm(request.POST or None, initial=card_initial(card), columns=own_columns(card.team_id))
    back_url = TableSettings.from_params(request.GET.dict()).url(view=NO_VIEW) if request.GET else ""
    if request.method == "POST" and form.is_valid():
        carrier = form.cleaned_data["carrier"]
        try:
            ops.update_card(card, carrier, form.changed_values(), by=request.user, now=request.now)
        except CaseError as error:  # a column that was changed at the same moment
            form.add_case_error(error)
        else:
            return redirect(back_url or reverse("card_detail", args=[card.pk]))
    context = {
        "form": form,
        "title": _("Edit %(number)s") % {"number": masking.mask_number(card.number)},
        "card": card,
        "back_url": back_url,
    }
    return render(request, "cases/card_form.html", context)


@allow_get_post
@team_required
def card_correct(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Correct the number of a card; its form shows the number in full, which is recorded with the card."""
    card = get_card(request, pk, Right.MANAGE)
    existing_card = None
    if request.method == "POST":
        form = NumberCorrectionForm(request.POST)
        if form.is_valid():
            number, words = form.cleaned_data["number"], form.cleaned_data["words"]
            try:
                ops.correct_number(card, number, words, by=request.user, now=request.now)
            except CaseError as error:
                form.add_case_error(error)
                if isinstance(error, NumberTaken):
                    existing_card = selectors.cards_of(card.team).filter(pk=error.card).first()
            else:
                messages.success(request, _("Number corrected."))
                return redirect("card_detail", pk)
    else:
        record_number_shown(card, by=request.user, now=request.now)
        form = NumberCorrectionForm(initial={"number": phones.format_number(card.number)})
    context = {"form": form, "card": card, "case_count": card.cases.count(), "existing_card": existing_card}
    return render(request, "cases/card_correct.html", context)


@allow_get_post
@team_required
def card_delete(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Ask whether to delete a card that has no case, then delete it."""
    card = get_card(request, pk, Right.MANAGE)
    if request.method == "POST":
        number = masking.mask_number(card.number)
        try:
            ops.delete_card(card, by=request.user, now=request.now)
        except CardHasCases as error:
            messages.error(request, wording.error_message(error))
            return redirect("card_detail", pk)
        messages.success(request, _("Card deleted: %(number)s") % {"number": number})
        return redirect("card_list")
    return render(request, "cases/card_delete.html", {"card": card, "case_count": card.cases.count()})
