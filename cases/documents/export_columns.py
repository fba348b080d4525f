"""The columns of exported lists, and the cells of their rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.documents.tables import Cell
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar
from cases.models import Case
from cases.operations.next_reminder import standing_of

if TYPE_CHECKING:
    from cases.selectors.visibility import CountedCard

#: Rows that are in memory at once.
CHUNK_SIZE = 500


def case_titles() -> list[str]:
    """The columns of the list of cases, in the active language."""
    return [
        _("Number"),
        _("Case reference"),
        _("Carrier"),
        _("Status"),
        _("Progress"),
        pgettext("when it happened", "Submitted"),
        _("Reply due"),
        _("Promised date"),
        _("Was overdue"),
        _("Carrier reference number"),
        _("Reason"),
        _("Request channel"),
        _("Assignee"),
        _("Holder"),
        pgettext("of a card", "User"),
        _("Department"),
        pgettext("when it happened", "Confirmed cancelled"),
    ]


def case_rows(
    cases: QuerySet[Case], now: datetime, calendar: WorkingCalendar, *, full_numbers: bool
) -> Iterator[list[Cell]]:
    """The cases in their order, as the list shows them."""
    for chunk in _chunks(cases):
        prefetch_related_objects(chunk, "escalations")
        yield from (
            _case_cells(case, wording.headline(standing_of(case, now, calendar)), full_numbers=full_numbers)
            for case in chunk
        )


def _case_cells(case: Case, headline: str, *, full_numbers: bool) -> list[Cell]:
    return [
        case.card.number if full_numbers and not case.card.is_erased else masking.mask_number(case.card.number),
        case.reference,
        str(case.carrier),
        wording.case_status(case),
        headline,
        case.submitted_at,
        case.reply_by,
        case.promised_on,
        _("yes") if case.was_late else "",
        case.carrier_reference,
        case.get_reason_display(),
        case.get_channel_display(),
        str(case.handler) if case.handler else "",
        case.card.holder,
        case.card.user,
        case.card.department,
        case.confirmed_at,
    ]


def card_titles() -> list[str]:
    """The columns of the card register, in the active language."""
    return [
        _("Number"),
        _("Carrier"),
        _("Holder"),
        _("Used for"),
        _("Plan"),
        _("Monthly fee (yuan)"),
        _("Contract ends"),
        _("Cases"),
        _("Open case"),
    ]


def card_rows(cards: "QuerySet[CountedCard]", *, full_numbers: bool) -> Iterator[list[Cell]]:
    """The cards in their order, as the register shows them."""
    for card in cards.iterator(chunk_size=CHUNK_SIZE):
        yield [
            card.number if full_numbers and not card.is_erased else masking.mask_number(card.number),
            str(card.carrier),
            card.holder,
            card.get_purpose_display(),
            card.plan,
            card.monthly_fee,
            card.contract_end,
            card.case_count,
            card.open_reference or "",
        ]


def _chunks(cases: QuerySet[Case]) -> Iterator[list[Case]]:
    chunk: list[Case] = []
    for case in cases.iterator(chunk_size=CHUNK_SIZE):
        chunk.append(case)
        if len(chunk) == CHUNK_SIZE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
