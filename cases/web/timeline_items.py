"""The entries of a case's page, each with what the person may do about it: undo, correct, void, move."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.domain.corrections import offers
from cases.domain.roles import Right
from cases.models import Case, TimelineEntry
from cases.operations.corrections import correctable_entry
from cases.operations.recorded_verbs import BEGINNINGS
from cases.web.access import TeamRequest, has_right
from cases.wording.timeline import EntryDescription, describe_entries


@dataclass(frozen=True)
class TimelineItem(EntryDescription):
    """An entry in words, and the names of the corrections that are offered for it."""

    offers: Sequence[str] = field(default=())


def timeline_items(request: TeamRequest, case: Case, entries: Sequence[TimelineEntry]) -> list[TimelineItem]:
    """Every entry of a case (with its content), in the order given."""
    may_correct = has_right(request, Right.WORK, case.team_id) and not case.erased_at
    is_manager = has_right(request, Right.MANAGE, case.team_id)
    # What lies before the last beginning is not replayed: nothing follows from it.
    first = max((entry.sequence for entry in entries if entry.kind in BEGINNINGS), default=0)
    items = []
    for description in describe_entries(entries):
        is_offered = may_correct and description.voided is None and description.entry.sequence >= first
        offered = _offers(description.entry, request.user.pk, is_manager, request.now) if is_offered else []
        items.append(TimelineItem(**vars(description), offers=offered))
    return items


def _offers(entry: TimelineEntry, actor_id: int, is_manager: bool, now: datetime) -> Sequence[str]:
    correctable = correctable_entry(entry)
    offered: list[str] = [*offers(correctable, actor_id=actor_id, is_manager=is_manager, now=now)]
    # An SMS that was recorded may have been misread.
    is_message = "sender" in (correctable.content or {})
    return [*offered, "reading"] if is_message and "void" in offered else offered
