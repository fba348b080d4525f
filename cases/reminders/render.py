"""What a notice says: the cases by urgency, each with what happened, what to do, the hotline and the link.

Numbers are masked. The language is the reader's.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cases import wording
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar
from cases.domain.case_standing import current_standing, step_of_reminder
from cases.domain.reminder_kinds import KINDS_BY_SERIOUSNESS, REMINDER_LABELS, ReminderKind
from cases.models import NotificationChannel, Reminder
from cases.operations.next_reminder import reminder_state

#: More than these are counted and linked: a message is to be read.
MAX_CASES = 50
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
    most_urgent = wording.reminder_label(reminders[0].kind, reminders[0].case)
    return f"{subject % {'count': count}} · {most_urgent}"


def _case_paragraph(reminder: Reminder, now: datetime, calendar: WorkingCalendar) -> str:
    case = reminder.case
    case_standing = current_standing(case.state, reminder_state(case, list(case.escalations.all())), now, calendar)
    link = f"{settings.SITE_URL}{reverse('case_detail', args=[case.reference])}"
    if reminder.kind == ReminderKind.MESSAGE:  # and nothing else: what to do next depends on it
        label = _(REMINDER_LABELS[ReminderKind.MESSAGE])
        action_line = _("%(what)s: %(do)s") % {"what": label, "do": wording.next_step(case_standing, case)}
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
        _("%(what)s: %(do)s")
        % {
            "what": wording.reminder_label(reminder.kind, case),
            "do": wording.next_step(replace(case_standing, step=step), case),
        },
    ]
    if case.promised_on:
        lines.append(_("Promised date: %(day)s") % {"day": wording.day_in_text(case.promised_on)})
    if case.carrier_reference:
        lines.append(_("Carrier reference number: %(reference)s") % {"reference": case.carrier_reference})
    return "\n".join([*lines, link])
