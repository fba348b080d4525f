"""Objects of the token's team, or 404; and who may see full numbers, which is recorded."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from cases import selectors
from cases.api.auth import require_right, require_scope
from cases.api.problem_details import NotFound, NumberInUrl
from cases.api.request import ApiRequest
from cases.api.schemas.fields import NumberVisibility
from cases.domain import masking
from cases.domain.roles import Right, Scope
from cases.models import Batch, Branch, Card, CardImport, Carrier, CarrierMessage, Case, User
from cases.operations.audit_log import record_numbers_shown, record_numbers_shown_of_cards
from cases.selectors import CountedCard

_Row = TypeVar("_Row", bound=Model)


def get_or_404(rows: QuerySet[_Row], **lookup: Any) -> _Row:
    """The first row that matches; raises NotFound."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise NotFound()
    return row


def get_case(request: ApiRequest, reference: str) -> Case:
    return get_or_404(selectors.cases_of(request.team), reference=reference)


def get_cases(request: ApiRequest, references: Sequence[str]) -> list[Case]:
    """The team's cases among these references, in no particular order."""
    return list(selectors.cases_of(request.team).filter(reference__in=references))


def get_card(request: ApiRequest, pk: int) -> CountedCard:
    return get_or_404(selectors.with_case_counts(selectors.cards_of(request.team)), pk=pk)


def get_batch(request: ApiRequest, pk: int) -> Batch:
    return get_or_404(selectors.batches_of(request.team), pk=pk)


def get_message(request: ApiRequest, pk: int) -> CarrierMessage:
    return get_or_404(selectors.messages_of(request.team), pk=pk)


def get_import(request: ApiRequest, pk: int) -> CardImport:
    """An import, for those who may work; viewers are refused."""
    import_ = get_or_404(selectors.imports_of(request.team), pk=pk)
    require_right(request, Right.WORK)
    return import_


def get_carrier(slug: str) -> Carrier:
    return get_or_404(Carrier.objects.all(), slug=slug)


def get_carrier_or_none(slug: str | None) -> Carrier | None:
    """The carrier that a filter names, None without one; raises NotFound."""
    return get_carrier(slug) if slug else None


def get_branch(request: ApiRequest, carrier: Carrier, pk: int) -> Branch:
    """A branch that the team sees; raises NotFound."""
    for branch in selectors.branches(carrier, request.team):
        if branch.pk == pk:
            return branch
    raise NotFound()


def get_handler(request: ApiRequest, pk: int | None) -> User | None:
    """A user who can handle a case of the team, None for no handler; raises NotFound."""
    return None if pk is None else get_or_404(selectors.assignable_users(request.team), pk=pk)


def acting_role(request: ApiRequest) -> str | None:
    """The role in which the token's person changes things; None where the token only reads."""
    return request.role if Scope.WRITE in request.scopes else None


def wants_full_numbers(request: ApiRequest, numbers: NumberVisibility, *, export: bool = False) -> bool:
    """Whether the response shows full numbers. Raises ScopeMissing; for a list or a file (`export`) ViewerMasked."""
    if numbers != "full":
        return False
    require_scope(request, Scope.NUMBERS)
    if export:
        require_right(request, Right.EXPORT)
    return True


def audit_case_numbers_shown(request: ApiRequest, cases: Sequence[Case], *, full: bool) -> None:
    """Records for each card that its full number was shown to this token."""
    if full and cases:
        record_numbers_shown(request.team, cases, by=request.user, now=request.now, about=audit_source(request))


def audit_card_numbers_shown(request: ApiRequest, shown_cards: Sequence[Card], *, full: bool) -> None:
    if full and shown_cards:
        record_numbers_shown_of_cards(
            request.team, shown_cards, by=request.user, now=request.now, about=audit_source(request)
        )


def audit_source(request: ApiRequest) -> str:
    """The program that made the request, for the audit log."""
    return f"API: {request.token.name}"


def refuse_full_number(q: str) -> str:
    """The search text of a URL, unchanged; raises NumberInUrl if it is a full number."""
    if masking.mask_if_number(q) != q:
        raise NumberInUrl()
    return q
