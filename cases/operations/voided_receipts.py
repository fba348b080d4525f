"""Receipts of which every entry that names them was voided: they stay, struck through, and can be added again.

Rows of receipts are written once. One that is added again is named by the new entry, beside the row that is there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from cases.models import Case, Receipt, TimelineEntry
from cases.models.choices import CLOSING_KINDS, EntryKind
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.engine.group_by_case import group_by_case


def voided_hashes(entries: Sequence[TimelineEntry]) -> set[str]:
    """The SHA-256 of the receipts that only voided entries name, of the entries of one case with their contents."""
    counting = effective_entries(entries)
    if len(counting) == len(entries):
        return set()
    return set(_named_hashes(entries)) - set(_named_hashes(counting))


def standing_hashes(cases: Sequence[Case]) -> dict[int, set[str]]:
    """The SHA-256 of the receipts of each case, by its key, without the voided ones; in a fixed number of queries."""
    stored: dict[int, set[str]] = {}
    for case_id, sha256 in Receipt.objects.filter(case__in=cases).values_list("case_id", "sha256"):
        stored.setdefault(case_id, set()).add(sha256)
    if stored:
        corrected = TimelineEntry.objects.filter(case__in=list(stored), kind=EntryKind.VOIDED).values("case_id")
        entries = TimelineEntry.objects.filter(case__in=corrected).order_by("case_id", "sequence")
        for case_id, rows in group_by_case(entries.select_related("content")).items():
            stored[case_id] = stored[case_id] - voided_hashes(rows)
    return stored


def standing_hashes_of(case: Case) -> set[str]:
    """The SHA-256 of the receipts of one case, without the voided ones."""
    return standing_hashes([case]).get(case.pk, set())


def closing_kinds(cases: Sequence[Case]) -> dict[int, list[str]]:
    """The kinds of `CLOSING_KINDS` that each case has a receipt of, by its key; voided ones left out."""
    rows = Receipt.objects.filter(case__in=cases, kind__in=CLOSING_KINDS).values_list("case_id", "kind", "sha256")
    receipts = list(rows)
    standing = standing_hashes([case for case in cases if case.pk in {row[0] for row in receipts}])
    kinds: dict[int, list[str]] = {}
    for case_id, kind, sha256 in receipts:
        if sha256 in standing.get(case_id, ()):
            kinds.setdefault(case_id, []).append(kind)
    return kinds


def _named_hashes(entries: Sequence[TimelineEntry]) -> Iterator[str]:
    for entry in entries:
        content = getattr(entry, "content", None)
        receipts: Any = content.body.get("receipts") if content else None
        yield from (receipt["sha256"] for receipt in receipts or ())
