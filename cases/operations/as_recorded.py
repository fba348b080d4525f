"""A case as its record has it, for what is printed and given out: letters, dossiers.

Whatever stands in the tables, a paper tells what was recorded; where both differ, `differs` says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from cases.models import Carrier, Case, Charge, Escalation, Refund, TimelineEntry, User, WaitingRound
from cases.operations.engine.case_rows import LoadedRows
from cases.operations.engine.recorded_state import RECORDED_COLUMNS, ROW_IDENTITY
from cases.operations.engine.replay import CannotReplay, ReplayedCase, recorded_calendars, replay
from cases.operations.state_differences import state_differences


@dataclass
class CaseAsRecorded:
    """A case with what hangs on it, in memory, not to be saved.

    `entries` are all entries with their contents, in order; `replayed` is None where the record of an earlier release,
    or one that was damaged, cannot be replayed: then all else is as it is stored.
    """

    case: Case
    entries: list[TimelineEntry]
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    charges: list[Charge]
    refunds: list[Refund]
    replayed: ReplayedCase | None
    differs: bool


def case_as_recorded(case: Case) -> CaseAsRecorded:
    """Read a case with its entries and rows and set them to what the record says; in a fixed number of queries.

    `case` comes with its card and its carrier, and is changed in memory.
    """
    entries = list(case.entries.select_related("content", "recorded_by").order_by("sequence"))
    rows = LoadedRows([case.pk])
    stored: dict[type[Model], list[Any]] = {model: rows.of(model, case) for model in ROW_IDENTITY}
    replayed = _replay(entries)
    differs = replayed is not None and any(state_differences(case, stored, replayed))
    if replayed is not None:
        differs |= _take_over(case, replayed)
    work = replayed.work if replayed else None
    return CaseAsRecorded(
        case,
        entries,
        work.rounds if work else stored[WaitingRound],
        work.escalations if work else stored[Escalation],
        sorted(work.charges if work else stored[Charge], key=lambda row: (row.day, row.sequence)),
        work.refunds if work else stored[Refund],
        replayed,
        differs,
    )


def _replay(entries: Sequence[TimelineEntry]) -> ReplayedCase | None:
    try:
        return replay(entries, recorded_calendars(entries)) if entries else None
    except CannotReplay:
        return None


def _take_over(case: Case, replayed: ReplayedCase) -> bool:
    """Set what the record has; whether the card or its carrier is another in the tables."""
    for name in RECORDED_COLUMNS[Case]:
        if name not in ("team_id", "handler_id", "batch_id"):
            setattr(case, name, getattr(replayed.case, name))
    if case.handler_id != replayed.case.handler_id:
        case.handler = User.objects.filter(pk=replayed.case.handler_id or 0).first()
    card, slug = replayed.card, replayed.case.carrier.slug
    if not card.number:  # erased
        return False
    differs = (case.card.number, case.carrier.slug) != (card.number, slug)
    case.card.number, case.card.holder = card.number, card.holder
    if case.carrier.slug != slug:
        case.carrier = Carrier.objects.filter(slug=slug).first() or case.carrier
    return differs
