"""What a request may see and change: of the token's team, or 404; and numbers in full, which are noted."""

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from django.db.models import Model, QuerySet

from cases import selectors
from cases.api.auth import require_right, require_scope
from cases.api.problem_details import NotFound, NumberInUrl
from cases.api.request import ApiRequest
from cases.domain import phones
from cases.domain.roles import Right, Scope
from cases.models import Batch, Card, CardImport, Carrier, CarrierMessage, Case, User
from cases.operations.audit_log import record_numbers_shown, record_numbers_shown_of_cards
from cases.selectors.filters import search_team_cards

NumberVisibility = Literal["masked", "full"]
_Row = TypeVar("_Row", bound=Model)


def get_or_404(rows: QuerySet[_Row], **lookup: Any) -> _Row:
    """The one row; raises NothingHere."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise NotFound()
    return row


def get_case(request: ApiRequest, reference: str) -> Case:
    return get_or_404(selectors.cases_of(request.team), reference=reference)


def get_card(request: ApiRequest, pk: int) -> Card:
    return get_or_404(filtered_cards(request), pk=pk)


def get_batch(request: ApiRequest, pk: int) -> Batch:
    return get_or_404(selectors.batches_of(request.team), pk=pk)


def get_message(request: ApiRequest, pk: int) -> CarrierMessage:
    return get_or_404(selectors.messages_of(request.team), pk=pk)


def get_import(request: ApiRequest, pk: int) -> CardImport:
    """For those who work with it, as on the pages."""
    import_ = get_or_404(selectors.imports_of(request.team), pk=pk)
    require_right(request, Right.WORK)
    return import_


def get_carrier(slug: str) -> Carrier:
    return get_or_404(Carrier.objects.all(), slug=slug)


def filtered_cards(request: ApiRequest, q: str = "") -> QuerySet[Card]:
    """The team's cards that fit, with how many cases each has."""
    return search_team_cards(request.team, q)


def get_handler(request: ApiRequest, pk: int | None) -> User | None:
    """Somebody who can look after a case; raises NothingHere."""
    return None if pk is None else get_or_404(selectors.assignable_users(request.team), pk=pk)


def acting_role(request: ApiRequest) -> str | None:
    """The role in which the token's person changes things; None where the token only reads."""
    return request.role if Scope.WRITE in request.scopes else None


def wants_full_numbers(request: ApiRequest, numbers: NumberVisibility, *, whole_list: bool = False) -> bool:
    """Whether numbers are told in full: asked for, and allowed; those of a whole list to nobody who only reads."""
    if numbers != "full":
        return False
    require_scope(request, Scope.NUMBERS)
    if whole_list:
        require_right(request, Right.WORK)
    return True


def audit_case_numbers_shown(request: ApiRequest, cases: Sequence[Case], *, full: bool) -> None:
    """With every card whose number was told, that it was, and to which token."""
    if full and cases:
        record_numbers_shown(request.team, cases, by=request.user, now=request.now, about=audit_source(request))


def audit_card_numbers_shown(request: ApiRequest, shown_cards: Sequence[Card], *, full: bool) -> None:
    if full and shown_cards:
        record_numbers_shown_of_cards(
            request.team, shown_cards, by=request.user, now=request.now, about=audit_source(request)
        )


def audit_source(request: ApiRequest) -> str:
    """By which program, for a note."""
    return f"API: {request.token.name}"


def refuse_full_number(q: str) -> str:
    """What is searched for by an address; raises NumberInAddress where it is a number in full."""
    if phones.mask_if_number(q) != q:
        raise NumberInUrl()
    return q
