"""Writing the timeline: entries chained to the case's head, their content in rows of its own.

Reading it back and checking it is `cases.operations.integrity`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from cases.domain import hash_chain
from cases.domain.business_days import WorkingCalendar
from cases.domain.calendar_editions import edition_of
from cases.models import CalendarEdition, Case, TimelineContent, TimelineEntry
from cases.operations.engine.bulk_insert import insert_rows
from cases.operations.engine.verb import Work

_ENTRY_COLUMNS = (
    "case_id", "sequence", "kind", "status_from", "status_to", "round", "recorded_at", "recorded_by_id",
    "content_digest", "entry_hash", "corrects", "click",
)  # fmt: skip


class TimelineWriter:
    """The entries that one operation adds to its cases, saved together."""

    def __init__(self, submit_token: UUID | None, calendar: WorkingCalendar) -> None:
        self._submit_token = submit_token
        self._edition = edition_of(calendar)
        #: Of each entry its case, its other columns, and its content.
        self._rows: list[tuple[Case, tuple[Any, ...], bytes, Any]] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return not self._rows

    def add(self, work: Work, *, status_from: str) -> None:
        """Chain one entry to the case and move the case's head and count to it."""
        case, by = work.case, work.by
        # The content repeats the columns that the chain does not cover, so that a change of them is detected.
        token_text = str(self._submit_token) if self._submit_token else None
        body = {
            "by": str(by) if by else "",
            "by_id": by.pk if by else None,
            "round": case.round,
            "click": token_text,
            "calendar": self._edition.digest,
            **work.content,
        }
        salt = hash_chain.new_salt()
        digest = hash_chain.content_digest(salt, body)
        sequence = case.entry_count + 1
        facts = hash_chain.EntryFacts(
            sequence=sequence,
            case=case.reference,
            kind=work.kind,
            status_from=status_from,
            status_to=case.status,
            recorded_at=work.now,
            digest=digest,
        )
        entry_hash = hash_chain.entry_hash(case.entry_head, facts)
        columns = (
            sequence, str(work.kind), status_from, str(case.status), case.round, work.now, by.pk if by else None,
            digest, entry_hash, work.content.get("corrects"), self._submit_token,
        )  # fmt: skip
        case.entry_count, case.entry_head = sequence, entry_hash
        self._rows.append((case, columns, salt, body))

    def save(self, now: datetime) -> None:
        """Write the entries, and the edition of the calendar that they name where nothing named it before."""
        edition = self._edition
        CalendarEdition.objects.get_or_create(
            digest=edition.digest, defaults={"body": edition.body, "recorded_at": now}
        )
        keys = insert_rows(TimelineEntry, _ENTRY_COLUMNS, [(case.pk, *columns) for case, columns, *_ in self._rows])
        contents = [(key, salt, body) for key, (_, _, salt, body) in zip(keys, self._rows, strict=True)]
        insert_rows(TimelineContent, ("entry_id", "salt", "body"), contents)
