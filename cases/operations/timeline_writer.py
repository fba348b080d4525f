"""Writing the timeline: entries chained to the case's head, their content in rows of its own.

Reading it back and checking it is `cases.operations.integrity`.
"""

from datetime import datetime
from uuid import UUID

from cases.domain import hash_chain
from cases.domain.business_days import WorkingCalendar
from cases.domain.calendar_editions import edition_of
from cases.models import CalendarEdition, TimelineContent, TimelineEntry
from cases.operations.engine.verb import Work


class TimelineWriter:
    """The entries that one operation adds to its cases, saved together."""

    def __init__(self, submit_token: UUID | None, calendar: WorkingCalendar) -> None:
        self._submit_token = submit_token
        self._edition = edition_of(calendar)
        self._rows: list[tuple[TimelineEntry, TimelineContent]] = []

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
        entry = TimelineEntry(
            case=case,
            sequence=sequence,
            kind=work.kind,
            status_from=status_from,
            status_to=case.status,
            round=case.round,
            recorded_at=work.now,
            recorded_by=by,
            content_digest=digest,
            entry_hash=entry_hash,
            corrects=work.content.get("corrects"),
            click=self._submit_token,
        )
        case.entry_count, case.entry_head = sequence, entry_hash
        self._rows.append((entry, TimelineContent(entry=entry, salt=salt, body=body)))

    def save(self, now: datetime) -> None:
        """Write the entries, and the edition of the calendar that they name where nothing named it before."""
        edition = self._edition
        CalendarEdition.objects.get_or_create(
            digest=edition.digest, defaults={"body": edition.body, "recorded_at": now}
        )
        TimelineEntry.objects.bulk_create([entry for entry, _ in self._rows])
        for entry, content in self._rows:
            content.entry = entry  # now with its key
        TimelineContent.objects.bulk_create([content for _, content in self._rows])
