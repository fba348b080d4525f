"""Cases as they are stored, with every row that their record says something of; for the checks of integrity.

Each table is read by itself: a join would leave a case out whose card or carrier is not there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from cases.domain.business_days import WorkingCalendar
from cases.domain.hash_chain import IntegrityFlaw
from cases.models import (
    Batch,
    CalendarEdition,
    Card,
    Carrier,
    CarrierMessage,
    Case,
    Letter,
    Receipt,
    TimelineContent,
    TimelineEntry,
)
from cases.models.choices import EntryKind
from cases.operations.engine.case_rows import CaseRow
from cases.operations.engine.group_by_case import group_by_case
from cases.operations.engine.recorded_state import ROW_IDENTITY
from cases.operations.engine.replay import calendars_of, is_intact
from cases.operations.integrity_flaws import unreadable


@dataclass
class StoredCase:
    """A case (its card and carrier set, empty ones where there are none) with its rows.

    `rows` has those of the state by model. `calendars` are the editions that its entries name, by digest; one that is
    missing or was altered is left out. `altered`: the numbers of the entries that do not fit their hashes (None: not
    known which); what they say proves nothing.
    """

    case: Case
    entries: list[TimelineEntry] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    messages: list[CarrierMessage] = field(default_factory=list)
    rows: Mapping[type[models.Model], Sequence[CaseRow]] = field(default_factory=dict)
    batches: Mapping[int, Batch] = field(default_factory=dict)
    carriers: Mapping[int, str] = field(default_factory=dict)
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    altered: Set[object] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether every entry says what was recorded: none was altered, no content is missing. Else it may be one of
        those that names what no other does."""
        erased_before = max((e.sequence for e in self.entries if e.kind == EntryKind.ERASED), default=0)
        return not self.altered and all(
            hasattr(entry, "content") or entry.sequence < erased_before for entry in self.entries
        )


def load_stored_cases(keys: Sequence[int]) -> list[StoredCase]:
    """The cases with these keys, in that order; the number of queries does not grow with them."""
    cases = Case.objects.in_bulk(keys)
    cards = Card.objects.in_bulk({case.card_id for case in cases.values()})
    carriers = Carrier.objects.in_bulk()
    entries = group_by_case(_of_cases(TimelineEntry, keys, "sequence").select_related("content"))
    receipts, letters, messages = (
        group_by_case(_of_cases(model, keys, "id")) for model in (Receipt, Letter, CarrierMessage)
    )
    rows = {model: group_by_case(_of_cases(model, keys, "id")) for model in ROW_IDENTITY}
    batches = Batch.objects.in_bulk(_named_batches(entries.values()))
    calendars = _intact_calendars([entry for of_case in entries.values() for entry in of_case])
    slugs = {key: carrier.slug for key, carrier in carriers.items()}
    stored_cases = []
    for key in keys:
        case = cases[key]
        # Set without their keys, which stay as they are stored.
        case._state.fields_cache["card"] = cards.get(case.card_id, Card())
        case._state.fields_cache["carrier"] = carriers.get(case.carrier_id, Carrier())
        stored_cases.append(
            StoredCase(
                case,
                entries.get(key, []),
                receipts.get(key, []),
                letters.get(key, []),
                messages.get(key, []),
                {model: of_model.get(key, []) for model, of_model in rows.items()},
                batches,
                slugs,
                calendars,
            )
        )
    return stored_cases


def entry_body(entry: TimelineEntry) -> dict[str, Any]:
    """The content of an entry; empty where it was erased, or is no JSON object."""
    content = getattr(entry, "content", None)
    return content.body if content and isinstance(content.body, dict) else {}


def unreadable_columns(key: int) -> Iterator[IntegrityFlaw]:
    """The columns that cannot be read of the rows of one case."""
    card = Card.objects.filter(cases=key)
    for rows in (
        Case.objects.filter(pk=key),
        card,
        *(_of_cases(model, [key], "pk") for model in (TimelineEntry, Receipt, Letter, CarrierMessage, *ROW_IDENTITY)),
        TimelineContent.objects.filter(entry__case=key),
        CalendarEdition.objects.all(),
    ):
        for column in rows.model._meta.concrete_fields:
            try:
                list(rows.order_by("pk").values_list(column.attname, flat=True))
            except Exception:  # a damaged column: whatever the driver or the field makes of it
                yield unreadable(rows.model, column.attname)


def _of_cases(model: type[Any], keys: Sequence[int], order: str) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model._default_manager.filter(case__in=keys).order_by("case_id", order)
    return rows


def _named_batches(entries: Iterable[Sequence[TimelineEntry]]) -> set[int]:
    names = (entry_body(entry).get("batch") for of_case in entries for entry in of_case)
    return {name for name in names if isinstance(name, int)}


def _intact_calendars(entries: Iterable[TimelineEntry]) -> dict[str, WorkingCalendar]:
    """Whatever this process has kept, the editions are looked at as they are stored now."""
    names = {name for entry in entries if isinstance(name := entry_body(entry).get("calendar"), str)}
    editions = CalendarEdition.objects.filter(digest__in=names)
    return calendars_of({edition.digest for edition in editions if is_intact(edition)})
