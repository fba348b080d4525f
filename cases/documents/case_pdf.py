"""What the paper of a case says, as data for templates/dossier.typ: blocks of facts, tables, entries and receipts.

Columns of tables are in em, those below zero in parts of what is left. Everything is in the active language; moments in
Shanghai time, with their years (`words.with_years`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases import wording
from cases.domain import masking, phones
from cases.domain.business_days import WorkingCalendar, days_between, local
from cases.domain.deadlines import Basis, ExplainedDay, explain_days, last_day
from cases.domain.errors import CaseError
from cases.formats import dossier_manifest
from cases.models import Case, Charge, Escalation, Receipt, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind
from cases.models.keyrings import signing_key
from cases.selectors import costs
from cases.wording.timeline import Told, tell

#: Days of a long lateness that are listed; the rest is summed up in a line.
_LATE_DAYS = 45
_REPLIES = {
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
class Folder:
    """A case with all that hangs on it; `shown` is how each of its receipts appears, `flaw` what its record lacks."""

    case: Case
    entries: list[TimelineEntry]
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    charges: list[Charge]
    receipts: list[Receipt]
    shown: list[dict[str, Any]] = field(default_factory=list)
    flaw: str = ""


def frame(papers: list[Block], *, now: datetime, full_numbers: bool, with_receipts: bool) -> Block:
    """The whole paper: title, what it is, how it is checked, then a part for each case."""
    chinese = (get_language() or "").startswith("zh")
    masked = _("Numbers are masked, and so are names of holders; what people wrote is left out of the timeline files.")
    whole = _("Numbers are shown in full.")
    given = _("The receipts lie beside it as they were handed in: what stands in them is not masked.")
    named = _("The receipts are named with their hash; the files are not in it.")
    fingerprint = dossier_manifest.fingerprint(signing_key().public_key())
    return {
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "us",
        "title": _("Dossier on the cancellation of SIM cards"),
        "facts": [
            [_("Made"), wording.moment(now)],
            [_("By"), settings.SITE_URL],
            [_("Cases"), str(len(papers))],
        ],
        "words": [
            _(
                "This paper is part of an archive with the originals and the record. The archive is signed: whether a "
                "bit of it was changed since shows on the page below, or with: manage.py verify_dossier"
            ),
            whole if full_numbers else masked,
            given if with_receipts else named,
        ],
        "address": f"{settings.SITE_URL}/proof/",
        "fingerprint_label": _("Fingerprint of the key"),
        "fingerprint": fingerprint,
        "contents": _("Cases") if len(papers) > 1 else "",
        "cases": papers,
    }


def case_paper(folder: Folder, calendar: WorkingCalendar, now: datetime, *, full_numbers: bool) -> Block:
    """The part of a case: a title and its blocks."""
    case = folder.case
    told = [tell(entry) for entry in folder.entries]
    blocks = [
        {"kind": "facts", "title": _("Facts"), "rows": _facts(case, full_numbers)},
        *_deadlines(folder, calendar, now),
        *_replies(told),
        _timeline(told),
        *_ladder(folder.escalations),
        *_charges(folder, now),
        _receipts(folder),
        _record(folder),
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
        (pgettext("when it happened", "Submitted"), case.submitted_at and wording.moment(case.submitted_at)),
        (_("Acknowledgement due"), case.acknowledge_by and wording.moment(case.acknowledge_by)),
        (_("Answer due by"), case.first_reply_by and wording.deadline(case.first_reply_by)),
        (pgettext("when it happened", "Registered"), case.acknowledged_at and wording.moment(case.acknowledged_at)),
        (_("Carrier's reference"), case.carrier_reference),
        (
            pgettext("when it happened", "Said to be done"),
            case.reported_done_at and wording.moment(case.reported_done_at),
        ),
        (pgettext("when it happened", "Cancelled, confirmed"), case.confirmed_at and wording.moment(case.confirmed_at)),
    ]
    return [[str(label), str(value)] for label, value in facts if value]


# The deadlines, day by day


def _deadlines(folder: Folder, calendar: WorkingCalendar, now: datetime) -> Iterator[Block]:
    for number, each in enumerate(folder.rounds):
        due = wording.deadline(each.reply_by)
        line = _("From %(start)s on %(basis)s; answer due by %(due)s.") % {
            "start": wording.moment(each.started_at),
            "basis": _basis(each),
            "due": due,
        }
        if each.ended_at:
            line += " " + _("Over on %(end)s.") % {"end": wording.moment(each.ended_at)}
        try:
            days = list(_days(each, calendar, now))
        except CaseError as error:  # a day outside the years of the calendar
            days, line = [], f"{line} {wording.say(error)}"
        yield {
            "kind": "table",
            "title": _("Deadlines, day by day") if number == 0 else "",
            "words": line,
            "head": [pgettext("of a calendar", "Day"), pgettext("of a count", "No."), _("Why it counts or not")],
            "columns": [12.5, 3.2, -1],
            "rows": days,
        }


def _basis(each: WaitingRound) -> str:
    said = {
        Basis.SUBMISSION: _("the request"),
        Basis.UNDER_REVIEW: _("the answer “under review”"),
        Basis.PROMISE: _("a promise"),
        Basis.STILL_ALIVE: _("the number having been found alive"),
        Basis.REOPENED: _("the case having been opened again"),
    }
    return said[Basis(each.basis)]


def _days(each: WaitingRound, calendar: WorkingCalendar, now: datetime) -> Iterator[list[str]]:
    start, end = local(each.started_at).date(), last_day(each.reply_by)
    for told in explain_days(each.started_at, max(start, end), calendar):
        yield [wording.day(told.day.date), str(told.number or ""), wording.day_reason(told)]
    until = min(local(each.ended_at or now).date(), calendar.last_date)
    late = 0
    for day in map(calendar.day, days_between(end + timedelta(days=1), until)):
        late += day.working
        if (day.date - end).days <= _LATE_DAYS:
            off = wording.day_reason(ExplainedDay(day, is_counted=False, number=None, is_start=False))
            yield [wording.day(day.date), "", wording.lateness(late) if day.working else off]
    if (until - end).days > _LATE_DAYS:
        yield ["…", "", _("until %(day)s: %(late)s") % {"day": wording.day(until), "late": wording.lateness(late)}]


# What happened


def _replies(told: list[Told]) -> Iterator[Block]:
    rows = [[each.when, _joined(each)] for each in told if each.entry.kind in _REPLIES]
    if rows:
        head = [pgettext("it happened", "When"), _("What the carrier said")]
        yield {"kind": "table", "title": _("Replies"), "head": head, "columns": [13, -1], "rows": rows}


def _joined(told: Told) -> str:
    lines = [f"{label}: {value}" for label, value in told.lines]
    return "\n".join(filter(None, [told.title, told.words, *lines]))


def _timeline(told: list[Told]) -> Block:
    return {
        "kind": "entries",
        "title": _("Timeline"),
        "items": [
            {
                "title": f"{each.entry.sequence}. {each.title}" + (f" ({each.change})" if each.change else ""),
                "when": " · ".join(filter(None, [each.when, each.by, _recorded(each)])),
                "words": each.words,
                "lines": [list(line) for line in each.lines],
                "note": _("The content of this entry was erased; the chain still holds.") if each.erased else "",
                "hash": each.entry.entry_hash,
            }
            for each in told
        ],
    }


def _recorded(told: Told) -> str:
    return _("recorded %(when)s") % {"when": told.recorded} if told.recorded else ""


def _ladder(escalations: list[Escalation]) -> Iterator[Block]:
    rows = [
        [
            each.get_kind_display(),
            wording.moment(each.lodged_at),
            wording.moment(each.answered_at) if each.answered_at else wording.deadline(each.answer_by),
            "" if each.answered_at is None else _("settled") if each.satisfied else _("not settled"),
        ]
        for each in escalations
    ]
    if rows:
        head = ["", pgettext("a complaint", "Lodged"), _("Answered, or due by"), ""]
        columns = [5, -1, -1, 6]
        yield {"kind": "table", "title": _("Complaints and appeals"), "head": head, "columns": columns, "rows": rows}


def _charges(folder: Folder, now: datetime) -> Iterator[Block]:
    delay = costs.delay_of(folder.case, costs.rounds_of(folder.case), now)
    line = ""
    if delay.cost is not None and delay.days:
        line = _("Cost of the delay: %(cost)s (days beyond the carrier's own window: %(days)s).") % {
            "cost": wording.yuan(delay.cost),
            "days": delay.days,
        }
    rows = [
        [
            wording.day(each.day),
            each.get_kind_display(),
            wording.yuan(each.amount),
            _("refunded on %(day)s") % {"day": wording.day(each.refunded_on)} if each.refunded_on else "",
            each.words,
        ]
        for each in folder.charges
    ]
    if rows or line:
        head = [pgettext("of a calendar", "Day"), _("What for"), _("Amount"), _("Refunded"), _("Note")]
        columns = [12.5, 5.5, 6, -1, -1.2]
        yield {"kind": "table", "title": _("Money"), "words": line, "head": head, "columns": columns, "rows": rows}


def _receipts(folder: Folder) -> Block:
    items = [
        {
            "name": receipt.name,
            "line": " · ".join(
                [receipt.get_kind_display(), filesizeformat(receipt.size), wording.moment(receipt.added_at)]
            ),
            "sha256": receipt.sha256,
            **shown,
        }
        for receipt, shown in zip(folder.receipts, folder.shown, strict=True)
    ]
    return {"kind": "receipts", "title": _("Receipts"), "items": items, "none": _("None.")}


def _record(folder: Folder) -> Block:
    said = _("The record holds: entry by entry, each is chained to the one before.")
    if folder.flaw:
        said = _("The record does not hold: %(flaw)s.") % {"flaw": folder.flaw}
    counted = _("Entries: %(count)s. The last entry's hash, to which all others lead:") % {
        "count": folder.case.entry_count
    }
    return {"kind": "record", "title": _("The record"), "words": [said, counted], "head": folder.case.entry_head}
