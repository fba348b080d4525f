"""What rows hold beside the chain against what the entries say: entries' own columns, receipts, batches."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import IntegrityFlaw
from cases.domain.json_values import JsonObject
from cases.models import Batch, Receipt, TimelineEntry
from cases.models.choices import EntryKind
from cases.operations.engine.unchained_columns import UNCHAINED_COLUMNS, entry_column
from cases.operations.integrity_flaws import row_missing, value_flaw
from cases.operations.stored_cases import StoredCase, entry_body


def content_flaws(stored: StoredCase) -> list[IntegrityFlaw]:
    """Contents that are not there, though no later entry says that they were erased."""
    erased_before = max((e.sequence for e in stored.entries if e.kind == EntryKind.ERASED), default=0)
    return [
        IntegrityFlaw(
            gettext_noop("the content of entry %(entry)s is missing, and no later entry says that it was erased"),
            {"entry": entry.sequence},
        )
        for entry in stored.entries
        if not hasattr(entry, "content") and entry.sequence >= erased_before
    ]


def entry_flaws(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """Columns of entries that the chain does not cover; of an erased entry what the erasing one has kept of them."""
    kept = _kept_columns(stored.entries)
    for entry in stored.entries:
        body = entry_body(entry)
        recorded: dict[str, object] = {
            column: body[name] for name, column in (("by_id", "recorded_by_id"), *_SAME_NAMES) if name in body
        }
        if body:
            recorded["corrects"] = body.get("corrects")
        elif not hasattr(entry, "content"):
            recorded = {name: of[entry.sequence - 1] for name, of in kept.items() if entry.sequence <= len(of)}
        for column, value in recorded.items():
            if (stored_value := entry_column(entry, column)) != value:
                yield value_flaw(TimelineEntry, entry.sequence, column, stored_value, value)


_SAME_NAMES = (("round", "round"), ("click", "click"))


def _kept_columns(entries: Sequence[TimelineEntry]) -> Mapping[str, Sequence[object]]:
    """Of the entries before the one that erased their contents, in their order, by column; of an earlier release
    none."""
    erasing = next((entry for entry in reversed(entries) if entry.kind == EntryKind.ERASED), None)
    kept = entry_body(erasing).get("columns") if erasing else None
    columns = kept if isinstance(kept, dict) else {}
    return {name: columns[name] for name in UNCHAINED_COLUMNS if isinstance(columns.get(name), list)}


# Receipts


def receipt_flaws(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """Every receipt that an entry names has its row, every row its entry, and both say the same."""
    rows = {receipt.sha256: receipt for receipt in stored.receipts}
    named_hashes: set[str] = set()
    for entry in stored.entries:
        for sha256, facts in receipts_in(entry):
            row = rows.get(sha256)
            if row is None:
                message = gettext_noop("receipt %(receipt)s, named in entry %(entry)s, is missing")
                yield IntegrityFlaw(message, {"receipt": sha256[:12], "entry": entry.sequence})
            else:
                # One whose entry was voided may be named again by another.
                yield from _receipt_row_flaws(row, facts, None if sha256 in named_hashes else entry)
            named_hashes.add(sha256)
    if stored.is_whole:
        for row in stored.receipts:
            if row.sha256 not in named_hashes:
                message = gettext_noop("receipt %(receipt)s is named in no entry")
                yield IntegrityFlaw(message, {"receipt": row.sha256[:12]})


def _receipt_row_flaws(row: Receipt, facts: JsonObject, entry: TimelineEntry | None) -> Iterator[IntegrityFlaw]:
    """`entry`: the one with which the row was added, where that is known."""
    columns: dict[str, tuple[str, object]] = {"size": ("size", row.size), "type": ("detected_type", row.detected_type)}
    if entry is not None:  # the same bytes may come again under another name
        columns |= {"name": ("name", row.name), "kind": ("kind", row.kind)}
    for name, (column, value) in columns.items():
        if facts.get(name, value) != value:
            yield value_flaw(Receipt, row.sha256[:12], column, value, facts[name])
    if entry is not None:
        for column, value, recorded in (
            ("added_at", row.added_at, entry.recorded_at),
            ("added_by_id", row.added_by_id, entry.recorded_by_id),
        ):
            if value != recorded:
                yield value_flaw(Receipt, row.sha256[:12], column, value, recorded)


def receipts_in(entry: TimelineEntry) -> Iterator[tuple[str, JsonObject]]:
    """The receipts that an entry names, each with its SHA-256; whatever else stands in their place is skipped."""
    receipts = entry_body(entry).get("receipts")
    for receipt in receipts if isinstance(receipts, list) else []:
        if isinstance(receipt, dict) and isinstance(sha256 := receipt.get("sha256"), str):
            yield sha256, receipt


# Batches


def batch_flaws(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """The batch that an entry names is there, and says what the entry says."""
    for entry in stored.entries:
        body = entry_body(entry)
        key = body.get("batch")
        if entry.kind not in (EntryKind.SUBMITTED, EntryKind.RESUBMITTED) or not isinstance(key, int):
            continue
        batch = stored.batches.get(key)
        if batch is None:
            yield row_missing(Batch, key)
            continue
        recorded = _recorded_batch(body, stored, entry)
        for column, value in _stored_batch(batch, stored).items():
            if recorded.get(column, value) != value:
                yield value_flaw(Batch, key, column, value, recorded[column])


def _stored_batch(batch: Batch, stored: StoredCase) -> Mapping[str, object]:
    return {
        "team_id": batch.team_id,
        "carrier_id": stored.carriers.get(batch.carrier_id, ""),
        "channel": batch.channel,
        "reference": batch.reference,
        "submitted_at": batch.submitted_at,
        "words": batch.words,
        "made_by_id": batch.made_by_id,
        "made_at": batch.made_at,
    }


def _recorded_batch(body: Mapping[str, Any], stored: StoredCase, entry: TimelineEntry) -> Mapping[str, object]:
    """The columns of a batch as one of its entries has them; an entry of an earlier release lacks some."""
    card = body.get("card")
    columns = {
        "carrier_id": card.get("carrier") if isinstance(card, dict) else None,
        "channel": body.get("batch_channel"),
        "reference": body.get("reference"),
        "submitted_at": datetime.fromisoformat(body["at"]) if "at" in body else None,
        "words": body.get("words"),
    }
    known = {name: value for name, value in columns.items() if value is not None}
    return {
        "team_id": stored.case.team_id,
        "made_by_id": entry.recorded_by_id,
        "made_at": entry.recorded_at,
        **known,
    }
