"""Checking the record as it is stored: each case's chain, what the rows say beside it, and the receipts' files.

It changes nothing. Each problem found is an `IntegrityFlaw`, named after the entry or the receipt that shows it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db import transaction

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import ChainLink, IntegrityFlaw, find_first_flaw
from cases.domain.json_values import JsonObject
from cases.models import Case, Receipt, ReceiptAltered, TimelineEntry
from cases.models.receipt_store import receipt_store
from cases.operations.engine.group_by_case import group_by_case

R = TypeVar("R", Receipt, TimelineEntry)

#: Cases that are in memory at once.
CHUNK = 200
#: What is needed of a case; damage elsewhere in its row must not stop the check.
_FIELDS = ("reference", "team_id", "status", "entry_head", "entry_count")


@dataclass
class IntegrityReport:
    """What was looked at in one case, and all that does not hold, the first broken entry before the rest."""

    case: Case
    entries: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    flaws: list[IntegrityFlaw] = field(default_factory=list)


def check_integrity(case: Case) -> IntegrityReport:
    """One case, its rows read under its lock, so that nobody writes to them meanwhile; then its receipts' files."""
    report = _report_under_lock(case)
    _check_files(report)
    return report


def check_integrity_of_all(report_progress: Callable[[int], None] = lambda count: None) -> Iterator[IntegrityReport]:
    """Every case of the installation in the order of keys, CHUNK by CHUNK; `report_progress` gets the number done.

    A case that somebody may just have been writing to is read again, under its lock, before it is called broken.
    """
    after, count = 0, 0
    while chunk := list(Case.objects.only(*_FIELDS).filter(pk__gt=after).order_by("pk")[:CHUNK]):
        for first_report in _reports(chunk):
            report = _report_under_lock(first_report.case) if first_report.flaws else first_report
            _check_files(report)
            yield report
            count += 1
            report_progress(count)
        after = chunk[-1].pk


def first_chain_flaw(case: Case) -> str | None:
    """The first thing that is wrong with the chain of this case, in an English phrase; None when it verifies."""
    flaw = _chain_flaw(case, _entries([case]).get(case.pk, []))
    return str(flaw) if flaw else None


def chain_link(reference: str, entry: TimelineEntry) -> ChainLink:
    """A stored entry as `find_first_flaw` takes it."""
    content = getattr(entry, "content", None)
    return ChainLink(
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


def _report_under_lock(case: Case) -> IntegrityReport:
    with transaction.atomic():
        return _reports([Case.objects.select_for_update().only(*_FIELDS).get(pk=case.pk)])[0]


def _reports(cases: Sequence[Case]) -> list[IntegrityReport]:
    try:
        entries = _entries(cases)
        receipts = group_by_case(Receipt.objects.filter(case__in=cases).order_by("case_id", "id"))
        return [_build_report(case, entries.get(case.pk, []), receipts.get(case.pk, [])) for case in cases]
    except Exception:  # a damaged column: whatever the driver, the field or the chain makes of it
        if len(cases) == 1:
            return [IntegrityReport(cases[0], cases[0].entry_count, flaws=[_unreadable(cases[0])])]
        return [report for case in cases for report in _reports([case])]


def _entries(cases: Sequence[Case]) -> dict[int, list[TimelineEntry]]:
    rows = TimelineEntry.objects.filter(case__in=cases).order_by("case_id", "sequence")
    return group_by_case(rows.select_related("content"))


def _unreadable(case: Case) -> IntegrityFlaw:
    """Names the first entry that cannot even be read."""
    rows = TimelineEntry.objects.filter(case=case).order_by("sequence")
    for pk, sequence in rows.values_list("pk", "sequence"):
        try:
            entry = rows.select_related("content").get(pk=pk)
            find_first_flaw([replace(chain_link(case.reference, entry), sequence=1)], head="", count=1)
        except Exception:  # as above
            return IntegrityFlaw(gettext_noop("entry %(entry)s cannot be read"), {"entry": sequence})
    return IntegrityFlaw(gettext_noop("the rows of its receipts cannot be read"))


def _build_report(case: Case, entries: list[TimelineEntry], receipts: list[Receipt]) -> IntegrityReport:
    report = IntegrityReport(case, len(entries), receipts)
    flaw = _chain_flaw(case, entries)
    report.flaws += [flaw] if flaw else []
    report.flaws += _row_flaws(case, entries)
    report.flaws += _receipt_flaws(entries, receipts)
    return report


def _chain_flaw(case: Case, entries: list[TimelineEntry]) -> IntegrityFlaw | None:
    links = (chain_link(case.reference, entry) for entry in entries)
    return find_first_flaw(links, head=case.entry_head, count=case.entry_count)


def _row_flaws(case: Case, entries: list[TimelineEntry]) -> Iterator[IntegrityFlaw]:
    """What a row holds outside its hash against what the content says; of an erased one nothing can be said."""
    for entry in entries:
        body = _entry_body(entry)
        row = {
            "by_id": entry.recorded_by_id,
            "round": entry.round,
            "click": str(entry.click) if entry.click else None,
            "corrects": entry.corrects,
        }
        if any(body.get(name, value) != value for name, value in row.items()):
            yield IntegrityFlaw(gettext_noop("the row of entry %(entry)s was altered"), {"entry": entry.sequence})
    if entries and entries[-1].status_to != case.status:
        yield IntegrityFlaw(gettext_noop("the status of the case is not the one that was recorded last"))


def _receipt_flaws(entries: list[TimelineEntry], receipts: list[Receipt]) -> Iterator[IntegrityFlaw]:
    """Every receipt that an entry names has its row, every row its entry, and both say the same."""
    rows = {receipt.sha256: receipt for receipt in receipts}
    named_hashes = set()
    for entry in entries:
        for sha256, entry_receipt in _receipts_in_entry(_entry_body(entry)):
            is_first = sha256 not in named_hashes  # one whose entry was voided may be named again
            named_hashes.add(sha256)
            row = rows.get(sha256)
            if row is None:
                message = gettext_noop("receipt %(receipt)s, named in entry %(entry)s, is missing")
                yield IntegrityFlaw(message, {"receipt": sha256[:12], "entry": entry.sequence})
            elif not _matches_row(entry_receipt, row, entry if is_first else None):
                yield _flaw_of_receipt(gettext_noop("the row of receipt %(receipt)s was altered"), row)
    # What an erased entry named cannot be compared.
    if all(hasattr(entry, "content") for entry in entries):
        for row in receipts:
            if row.sha256 not in named_hashes:
                yield _flaw_of_receipt(gettext_noop("receipt %(receipt)s is named in no entry"), row)


def _receipts_in_entry(body: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """The receipts that an entry names, each with its SHA-256; whatever else stands in their place is skipped."""
    receipts = body.get("receipts")
    for receipt in receipts if isinstance(receipts, list) else []:
        if isinstance(receipt, dict) and isinstance(sha256 := receipt.get("sha256"), str):
            yield sha256, receipt


def _matches_row(entry_receipt: JsonObject, row: Receipt, entry: TimelineEntry | None) -> bool:
    """Whether a row says what an entry says of its receipt; `entry`: the one with which it was added, if it is that.

    The same bytes may come again under another name.
    """
    facts: JsonObject = {"size": row.size, "type": row.detected_type}
    if entry is not None:
        facts |= {"name": row.name, "kind": row.kind}
    if any(entry_receipt.get(name, value) != value for name, value in facts.items()):
        return False
    return entry is None or (row.added_at, row.added_by_id) == (entry.recorded_at, entry.recorded_by_id)


def _check_files(report: IntegrityReport) -> None:
    for receipt in report.receipts:
        try:
            receipt_store.read(report.case.team_id, receipt.sha256)
        except ReceiptAltered:
            report.flaws.append(
                _flaw_of_receipt(gettext_noop("the file of receipt %(receipt)s is gone or was altered"), receipt)
            )


def _flaw_of_receipt(message: str, receipt: Receipt) -> IntegrityFlaw:
    return IntegrityFlaw(message, {"receipt": receipt.sha256[:12]})


def _entry_body(entry: TimelineEntry) -> JsonObject:
    content = getattr(entry, "content", None)
    return content.body if content and isinstance(content.body, dict) else {}
