"""Cards."""

from dataclasses import replace
from functools import partial

from django.db import transaction
from django.http import HttpResponse
from ninja import Query

from cases import operations as ops
from cases import selectors
from cases.api import lookups
from cases.api.auth import require_right
from cases.api.conditional import require_match, set_etag_source
from cases.api.instance import api
from cases.api.pagination import paginate, respond_page
from cases.api.problem_details import CardExists
from cases.api.request import ApiRequest
from cases.api.responses import set_location
from cases.api.schemas.cards import (
    CardChangeIn,
    CardColumnOut,
    CardFilter,
    CardOut,
    NewCardIn,
    NumberCorrectionIn,
    serialize_card,
    serialize_card_column,
)
from cases.api.schemas.fields import NumbersParam
from cases.api.schemas.pages import Page
from cases.domain.roles import Right
from cases.models import Card
from cases.operations.card_columns import own_columns, parse_own_values
from cases.selectors import CountedCard
from cases.selectors.filters import search_team_cards

TAGS = ["cards"]


@api.get("cards", response=Page[CardOut], tags=TAGS, summary="List cards")
def list_cards(request: ApiRequest, response: HttpResponse, params: Query[CardFilter]) -> Page[CardOut]:
    """The team's cards, newest first."""
    full = lookups.wants_full_numbers(request, params.numbers, export=True)
    page = paginate(search_team_cards(request.team, lookups.refuse_full_number(params.q)), params)
    lookups.audit_card_numbers_shown(request, page.rows, full=full)
    return respond_page(request, response, page, Page[CardOut], partial(serialize_card, full=full))


@api.get("card-columns", response=list[CardColumnOut], tags=TAGS, summary="List the team's own columns of cards")
def list_card_columns(request: ApiRequest) -> list[CardColumnOut]:
    """Columns that the team's managers have added; `custom` of a card has its values by their keys."""
    return [serialize_card_column(column) for column in own_columns(request.team.pk)]


@api.post(
    "cards",
    response={201: CardOut},
    tags=TAGS,
    summary="Add a card",
    openapi_extra={"x-etag": True, "x-404": True},
)
def register_card(request: ApiRequest, response: HttpResponse, data: NewCardIn) -> CardOut:
    """Adds a card without a case. A card that already exists is refused (409)."""
    carrier = lookups.get_carrier(data.carrier)
    with transaction.atomic():
        if selectors.cards_of(request.team).filter(number=data.number).exists():
            raise CardExists()
        own = parse_own_values(own_columns(request.team.pk), data.custom)
        facts = replace(data.facts(), custom={key: value for key, value in own.items() if value})
        card = ops.register_card(request.team, data.number, carrier, facts, by=request.user, now=request.now)
    set_location(response, "read_card", pk=card.pk)
    return _serialize_card_with_etag(request, lookups.get_card(request, card.pk))


@api.get("cards/{int:pk}", response=CardOut, tags=TAGS, summary="Get a card", openapi_extra={"x-etag": True})
def read_card(request: ApiRequest, pk: int, numbers: NumbersParam = "masked") -> CardOut:
    full = lookups.wants_full_numbers(request, numbers)
    card = lookups.get_card(request, pk)
    lookups.audit_card_numbers_shown(request, [card], full=full)
    return _serialize_card_with_etag(request, card, full=full)


@api.patch(
    "cards/{int:pk}",
    response=CardOut,
    tags=TAGS,
    summary="Update a card",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def change_card(request: ApiRequest, pk: int, data: CardChangeIn) -> CardOut:
    """Changes anything except the number. Another holder or carrier is recorded on the card's open cases."""
    with transaction.atomic():
        card = _lock_card(request, pk)
        require_match(request, card)
        facts = vars(data.facts()) | {"custom": data.custom}
        values = {name: facts[name] for name in facts if name in data.model_fields_set}
        carrier = lookups.get_carrier(data.carrier) if data.carrier else card.carrier
        ops.update_card(card, carrier, values, by=request.user, now=request.now)
    return _serialize_card_with_etag(request, lookups.get_card(request, pk))


@api.post(
    "cards/{int:pk}/number",
    response=CardOut,
    tags=TAGS,
    summary="Correct a card's number",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def correct_number(request: ApiRequest, pk: int, data: NumberCorrectionIn) -> CardOut:
    """For team managers. Each case of the card gets an entry, except those that were erased. 409 if another card of the
    team has the number; `card` is its id."""
    with transaction.atomic():
        card = _lock_card(request, pk)
        require_right(request, Right.MANAGE)
        require_match(request, card)
        ops.correct_number(card, data.number, data.words, by=request.user, now=request.now)
    return _serialize_card_with_etag(request, lookups.get_card(request, pk))


@api.delete(
    "cards/{int:pk}",
    response={204: None},
    tags=TAGS,
    summary="Delete a card",
    openapi_extra={"x-if-match": True},
)
def delete_card(request: ApiRequest, pk: int) -> None:
    """For team managers, and for cards without cases; a card with cases stays with their record (409)."""
    with transaction.atomic():
        card = _lock_card(request, pk)
        require_right(request, Right.MANAGE)
        require_match(request, card)
        ops.delete_card(card, by=request.user, now=request.now)


def _lock_card(request: ApiRequest, pk: int) -> Card:
    return lookups.get_or_404(selectors.cards_of(request.team).select_for_update(of=("self",)), pk=pk)


def _serialize_card_with_etag(request: ApiRequest, card: CountedCard, *, full: bool = False) -> CardOut:
    set_etag_source(request, card)
    return serialize_card(card, full=full)
