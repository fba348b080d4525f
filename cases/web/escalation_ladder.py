"""The escalation ladder of a case: follow-up, complaint and appeal, each with its state and deadlines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import selectors, wording
from cases.domain.business_days import WorkingCalendar, YearNotCovered, local
from cases.domain.deadlines import Basis, last_day
from cases.domain.escalation import (
    COMPLAINT_DAYS,
    AppealObstacle,
    AppealOutlook,
    AppealSubject,
    appeal_decision_by,
    complaint_due_at,
)
from cases.domain.status import Status
from cases.models import Case, Escalation
from cases.models.choices import EscalationKind
from cases.operations import may_write_letter
from cases.operations.escalation import appeal_outlook_of
from cases.operations.money_in_dispute import current_escalations
from cases.selectors import MarkedLetter


@dataclass
class Rung:
    """`state`: done, running (its deadline is in the notes), open, or waits. `letters`: URLs and titles; `kind`: of the
    letters, None where none are written.
    `is_premature`: open, but better left until a day in the notes."""

    title: str
    state: str
    notes: list[str] = field(default_factory=list)
    kind: EscalationKind | None = None
    letters: list[tuple[str, str]] = field(default_factory=list)
    is_current: bool = False
    is_premature: bool = False

    @property
    def state_label(self) -> str:
        return {
            "done": pgettext("a rung of the ladder", "done"),
            "running": pgettext("a rung of the ladder", "in progress"),
            "open": pgettext("a rung of the ladder", "available"),
            "waits": pgettext("a rung of the ladder", "not yet"),
        }[self.state]


def ladder(
    case: Case,
    escalations: Sequence[Escalation],
    days_in_dispute: Sequence[date],
    now: datetime,
    calendar: WorkingCalendar,
    *,
    may_work: bool,
) -> list[Rung]:
    """The rungs with their letters; `days_in_dispute` as in `appeal_outlook_of`. Links for writing letters are for
    those who may work on the case."""
    all_rungs = rungs(case, escalations, days_in_dispute, now, calendar)
    letters, can_write = list(selectors.letters_of(case)), may_work and may_write_letter(case)
    write_labels = {
        EscalationKind.COMPLAINT: _("Write a complaint letter (投诉函)"),
        EscalationKind.APPEAL: _("Write an appeal letter (申诉书)"),
    }
    for rung in all_rungs:
        if rung.kind is not None:
            rung.letters = _letter_links(case, letters, rung.kind, can_write and write_labels[rung.kind])
    return all_rungs


def rungs(
    case: Case,
    escalations: Sequence[Escalation],
    days_in_dispute: Sequence[date],
    now: datetime,
    calendar: WorkingCalendar,
) -> list[Rung]:
    """Follow-up, complaint and appeal of a submitted case; the current one is marked. Of a closed case, those that were
    used; of a confirmed one over whose money there is a dispute, those that this leaves."""
    if case.state is Status.CONFIRMED and days_in_dispute:
        escalations = current_escalations(escalations, case.state, case.confirmed_at)
    all_rungs = [
        _follow_up_rung(case),
        _complaint_rung(case, escalations, now, calendar),
        _appeal_rung(case, escalations, days_in_dispute, now, calendar),
    ]
    if not _is_disputable(case, days_in_dispute):  # nothing can be done any more, so only what was done is told
        return [rung for rung in all_rungs if rung.state in ("running", "done")]
    _current_rung(all_rungs).is_current = True
    return all_rungs


def _is_disputable(case: Case, days_in_dispute: Sequence[date]) -> bool:
    """Whether a complaint or an appeal is possible: about the cancellation, or afterwards about money."""
    return case.is_open or (case.state is Status.CONFIRMED and bool(days_in_dispute))


def _current_rung(rungs: Sequence[Rung]) -> Rung:
    """The first open rung above the highest that runs or is done; else that one; else the first."""
    highest = max((index for index, rung in enumerate(rungs) if rung.state in ("running", "done")), default=0)
    above = (rung for rung in rungs[highest + 1 :] if rung.state == "open" and not rung.is_premature)
    return next(above, rungs[highest])


def _letter_links(
    case: Case, letters: Sequence[MarkedLetter], kind: EscalationKind, write_label: str | Literal[False]
) -> list[tuple[str, str]]:
    """The final letters of a kind, and the link to write one or to go on with the draft unless `write_label` is
    False."""
    same_kind = [letter for letter in letters if letter.kind == kind]
    links = [
        (
            reverse("letter_final", args=[case.reference, letter.pk]),
            wording.with_note(title, _("its entry is void")) if letter.is_voided else title,
        )
        for letter in same_kind
        if letter.final_at
        for title in [_("Final letter: %(day)s") % {"day": wording.day_in_text(local(letter.final_at).date())}]
    ]
    if not write_label:
        return links
    has_draft = any(letter.final_at is None for letter in same_kind)
    return [
        *links,
        (reverse("letter_edit", args=[case.reference, kind]), _("Continue draft") if has_draft else write_label),
    ]


def _follow_up_rung(case: Case) -> Rung:
    if case.last_follow_up_at is None:
        return Rung(_("Follow-up"), "open")
    return Rung(
        _("Follow-up"), "done", [_("last on %(when)s") % {"when": wording.moment_in_text(case.last_follow_up_at)}]
    )


def _complaint_rung(case: Case, escalations: Sequence[Escalation], now: datetime, calendar: WorkingCalendar) -> Rung:
    kind = EscalationKind.COMPLAINT
    complaint = _current_or_last(escalations, kind)
    if complaint is None:
        advice = _complaint_advice(case, now, calendar)
        is_premature = case.is_open and advice != [_("time to complain")]
        return Rung(_("Complaint"), "open", advice, kind, is_premature=is_premature)
    lodged_note = _("filed on %(when)s") % {"when": wording.moment_in_text(complaint.lodged_at)}
    if complaint.answered_at is None:
        due_note = _closing_note() if complaint.nothing_owed else _complaint_due_note(complaint, now)
        return Rung(_("Complaint"), "running", [lodged_note, due_note], kind)
    answer = _("answered, settled") if complaint.satisfied else _("answered, not settled")
    return Rung(_("Complaint"), "done", [lodged_note, answer], kind)


def _closing_note() -> str:
    return _("nothing is owed any more: record the answer to close it")


def _complaint_due_note(complaint: Escalation, now: datetime) -> str:
    last = last_day(complaint.answer_by)
    if now >= complaint.answer_by:
        note = _("the carrier’s 15 calendar days ended on %(day)s") % {"day": wording.day_in_text(last)}
    else:
        note = _("answer due by %(deadline)s") % {"deadline": wording.deadline_in_text(complaint.answer_by)}
    if last > local(complaint.lodged_at).date() + timedelta(days=COMPLAINT_DAYS):
        return wording.with_note(note, _("the 15th day was a day off, so the next working day counts"))
    return note


def _complaint_advice(case: Case, now: datetime, calendar: WorkingCalendar) -> list[str]:
    if not case.is_open or case.first_reply_by is None:
        return []
    # As `domain.reminder_series` counts it: the carrier has agreed to what takes effect on a day.
    pending = case.reply_by if case.basis == Basis.TAKES_EFFECT else None
    try:
        day = complaint_due_at(pending or case.first_reply_by, calendar).date()
    except YearNotCovered:
        return []
    if local(now).date() >= day:
        return [_("time to complain")]
    return [_("you can complain now; recommended from %(day)s") % {"day": wording.day_in_text(day)}]


def _appeal_rung(
    case: Case,
    escalations: Sequence[Escalation],
    days_in_dispute: Sequence[date],
    now: datetime,
    calendar: WorkingCalendar,
) -> Rung:
    title, kind = _("Appeal"), EscalationKind.APPEAL
    appeal = _current_or_last(escalations, kind)
    if appeal is not None and appeal.answered_at is None:
        lodged_note = _("documents received on %(when)s") % {"when": wording.moment_in_text(appeal.lodged_at)}
        notes = [
            lodged_note,
            _("answer due by %(deadline)s") % {"deadline": wording.deadline_in_text(appeal.answer_by)},
        ]
        if appeal.nothing_owed:
            notes = [lodged_note, _closing_note()]
        elif appeal.decided_at is None:
            decision = wording.deadline_in_text(appeal_decision_by(appeal.lodged_at, calendar))
            notes.insert(1, _("decision due by %(deadline)s") % {"deadline": decision})
        return Rung(title, "running", notes, kind)
    notes = []
    if appeal is not None and appeal.answered_at is not None:
        notes = [_("answered, settled") if appeal.satisfied else _("answered, not settled")]
        if appeal.satisfied or not _is_disputable(case, days_in_dispute):
            return Rung(title, "done", notes, kind)
    if not _is_disputable(case, days_in_dispute):
        return Rung(title, "waits", notes, kind)
    return _possible_appeal_rung(notes, case, escalations, days_in_dispute, now, calendar)


def _possible_appeal_rung(
    notes: list[str],
    case: Case,
    escalations: Sequence[Escalation],
    days_in_dispute: Sequence[date],
    now: datetime,
    calendar: WorkingCalendar,
) -> Rung:
    """The rung of an appeal that is not running; `notes` tell of the one before, if there was one."""
    about_charges = case.state is Status.CONFIRMED
    subject, days = (AppealSubject.CHARGES, days_in_dispute) if about_charges else (AppealSubject.OTHER, [])
    appeal_outlook = appeal_outlook_of(case, escalations, days, subject, now, calendar)
    notes += outlook_notes(appeal_outlook)
    if days_in_dispute and not about_charges:
        charges_outlook = appeal_outlook_of(case, escalations, days_in_dispute, AppealSubject.CHARGES, now, calendar)
        notes.append(
            _expiry_note(
                charges_outlook, _("about charges: file by %(day)s"), _("about charges: time limit ended on %(day)s")
            )
        )
    state = "open" if appeal_outlook.is_open else "waits"
    return Rung(_("Appeal"), state, [note for note in notes if note], EscalationKind.APPEAL)


def outlook_notes(appeal_outlook: AppealOutlook) -> list[str]:
    """What an appeal lacks, from when it is possible, and until when, in words."""
    missing_texts = {
        AppealObstacle.NO_COMPLAINT: _("complain to the carrier first"),
        AppealObstacle.SETTLED: _("the complaint was settled"),
        AppealObstacle.FIFTEEN_DAYS: _("the carrier’s 15 calendar days are not over"),
    }
    notes = [missing_texts[reason] for reason in appeal_outlook.obstacles if reason in missing_texts]
    if appeal_outlook.possible_from:
        possible_note = _("you can appeal from %(day)s") % {"day": wording.day_in_text(appeal_outlook.possible_from)}
        notes.append(
            wording.with_note(possible_note, _("provisional")) if appeal_outlook.provisional else possible_note
        )
    notes.append(_expiry_note(appeal_outlook, _("file by %(day)s"), _("time limit ended on %(day)s")))
    return [note for note in notes if note]


def appeal_sentences(appeal_outlook: AppealOutlook) -> list[str]:
    """The same in sentences, for the page of the letter: first whether one can appeal, and what stands in the way."""
    headings = {
        AppealObstacle.RUNNING: _("An appeal is in progress already."),
        AppealObstacle.NO_COMPLAINT: _("You cannot appeal yet: complain to the carrier first."),
        AppealObstacle.SETTLED: _("You cannot appeal: the complaint was settled."),
        AppealObstacle.FIFTEEN_DAYS: _("You cannot appeal yet: the carrier’s 15 calendar days are not over."),
        AppealObstacle.EXPIRED: _("You cannot appeal any more: the time limit has ended."),
    }
    obstacles = appeal_outlook.obstacles
    possible_from = wording.day_in_text(appeal_outlook.possible_from) if appeal_outlook.possible_from else ""
    if not obstacles:
        return [_("You can appeal (since %(day)s).") % {"day": possible_from}, _the_time_limit(appeal_outlook)]
    for last_word in (AppealObstacle.RUNNING, AppealObstacle.SETTLED):
        if last_word in obstacles:
            return [headings[last_word]]
    if AppealObstacle.EXPIRED in obstacles:  # whatever else is missing would not help any more
        return [headings[AppealObstacle.EXPIRED], _the_time_limit(appeal_outlook)]
    sentences = [headings[obstacles[0]]]
    if possible_from:
        template = (
            _("Possible from %(day)s (provisional).") if appeal_outlook.provisional else _("Possible from %(day)s.")
        )
        sentences.append(template % {"day": possible_from})
    return [sentence for sentence in [*sentences, _the_time_limit(appeal_outlook)] if sentence]


def _the_time_limit(appeal_outlook: AppealOutlook) -> str:
    return _expiry_note(appeal_outlook, _("File the appeal by %(day)s."), _("The time limit ended on %(day)s."))


def _expiry_note(appeal_outlook: AppealOutlook, open_text: str, expired_text: str) -> str:
    if appeal_outlook.expires_on is None:
        return ""
    return (expired_text if AppealObstacle.EXPIRED in appeal_outlook.obstacles else open_text) % {
        "day": wording.day_in_text(appeal_outlook.expires_on)
    }


def _current_or_last(escalations: Sequence[Escalation], kind: EscalationKind) -> Escalation | None:
    """The unanswered escalation of a kind, or else the last one."""
    same_kind = [escalation for escalation in escalations if escalation.kind == kind]
    return next(
        (escalation for escalation in same_kind if escalation.answered_at is None), same_kind[-1] if same_kind else None
    )
