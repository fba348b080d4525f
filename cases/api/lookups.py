"""What a request may see and change: of the token's team, or 404; and numbers in full, which are noted."""

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from django.db.models import Model, QuerySet

from cases import selectors
from cases.api.auth import ApiRequest, check, need
from cases.api.problem_details import NothingHere, NumberInAddress
from cases.domain import phones
from cases.domain.roles import Right, Scope, has_right
from cases.models import Batch, Card, CardImport, Carrier, CarrierMessage, Case, User
from cases.operations.audit_log import show_cards, show_numbers
from cases.selectors.filters import cards_found

Numbers = Literal["masked", "full"]
_Row = TypeVar("_Row", bound=Model)


def one(rows: QuerySet[_Row], **wanted: Any) -> _Row:
    """The one row; raises NothingHere."""
    found = rows.filter(**wanted).first()
    if found is None:
        raise NothingHere()
    return found


def get_case(request: ApiRequest, reference: str) -> Case:
    return one(selectors.cases_of(request.team), reference=reference)


def get_card(request: ApiRequest, pk: int) -> Card:
    return one(cards(request), pk=pk)


def get_batch(request: ApiRequest, pk: int) -> Batch:
    return one(selectors.batches_of(request.team), pk=pk)


def get_message(request: ApiRequest, pk: int) -> CarrierMessage:
    return one(selectors.messages_of(request.team), pk=pk)


def get_import(request: ApiRequest, pk: int) -> CardImport:
    """For those who work with it, as on the pages."""
    found = one(selectors.imports_of(request.team), pk=pk)
    check(request, Right.WORK)
    return found


def get_carrier(slug: str) -> Carrier:
    return one(Carrier.objects.all(), slug=slug)


def cards(request: ApiRequest, q: str = "") -> QuerySet[Card]:
    """The team's cards that fit, with how many cases each has."""
    return cards_found(request.team, q)


def worker(request: ApiRequest, pk: int | None) -> User | None:
    """Somebody who can look after a case; raises NothingHere."""
    return None if pk is None else one(selectors.workers_of(request.team), pk=pk)


def may_work(request: ApiRequest) -> bool:
    return Scope.WRITE in request.scopes and has_right(request.role, Right.WORK)


def may_manage(request: ApiRequest) -> bool:
    return may_work(request) and has_right(request.role, Right.MANAGE)


def in_full(request: ApiRequest, numbers: Numbers, *, many: bool = False) -> bool:
    """Whether numbers are told in full: asked for, and allowed; those of a whole list to nobody who only reads."""
    if numbers != "full":
        return False
    need(request, Scope.NUMBERS)
    if many:
        check(request, Right.WORK)
    return True


def note_cases(request: ApiRequest, cases: Sequence[Case], *, full: bool) -> None:
    """With every card whose number was told, that it was, and to which token."""
    if full and cases:
        show_numbers(request.team, cases, by=request.user, now=request.now, about=through(request))


def note_cards(request: ApiRequest, found: Sequence[Card], *, full: bool) -> None:
    if full and found:
        show_cards(request.team, found, by=request.user, now=request.now, about=through(request))


def through(request: ApiRequest) -> str:
    """By which program, for a note."""
    return f"API: {request.token.name}"


def no_number(q: str) -> str:
    """What is searched for by an address; raises NumberInAddress where it is a number in full."""
    if phones.mask_if_number(q) != q:
        raise NumberInAddress()
    return q
