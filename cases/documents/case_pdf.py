"""What the paper of a case says, as data for templates/dossier.typ: blocks of facts, tables, entries and receipts.

Columns of tables are in em, those below zero in parts of what is left. Everything is in the active language; moments in
Shanghai time, with their years (`words.with_years`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.domain import masking, phones
from cases.domain.business_days import ONE_DAY, WorkingCalendar, days_between, local, start_of_day
from cases.domain.deadlines import Basis, ExplainedDay, explain_days, last_day, working_days_late
from cases.domain.errors import CaseError
from cases.formats import dossier_manifest
from cases.models import Case, Charge, Escalation, Receipt, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind
from cases.models.keyrings import signing_key
from cases.selectors import costs
from cases.wording.timeline import EntryDescription, describe_entry

#: Days of a long lateness that are listed; the rest is summed up in a line.
_MAX_LATE_DAYS = 45
_REPLY_KINDS = {
    EntryKind.ACKNOWLEDGED,
    EntryKind.UNDER_REVIEW,
    EntryKind.RETURNED,
    EntryKind.PROMISED,
    EntryKind.REPORTED_DONE,
    EntryKind.MESSAGE,
    EntryKind.COMPLAINT_ANSWERED,
    EntryKind.APPEAL_DECIDED,
    EntryKind.APPEAL_ANSWERED,
}
Block = dict[str, Any]


@dataclass
class CaseFile:
    """A case with all that hangs on it; `shown` is how each of its receipts appears, `flaw` what its record lacks."""

    case: Case
    entries: list[TimelineEntry]
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    charges: list[Charge]
    receipts: list[Receipt]
    receipt_views: list[dict[str, Any]] = field(default_factory=list)
    flaw: str = ""


def dossier_document(case_sections: list[Block], *, now: datetime, full_numbers: bool, with_receipts: bool) -> Block:
    """The whole paper: title, what it is, how it is checked, then a part for each case."""
    chinese = (get_language() or "").startswith("zh")
    masked_note = _(
        "Numbers are masked, and so are names of holders; what people wrote is left out of the timeline files."
    )
    full_note = _("Numbers are shown in full.")
    receipts_note = _("The receipts lie beside it as they were handed in: what stands in them is not masked.")
    no_receipts_note = _("The receipts are named with their hash; the files are not in it.")
    fingerprint = dossier_manifest.fingerprint(signing_key().public_key())
    return {
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "us",
        "title": _("Dossier on the cancellation of SIM cards"),
        "facts": [
            [_("Made"), wording.format_moment(now)],
            [_("By"), settings.SITE_URL],
            [_("Cases"), str(len(case_sections))],
        ],
        "words": [
            _(
                "This paper is part of an archive with the originals and the record. The archive is signed: whether a "
                "bit of it was changed since shows on the page below, or with: manage.py verify_dossier"
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
    descriptions = [describe_entry(entry) for entry in case_file.entries]
    blocks = [
        {"kind": "facts", "title": _("Facts"), "rows": _facts(case, full_numbers)},
        *_deadline_tables(case_file, calendar, now),
        *_reply_table(descriptions),
        _timeline_block(descriptions),
        *_escalation_table(case_file.escalations),
        *_charge_table(case_file, now),
        _receipts_block(case_file),
        _integrity_block(case_file),
    ]
    return {"title": f"{phones.format_number(case.card.number)} · {case.carrier} · {case.reference}", "blocks": blocks}


def _facts(case: Case, full_numbers: bool) -> list[list[str]]:
    card = case.card
    holder = card.holder if full_numbers else masking.mask_name(card.holder)
    facts = [
        (_("Number"), phones.format_number(card.number)),
        (_("Carrier"), f"{case.carrier} · {case.carrier.hotline}"),
        (_("Holder"), holder),
        (_("Team"), case.team.name),
        (_("Handler"), str(case.handler or "")),
        (_("Status"), case.get_status_display()),
        (_("Reason"), case.get_reason_display()),
        (_("Asked for by"), case.get_channel_display()),
        (pgettext("when it happened", "Submitted"), case.submitted_at and wording.format_moment(case.submitted_at)),
        (_("Acknowledgement due"), case.acknowledge_by and wording.format_moment(case.acknowledge_by)),
        (_("Answer due by"), case.first_reply_by and wording.format_deadline(case.first_reply_by)),
        (
            pgettext("when it happened", "Registered"),
            case.acknowledged_at and wording.format_moment(case.acknowledged_at),
        ),
        (_("Carrier's reference"), case.carrier_reference),
        (
            pgettext("when it happened", "Said to be done"),
            case.reported_done_at and wording.format_moment(case.reported_done_at),
        ),
        (
            pgettext("when it happened", "Cancelled, confirmed"),
            case.confirmed_at and wording.format_moment(case.confirmed_at),
        ),
    ]
    return [[str(label), str(value)] for label, value in facts if value]


# The deadlines, day by day


def _deadline_tables(case_file: CaseFile, calendar: WorkingCalendar, now: datetime) -> Iterator[Block]:
    for number, waiting_round in enumerate(case_file.rounds):
        due = wording.format_deadline(waiting_round.reply_by)
        line = _("From %(start)s on %(basis)s; answer due by %(due)s.") % {
            "start": wording.format_moment(waiting_round.started_at),
            "basis": _basis_label(waiting_round),
            "due": due,
        }
        if waiting_round.ended_at:
            line += " " + _("Over on %(end)s.") % {"end": wording.format_moment(waiting_round.ended_at)}
        try:
            days = list(_day_rows(waiting_round, calendar, now))
        except CaseError as error:  # a day outside the years of the calendar
            days, line = [], f"{line} {wording.error_message(error)}"
        yield {
            "kind": "table",
            "title": _("Deadlines, day by day") if number == 0 else "",
            "words": line,
            "head": [pgettext("of a calendar", "Day"), pgettext("of a count", "No."), _("Why it counts or not")],
            "columns": [12.5, 3.2, -1],
            "rows": days,
        }


def _basis_label(waiting_round: WaitingRound) -> str:
    labels = {
        Basis.SUBMISSION: _("the request"),
        Basis.UNDER_REVIEW: _("the answer “under review”"),
        Basis.PROMISE: _("a promise"),
        Basis.STILL_ALIVE: _("the number having been found alive"),
        Basis.REOPENED: _("the case having been opened again"),
    }
    return labels[Basis(waiting_round.basis)]


def _day_rows(waiting_round: WaitingRound, calendar: WorkingCalendar, now: datetime) -> Iterator[list[str]]:
    start, end = local(waiting_round.started_at).date(), last_day(waiting_round.reply_by)
    for explained in explain_days(waiting_round.started_at, max(start, end), calendar):
        yield [wording.format_day(explained.day.date), str(explained.number or ""), wording.day_reason(explained)]
    last_counted = min(local(waiting_round.ended_at or now).date(), calendar.last_date)

    def lateness(day: date) -> str:
        return wording.lateness(working_days_late(waiting_round.reply_by, start_of_day(day), calendar))

    for day in map(calendar.day, days_between(end + ONE_DAY, min(last_counted, end + _MAX_LATE_DAYS * ONE_DAY))):
        reason = wording.day_reason(ExplainedDay(day, is_counted=False, number=None, is_start=False))
        yield [wording.format_day(day.date), "", lateness(day.date) if day.working else reason]
    if (last_counted - end).days > _MAX_LATE_DAYS:
        until = {"day": wording.format_day(last_counted), "late": lateness(last_counted)}
        yield ["…", "", _("until %(day)s: %(late)s") % until]


# What happened


def _reply_table(descriptions: list[EntryDescription]) -> Iterator[Block]:
    rows = [
        [description.when, _joined_text(description)]
        for description in descriptions
        if description.entry.kind in _REPLY_KINDS
    ]
    if rows:
        head = [pgettext("it happened", "When"), _("What the carrier said")]
        yield {"kind": "table", "title": _("Replies"), "head": head, "columns": [13, -1], "rows": rows}


def _joined_text(description: EntryDescription) -> str:
    lines = [f"{label}: {value}" for label, value in description.lines]
    return "\n".join(filter(None, [description.title, description.words, *lines]))


def _timeline_block(descriptions: list[EntryDescription]) -> Block:
    return {
        "kind": "entries",
        "title": _("Timeline"),
        "items": [
            {
                "title": f"{description.entry.sequence}. {description.title}"
                + (f" ({description.change})" if description.change else ""),
                "when": " · ".join(filter(None, [description.when, description.by, _recorded_note(description)])),
                "words": description.words,
                "lines": [list(line) for line in description.lines],
                "note": _("The content of this entry was erased; the chain still holds.") if description.erased else "",
                "hash": description.entry.entry_hash,
            }
            for description in descriptions
        ],
    }


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
        head = ["", pgettext("a complaint", "Lodged"), _("Answered, or due by"), ""]
        columns = [5, -1, -1, 6]
        yield {"kind": "table", "title": _("Complaints and appeals"), "head": head, "columns": columns, "rows": rows}


def _charge_table(case_file: CaseFile, now: datetime) -> Iterator[Block]:
    delay = costs.delay_of(case_file.case, costs.rounds_of(case_file.case), now)
    line = ""
    if delay.cost is not None and delay.days:
        line = _("Cost of the delay: %(cost)s (days beyond the carrier's own window: %(days)s).") % {
            "cost": wording.format_yuan(delay.cost),
            "days": delay.days,
        }
    rows = [
        [
            wording.format_day(charge.day),
            charge.get_kind_display(),
            wording.format_yuan(charge.amount),
            _("refunded on %(day)s") % {"day": wording.format_day(charge.refunded_on)} if charge.refunded_on else "",
            charge.words,
        ]
        for charge in case_file.charges
    ]
    if rows or line:
        head = [pgettext("of a calendar", "Day"), _("What for"), _("Amount"), _("Refunded"), _("Note")]
        columns = [12.5, 5.5, 6, -1, -1.2]
        yield {"kind": "table", "title": _("Money"), "words": line, "head": head, "columns": columns, "rows": rows}


def _receipts_block(case_file: CaseFile) -> Block:
    items = [
        {
            "name": receipt.name,
            "line": " · ".join(
                [receipt.get_kind_display(), filesizeformat(receipt.size), wording.format_moment(receipt.added_at)]
            ),
            "sha256": receipt.sha256,
            **view,
        }
        for receipt, view in zip(case_file.receipts, case_file.receipt_views, strict=True)
    ]
    return {"kind": "receipts", "title": _("Receipts"), "items": items, "none": _("None.")}


def _integrity_block(case_file: CaseFile) -> Block:
    verdict = _("The record holds: entry by entry, each is chained to the one before.")
    if case_file.flaw:
        verdict = _("The record does not hold: %(flaw)s.") % {"flaw": case_file.flaw}
    count_line = _("Entries: %(count)s. The last entry's hash, to which all others lead:") % {
        "count": case_file.case.entry_count
    }
    return {
        "kind": "record",
        "title": _("The record"),
        "words": [verdict, count_line],
        "head": case_file.case.entry_head,
    }
