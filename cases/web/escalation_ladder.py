"""The ladder as the page of a case shows it: each rung done, running, open, or what it waits for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain.business_days import WorkingCalendar, YearNotCovered, local
from cases.domain.deadlines import nth_late_day
from cases.domain.escalation import AppealObstacle, AppealOutlook, AppealSubject, appeal_decision_by
from cases.domain.reminders import COMPLAIN_LATE_DAY
from cases.models import Case, Escalation, Letter
from cases.models.choices import EscalationKind
from cases.operations import may_write_letter
from cases.operations.escalation import appeal_outlook_of


@dataclass
class Rung:
    """`state`: done, running (its deadline is in the notes), open, or waits. `letters`: addresses and titles.
    `here`: the case stands on this one. `later`: open, and better left until a day in the notes."""

    title: str
    state: str
    notes: list[str] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)
    here: bool = False
    later: bool = False

    @property
    def said(self) -> str:
        return {
            "done": pgettext("a rung of the ladder", "done"),
            "running": pgettext("a rung of the ladder", "running"),
            "open": pgettext("a rung of the ladder", "open"),
            "waits": pgettext("a rung of the ladder", "not yet"),
        }[self.state]


def ladder(
    case: Case,
    escalations: Sequence[Escalation],
    charged_on: Sequence[date],
    now: datetime,
    calendar: WorkingCalendar,
    *,
    may_work: bool,
) -> list[Rung]:
    """Its rungs, with the letters that were written; `charged_on` as in `outlook`. To write letters is offered to
    those who may work on the case."""
    follow_up, complaint, appeal = rungs(case, escalations, charged_on, now, calendar)
    written, writes = list(case.letters.order_by("id")), may_work and may_write_letter(case)
    complaint.letters = _letters(case, written, EscalationKind.COMPLAINT, writes and _("Write the letter (投诉函)"))
    appeal.letters = _letters(case, written, EscalationKind.APPEAL, writes and _("Write the letter (申诉书)"))
    return [follow_up, complaint, appeal]


def rungs(
    case: Case, escalations: Sequence[Escalation], charged_on: Sequence[date], now: datetime, calendar: WorkingCalendar
) -> list[Rung]:
    """Follow-up, complaint, appeal, for a case that was handed in, and on which of them it stands."""
    found = [
        _follow_up(case),
        _complaint(case, escalations, now, calendar),
        _appeal(case, escalations, charged_on, now, calendar),
    ]
    if case.is_open:
        _here(found).here = True
    return found


def _here(rungs: Sequence[Rung]) -> Rung:
    """The one whose time has come above what runs or is done; else the one that runs or is done last; else the
    first."""
    reached = max((place for place, rung in enumerate(rungs) if rung.state in ("running", "done")), default=0)
    above = (rung for rung in rungs[reached + 1 :] if rung.state == "open" and not rung.later)
    return next(above, rungs[reached])


def _letters(
    case: Case, written: Sequence[Letter], kind: EscalationKind, write: str | Literal[False]
) -> list[tuple[str, str]]:
    """The final letters of a kind, and where to write one or go on with the draft: `write`, unless it is False."""
    own = [letter for letter in written if letter.kind == kind]
    final = [
        (
            reverse("letter_final", args=[case.reference, letter.pk]),
            _("Final letter: %(day)s") % {"day": wording.day(local(letter.final_at).date())},
        )
        for letter in own
        if letter.final_at
    ]
    if not write:
        return final
    drafted = any(letter.final_at is None for letter in own)
    return [
        *final,
        (reverse("letter_edit", args=[case.reference, kind]), _("Go on with the draft") if drafted else write),
    ]


def _follow_up(case: Case) -> Rung:
    if case.last_follow_up_at is None:
        return Rung(_("Follow-up"), "open")
    return Rung(_("Follow-up"), "done", [_("last on %(when)s") % {"when": wording.moment(case.last_follow_up_at)}])


def _complaint(case: Case, escalations: Sequence[Escalation], now: datetime, calendar: WorkingCalendar) -> Rung:
    row = _last(escalations, EscalationKind.COMPLAINT)
    if row is None:
        advice = _complaint_advice(case, now, calendar)
        return Rung(_("Complaint"), "open", advice, later=advice != [_("time to complain")])
    lodged = _("lodged on %(when)s") % {"when": wording.moment(row.lodged_at)}
    if row.answered_at is None:
        deadline = wording.deadline(row.answer_by)
        late = now >= row.answer_by
        owed = _("the carrier's 15 days ended: %(deadline)s") if late else _("answer by %(deadline)s")
        return Rung(_("Complaint"), "running", [lodged, owed % {"deadline": deadline}])
    answer = _("answered, settled") if row.satisfied else _("answered, not settled")
    return Rung(_("Complaint"), "done", [lodged, answer])


def _complaint_advice(case: Case, now: datetime, calendar: WorkingCalendar) -> list[str]:
    if not case.is_open or case.first_reply_by is None:
        return []
    try:
        day = nth_late_day(case.first_reply_by, COMPLAIN_LATE_DAY, calendar)
    except YearNotCovered:
        return []
    if local(now).date() >= day:
        return [_("time to complain")]
    return [_("possible at once; advisable from %(day)s") % {"day": wording.day(day)}]


def _appeal(
    case: Case, escalations: Sequence[Escalation], charged_on: Sequence[date], now: datetime, calendar: WorkingCalendar
) -> Rung:
    title, row = _("Appeal"), _last(escalations, EscalationKind.APPEAL)
    if row is not None and row.answered_at is None:
        lodged = _("papers arrived on %(when)s") % {"when": wording.moment(row.lodged_at)}
        notes = [lodged, _("answer by %(deadline)s") % {"deadline": wording.deadline(row.answer_by)}]
        if row.decided_at is None:
            decision = wording.deadline(appeal_decision_by(row.lodged_at, calendar))
            notes.insert(1, _("decision whether it is taken up by %(deadline)s") % {"deadline": decision})
        return Rung(title, "running", notes)
    notes = []
    if row is not None and row.answered_at is not None:
        notes = [_("answered, settled") if row.satisfied else _("answered, not settled")]
        if row.satisfied or not case.is_open:
            return Rung(title, "done", notes)
    if not case.is_open:
        return Rung(title, "waits", notes)
    return _outlook(title, notes, case, escalations, charged_on, now, calendar)


def _outlook(
    title: str,
    notes: list[str],
    case: Case,
    escalations: Sequence[Escalation],
    charged_on: Sequence[date],
    now: datetime,
    calendar: WorkingCalendar,
) -> Rung:
    its = appeal_outlook_of(case, escalations, [], AppealSubject.OTHER, now, calendar)
    notes += outlook_notes(its)
    if charged_on:
        charges = appeal_outlook_of(case, escalations, charged_on, AppealSubject.CHARGES, now, calendar)
        notes.append(_until(charges, _("about charges: until %(day)s"), _("about charges: too old since %(day)s")))
    return Rung(title, "open" if its.is_open else "waits", [note for note in notes if note])


def outlook_notes(its: AppealOutlook) -> list[str]:
    """What is missing for an appeal, from when it is possible, and until when, in words."""
    missing = {
        AppealObstacle.NO_COMPLAINT: _("needs a complaint to the carrier first"),
        AppealObstacle.SETTLED: _("the complaint was settled"),
        AppealObstacle.FIFTEEN_DAYS: _("the carrier has 15 days to answer the complaint"),
    }
    notes = [missing[what] for what in its.obstacles if what in missing]
    if its.possible_from:
        possible = _("possible from %(day)s") % {"day": wording.day(its.possible_from)}
        notes.append(f"{possible} ({_('provisional')})" if its.provisional else possible)
    notes.append(_until(its, _("until %(day)s"), _("too old since %(day)s")))
    return [note for note in notes if note]


def _until(its: AppealOutlook, still: str, over: str) -> str:
    if its.expires_on is None:
        return ""
    return (over if AppealObstacle.EXPIRED in its.obstacles else still) % {"day": wording.day(its.expires_on)}


def _last(escalations: Sequence[Escalation], kind: EscalationKind) -> Escalation | None:
    """The one that runs, or else the last that ran."""
    rows = [e for e in escalations if e.kind == kind]
    return next((e for e in rows if e.answered_at is None), rows[-1] if rows else None)
