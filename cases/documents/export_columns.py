"""The columns of exported lists, and the cells of their rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, cast

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.documents.tables import Cell
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar, local
from cases.domain.card_columns import Kind
from cases.models import CardColumn, Case
from cases.operations.next_reminder import standing_of
from cases.operations.voided_receipts import closing_kinds
from cases.selectors.settlement import open_matters_of
from cases.wording.card_columns import cell_text, column_titles
from cases.wording.closing_documents import closing_kind_labels
from cases.wording.refunds import open_refund_of
from cases.wording.settlement import settlement_cell

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
        _("Overdue from"),
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
        _("Refund due"),
        _("Refund first due"),
        _("Outstanding (yuan)"),
        _("Closing documents"),
        pgettext("column of cases", "Settled"),
    ]


def case_rows(
    cases: QuerySet[Case], now: datetime, calendar: WorkingCalendar, *, full_numbers: bool
) -> Iterator[list[Cell]]:
    """The cases in their order, as the list shows them.

    A deadline stands there twice: in the words of the pages, where a day ends at 24:00, and as the moment from which
    the case is overdue, which sorts and calculates.
    """
    for chunk in _chunks(cases):
        prefetch_related_objects(chunk, "escalations", "refunds")
        matters, kinds = open_matters_of(chunk), closing_kinds(chunk)
        for case in chunk:
            headline = wording.headline(standing_of(case, now, calendar))
            yield [
                *_case_cells(case, headline, full_numbers=full_numbers),
                closing_kind_labels(kinds.get(case.pk, ())),
                settlement_cell(matters[case.pk]) if case.pk in matters else "",
            ]


def _case_cells(case: Case, headline: str, *, full_numbers: bool) -> list[Cell]:
    refund = open_refund_of(case)
    return [
        case.card.number if full_numbers and not case.card.is_erased else masking.mask_number(case.card.number),
        case.reference,
        str(case.carrier),
        wording.case_status(case),
        headline,
        case.submitted_at,
        _in_words(case.reply_by),
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
        case.refund_due_on,
        refund.first_due_on if refund else None,
        refund.outstanding if refund else None,
    ]


def _in_words(deadline: datetime | None) -> str:
    with wording.years_always_shown():
        return wording.format_deadline(deadline) if deadline else ""


def all_card_columns(columns: Sequence[CardColumn]) -> list[str]:
    """Every column of the table of cards, the team's own among them: what an export has where nobody chose."""
    return list(column_titles(columns))


def card_titles(names: Sequence[str], columns: Sequence[CardColumn]) -> list[str]:
    """The titles of columns of the table of cards, in the active language; the open case is its reference."""
    titles = column_titles(columns)
    return [titles[name] for name in names]


def card_rows(
    cards: "QuerySet[CountedCard]", names: Sequence[str], columns: Sequence[CardColumn], *, full_numbers: bool
) -> Iterator[list[Cell]]:
    """The cards in their order, with these columns; texts too have numbers masked unless `full_numbers`."""
    kinds = {column.key: column.kind for column in columns}
    for card in cards.iterator(chunk_size=CHUNK_SIZE):
        yield [_card_cell(card, name, kinds, full_numbers=full_numbers) for name in names]


def _card_cell(card: "CountedCard", name: str, kinds: Mapping[str, str], *, full_numbers: bool) -> Cell:
    if name == "number":
        return card.number if full_numbers and not card.is_erased else masking.mask_number(card.number)
    if name == "cases":
        return card.case_count
    if name == "standing":
        return card.open_reference or ""
    if name == "added":
        return local(card.created_at).date()
    if name in ("monthly_fee", "opened_on", "contract_end"):
        return cast("Cell", getattr(card, name))
    text = cell_text(card, name)
    shown = text if full_numbers else masking.mask_text(text)
    if text and shown == text and kinds.get(name) == Kind.NUMBER:
        return _number(text)
    if text and kinds.get(name) == Kind.DATE:
        return _day(text)
    return shown


def _number(text: str) -> Cell:
    """A number of an own column; more digits than a spreadsheet can hold stay text."""
    try:
        return Decimal(text) if len(text) <= 15 else text
    except InvalidOperation:
        return text


def _day(text: str) -> Cell:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _chunks(cases: QuerySet[Case]) -> Iterator[list[Case]]:
    chunk: list[Case] = []
    for case in cases.iterator(chunk_size=CHUNK_SIZE):
        chunk.append(case)
        if len(chunk) == CHUNK_SIZE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
