"""Where a case stands and what to do next, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.deadlines import Basis, last_day
from cases.domain.reminder_kinds import REMINDER_LABELS, ReminderKind
from cases.domain.status import STATUS_LABELS
from cases.models import Case
from cases.models.choices import RequestChannel, ReturnReason
from cases.wording.joining import with_note
from cases.wording.moments import day_in_text, format_day


def cases_without_fee(count: int) -> str:
    """A note that the delay of `count` cases is in no sum: not only of those that are overdue now, also of those that
    were delayed and are done, or promised for later."""
    template = ngettext(
        "%(count)s delayed case is not included in the cost of delay because its card has no monthly fee.",
        "%(count)s delayed cases are not included in the cost of delay because their cards have no monthly fee.",
        count,
    )
    return template % {"count": count}


def case_status(case: Case) -> str:
    """The status of a case, and that it was logged by mistake where it was."""
    status = status_label(case.status)
    return with_note(status, _("logged by mistake")) if case.logged_by_mistake else status


def lateness_beyond(case: Case, days: int) -> str:
    """The calendar days of a delay, with the deadline from which they count: the submission's own, whatever the carrier
    promised later."""
    if case.submission > 1 or case.first_reply_by is None:  # each submission had one
        template = ngettext(
            "%(days)s calendar day past the original reply deadline.",
            "%(days)s calendar days past the original reply deadline.",
            days,
        )
        return template % {"days": days}
    template = ngettext(
        "%(days)s calendar day past the original reply deadline (%(day)s).",
        "%(days)s calendar days past the original reply deadline (%(day)s).",
        days,
    )
    return template % {"days": days, "day": day_in_text(last_day(case.first_reply_by))}


def status_label(value: str) -> str:
    return _(STATUS_LABELS[value])


def lateness(late_days: int) -> str:
    """'3 working days overdue'; on the days off right after the deadline there is none to count yet."""
    if late_days == 0:
        return _("overdue (today is a day off)")
    return ngettext("%(days)s working day overdue", "%(days)s working days overdue", late_days) % {"days": late_days}


def headline(standing: Standing) -> str:
    """Where the case stands, in a few words."""
    if standing.kind is StandingKind.OVERDUE:
        return lateness(standing.late_days)
    if standing.step is Step.WAIT_EFFECT:
        return _("waits to take effect")
    if standing.kind is StandingKind.WAITING:
        left = standing.days_left
        return ngettext("%(days)s working day left", "%(days)s working days left", left) % {"days": left}
    return _(_HEADLINES[standing.kind])


# Looked up and not built for each case: a list or a message has hundreds.
_HEADLINES = {
    StandingKind.DUE_TODAY: gettext_noop("due today"),
    StandingKind.TO_VERIFY: gettext_noop("to verify"),
    StandingKind.RETURNED: gettext_noop("returned: action needed"),
    StandingKind.DRAFT: gettext_noop("in preparation"),
    StandingKind.CONFIRMED: gettext_noop("cancelled, confirmed"),
    StandingKind.WITHDRAWN: gettext_noop("withdrawn"),
}


def next_step(standing: Standing, case: Case) -> str:
    """The one thing to do next, with the number to call where it is a call."""
    carrier = case.carrier
    hotline = carrier.hotline or _("the carrier")  # nobody has entered one of a carrier that is not known
    values = {"hotline": hotline, "complaints": carrier.complaint_line or hotline}
    step = standing.step
    if step is Step.WAIT_EFFECT and case.takes_effect_on:
        values["day"] = format_day(case.takes_effect_on)
    elif step is Step.SUBMIT:
        return _(_SUBMIT_STEPS.get(case.channel, _SUBMIT_STEPS[RequestChannel.HOTLINE])) % values
    elif step is Step.RESUBMIT:
        return _(_RESUBMIT_STEPS.get(case.return_reason, _NEXT_STEPS[step]))
    elif step is Step.WAIT and standing.kind is StandingKind.DUE_TODAY:
        return (
            _("Promised for today; wait for the carrier’s reply")
            if case.basis == Basis.PROMISE
            else _("Due today; wait for the carrier’s reply")
        )
    elif step is Step.HOLD_TO_PROMISE and is_promise_ahead(case):
        return _("Call %(hotline)s and ask for an earlier date, as the promised one is too far away") % values
    return _(_NEXT_STEPS[step]) % values


def is_promise_ahead(case: Case) -> bool:
    """Whether the promise was too far away to buy all the time until its day."""
    return bool(case.promised_on and case.reply_by and case.promised_on > last_day(case.reply_by))


def shown_kind(kind: str, case: Case) -> ReminderKind:
    """The kind that a reminder is shown as. A promise that was too far away is not broken when its time is over."""
    if kind == ReminderKind.PROMISE_BROKEN and is_promise_ahead(case):
        return ReminderKind.OVERDUE
    return ReminderKind(kind)


def reminder_label(kind: str, case: Case) -> str:
    """The heading of a reminder."""
    return _(REMINDER_LABELS[shown_kind(kind, case)])


_SUBMIT_STEPS: dict[str, str] = {
    RequestChannel.HOTLINE: gettext_noop("Get the documents ready and call %(hotline)s to submit the request"),
    RequestChannel.BRANCH: gettext_noop("Get the documents ready and submit the request at a branch"),
    RequestChannel.APP: gettext_noop("Get the documents ready and submit the request in the carrier’s app or website"),
    RequestChannel.AGENT: gettext_noop("Get the documents ready and submit the request through the reseller"),
    RequestChannel.LETTER: gettext_noop("Get the documents ready and submit the request by letter"),
}
_RESUBMIT_STEPS: dict[str, str] = {
    ReturnReason.ARREARS: gettext_noop("Pay what is owed and keep the receipt, then submit again"),
    ReturnReason.CONTRACT: gettext_noop("End the contract or bundle, then submit again"),
    ReturnReason.PAPERS: gettext_noop("Provide the missing documents, then submit again"),
    ReturnReason.SPECIAL: gettext_noop("Release the premium number or the linked SIMs, then submit again"),
    ReturnReason.HOME: gettext_noop("Ask for the refusal in writing, or submit again at the home branch"),
}
_NEXT_STEPS = {
    Step.WAIT: gettext_noop("No action needed yet: the carrier still has time"),
    Step.WAIT_EFFECT: gettext_noop("Takes effect on %(day)s; it can be revoked until then"),
    Step.ASK_REGISTERED: gettext_noop("Call %(hotline)s and ask whether the request was received"),
    Step.FIRST_CALL: gettext_noop("Make a first call to %(hotline)s"),
    Step.CHASE: gettext_noop("Call %(hotline)s and chase"),
    Step.HOLD_TO_PROMISE: gettext_noop("Call %(hotline)s and ask them to keep the promise"),
    Step.COMPLAIN: gettext_noop("Call %(complaints)s and file a formal complaint"),
    Step.WAIT_COMPLAINT: gettext_noop("Complaint in progress; wait for the carrier’s answer"),
    Step.APPEAL: gettext_noop("File an appeal with the appeal body"),
    Step.WAIT_APPEAL: gettext_noop("Appeal in progress; wait for the appeal body’s answer"),
    Step.ASK_APPEAL_BODY: gettext_noop("Ask the appeal body about your appeal"),
    Step.VERIFY: gettext_noop("Verify that the number has really been cancelled"),
    Step.RESUBMIT: gettext_noop("Do what the carrier asked for, then submit again"),
    Step.CHECK_BILL: gettext_noop("Check the bill after the cancellation for further charges"),
    Step.ASK_REFUND: gettext_noop("Call %(hotline)s and ask for the refund"),
    Step.NOTHING: gettext_noop("No action needed"),
    Step.READ_MESSAGE: gettext_noop("Read the carrier’s SMS, then record or dismiss it"),
}
