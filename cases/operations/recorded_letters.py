"""Final letters as they are stored against the entries that made them final; drafts are no part of the record."""

from collections.abc import Callable, Iterator

from cases.domain.hash_chain import IntegrityFlaw
from cases.models import Letter, TimelineEntry
from cases.models.choices import EntryKind
from cases.operations.integrity_flaws import row_added, row_missing, value_flaw
from cases.operations.paired_rows import pair
from cases.operations.recorded_rows import receipts_in
from cases.operations.stored_cases import StoredCase, entry_body


def letter_flaws(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """Every final letter is one that an entry names, and nothing but a receipt of the case."""
    letters = [letter for letter in stored.letters if letter.final_at is not None or letter.receipt_id is not None]
    entries = [entry for entry in stored.entries if entry.kind == EntryKind.LETTER and entry_body(entry)]
    hashes = {receipt.pk: receipt.sha256 for receipt in stored.receipts}
    same: list[Callable[[TimelineEntry, Letter], bool]] = [
        lambda entry, row: (row.final_at, row.kind) == (entry.recorded_at, entry_body(entry).get("letter")),
        # What is left was altered in one of them: the row is the entry's by what is still the same.
        lambda entry, row: row.final_at == entry.recorded_at,
        lambda entry, row: hashes.get(row.receipt_id or 0) in dict(receipts_in(entry)),
        lambda entry, row: row.kind == entry_body(entry).get("letter"),
    ]
    pairs, unpaired_entries, unpaired_letters = pair(entries, letters, same)
    for entry, letter in pairs:
        yield from _letter_row_flaws(letter, stored, entry, hashes.get(letter.receipt_id or 0, ""))
    for entry in unpaired_entries:
        yield row_missing(Letter, entry.sequence)
    if stored.is_whole:
        yield from (row_added(Letter) for _ in unpaired_letters)


def _letter_row_flaws(letter: Letter, stored: StoredCase, entry: TimelineEntry, sha256: str) -> Iterator[IntegrityFlaw]:
    # The same words on the same day make the same receipt, which in an earlier release only the first entry named.
    named = dict(receipts_in(entry)) or {sha: {} for other in stored.entries for sha, _ in receipts_in(other)}
    if sha256 not in named:
        yield value_flaw(Letter, entry.sequence, "receipt_id", sha256[:12], ", ".join(sha[:12] for sha in named))
    for column, value, recorded in (
        ("kind", letter.kind, entry_body(entry).get("letter")),
        ("final_at", letter.final_at, entry.recorded_at),
        ("fields", str(letter.fields or ""), ""),
        ("body", letter.body, ""),
    ):
        if value != recorded:
            yield value_flaw(Letter, entry.sequence, column, value, recorded)
