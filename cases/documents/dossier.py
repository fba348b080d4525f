"""A dossier: everything there is about one case, or about many, as one signed file (see `dossier_manifest`)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases import wording
from cases.documents import thumbnails
from cases.documents.case_pdf import Folder, case_paper, frame
from cases.documents.pdf import pdf
from cases.domain import masking
from cases.domain.business_days import local
from cases.domain.errors import CaseError, gettext_noop
from cases.domain.file_types import decode_text
from cases.domain.hash_chain import find_first_flaw
from cases.formats import dossier_manifest, zip_archive
from cases.models import Case, Receipt, ReceiptAltered
from cases.models.keyrings import signing_key
from cases.operations.integrity import chain_link
from cases.selectors import working_calendar

#: Pictures in one PDF, in bytes; those beyond it are named with their hash like any other receipt.
PICTURES = 48 * 1024 * 1024
_LONGEST_STEM = 60
#: Characters of a pasted text that stand in the paper.
_LONGEST_TEXT = 3000


class NoCases(CaseError):
    code = "no_cases"
    message = gettext_noop("Name at least one case.")
    field = "references"


@dataclass(frozen=True)
class Choices:
    """What goes into a dossier: numbers in full or masked, the receipts themselves or their names and hashes."""

    full_numbers: bool = False
    with_receipts: bool = True


@dataclass
class _Making:
    """A dossier in the making."""

    choices: Choices
    writer: zip_archive.ArchiveWriter
    papers: list[dict[str, Any]] = field(default_factory=list)
    chained: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[str, bytes] = field(default_factory=dict)
    room: int = field(default_factory=lambda: PICTURES)


def make(cases: Iterable[Case], out: BinaryIO, *, choices: Choices, now: datetime) -> None:
    """Write the dossier of these cases, in their order, to a binary file, in the active language.

    One case and one receipt at a time lie in memory, and the PDF. Raises NoCases, or ArchiveTooLarge.
    """
    making = _Making(choices, zip_archive.ArchiveWriter(out))
    with wording.with_years():
        for case in cases:
            _add(making, case.pk, now)
        if not making.papers:
            raise NoCases()
        data = frame(making.papers, now=now, full_numbers=choices.full_numbers, with_receipts=choices.with_receipts)
        making.writer.add(dossier_manifest.PDF, pdf("dossier.typ", data, making.shown))
    facts = {
        "made_at": local(now).isoformat(timespec="seconds"),
        "site": settings.SITE_URL,
        "language": get_language(),
        "full_numbers": choices.full_numbers,
        "with_receipts": choices.with_receipts,
        "cases": making.chained,
    }
    dossier_manifest.sign_and_close(making.writer, facts, signing_key())


def _add(making: _Making, key: int, now: datetime) -> None:
    folder = _fetch(key)
    case = folder.case
    links = [chain_link(case.reference, entry) for entry in folder.entries]
    flaw = find_first_flaw(links, head=case.entry_head, count=case.entry_count)
    folder.flaw = wording.flaw(flaw) if flaw else ""
    for receipt in folder.receipts:
        folder.shown.append(_add_receipt(making, case, receipt))
    whole = making.choices.full_numbers
    head, count = case.entry_head, case.entry_count
    record = dossier_manifest.timeline_json(links, head=head, count=count, with_content=whole)
    making.writer.add(dossier_manifest.timeline_file_name(case.reference), record)
    making.chained.append({"reference": case.reference, "head": head, "count": count})
    paper = case_paper(folder, working_calendar(), now, full_numbers=whole)
    making.papers.append(paper if whole else masking.mask_json(paper))


def _fetch(key: int) -> Folder:
    """A case with all that hangs on it, read under its lock, so that everything is of one moment."""
    with transaction.atomic():
        cases = Case.objects.select_for_update(of=("self",)).select_related("card", "carrier", "handler", "team")
        case = cases.get(pk=key)
        return Folder(
            case=case,
            entries=list(case.entries.select_related("content").order_by("sequence")),
            rounds=list(case.rounds.order_by("number")),
            escalations=list(case.escalations.order_by("id")),
            charges=list(case.charges.order_by("day", "id")),
            receipts=list(case.receipts.select_related("case").order_by("id")),
        )


def _add_receipt(making: _Making, case: Case, receipt: Receipt) -> dict[str, Any]:
    """Put a receipt into the dossier as chosen; returns how the paper shows it."""
    told: dict[str, Any] = {"picture": None, "text": "", "file": "", "note": ""}
    try:
        data = receipt.read()
    except ReceiptAltered:
        return told | {"note": _("The stored file is gone, or is no longer what was handed in: it is not in here.")}
    if not making.choices.with_receipts:
        return told
    if receipt.is_text:
        told["text"] = (decode_text(data) or "")[:_LONGEST_TEXT]
    told["file"] = making.writer.add(_receipt_name(case, receipt, making.choices), data).name
    if receipt.is_picture:
        picture = thumbnails.small(data)
        if picture is None:
            told["note"] = _("This picture cannot be shown; the file is in the archive.")
        elif len(picture) > making.room:
            told["note"] = _("Not shown here, for want of room; the file is in the archive.")
        else:
            told["picture"] = f"{len(making.shown) + 1}.jpg"
            making.shown[told["picture"]] = picture
            making.room -= len(picture)
    return told


def _receipt_name(case: Case, receipt: Receipt, choices: Choices) -> str:
    given = receipt.download_name() if choices.full_numbers else masking.mask_text(receipt.download_name())
    name = PurePath("".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in given))
    return f"receipts/{case.reference}/{receipt.sha256[:12]}-{name.stem[:_LONGEST_STEM]}{name.suffix}"
