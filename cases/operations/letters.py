"""Letters: a draft that is changed at will, then a receipt of the case and nothing more.

A draft is no part of the record, so saving one is no verb. Making it final is: the PDF becomes a receipt, the timeline
says so, and the draft's words, with name and address of who writes, are emptied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction

from cases.domain.errors import LetterChanged, LetterGone, WrongState
from cases.domain.letter_rules import appeal_recipient, check_draft, check_final, check_province
from cases.domain.status import Status
from cases.models import AppealBody, Case, Letter, Receipt, User
from cases.models.choices import EntryKind, EscalationKind
from cases.operations.engine.verb import Verb, Work
from cases.operations.money_in_dispute import days_in_dispute
from cases.operations.receipts import NewReceipt, receipt_entry

_WRITABLE_STATUSES = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.RETURNED)


def may_write_letter(case: Case) -> bool:
    """A letter is about a request that was submitted and is not settled, or about money of a cancelled number."""
    if case.state is Status.CONFIRMED:
        return case.erased_at is None and bool(days_in_dispute(case, None))
    return case.state in _WRITABLE_STATUSES


def letter_draft(case: Case, kind: str) -> Letter | None:
    """The draft of this kind, if somebody has begun one."""
    return Letter.objects.filter(case=case, kind=kind, final_at__isnull=True).first()


def recipient_of(kind: str, fields: Mapping[str, str]) -> str:
    """Whom the letter is addressed to: the carrier, or the appeal body that was typed or is the province's."""
    if kind == EscalationKind.COMPLAINT:
        return fields.get("carrier_name", "")
    names = dict(AppealBody.objects.values_list("province", "name"))
    return appeal_recipient(fields.get("province", ""), fields.get("recipient", ""), names)


def letter_finalized_by(case: Case, kind: str, *, by: User, submit_token: UUID | None) -> Letter | None:
    """The letter that the same request made final before, if it did."""
    if submit_token is None:
        return None
    entry = case.entries.filter(recorded_by=by, kind=EntryKind.LETTER, click=submit_token).first()
    return case.letters.filter(kind=kind, final_at=entry.recorded_at).first() if entry else None


@dataclass(frozen=True)
class LetterEdit:
    """What was typed of a letter; `expected_changed_at` is the `changed_at` of the draft that was shown, None when
    there was none."""

    kind: str
    fields: Mapping[str, str]
    body: str
    expected_changed_at: datetime | None


def save_letter_draft(case: Case, edit: LetterEdit, *, by: User | None, now: datetime) -> Letter:
    """Store what was typed as the draft.

    Raises LetterChanged when another draft is there by now (unless it says the same), LetterGone when the one that
    was shown is not; UnknownProvince; IdentityNumber; WrongState.
    """
    if province := edit.fields.get("province", ""):
        provinces = AppealBody.objects.order_by("province").values_list("province", flat=True)
        check_province(edit.kind, province, provinces)
    check_draft(edit.fields, edit.body)
    if not may_write_letter(case):
        raise WrongState(from_status=case.state)
    try:
        with transaction.atomic():
            return _save_locked_draft(case, edit, by=by, now=now)
    except IntegrityError as error:  # somebody began one at the same moment
        raise LetterChanged() from error


def _save_locked_draft(case: Case, edit: LetterEdit, *, by: User | None, now: datetime) -> Letter:
    drafts = Letter.objects.select_for_update().filter(case=case, kind=edit.kind, final_at__isnull=True)
    draft, fields, body = drafts.first(), dict(edit.fields), edit.body
    if edit.kind == EscalationKind.APPEAL:
        fields["recipient"] = recipient_of(edit.kind, fields)
    if draft is None:
        if edit.expected_changed_at is not None:
            raise LetterGone()
        return Letter.objects.create(
            case=case, kind=edit.kind, fields=fields, body=body, made_at=now, changed_at=now, made_by=by
        )
    if (draft.fields, draft.body) == (fields, body):
        return draft
    if draft.changed_at != edit.expected_changed_at:
        raise LetterChanged()
    # Two saves within one tick of the clock are still told apart.
    draft.fields, draft.body, draft.changed_at = fields, body, max(now, draft.changed_at + datetime.resolution)
    draft.save(update_fields=["fields", "body", "changed_at"])
    return draft


def delete_letter_draft(case: Case, kind: str, *, expected_changed_at: datetime) -> None:
    """Delete the draft as the page showed it; LetterChanged when it is another by now."""
    count, _ = Letter.objects.filter(
        case=case, kind=kind, final_at__isnull=True, changed_at=expected_changed_at
    ).delete()
    if not count and letter_draft(case, kind):
        raise LetterChanged()


@dataclass(frozen=True)
class FinalizeLetter(Verb):
    """The draft `letter_id`, unchanged since `expected_changed_at`, is final; `receipt` is its PDF, stored already."""

    letter_id: int
    expected_changed_at: datetime
    receipt: NewReceipt
    kind: ClassVar[EntryKind] = EntryKind.LETTER
    guarded: ClassVar[bool] = False

    def load(self, cases: Sequence[Case]) -> Mapping[int, tuple[Letter, Receipt | None]]:
        """The draft, and the receipt that the same words made on the same day before: then it is that one again."""
        drafts = Letter.objects.select_for_update().filter(pk=self.letter_id, case__in=cases, final_at__isnull=True)
        receipts = Receipt.objects.filter(case__in=cases, sha256=self.receipt.sha256)
        return {draft.case_id: (draft, receipts.filter(case=draft.case_id).first()) for draft in drafts}

    def apply(self, work: Work) -> None:
        work.require_status(*_WRITABLE_STATUSES, Status.CONFIRMED)
        if work.loaded is None:
            raise LetterGone()
        draft, _ = work.loaded
        if draft.changed_at != self.expected_changed_at:
            raise LetterChanged()
        check_final(draft.kind, draft.fields, draft.body)
        # Named each time: each letter has its receipt, whichever of them is voided.
        work.content |= {"letter": draft.kind, "receipts": [receipt_entry(self.receipt)]}

    def check(self, work: Work) -> None:
        if not may_write_letter(work.case):
            raise WrongState(from_status=work.case.state)

    def write(self, works: Sequence[Work]) -> None:
        new = self.receipt
        for work in works:
            draft, receipt = work.loaded
            draft.receipt = receipt or Receipt.objects.create(
                case=work.case,
                kind=new.kind,
                name=new.name,
                detected_type=new.detected_type,
                size=new.size,
                sha256=new.sha256,
                added_at=work.now,
                added_by=work.by,
            )
            draft.final_at, draft.fields, draft.body = work.now, {}, ""
            draft.save(update_fields=["final_at", "receipt", "fields", "body"])
