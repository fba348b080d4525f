"""A dossier: everything there is about one case, or about many, as one signed file (see `dossier_manifest`)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import wording
from cases.documents import thumbnails
from cases.documents.case_pdf import CaseFile, ReceiptView, case_section, dossier_document
from cases.documents.pdf import render_pdf
from cases.domain import masking
from cases.domain.business_days import local
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.file_types import decode_text
from cases.domain.hash_chain import find_first_flaw
from cases.domain.json_values import Json, JsonObject
from cases.formats import dossier_anchors, dossier_manifest, zip_archive
from cases.formats.anchor_line import proof_json
from cases.models import Case, Receipt, ReceiptAltered
from cases.models.keyrings import signing_key
from cases.operations.anchors import newest_anchor
from cases.operations.as_recorded import case_as_recorded
from cases.operations.integrity import chain_link, check_rows
from cases.selectors import working_calendar

#: Bytes of pictures in one PDF; further ones are named with their hash like any other receipt.
MAX_PICTURE_BYTES = 48 * 1024 * 1024
_MAX_STEM_CHARS = 60
#: Of what is wrong with a record, so much is printed; the page of the case says all.
_MAX_FLAWS = 5
#: Characters of a pasted text that the PDF quotes.
_MAX_TEXT_CHARS = 3000


class NoCases(CaseError):
    code = "no_cases"
    message = gettext_noop("Enter at least one case.")


@dataclass(frozen=True)
class DossierOptions:
    """What a dossier holds: numbers in full or masked, the receipts themselves or their names and hashes."""

    full_numbers: bool = False
    with_receipts: bool = True


@dataclass
class _Draft:
    """A dossier while it is written."""

    options: DossierOptions
    writer: zip_archive.ArchiveWriter
    sections: list[JsonObject] = field(default_factory=list)
    chain_heads: list[JsonObject] = field(default_factory=list)
    # Of each case the hashes of its entries, where its chain is whole.
    entry_hashes: dict[str, list[str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    bytes_left: int = field(default_factory=lambda: MAX_PICTURE_BYTES)


def write_dossier(cases: Iterable[Case], out: BinaryIO, *, options: DossierOptions, now: datetime) -> None:
    """Write the dossier of these cases, in their order, to a binary file, in the active language.

    One case and one receipt at a time are in memory, and the PDF. Raises NoCases, or ArchiveTooLarge.
    """
    draft = _Draft(options, zip_archive.ArchiveWriter(out))
    with wording.years_always_shown():
        for case in cases:
            _add_case(draft, case.pk, now)
        if not draft.sections:
            raise NoCases()
        _add_anchor(draft)
        data = dossier_document(
            draft.sections, now=now, full_numbers=options.full_numbers, with_receipts=options.with_receipts
        )
        draft.writer.add(dossier_manifest.PDF, render_pdf("dossier.typ", data, draft.pictures))
    facts: dict[str, Json] = {
        "made_at": local(now).isoformat(timespec="seconds"),
        "site": settings.SITE_URL,
        "language": get_language(),
        "full_numbers": options.full_numbers,
        "with_receipts": options.with_receipts,
        "cases": draft.chain_heads,
    }
    dossier_manifest.sign_and_close(draft.writer, facts, signing_key())


def _add_case(draft: _Draft, case_id: int, now: datetime) -> None:
    case_file = _load_case_file(case_id)
    case = case_file.case
    links = [chain_link(case.reference, entry) for entry in case_file.entries]
    is_chained = find_first_flaw(links, head=case.entry_head, count=case.entry_count) is None
    draft.entry_hashes[case.reference] = [link.hash for link in links] if is_chained else []
    for receipt in case_file.receipts:
        case_file.receipt_views.append(_add_receipt(draft, case, receipt))
    full_numbers = draft.options.full_numbers
    head, count = case.entry_head, case.entry_count
    record = dossier_manifest.timeline_json(links, head=head, count=count, with_content=full_numbers)
    draft.writer.add(dossier_manifest.timeline_file_name(case.reference), record)
    draft.chain_heads.append({"reference": case.reference, "head": head, "count": count})
    section = case_section(case_file, working_calendar(), now, full_numbers=full_numbers)
    draft.sections.append(section if full_numbers else masking.mask_object(section))


def _add_anchor(draft: _Draft) -> None:
    """The newest anchor, its time stamp, and the proofs of those cases whose record continues what it has.

    One that does not is named by `verify_timeline`; a proof against it would make the whole dossier look altered.
    """
    anchor = newest_anchor()
    if anchor is None:
        return
    proofs = anchor.proofs(draft.entry_hashes.keys())
    for reference, hashes in draft.entry_hashes.items():
        proof = proofs.get(reference)
        if proof and proof.leaf.head in hashes[proof.leaf.count - 1 : proof.leaf.count]:
            draft.writer.add(dossier_anchors.proof_file_name(reference), proof_json(proof, anchor.line.count))
        else:
            proofs.pop(reference, None)
    if proofs:
        sequence = anchor.line.sequence
        draft.writer.add(dossier_anchors.line_file_name(sequence), anchor.line.text)
        if anchor.stamp:
            draft.writer.add(dossier_anchors.stamp_file_name(sequence), anchor.stamp)


def _load_case_file(case_id: int) -> CaseFile:
    """A case as it is recorded, read under its lock, so that everything is of one moment."""
    with transaction.atomic():
        cases = Case.objects.select_for_update(of=("self",)).select_related(
            "card", "carrier", "handler", "team", "verification"
        )
        case = cases.get(pk=case_id)
        flaws = map(wording.flaw_message, check_rows(case).flaws[:_MAX_FLAWS])
        recorded = case_as_recorded(case)
        return CaseFile(
            case=recorded.case,
            entries=recorded.entries,
            rounds=recorded.rounds,
            escalations=recorded.escalations,
            charges=recorded.charges,
            refunds=recorded.refunds,
            flaw=wording.join_names(flaws),
            receipts=list(case.receipts.select_related("case").order_by("id")),
            differs=recorded.differs,
        )


def _add_receipt(draft: _Draft, case: Case, receipt: Receipt) -> ReceiptView:
    """Add a receipt to the archive as the options say; returns how the PDF shows it."""
    view = ReceiptView()
    try:
        data = receipt.read()
    except ReceiptAltered:
        view.note = _("The stored file is missing or no longer matches the upload, so it is not included.")
        return view
    if not draft.options.with_receipts:
        return view
    if receipt.is_text:
        view.text = (decode_text(data) or "")[:_MAX_TEXT_CHARS]
    view.file = draft.writer.add(_receipt_name(case, receipt, draft.options), data).name
    if receipt.is_picture:
        picture = thumbnails.make_thumbnail(data)
        if picture is None:
            view.note = _("This picture cannot be displayed. The file is in the dossier.")
        elif len(picture) > draft.bytes_left:
            view.note = _("Not shown here to save space. The file is in the dossier.")
        else:
            view.picture = f"{len(draft.pictures) + 1}.jpg"
            draft.pictures[view.picture] = picture
            draft.bytes_left -= len(picture)
    return view


def _receipt_name(case: Case, receipt: Receipt, options: DossierOptions) -> str:
    original_name = receipt.download_name() if options.full_numbers else masking.mask_text(receipt.download_name())
    name = PurePath("".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in original_name))
    return f"receipts/{case.reference}/{receipt.sha256[:12]}-{name.stem[:_MAX_STEM_CHARS]}{name.suffix}"
