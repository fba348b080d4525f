"""The card register."""

from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import operations as ops
from cases import selectors
from cases.api import lookups
from cases.api.auth import ApiRequest
from cases.api.conditional import check_state, keep_state
from cases.api.instance import api
from cases.api.pagination import link, page
from cases.api.problem_details import CardKnown
from cases.api.schemas.cases import CardPage, CardTold, card_told
from cases.api.schemas.fields import Number, text
from cases.api.views.cases import CardAsked, Numbers, PageAsked, Slug
from cases.models import Card

TAGS = ["cards"]


class CardFilter(PageAsked):
    q: Annotated[str, text(60), Field(description="Last four digits, beginning of the number, carrier, holder.")] = ""
    numbers: Numbers = "masked"


@api.get("cards", response=CardPage, tags=TAGS, summary="List cards")
def list_cards(request: ApiRequest, response: HttpResponse, asked: Query[CardFilter]) -> CardPage:
    """The team's cards, newest first."""
    full = lookups.in_full(request, asked.numbers, many=True)
    cards = lookups.cards(request, lookups.no_number(asked.q))
    found, following = page(cards, asked.cursor, asked.limit)
    lookups.note_cards(request, found, full=full)
    link(request, response, following)
    return CardPage.model_construct(items=[card_told(card, full=full) for card in found], next=following)


class NewCard(CardAsked):
    number: Number
    carrier: Slug


@api.post(
    "cards",
    response={201: CardTold},
    tags=TAGS,
    summary="Register a card",
    openapi_extra={"x-etag": True, "x-names-others": True},
)
def register_card(request: ApiRequest, response: HttpResponse, data: NewCard) -> CardTold:
    """Before there is a case; one that is registered already is refused (409)."""
    carrier = lookups.get_carrier(data.carrier)
    with transaction.atomic():
        if selectors.cards_of(request.team).filter(number=data.number).exists():
            raise CardKnown()
        card = ops.register_card(request.team, data.number, carrier, data.facts())
    response["Location"] = f"/api/v1/cards/{card.pk}"
    return _told(request, lookups.get_card(request, card.pk))


@api.get("cards/{int:pk}", response=CardTold, tags=TAGS, summary="Read a card", openapi_extra={"x-etag": True})
def read_card(request: ApiRequest, pk: int, numbers: Numbers = "masked") -> CardTold:
    full = lookups.in_full(request, numbers)
    card = lookups.get_card(request, pk)
    lookups.note_cards(request, [card], full=full)
    return _told(request, card, full=full)


class CardChange(CardAsked):
    """What the register says from now on; what is left out stays, what is null or empty is emptied."""

    carrier: Slug | None = None


@api.patch(
    "cards/{int:pk}",
    response=CardTold,
    tags=TAGS,
    summary="Change a card",
    openapi_extra={"x-etag": True, "x-guard": True},
)
def change_card(request: ApiRequest, pk: int, data: CardChange) -> CardTold:
    """Its number stays."""
    with transaction.atomic():
        card = lookups.one(selectors.cards_of(request.team).select_for_update(of=("self",)), pk=pk)
        check_state(request, card)
        facts = vars(data.facts())
        values = {name: facts[name] for name in facts if name in data.model_fields_set}
        carrier = lookups.get_carrier(data.carrier) if data.carrier else card.carrier
        ops.update_card(card, carrier, values)
    return _told(request, lookups.get_card(request, pk))


def _told(request: ApiRequest, card: Card, *, full: bool = False) -> CardTold:
    keep_state(request, card)
    return card_told(card, full=full)
