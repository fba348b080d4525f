"""The card register."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import operations as ops
from cases import selectors
from cases.domain import masking
from cases.domain.roles import Right
from cases.models import Card
from cases.operations.audit_log import record_number_shown
from cases.selectors.filters import search_team_cards
from cases.selectors.pagination import Order, get_page
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_card, has_right, team_required
from cases.web.case_rows import case_list_rows
from cases.web.forms.new_case import CardForm, card_initial
from cases.web.views.case_lists import PAGE_SIZE, list_url, needs_masked_redirect

#: The last of those who saw a card's number in full, on its page.
SIGHTINGS_SHOWN = 20


@allow_get_post
@team_required
def card_list(request: TeamRequest) -> HttpResponse:
    """The team's cards with their number of cases, newest first."""
    if needs_masked_redirect(request):
        return redirect(list_url("card_list", request.POST if request.method == "POST" else request.GET))
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    team_cards = selectors.with_case_counts(selectors.cards_of(request.team))
    page = get_page(search_team_cards(request.team, q), team_cards, Order(), request.GET, PAGE_SIZE)
    query = urlencode({"q": q}) if q else ""
    context = {"keyset_page": page, "cards": page.rows, "q": q, "query_string": query, "by_age": True}
    return render(request, "cases/card_list.html", context)


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
    open_case = next((row.case for row in case_rows if row.case.is_open), None)
    context = {
        "card": card,
        "rows": case_rows,
        "open_case": open_case,
        "full_number": full_number,
        "sightings": card.sightings.select_related("by")[:SIGHTINGS_SHOWN],
        "may_work": has_right(request, Right.WORK, card.team_id),
    }
    return render(request, "cases/card_detail.html", context)


@allow_get_post
@agent_required
def card_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Register a card before there is a case."""
    form = CardForm(request.POST or None)
    existing_card = None
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        existing_card = selectors.cards_of(request.team).filter(number=number).first()
        if existing_card is None:
            carrier = form.cleaned_data["carrier"]
            card = ops.register_card(request.team, number, carrier, form.facts(), now=request.now)
            return redirect("card_detail", card.pk)
        form.add_error("number", _("This card has already been added."))
    context = {"form": form, "title": _("Add a card"), "existing_card": existing_card}
    return render(request, "cases/card_form.html", context)


@allow_get_post
@team_required
def card_edit(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Change what the register has of a card, except its number."""
    card = get_card(request, pk, Right.WORK)
    form = CardForm(request.POST or None, initial=card_initial(card))
    del form.fields["number"]
    if request.method == "POST" and form.is_valid():
        ops.update_card(card, form.cleaned_data["carrier"], vars(form.facts()))
        return redirect("card_detail", card.pk)
    context = {
        "form": form,
        "title": _("Edit %(number)s") % {"number": masking.mask_number(card.number)},
        "card": card,
    }
    return render(request, "cases/card_form.html", context)
