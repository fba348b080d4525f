"""Checking the record as it is stored: each case's chain, what the rows say beside it, and the receipts' files.

It changes nothing. Each problem found is an `IntegrityFlaw`, named after the entry, the receipt, or the column that
shows it. What the chain does not cover itself follows from it: the case is replayed, and every column compared.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Model

from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import ChainLink, IntegrityFlaw, find_first_flaw, find_flaws
from cases.domain.stored_place import StoredPlace
from cases.models import Case, Receipt, ReceiptAltered, TimelineEntry
from cases.models.receipt_store import receipt_store
from cases.operations.integrity_flaws import against_altered_record
from cases.operations.recorded_letters import letter_flaws
from cases.operations.recorded_messages import message_flaws
from cases.operations.recorded_rows import batch_flaws, content_flaws, entry_flaws, receipt_flaws
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
    flaws = _chain_flaws(case, entries)
    return next(map(str, flaws), None)


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
    report.flaws += _chain_flaws(stored.case, stored.entries)
    # All else that does not hold is told of a broken record as well: it may be another forgery, or what follows.
    stored.altered = {flaw.params.get("entry") for flaw in report.flaws}
    report.flaws += content_flaws(stored)
    report.flaws += entry_flaws(stored)
    for check in (receipt_flaws, letter_flaws, message_flaws, batch_flaws):
        report.flaws += _as_far_as_possible(check(stored), stored)
    report.flaws += _as_far_as_possible(state_flaws(stored, report.notes), stored)
    report.flaws += _further(report.flaws, odd_forms, stored.altered)
    return report


def _as_far_as_possible(flaws: Iterable[IntegrityFlaw], stored: StoredCase) -> Iterator[IntegrityFlaw]:
    """The flaws; of a case whose entries were altered until what stands in them now makes no sense."""
    try:
        yield from map(against_altered_record, flaws) if stored.altered else flaws
    except Exception:  # whatever the rules make of it
        if not stored.altered:
            raise


def _further(
    flaws: Sequence[IntegrityFlaw], odd_forms: Sequence[IntegrityFlaw], altered: Set[object]
) -> list[IntegrityFlaw]:
    """The odd forms in places of which nothing else is said; of entries those that fit their hashes."""
    places = {str(flaw.params.get("place")) for flaw in flaws}
    of_altered = {(TimelineEntry._meta.db_table, str(sequence)) for sequence in altered}
    return [
        flaw
        for flaw in odd_forms
        if isinstance(place := flaw.params["place"], StoredPlace)
        and str(place) not in places
        and (place.table, place.row) not in of_altered
    ]


def _chain_flaws(case: Case, entries: Iterable[TimelineEntry]) -> Iterator[IntegrityFlaw]:
    links = (chain_link(case.reference, entry) for entry in entries)
    return find_flaws(links, head=case.entry_head, count=case.entry_count)


def _check_files(report: IntegrityReport) -> None:
    for receipt in report.receipts:
        try:
            receipt_store.read(report.case.team_id, receipt.sha256)
        except (ReceiptAltered, TypeError, ValueError):  # a hash that is none leads to no file
            message = gettext_noop("the file of receipt %(receipt)s is gone or was altered")
            report.flaws.append(IntegrityFlaw(message, {"receipt": receipt.sha256[:12]}))
