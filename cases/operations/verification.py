"""Receipts, verification, confirmation, and opening again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from cases.domain import file_types
from cases.domain.business_days import local, local_iso
from cases.domain.deadlines import Basis
from cases.domain.errors import CaseError, NotVerified, OpenCaseExists
from cases.domain.json_values import Json
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.models import Case, Receipt, User, Verification
from cases.models.choices import EntryKind, Finding, ReceiptKind
from cases.models.receipt_store import receipt_store
from cases.operations.engine.perform import perform_one
from cases.operations.engine.verb import Unchanged, Verb, Work
from cases.operations.waiting_rounds import end_round, set_submission_deadlines, start_round


@dataclass(frozen=True)
class NewReceipt:
    """A receipt whose bytes are stored already."""

    kind: str
    name: str
    detected_type: str
    size: int
    sha256: str


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
        stored_hashes: dict[int, set[str]] = {}
        for case_id, sha256 in Receipt.objects.filter(case__in=cases).values_list("case_id", "sha256"):
            stored_hashes.setdefault(case_id, set()).add(sha256)
        return stored_hashes

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
        Receipt.objects.bulk_create(
            Receipt(
                case=work.case,
                kind=new.kind,
                name=new.name,
                detected_type=new.detected_type,
                size=new.size,
                sha256=new.sha256,
                added_at=work.now,
                added_by=work.by,
            )
            for work in works
            for new in work.loaded
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


@dataclass(frozen=True)
class Verify(Verb):
    """Somebody checked whether the number is cancelled, in one of three ways.

    A number alive after the carrier said 'done' gives the carrier three working days; one alive while the answer is
    still owed changes no deadline. A late entry of a check that a newer one overtook is recorded and changes
    nothing. With `confirm`, a finding of 'cancelled' closes the case in the same operation.
    """

    at: datetime
    method: str
    finding: str
    words: str = ""
    confirm: bool = False
    kind: ClassVar[EntryKind] = EntryKind.VERIFIED

    def load(self, cases: Sequence[Case]) -> Mapping[int, datetime]:
        """When the latest check of each number said cancelled or alive."""
        verifications = Verification.objects.filter(case__in=cases, finding__in=(Finding.CANCELLED, Finding.ALIVE))
        return dict(verifications.values("case_id").annotate(last=Max("happened_at")).values_list("case_id", "last"))

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(*STATUSES_WITH_CARRIER)
        work.check_moment(self.at)
        work.verification = Verification(
            case=case,
            submission=case.submission,
            method=self.method,
            finding=self.finding,
            happened_at=self.at,
            recorded_at=work.now,
        )
        is_overtaken = work.loaded is not None and self.at < work.loaded
        if self.finding == Finding.CANCELLED and not is_overtaken:
            case.verification = work.verification
        elif self.finding == Finding.ALIVE and not is_overtaken:
            case.verification = None
            if case.reported_done_at and self.at >= case.reported_done_at:
                case.reported_done_at = None
                start_round(work, Basis.STILL_ALIVE, self.at)
        work.content |= {
            "at": local_iso(self.at),
            "method": str(self.method),
            "finding": str(self.finding),
            "words": self.words,
        }
        if self.confirm and self.finding == Finding.CANCELLED:
            work.kind = EntryKind.CONFIRMED
            _close_confirmed(work)


@dataclass(frozen=True)
class Confirm(Verb):
    """Close the case as cancelled, by the check that says so and from the moment of that check."""

    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.CONFIRMED

    def apply(self, work: Work) -> None:
        work.require_status(*STATUSES_WITH_CARRIER)
        verification = _close_confirmed(work)
        work.content |= {
            "at": local_iso(verification.happened_at),
            "method": verification.method,
            "words": self.words,
        }


def _close_confirmed(work: Work) -> Verification:
    verification = work.case.verification
    if verification is None:
        raise NotVerified()
    work.change_status(Status.CONFIRMED)
    end_round(work, verification.happened_at)
    work.case.confirmed_at = verification.happened_at
    work.case.closed_at = work.now
    work.case.snoozed_until = None
    return verification


@dataclass(frozen=True)
class Reopen(Verb):
    """The number works, or something else shows that the case was closed too early; raises ReasonMissing."""

    words: str
    kind: ClassVar[EntryKind] = EntryKind.REOPENED

    def load(self, cases: Sequence[Case]) -> Mapping[int, str]:
        others = Case.objects.filter(card__in=[case.card_id for case in cases], status__in=OPEN_STATUSES)
        open_references = dict(others.values_list("card_id", "reference"))
        return {case.pk: open_references[case.card_id] for case in cases if case.card_id in open_references}

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(Status.CONFIRMED)
        work.require_reason(self.words)
        if work.loaded:
            raise OpenCaseExists(reference=work.loaded)
        work.change_status(Status.UNDER_REVIEW)
        case.confirmed_at = case.closed_at = case.bill_checked_at = case.erase_on = None
        case.retain = False
        case.reported_done_at = case.verification = None
        set_submission_deadlines(work)  # a closed case does not follow the calendar
        start_round(work, Basis.REOPENED, work.now)
        work.content["words"] = self.words

    def conflict(self, case: Case) -> CaseError | None:
        other = Case.objects.filter(card=case.card_id, status__in=OPEN_STATUSES).exclude(pk=case.pk).first()
        return OpenCaseExists(reference=other.reference) if other else None
