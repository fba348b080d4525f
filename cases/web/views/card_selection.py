"""What is done with many cards at once: those ticked in the table, or all that its filters find."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cases import selectors, wording
from cases.domain import masking
from cases.domain.card_columns import Kind
from cases.domain.errors import CaseError
from cases.models import Card
from cases.operations.batches_by_carrier import CarrierOutcome, cards_by_carrier, submit_batches
from cases.operations.card_cells import rules_of, set_card_values
from cases.operations.card_columns import own_columns
from cases.selectors.card_register import matching_cards
from cases.selectors.filters import BULK_LIMIT
from cases.web.access import TeamRequest, agent_required
from cases.web.card_table import NO_VIEW, TableSettings
from cases.web.forms.card_register import CancelCardsForm
from cases.web.undo_offer import add_act_message
from cases.web.views.card_register import filter_form


def selected_cards(request: TeamRequest) -> QuerySet[Card]:
    """The cards that were ticked, or named by their keys, or all that the filters of the table find; of the team that
    one is in, and no more than one above BULK_LIMIT."""
    cards = selectors.cards_of(request.team)
    if request.POST.get("everything"):
        columns = own_columns(request.team.pk)
        settings = TableSettings.from_params(QueryDict(request.POST.get("filter", "")).dict())
        form = filter_form(settings, columns)
        matches = matching_cards(request.team, form.card_filter(), columns, request.now).order_by("-pk")
        keys = list(matches.values_list("pk", flat=True)[: BULK_LIMIT + 1])
    else:
        texts = [*request.POST.getlist("card"), *request.POST.get("cards", "").split()]
        keys = [int(text) for text in texts[: BULK_LIMIT + 1] if text.isdecimal() and len(text) <= 18]
    return cards.filter(pk__in=keys).order_by("-pk")


def _problem(cards: list[Card]) -> str:
    if not cards:
        return _("No cards selected. Select some, or choose the whole list.")
    if len(cards) > BULK_LIMIT:
        return _("More than %(most)s cards. Filter the list first.") % {"most": f"{BULK_LIMIT:,}"}
    return ""


@require_POST
@agent_required
def card_values(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Ask for a column and its value, then put it into the chosen cards."""
    cards = list(selected_cards(request))
    columns = own_columns(request.team.pk)
    rules = rules_of(columns)
    name, typed, error = request.POST.get("column", ""), request.POST.get("value", ""), _problem(cards)
    if not error and "save" in request.POST:
        try:
            changed = set_card_values(
                request.team, [card.pk for card in cards], {name: typed}, by=request.user, now=request.now
            )
        except CaseError as refusal:
            error = wording.error_message(refusal)
        else:
            text = ngettext("%(count)s card changed.", "%(count)s cards changed.", len(changed))
            messages.success(request, text % {"count": len(changed)})
            settings = TableSettings.from_params(QueryDict(request.POST.get("back", "")).dict())
            return redirect(settings.url(view=NO_VIEW))
    rule = rules.get(name)
    context = {
        "error": error,
        "cards": cards,
        "keys": " ".join(str(card.pk) for card in cards[:BULK_LIMIT]),
        "back": request.POST.get("back") or request.POST.get("filter", ""),
        "columns": [(key, rule.title) for key, rule in rules.items()],
        "column": name,
        "rule": rule,
        "options": list((rule.choices or {}).items()) if rule and rule.kind is Kind.CHOICE else None,
        "value": typed,
    }
    return render(request, "cases/card_values.html", context)


@require_POST
@agent_required
def card_cancellations(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Ask how the cancellation of the chosen cards was submitted, then log a batch for each of their carriers."""
    cards = list(selected_cards(request))
    groups = cards_by_carrier(cards)
    is_submitted = "click" in request.POST
    form = CancelCardsForm(request.POST if is_submitted else None, request.FILES if is_submitted else None)
    error = _problem(cards) or ("" if groups else _("None of these cards has a number any more."))
    outcomes: list[CarrierOutcome] = []
    if not error and form.is_valid():
        try:
            outcomes = submit_batches(
                request.team,
                cards,
                form.new_batch(next(iter(groups))),
                by=request.user,
                now=request.now,
                submit_token=form.cleaned_data["click"] or form.initial["click"],
            )
        except CaseError as refusal:
            form.add_case_error(refusal)
    results = [outcome.result for outcome in outcomes if outcome.result]
    if len(outcomes) == len(results) == 1 and not _refusals(outcomes[0]):  # what was refused stays on this page
        _tell(request, outcomes[0])
        return redirect("batch_detail", results[0].batch.pk)
    context = {
        "error": error,
        "form": form,
        "groups": [(carrier, len(own_cards)) for carrier, own_cards in groups.items()],
        "count": len(cards),
        "keys": " ".join(str(card.pk) for card in cards[:BULK_LIMIT]),
        "back": request.POST.get("back") or request.POST.get("filter", ""),
        "outcomes": [_outcome_lines(outcome) for outcome in outcomes],
    }
    return render(request, "cases/card_cancellations.html", context)


def _tell(request: TeamRequest, outcome: CarrierOutcome) -> None:
    assert outcome.result
    count = len(outcome.result.cases)
    text = ngettext("%(count)s request logged.", "%(count)s requests logged.", count) % {"count": count}
    add_act_message(request, outcome.result.batch.click, text)


def _outcome_lines(outcome: CarrierOutcome) -> tuple[CarrierOutcome, str, list[str]]:
    """What became of a carrier's cards, with why there is no batch, and which numbers are not in it."""
    return outcome, wording.error_message(outcome.error) if outcome.error else "", _refusals(outcome)


def _refusals(outcome: CarrierOutcome) -> list[str]:
    refused = outcome.result.refused if outcome.result else []
    return [wording.labelled(masking.mask_number(number), wording.error_message(error)) for number, error in refused]
