"""The entries of a case as its corrections leave them: without the voided ones, with the amended ones changed.

The rows are not touched: an amended entry is a copy in memory. The corrections themselves are left out.
"""

import copy
from collections.abc import Mapping, Sequence

from cases.domain.corrections import CorrectedRecord, Correction, fold_corrections
from cases.models import TimelineContent, TimelineEntry
from cases.models.choices import EntryKind

CORRECTION_KINDS = (EntryKind.VOIDED, EntryKind.AMENDED)


def corrections_in(entries: Sequence[TimelineEntry]) -> list[Correction]:
    """The corrections among the entries (with their contents), in their order; an erased one says nothing."""
    return [
        Correction(content.body["corrects"], content.body["changes"] if entry.kind == EntryKind.AMENDED else None)
        for entry in entries
        if entry.kind in CORRECTION_KINDS and (content := getattr(entry, "content", None))
    ]


def corrected_record(entries: Sequence[TimelineEntry]) -> CorrectedRecord:
    """What the corrections among the entries of a case amount to."""
    return fold_corrections(corrections_in(entries))


def effective_entries(entries: Sequence[TimelineEntry], *further: Correction) -> list[TimelineEntry]:
    """The entries of one case (with their contents, in order) that count; `further`: corrections that are not recorded
    yet."""
    record = fold_corrections([*corrections_in(entries), *further])
    return [
        _with_changes(entry, record.changes.get(entry.sequence))
        for entry in entries
        if entry.kind not in CORRECTION_KINDS and entry.sequence not in record.voided
    ]


def _with_changes(entry: TimelineEntry, changes: Mapping[str, str] | None) -> TimelineEntry:
    content = getattr(entry, "content", None)
    if not changes or content is None:
        return entry
    amended = copy.copy(entry)
    # It also becomes `amended.content`.
    TimelineContent(entry=amended, salt=content.salt, body={**content.body, **changes})
    return amended
