"""The PDF of a dossier as data for templates/dossier.typ: blocks of facts, tables, entries and receipts.

Widths of columns are in em, negative ones in shares of the remaining width. Everything is in the active language;
moments in Shanghai time, with their years (`wording.years_always_shown`).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.documents.case_pdf_deadlines import deadline_tables
from cases.domain import masking, phones
from cases.domain.business_days import WorkingCalendar
from cases.domain.json_values import JsonObject
from cases.formats import dossier_manifest
from cases.models import Case, Charge, Escalation, Receipt, Refund, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind
from cases.models.keyrings import signing_key
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.voided_receipts import voided_hashes
from cases.selectors import costs
from cases.wording.refunds import refund_due_days, refund_method, refund_state
from cases.wording.timeline import EntryDescription, describe_entries, describe_entry

_REPLY_KINDS = {
    EntryKind.ACKNOWLEDGED,
    EntryKind.UNDER_REVIEW,
    EntryKind.RETURNED,
    EntryKind.PROMISED,
    EntryKind.TAKES_EFFECT,
    EntryKind.REPORTED_DONE,
    EntryKind.MESSAGE,
    EntryKind.COMPLAINT_ANSWERED,
    EntryKind.APPEAL_DECIDED,
    EntryKind.APPEAL_ANSWERED,
}
#: A part of the paper, as the template reads it.
Block = JsonObject


@dataclass
class ReceiptView:
    """How the paper shows a receipt: its `picture` and its `file` by their names, its text, or a note why not."""

    picture: str | None = None
    text: str = ""
    file: str = ""
    note: str = ""


@dataclass
class CaseFile:
    """A case with its rows as they are recorded; `differs`: the tables say something else. `receipt_views`: one for
    each receipt; `flaw`: what is wrong with the record, in words."""

    case: Case
    entries: list[TimelineEntry]
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    charges: list[Charge]
    refunds: list[Refund]
    receipts: list[Receipt]
    differs: bool = False
    receipt_views: list[ReceiptView] = field(default_factory=list)
    flaw: str = ""


def dossier_document(case_sections: list[Block], *, now: datetime, full_numbers: bool, with_receipts: bool) -> Block:
    """The whole paper: title, what it is, how it is checked, then a part for each case."""
    chinese = (get_language() or "").startswith("zh")
    masked_note = _("Numbers and holder names are masked. Notes written by people are not in the timeline files.")
    full_note = _("Numbers are shown in full.")
    receipts_note = _("Receipts are included as uploaded; their content is not masked.")
    no_receipts_note = _("Receipts are listed by name and hash only; the files are not included.")
    fingerprint = dossier_manifest.fingerprint(signing_key().public_key())
    return {
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "us",
        "title": _("SIM card cancellation dossier"),
        "facts": [
            [_("Created"), wording.format_moment(now)],
            [_("Created by"), settings.SITE_URL],
            [_("Cases"), str(len(case_sections))],
        ],
        "words": [
            _(
                "This document is part of a signed ZIP file, the dossier, together with the full record. To check that "
                "nothing has been changed, use the page below or run: manage.py verify_dossier"
            ),
            full_note if full_numbers else masked_note,
            receipts_note if with_receipts else no_receipts_note,
        ],
        "address": f"{settings.SITE_URL}/proof/",
        "fingerprint_label": _("Fingerprint of the key"),
        "fingerprint": fingerprint,
        "contents": _("Cases") if len(case_sections) > 1 else "",
        "cases": case_sections,
    }


def case_section(case_file: CaseFile, calendar: WorkingCalendar, now: datetime, *, full_numbers: bool) -> Block:
    """The part of a case: a title and its blocks."""
    case = case_file.case
    descriptions = describe_entries(case_file.entries, mask_names=not full_numbers)
    blocks = [
        {"kind": "facts", "title": _("Card details"), "rows": _facts(case, full_numbers)},
        *deadline_tables(case_file.rounds, calendar, now),
        *_reply_table([describe_entry(entry) for entry in effective_entries(case_file.entries)]),
        _timeline_block(descriptions),
        *_escalation_table(case_file.escalations),
        *_charge_table(case_file, now),
        *_refund_table(case_file),
        _receipts_block(case_file),
        _integrity_block(case_file),
    ]
    return {"title": f"{phones.format_number(case.card.number)} · {case.carrier} · {case.reference}", "blocks": blocks}


def _facts(case: Case, full_numbers: bool) -> list[list[str]]:
    card = case.card
    holder = card.holder if full_numbers else masking.mask_name(card.holder)
    facts = [
        (_("Number"), phones.format_number(card.number)),
        (_("Carrier"), " · ".join(filter(None, (str(case.carrier), case.carrier.hotline)))),
        (_("Holder"), holder),
        (_("Team"), case.team.name),
        (_("Assignee"), str(case.handler or "")),
        (_("Status"), wording.case_status(case)),
        (_("Reason for cancellation"), case.get_reason_display()),
        (_("Request channel"), case.get_channel_display()),
        (pgettext("when it happened", "Submitted"), case.submitted_at and wording.format_moment(case.submitted_at)),
        (_("Acknowledgement due"), case.acknowledge_by and wording.format_moment(case.acknowledge_by)),
        (_("Reply due"), case.first_reply_by and wording.format_deadline(case.first_reply_by)),
        (
            pgettext("when it happened", "Acknowledged"),
            case.acknowledged_at and wording.format_moment(case.acknowledged_at),
        ),
        (_("Carrier reference number"), case.carrier_reference),
        (
            pgettext("when it happened", "Reported done"),
            case.reported_done_at and wording.format_moment(case.reported_done_at),
        ),
        (
            pgettext("when it happened", "Confirmed cancelled"),
            case.confirmed_at and wording.format_moment(case.confirmed_at),
        ),
    ]
    return [[str(label), str(value)] for label, value in facts if value]


# What happened


def _reply_table(descriptions: list[EntryDescription]) -> Iterator[Block]:
    rows = [
        [description.when, _joined_text(description)]
        for description in descriptions
        if description.entry.kind in _REPLY_KINDS
    ]
    if rows:
        head = [pgettext("it happened", "When"), _("Carrier’s reply")]
        yield {"kind": "table", "title": _("Replies"), "head": head, "columns": [13, -1], "rows": rows}


def _joined_text(description: EntryDescription) -> str:
    lines = [wording.labelled(label, value) for label, value in description.lines]
    return "\n".join(filter(None, [description.title, description.words, *lines]))


def _timeline_block(descriptions: list[EntryDescription]) -> Block:
    return {
        "kind": "entries",
        "title": _("Timeline"),
        "items": [
            {
                "title": f"{description.entry.sequence}. {_title_with_change(description)}",
                "when": " · ".join(filter(None, [description.when, description.signed, _recorded_note(description)])),
                "words": description.words,
                "lines": [list(line) for line in description.lines],
                "note": _("This entry’s content was erased. The record chain is intact.") if description.erased else "",
                "struck": description.voided is not None,
                "corrections": _correction_lines(description),
                "hash": description.entry.entry_hash,
            }
            for description in descriptions
        ],
    }


def _correction_lines(description: EntryDescription) -> list[str]:
    """Who voided or corrected an entry, when and why, and what was corrected."""
    notes = ([description.voided] if description.voided else []) + description.amendments
    return [
        "\n".join(filter(None, [note.text, note.words, *(wording.labelled(*line) for line in note.lines)]))
        for note in notes
    ]


def _title_with_change(description: EntryDescription) -> str:
    return wording.with_note(description.title, description.change) if description.change else description.title


def _recorded_note(description: EntryDescription) -> str:
    return _("recorded %(when)s") % {"when": description.recorded} if description.recorded else ""


def _escalation_table(escalations: list[Escalation]) -> Iterator[Block]:
    rows = [
        [
            escalation.get_kind_display(),
            wording.format_moment(escalation.lodged_at),
            wording.format_moment(escalation.answered_at)
            if escalation.answered_at
            else wording.format_deadline(escalation.answer_by),
            "" if escalation.answered_at is None else _("settled") if escalation.satisfied else _("not settled"),
        ]
        for escalation in escalations
    ]
    if rows:
        head = ["", pgettext("a complaint", "Filed"), _("Answered, or due"), ""]
        columns = [5, -1, -1, 6]
        yield {"kind": "table", "title": _("Complaints and appeals"), "head": head, "columns": columns, "rows": rows}


def _charge_table(case_file: CaseFile, now: datetime) -> Iterator[Block]:
    delay = costs.delay_of_rounds(case_file.case, case_file.rounds, now)
    line = ""
    if delay.cost is not None and delay.days:
        cost = _("Cost of the delay: %(cost)s.") % {"cost": wording.format_yuan(delay.cost)}
        line = wording.join_sentences([cost, wording.lateness_beyond(case_file.case, delay.days)])
    rows = [
        [
            wording.format_day(charge.day),
            charge.get_kind_display(),
            wording.format_yuan(charge.amount),
            _charge_ended(charge),
            charge.words,
        ]
        for charge in case_file.charges
    ]
    if rows or line:
        head = [pgettext("of a calendar", "Day"), _("Type of charge"), _("Amount"), _("Refunded"), _("Notes")]
        columns = [12.5, 5.5, 6, -1, -1.2]
        yield {"kind": "table", "title": _("Charges"), "words": line, "head": head, "columns": columns, "rows": rows}


def _charge_ended(charge: Charge) -> str:
    """What became of a charge; empty while it stands."""
    if charge.refunded_on:
        return _("refunded on %(day)s") % {"day": wording.day_in_text(charge.refunded_on)}
    if charge.written_off_on:
        return _("written off on %(day)s") % {"day": wording.day_in_text(charge.written_off_on)}
    return ""


def _refund_table(case_file: CaseFile) -> Iterator[Block]:
    rows = [
        [
            wording.format_yuan(refund.amount) if refund.amount is not None else _("not known"),
            refund_method(refund),
            refund_due_days(refund),
            wording.format_yuan(refund.received),
            refund_state(refund),
        ]
        for refund in case_file.refunds
    ]
    if rows:
        head = [_("Amount"), _("Refund method"), _("Refund due"), pgettext("of a refund", "Received"), ""]
        yield {"kind": "table", "title": _("Refunds"), "head": head, "columns": [6, -1, 12.5, 6, -1], "rows": rows}


def _receipts_block(case_file: CaseFile) -> Block:
    voided = voided_hashes(case_file.entries)
    items = [
        {
            "name": wording.with_note(receipt.name, _("its entry is void"))
            if receipt.sha256 in voided
            else receipt.name,
            "line": " · ".join(
                [receipt.get_kind_display(), filesizeformat(receipt.size), wording.format_moment(receipt.added_at)]
            ),
            "sha256": receipt.sha256,
            **asdict(view),
        }
        for receipt, view in zip(case_file.receipts, case_file.receipt_views, strict=True)
    ]
    return {"kind": "receipts", "title": _("Receipts"), "items": items, "none": _("None.")}


def _integrity_block(case_file: CaseFile) -> Block:
    verdict = _("Record intact: each entry is linked to the one before.")
    if case_file.flaw:
        verdict = _("The record, or the data stored with it, was altered: %(flaw)s.") % {"flaw": case_file.flaw}
    count_line = _("Entries: %(count)s. Hash of the last entry, to which all others lead:") % {
        "count": case_file.case.entry_count
    }
    difference = ""
    if case_file.differs:
        difference = _("The stored details of this case differ from its record. This document shows what was recorded.")
    return {
        "kind": "record",
        "title": _("Case record"),
        "words": [*filter(None, [verdict, difference]), count_line],
        "head": case_file.case.entry_head,
    }
