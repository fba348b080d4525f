"""What a notice says: the cases by urgency, each with what happened, what to do, the hotline and the link.

Numbers are masked. The language is the reader's.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from cases import wording
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import Step, current_standing, step_of_reminder
from cases.domain.reminder_kinds import KINDS_BY_SERIOUSNESS, REMINDER_LABELS, ReminderKind
from cases.models import NotificationChannel, Reminder
from cases.operations.amount_owed import amount_owed
from cases.operations.next_reminder import reminder_state
from cases.wording.refunds import open_refund_of, refund_in_text
from cases.wording.return_advice import return_advice

#: More than these are counted and linked: a message is to be read.
MAX_CASES = 50
#: What their label says is in the headline (超期) or in the step (首次催问) already: the line is the step alone.
_SAID_ANYWAY = frozenset(
    {
        ReminderKind.WINDOW_OPEN,
        ReminderKind.OVERDUE,
        ReminderKind.COMPLAIN,
        ReminderKind.VERIFY,
        ReminderKind.RETURNED,
        ReminderKind.FINAL_BILL,
    }
)
_RANK = {kind: rank for rank, kind in enumerate(KINDS_BY_SERIOUSNESS)}


def render_notice(
    channel: NotificationChannel, reminders: Sequence[Reminder], now: datetime, calendar: WorkingCalendar
) -> tuple[str, str]:
    """Subject and plain text of a notice with these reminders, in the language of the channel's owner."""
    with override(channel.user.language if channel.user else settings.LANGUAGE_CODE):
        ordered = sorted(reminders, key=lambda r: (-_RANK[ReminderKind(r.kind)], r.at, r.pk))
        parts = [_case_paragraph(reminder, now, calendar) for reminder in ordered[:MAX_CASES]]
        if len(ordered) > MAX_CASES:
            rest = len(ordered) - MAX_CASES
            more = ngettext("and %(count)s more case: %(link)s", "and %(count)s more cases: %(link)s", rest)
            parts.append(more % {"count": rest, "link": f"{settings.SITE_URL}{reverse('work_list')}"})
        return _subject(ordered), "\n\n".join(parts) + "\n"


def _subject(reminders: Sequence[Reminder]) -> str:
    count = len(reminders)
    subject = ngettext(
        "Xiaoka: %(count)s case needs your attention", "Xiaoka: %(count)s cases need your attention", count
    )
    labels = [wording.reminder_label(reminder.kind, reminder.case) for reminder in reminders]
    most_urgent, how_many = labels[0], labels.count(labels[0])
    if how_many < count:  # or the heading would say it of them all
        template = pgettext("the most urgent kind, of how many cases", "%(label)s (%(count)s)")
        most_urgent = template % {"label": most_urgent, "count": how_many}
    return f"{subject % {'count': count}} · {most_urgent}"


def _case_paragraph(reminder: Reminder, now: datetime, calendar: WorkingCalendar) -> str:
    case = reminder.case
    case_standing = current_standing(case.state, reminder_state(case, list(case.escalations.all())), now, calendar)
    link = f"{settings.SITE_URL}{reverse('case_detail', args=[case.reference])}"
    if reminder.kind == ReminderKind.MESSAGE:  # and nothing else: what to do next depends on it
        label = _(REMINDER_LABELS[ReminderKind.MESSAGE])
        action_line = _("%(what)s. %(do)s") % {"what": label, "do": wording.next_step(case_standing, case)}
        return "\n".join([f"{masking.mask_number(case.card.number)} · {case.carrier}", action_line, link])
    if reminder.kind == ReminderKind.ERASURE and case.erase_on:
        template = _(
            "%(what)s: its documents and notes will be erased on %(day)s. Export a dossier first if you need it. "
            "A team manager can choose to keep the case."
        )
        action_line = template % {
            "what": _(REMINDER_LABELS[ReminderKind.ERASURE]),
            "day": wording.day_in_text(case.erase_on),
        }
        return "\n".join([f"{masking.mask_number(case.card.number)} · {case.carrier}", action_line, link])
    step = step_of_reminder(ReminderKind(reminder.kind), case_standing)
    lines = [
        f"{masking.mask_number(case.card.number)} · {case.carrier} · {wording.headline(case_standing)}",
        _action_line(reminder, wording.next_step(replace(case_standing, step=step), case)),
    ]
    if step is Step.RESUBMIT:
        lines.append(return_advice(case, amount_owed(case)).in_short)
    refund = open_refund_of(case) if step is Step.ASK_REFUND else None
    if refund:
        lines.append(refund_in_text(refund, case.carrier))
    if case.promised_on:
        lines.append(_("Promised date: %(day)s") % {"day": wording.day_in_text(case.promised_on)})
    if case.carrier_reference:
        lines.append(_("Carrier reference number: %(reference)s") % {"reference": case.carrier_reference})
    return "\n".join([*lines, link])


def _action_line(reminder: Reminder, step: str) -> str:
    """'Promise not kept. Call 10086 …'; the step alone where the label would repeat it, or the headline."""
    if wording.shown_kind(reminder.kind, reminder.case) in _SAID_ANYWAY:
        return step
    return _("%(what)s. %(do)s") % {"what": wording.reminder_label(reminder.kind, reminder.case), "do": step}
