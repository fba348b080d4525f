"""Checking the record as it is stored: each case's chain, what the rows say beside it, and the receipts' files.

It changes nothing. Each problem found is an `IntegrityFlaw`, named after the entry, the receipt, or the column that
shows it. What the chain does not cover itself follows from it: the case is replayed, and every column compared.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Model

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import ChainLink, IntegrityFlaw, find_first_flaw
from cases.models import Case, Receipt, ReceiptAltered, TimelineEntry
from cases.models.receipt_store import receipt_store
from cases.operations.recorded_rows import batch_flaws, content_flaws, entry_flaws, letter_flaws, receipt_flaws
from cases.operations.replayed_state import state_flaws
from cases.operations.stored_cases import StoredCase, load_stored_cases, unreadable_columns
from cases.operations.stored_forms import form_flaws

#: Cases that are in memory at once.
CHUNK = 200
#: What is needed of a case that cannot be read as a whole.
_FIELDS = ("reference", "team_id", "entry_head", "entry_count")


@dataclass
class IntegrityReport:
    """What was looked at in one case, and all that does not hold, the first broken entry before the rest.

    `notes` say what could not be checked, and why, where nothing is wrong with that.
    """

    case: Case
    entries: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    flaws: list[IntegrityFlaw] = field(default_factory=list)
    notes: list[IntegrityFlaw] = field(default_factory=list)


def check_integrity(case: Case) -> IntegrityReport:
    """One case, its rows read under its lock, so that nobody writes to them meanwhile; then its receipts' files."""
    report = check_rows(case)
    _check_files(report)
    return report


def check_rows(case: Case) -> IntegrityReport:
    """As `check_integrity`, without the files."""
    with transaction.atomic():
        return _reports([Case.objects.select_for_update().only(*_FIELDS).get(pk=case.pk)])[0]


def check_integrity_of_all(
    report_progress: Callable[[int], None] = lambda count: None, *, after: int = 0
) -> Iterator[IntegrityReport]:
    """Every case of the installation with a key above `after`, in the order of keys, CHUNK by CHUNK.

    `report_progress` gets the number done.
    """
    count = 0
    while keys := next_keys(after):
        for report in check_integrity_of(keys):
            yield report
            count += 1
            report_progress(count)
        after = keys[-1]


def next_keys(after: int) -> list[int]:
    """The keys of the next CHUNK of cases after this key, in their order."""
    return list(Case.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK])


def check_integrity_of(keys: Sequence[int]) -> Iterator[IntegrityReport]:
    """The cases with these keys, in their order, read together; those that were deleted meanwhile are left out.

    A case that somebody may just have been writing to is read again, under its lock, before it is called broken.
    """
    for first_report in _reports(list(Case.objects.only(*_FIELDS).filter(pk__in=keys).order_by("pk"))):
        report = check_rows(first_report.case) if first_report.flaws else first_report
        _check_files(report)
        yield report


def first_chain_flaw(case: Case) -> str | None:
    """The first thing that is wrong with the chain of this case, in an English phrase; None when it verifies."""
    entries = TimelineEntry.objects.filter(case=case).order_by("sequence").select_related("content")
    flaw = _chain_flaw(case, list(entries))
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


def _reports(cases: Sequence[Case]) -> list[IntegrityReport]:
    try:
        stored_cases = load_stored_cases([case.pk for case in cases])
        odd_forms = _odd_forms(stored_cases)
        return [_build_report(stored, odd_forms.get(stored.case.pk, [])) for stored in stored_cases]
    except Exception:  # a damaged column: whatever the driver, the field or the chain makes of it
        if len(cases) == 1:
            return [IntegrityReport(cases[0], cases[0].entry_count, flaws=_unreadable(cases[0]))]
        return [report for case in cases for report in _reports([case])]


def _unreadable(case: Case) -> list[IntegrityFlaw]:
    """Names the first entry that cannot even be read, and the columns that cannot."""
    rows = TimelineEntry.objects.filter(case=case).order_by("sequence")
    for pk, sequence in rows.values_list("pk", "sequence"):
        try:
            entry = rows.select_related("content").get(pk=pk)
            find_first_flaw([replace(chain_link(case.reference, entry), sequence=1)], head="", count=1)
        except Exception:  # as above
            return [IntegrityFlaw(gettext_noop("entry %(entry)s cannot be read"), {"entry": sequence})]
    columns = list(unreadable_columns(case.pk))
    return columns or [IntegrityFlaw(gettext_noop("the rows of this case cannot be read"))]


def _odd_forms(stored_cases: Sequence[StoredCase]) -> dict[int, list[IntegrityFlaw]]:
    """What is stored in another form than the program writes, by case; of a card with each of its cases."""
    flaws: dict[int, list[IntegrityFlaw]] = {}
    rows: list[Model] = []
    for stored in stored_cases:
        rows += [stored.case, *stored.entries, *stored.receipts, *stored.letters]
        rows += [row for of_model in stored.rows.values() for row in of_model]
    for key, flaw in form_flaws(rows):
        flaws.setdefault(key, []).append(flaw)
    of_cards: dict[int, list[IntegrityFlaw]] = {}
    for key, flaw in form_flaws({stored.case.card.pk: stored.case.card for stored in stored_cases}.values()):
        of_cards.setdefault(key, []).append(flaw)
    for stored in stored_cases:
        flaws.setdefault(stored.case.pk, []).extend(of_cards.get(stored.case.card.pk, []))
    return flaws


def _build_report(stored: StoredCase, odd_forms: Sequence[IntegrityFlaw]) -> IntegrityReport:
    report = IntegrityReport(stored.case, len(stored.entries), stored.receipts)
    flaw = _chain_flaw(stored.case, stored.entries)
    report.flaws += [flaw] if flaw else []
    report.flaws += content_flaws(stored)
    report.flaws += entry_flaws(stored)
    report.flaws += receipt_flaws(stored)
    if flaw is None:
        report.flaws += letter_flaws(stored)
        report.flaws += batch_flaws(stored)
        report.flaws += state_flaws(stored, report.notes)
    report.flaws += _further(report.flaws, odd_forms, is_chained=flaw is None)
    return report


def _further(
    flaws: Sequence[IntegrityFlaw], odd_forms: Sequence[IntegrityFlaw], *, is_chained: bool
) -> list[IntegrityFlaw]:
    """The odd forms in places of which nothing else is said; of entries where the chain holds."""
    places = {str(flaw.params.get("place")) for flaw in flaws}
    table = TimelineEntry._meta.db_table
    return [
        flaw
        for flaw in odd_forms
        if (place := str(flaw.params["place"])) not in places and (is_chained or not place.startswith(table))
    ]


def _chain_flaw(case: Case, entries: Sequence[TimelineEntry]) -> IntegrityFlaw | None:
    links = (chain_link(case.reference, entry) for entry in entries)
    return find_first_flaw(links, head=case.entry_head, count=case.entry_count)


def _check_files(report: IntegrityReport) -> None:
    for receipt in report.receipts:
        try:
            receipt_store.read(report.case.team_id, receipt.sha256)
        except (ReceiptAltered, TypeError, ValueError):  # a hash that is none leads to no file
            message = gettext_noop("the file of receipt %(receipt)s is gone or was altered")
            report.flaws.append(IntegrityFlaw(message, {"receipt": receipt.sha256[:12]}))
