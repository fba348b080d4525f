"""The card register."""

from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from cases import operations as ops
from cases import selectors
from cases.api import lookups
from cases.api.conditional import require_match, set_etag_source
from cases.api.instance import api
from cases.api.pagination import add_link_header, paginate
from cases.api.problem_details import CardExists
from cases.api.request import ApiRequest
from cases.api.schemas.cases import CardOut, CardPage, serialize_card
from cases.api.schemas.fields import PhoneNumber, bounded_text
from cases.api.views.cases import CardFactsIn, CarrierSlug, NumbersParam, PageParams
from cases.models import Card

TAGS = ["cards"]


class CardFilter(PageParams):
    q: Annotated[
        str, bounded_text(60), Field(description="Last four digits, beginning of the number, carrier, holder.")
    ] = ""
    numbers: NumbersParam = "masked"


@api.get("cards", response=CardPage, tags=TAGS, summary="List cards")
def list_cards(request: ApiRequest, response: HttpResponse, params: Query[CardFilter]) -> CardPage:
    """The team's cards, newest first."""
    full = lookups.wants_full_numbers(request, params.numbers, whole_list=True)
    cards = lookups.filtered_cards(request, lookups.refuse_full_number(params.q))
    page_rows, next_cursor = paginate(cards, params.cursor, params.limit)
    lookups.audit_card_numbers_shown(request, page_rows, full=full)
    add_link_header(request, response, next_cursor)
    return CardPage.model_construct(items=[serialize_card(card, full=full) for card in page_rows], next=next_cursor)


class NewCardIn(CardFactsIn):
    number: PhoneNumber
    carrier: CarrierSlug


@api.post(
    "cards",
    response={201: CardOut},
    tags=TAGS,
    summary="Register a card",
    openapi_extra={"x-etag": True, "x-names-others": True},
)
def register_card(request: ApiRequest, response: HttpResponse, data: NewCardIn) -> CardOut:
    """Before there is a case; one that is registered already is refused (409)."""
    carrier = lookups.get_carrier(data.carrier)
    with transaction.atomic():
        if selectors.cards_of(request.team).filter(number=data.number).exists():
            raise CardExists()
        card = ops.register_card(request.team, data.number, carrier, data.facts(), now=request.now)
    response["Location"] = f"/api/v1/cards/{card.pk}"
    return _serialize_card_with_etag(request, lookups.get_card(request, card.pk))


@api.get("cards/{int:pk}", response=CardOut, tags=TAGS, summary="Read a card", openapi_extra={"x-etag": True})
def read_card(request: ApiRequest, pk: int, numbers: NumbersParam = "masked") -> CardOut:
    full = lookups.wants_full_numbers(request, numbers)
    card = lookups.get_card(request, pk)
    lookups.audit_card_numbers_shown(request, [card], full=full)
    return _serialize_card_with_etag(request, card, full=full)


class CardChangeIn(CardFactsIn):
    """What the register says from now on; what is left out stays, what is null or empty is emptied."""

    carrier: CarrierSlug | None = None


@api.patch(
    "cards/{int:pk}",
    response=CardOut,
    tags=TAGS,
    summary="Change a card",
    openapi_extra={"x-etag": True, "x-guard": True},
)
def change_card(request: ApiRequest, pk: int, data: CardChangeIn) -> CardOut:
    """Its number stays."""
    with transaction.atomic():
        card = lookups.get_or_404(selectors.cards_of(request.team).select_for_update(of=("self",)), pk=pk)
        require_match(request, card)
        facts = vars(data.facts())
        values = {name: facts[name] for name in facts if name in data.model_fields_set}
        carrier = lookups.get_carrier(data.carrier) if data.carrier else card.carrier
        ops.update_card(card, carrier, values)
    return _serialize_card_with_etag(request, lookups.get_card(request, pk))


def _serialize_card_with_etag(request: ApiRequest, card: Card, *, full: bool = False) -> CardOut:
    set_etag_source(request, card)
    return serialize_card(card, full=full)
