"""Writing the timeline: entries chained to the case's head, their content in rows of its own."""

from uuid import UUID

from cases.domain import record
from cases.models import Case, TimelineContent, TimelineEntry
from cases.operations.work import Work


class Entries:
    """The entries that one act adds to its cases, saved together."""

    def __init__(self, click: UUID | None) -> None:
        self._click = click
        self._rows: list[tuple[TimelineEntry, TimelineContent]] = []

    def add(self, work: Work, *, status_from: str) -> None:
        """Chain one entry to the case and move the case's head and count to it."""
        case, by = work.case, work.by
        body = {"by": str(by) if by else "", "by_id": by.pk if by else None, **work.content}
        salt = record.new_salt()
        digest = record.content_digest(salt, body)
        sequence = case.entry_count + 1
        entry_hash = record.entry_hash(
            previous=case.entry_head,
            sequence=sequence,
            case=case.reference,
            kind=work.kind,
            status_from=status_from,
            status_to=case.status,
            recorded_at=work.now,
            digest=digest,
        )
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
            click=self._click,
        )
        case.entry_count, case.entry_head = sequence, entry_hash
        self._rows.append((entry, TimelineContent(entry=entry, salt=salt, body=body)))

    def save(self) -> None:
        TimelineEntry.objects.bulk_create([entry for entry, _ in self._rows])
        for entry, content in self._rows:
            content.entry = entry  # now with its key
        TimelineContent.objects.bulk_create([content for _, content in self._rows])


def links_of(case: Case) -> list[record.Link]:
    """The case's record as it is stored, for `cases.domain.record.first_broken`."""
    entries = TimelineEntry.objects.filter(case=case).order_by("sequence").select_related("content")
    return [_link(case.reference, entry) for entry in entries]


def _link(reference: str, entry: TimelineEntry) -> record.Link:
    content = getattr(entry, "content", None)
    return record.Link(
        sequence=entry.sequence,
        case=reference,
        kind=entry.kind,
        status_from=entry.status_from,
        status_to=entry.status_to,
        recorded_at=entry.recorded_at,
        digest=entry.content_digest,
        hash=entry.entry_hash,
        salt=bytes(content.salt) if content else None,
        content=content.body if content else None,
    )


def first_broken(case: Case) -> str | None:
    """What is wrong with the record of this case, in a phrase; None when it verifies."""
    return record.first_broken(links_of(case), head=case.entry_head, count=case.entry_count)
