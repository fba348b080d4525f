"""SMS as they are stored against the entries that recorded them; one that only waits is no part of the record."""

from collections.abc import Callable, Iterator
from datetime import datetime

from cases.domain.business_days import local_iso
from cases.domain.hash_chain import IntegrityFlaw
from cases.models import CarrierMessage, TimelineEntry
from cases.models.choices import EntryKind, MessageState
from cases.operations.integrity_flaws import row_added, row_missing, value_flaw
from cases.operations.paired_rows import pair
from cases.operations.stored_cases import StoredCase, entry_body


def message_flaws(stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """Every SMS that is recorded is the one of an entry that was not voided, and says what the entry says."""
    voided = {entry.corrects for entry in stored.entries if entry.kind == EntryKind.VOIDED}
    # As they were recorded: an amendment changes what counts, not the SMS.
    entries = [entry for entry in stored.entries if entry.sequence not in voided and "sender" in entry_body(entry)]
    messages = [row for row in stored.messages if row.state == MessageState.RECORDED]
    waiting = [row for row in stored.messages if row.state != MessageState.RECORDED]
    same: list[Callable[[TimelineEntry, CarrierMessage], bool]] = [
        lambda entry, row: _facts(row) == _recorded_facts(entry),
        # What is left was altered in one of them: the row is the entry's by what is still the same.
        lambda entry, row: row.handled_at == entry.recorded_at,
        lambda entry, row: row.text == entry_body(entry).get("words"),
    ]
    pairs, unpaired_entries, unpaired_messages = pair(entries, messages, same)
    more_pairs, missing, _ = pair(unpaired_entries, waiting, same[:2])
    for entry, message in (*pairs, *more_pairs):
        yield from _message_row_flaws(message, stored, entry)
    for entry in missing:
        yield row_missing(CarrierMessage, entry.sequence)
    if stored.is_whole:
        yield from (row_added(CarrierMessage) for _ in unpaired_messages)


def _facts(row: CarrierMessage) -> tuple[str, str, str]:
    return row.sender, row.text, local_iso(row.received_at)


def _recorded_facts(entry: TimelineEntry) -> tuple[object, object, object]:
    body = entry_body(entry)
    return body.get("sender"), body.get("words"), body.get("at")


def _moment(text: object) -> object:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:  # of an altered entry
        return text


def _message_row_flaws(row: CarrierMessage, stored: StoredCase, entry: TimelineEntry) -> Iterator[IntegrityFlaw]:
    sender, words, at = _recorded_facts(entry)
    for column, value, recorded in (
        ("team_id", row.team_id, stored.case.team_id),
        ("sender", row.sender, sender),
        ("text", row.text, words),
        ("received_at", row.received_at, _moment(at)),
        ("state", row.state, MessageState.RECORDED),
        ("card_id", row.card_id, stored.case.card_id),
        ("handled_at", row.handled_at, entry.recorded_at),
        ("handled_by_id", row.handled_by_id, entry.recorded_by_id),
    ):
        if value != recorded:
            yield value_flaw(CarrierMessage, entry.sequence, column, value, recorded)
