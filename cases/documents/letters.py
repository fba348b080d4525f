"""Letters written from the record and made final: the same for a browser and for a program."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cases import operations as ops
from cases import selectors
from cases.documents import letter_texts
from cases.documents.letter_context import load_letter_context
from cases.domain.business_days import local
from cases.domain.letter_rules import check_final
from cases.models import Case, Letter, User
from cases.models.choices import EscalationKind, ReceiptKind
from cases.models.receipt_store import receipt_store
from cases.operations import LetterEdit, NewReceipt
from cases.operations.as_recorded import case_as_recorded
from cases.operations.audit_log import record_numbers_shown
from cases.operations.letter_senders import carrier_fields, remember_carrier_fields, sender_fields


def draft_from_record(case: Case, kind: EscalationKind, now: datetime, *, signer: str = "") -> str:
    """The text as the record tells it now; `signer`: the name that was typed, if any."""
    context = load_letter_context(case, now, selectors.working_calendar(), signer=signer)
    return letter_texts.letter_text(kind, context)


def initial_fields(case: Case, kind: EscalationKind, now: datetime) -> dict[str, str]:
    """The fields of a new letter that are known: who writes and whom to, as the team keeps them or the register has."""
    sender, carrier = sender_fields(case.team), carrier_fields(case.team, case.carrier)
    if kind == EscalationKind.COMPLAINT:
        del carrier["province"]
    return {
        **sender,
        "name": sender["name"] or case.card.holder,
        **carrier,
        "signed_on": local(now).date().isoformat(),
    }


def render_letter(case: Case, kind: EscalationKind, fields: Mapping[str, str], body: str) -> tuple[str, bytes]:
    """The letter's name and its PDF, which shows the number: the caller notes that."""
    case = case_as_recorded(case).case
    pdf = letter_texts.letter_pdf(case, kind, fields, body, ops.recipient_of(kind, fields))
    return letter_texts.letter_file_name(kind, fields.get("signed_on", "")), pdf


def save_and_finalize(
    case: Case, edit: LetterEdit, *, by: User, now: datetime, submit_token: UUID | None
) -> tuple[Letter, bool]:
    """Keep what was typed and make it final; the letter, and whether that was now: a form sent twice leads to the
    letter that it made before. Raises what `save_letter_draft` and `finalize` do."""
    if earlier := ops.letter_finalized_by(case, edit.kind, by=by, submit_token=submit_token):
        return earlier, False
    draft = ops.save_letter_draft(case, edit, by=by, now=now)
    finalize(case, draft, by=by, now=now, submit_token=submit_token)
    return draft, True


def finalize(
    case: Case, draft: Letter, *, by: User, now: datetime, submit_token: UUID | None, audit_source: str = ""
) -> None:
    """The draft's PDF becomes a receipt; it shows the number, and the card tells of that (`audit_source`: to whom).

    Raises LetterIncomplete, LetterChanged, LetterGone, WrongState.
    """
    check_final(draft.kind, draft.fields, draft.body)
    record_numbers_shown(case.team, [case], by=by, now=now, about=audit_source)
    name, pdf = render_letter(case, EscalationKind(draft.kind), draft.fields, draft.body)
    receipt = NewReceipt(ReceiptKind.LETTER, name, "application/pdf", len(pdf), receipt_store.write(case.team_id, pdf))
    ops.perform_one(
        ops.FinalizeLetter(draft.pk, draft.changed_at, receipt), case, by=by, now=now, submit_token=submit_token
    )
    remember_carrier_fields(case.team, case.carrier, draft.fields)
