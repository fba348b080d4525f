"""Receipts: uploaded files and pasted texts, stored and attached to cases (at most RECEIPT_MAX_BYTES each)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings

from cases.domain import file_types
from cases.domain.business_days import local
from cases.domain.json_values import Json
from cases.models import Case, Receipt, User
from cases.models.choices import EntryKind, ReceiptKind
from cases.models.receipt_store import receipt_store
from cases.operations.engine.perform import perform_one
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.voided_receipts import standing_hashes


@dataclass(frozen=True)
class NewReceipt:
    """A receipt whose bytes are stored already."""

    kind: str
    name: str
    detected_type: str
    size: int
    sha256: str

    def to_row(self, work: Work) -> Receipt:
        """The row on the case of the work, not saved."""
        return Receipt(case=work.case, added_at=work.now, added_by=work.by, **vars(self))


def receipt_entry(receipt: NewReceipt) -> dict[str, Json]:
    """A receipt as the content of an entry names it: with every fact of its row, so that both can be compared."""
    return {
        "name": receipt.name,
        "sha256": receipt.sha256,
        "size": receipt.size,
        "kind": str(receipt.kind),
        "type": receipt.detected_type,
    }


@dataclass(frozen=True)
class AttachReceipts(Verb):
    """Receipts were uploaded; the same bytes are stored once per case. Possible in every status."""

    receipts: tuple[NewReceipt, ...]
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.RECEIPT
    guarded: ClassVar[bool] = False

    def load(self, cases: Sequence[Case]) -> Mapping[int, set[str]]:
        return standing_hashes(cases)

    def apply(self, work: Work) -> None:
        stored_hashes = work.loaded or set()
        new_receipts = {r.sha256: r for r in self.receipts if r.sha256 not in stored_hashes}
        if not new_receipts:
            raise Unchanged
        work.loaded = list(new_receipts.values())
        work.content |= {
            "receipts": [receipt_entry(r) for r in work.loaded],
            "words": self.words,
        }

    def write(self, works: Sequence[Work]) -> None:
        cases = [work.case for work in works]
        # One whose entry was voided has its row.
        hashes = {new.sha256 for work in works for new in work.loaded}
        rows = Receipt.objects.filter(case__in=cases, sha256__in=hashes)
        stored = set(rows.values_list("case_id", "sha256"))
        Receipt.objects.bulk_create(
            new.to_row(work) for work in works for new in work.loaded if (work.case.pk, new.sha256) not in stored
        )


@dataclass(frozen=True)
class ReceiptUpload:
    """Files (name and bytes) of one kind, and a pasted text."""

    kind: str
    files: Sequence[tuple[str, bytes]] = ()
    text: str = ""


def attach_receipts(
    case: Case,
    upload: ReceiptUpload,
    *,
    by: User | None,
    now: datetime,
    words: str = "",
    submit_token: UUID | None = None,
) -> Case:
    """Store what was uploaded as receipts of a case; raises what `store_receipts` does."""
    stored_receipts = store_receipts(case.team_id, upload.files, kind=upload.kind, now=now, text=upload.text)
    return perform_one(AttachReceipts(stored_receipts, words), case, by=by, now=now, submit_token=submit_token)


def store_receipts(
    team_id: int, files: Sequence[tuple[str, bytes]], *, kind: str, now: datetime, text: str = ""
) -> tuple[NewReceipt, ...]:
    """Write files (name and bytes) and a pasted text to disk, for `AttachReceipts` over one case or many.

    All are checked before any is written: one that is refused (FileEmpty, FileTooLarge, FileTypeRefused) leaves
    nothing behind. The bytes are on disk before the database names them.
    """
    uploads = [(file_types.clean_file_name(name), kind, data) for name, data in files]
    if text.strip():
        is_text_kind = kind in (ReceiptKind.SMS, ReceiptKind.LETTER)
        name = f"{local(now):%Y-%m-%d %H%M}.txt"
        uploads.append((name, kind if is_text_kind else ReceiptKind.SMS, text.encode()))
    limit = settings.RECEIPT_MAX_BYTES
    types = [file_types.detect_type(data, name=name, limit=limit) for name, _, data in uploads]
    return tuple(
        NewReceipt(receipt_kind, name, detected_type, len(data), receipt_store.write(team_id, data))
        for (name, receipt_kind, data), detected_type in zip(uploads, types, strict=True)
    )
