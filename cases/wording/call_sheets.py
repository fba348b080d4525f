"""A call about many numbers, in words: what to say, the numbers with their facts, and the same as a message."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cases.domain import masking, phones
from cases.domain.business_days import local
from cases.domain.calls import CallOutcome, CallPurpose
from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.deadlines import last_day
from cases.models import Case
from cases.wording import money_calls
from cases.wording.cases import headline
from cases.wording.joining import join_names, join_sentences, labelled
from cases.wording.moments import day_in_text, format_yuan
from cases.wording.refunds import open_refund_of, refund_method, refund_state

PURPOSE_LABELS = {
    CallPurpose.COMPLAIN: gettext_noop("File complaints"),
    CallPurpose.ASK: gettext_noop("Ask and chase"),
    CallPurpose.VERIFY: gettext_noop("Verify"),
    CallPurpose.REFUND: gettext_noop("Ask for refunds"),
    CallPurpose.ARREARS: gettext_noop("Settle unpaid bills"),
}
OUTCOME_LABELS = {
    CallOutcome.NO_REPLY: gettext_noop("No firm reply"),
    CallOutcome.NO_ANSWER: gettext_noop("No answer"),
    CallOutcome.ACKNOWLEDGED: gettext_noop("Request acknowledged"),
    CallOutcome.UNDER_REVIEW: gettext_noop("Under review"),
    CallOutcome.PROMISED: gettext_noop("Promised date given"),
    CallOutcome.RETURNED: gettext_noop("Refused or returned: something is missing"),
    CallOutcome.REPORTED_DONE: gettext_noop("Says it is done"),
    CallOutcome.COMPLAINED: gettext_noop("Formal complaint accepted"),
    CallOutcome.CANCELLED: gettext_noop("Cancelled: close the case"),
    CallOutcome.ALIVE: gettext_noop("Still in use"),
    CallOutcome.REFUND_PROMISED: gettext_noop("New refund date given"),
    CallOutcome.REFUND_RECEIVED: gettext_noop("It was paid: refund received"),
    CallOutcome.EXPLAINED: gettext_noop("Said what is unpaid and how to pay"),
    CallOutcome.NOT_ASKED: gettext_noop("Not asked: record nothing"),
}


class CallSubject(NamedTuple):
    """A number of a call: its case, where that stands, and (in yuan) what it was returned for, where that is known."""

    case: Case
    standing: Standing
    owed: Decimal | None = None

    @property
    def amount(self) -> Decimal | None:
        """The sum (yuan) that the call is about: an overdue refund, or an unpaid bill; None: nobody knows it."""
        if self.standing.step is not Step.ASK_REFUND:
            return self.owed
        refund = open_refund_of(self.case)
        return refund.outstanding if refund else None


def purpose_label(purpose: CallPurpose) -> str:
    """What a call is for, as its heading."""
    return _(PURPOSE_LABELS[purpose])


def outcome_label(outcome: CallOutcome) -> str:
    """What came of a call for a number, as a choice."""
    return _(OUTCOME_LABELS[outcome])


def call_opening(purpose: CallPurpose, subjects: Sequence[CallSubject], late: int) -> str:
    """What to say first, once for all numbers of the call, of which `late` are overdue."""
    count = len(subjects)
    values = {"count": count, "late": late, "total": _total(subjects)}
    if purpose is CallPurpose.REFUND:
        return (money_calls.pay_out(count) if values["total"] else money_calls.ask_for_refunds(count)) % values
    if purpose is CallPurpose.ARREARS:
        return (money_calls.settle(count) if values["total"] else money_calls.ask_for_arrears(count)) % values
    if purpose is CallPurpose.COMPLAIN:
        return (
            ngettext(
                "“Hello, I want to make a formal complaint: the cancellation of %(count)s number is overdue. I will "
                "read it out with the date of the request. Please give me a complaint reference and answer within "
                "15 days.”",
                "“Hello, I want to make a formal complaint: the cancellation of %(count)s numbers is overdue. I will "
                "read them out with the date of each request. Please give me a complaint reference for each and answer "
                "within 15 days.”",
                count,
            )
            % values
        )
    if purpose is CallPurpose.VERIFY:
        return (
            ngettext(
                "“Hello, please tell me whether %(count)s number has been cancelled, and since which date. I will read "
                "it out. May I have your staff number?”",
                "“Hello, please tell me whether these %(count)s numbers have been cancelled, and each since which "
                "date. I will read them out. May I have your staff number?”",
                count,
            )
            % values
        )
    return _asking(count, late) % values


def _asking(count: int, late: int) -> str:
    if late == 0:
        return ngettext(
            "“Hello, I’m calling about %(count)s cancellation request. I will read it out with its date. How far has "
            "it got, and what is its reference number? May I have your staff number?”",
            "“Hello, I’m calling about %(count)s cancellation requests. I will read them out with their dates. How far "
            "has each got, and what is its reference number? May I have your staff number?”",
            count,
        )
    if late == count:
        return ngettext(
            "“Hello, I’m calling about %(count)s cancellation request that is overdue. I will read it out with its "
            "date. Why is it not done, who is responsible, and when will it be done? May I have your staff number?”",
            "“Hello, I’m calling about %(count)s cancellation requests that are overdue. I will read them out with "
            "their dates. Why are they not done, who is responsible, and when will each be done? May I have your staff "
            "number?”",
            count,
        )
    return _(
        "“Hello, I’m calling about %(count)s cancellation requests, of which %(late)s are overdue. I will read them "
        "out with their dates. When will each be done, and who is responsible for the overdue ones? May I have "
        "your staff number?”"
    )


def _total(subjects: Sequence[CallSubject]) -> str:
    """The sum that a call is about; empty where that of one number is not known."""
    amounts = [subject.amount for subject in subjects]
    known = [amount for amount in amounts if amount is not None]
    return format_yuan(sum(known, Decimal())) if known and len(known) == len(amounts) else ""


def row_facts(subject: CallSubject) -> list[str]:
    """What the carrier needs to find a request, and how late it is: dates, references, promise, sums."""
    case, standing = subject.case, subject.standing
    facts = []
    if case.submitted_at:
        facts.append(_("submitted on %(day)s") % {"day": day_in_text(local(case.submitted_at).date())})
    if case.carrier_reference:
        facts.append(labelled(_("carrier reference number (受理单号)"), case.carrier_reference))
    if standing.step is Step.ASK_REFUND:
        return [*facts, *_refund_facts(case)]
    if standing.kind is StandingKind.RETURNED and subject.owed is not None:
        facts.append(_("%(amount)s unpaid") % {"amount": format_yuan(subject.owed)})
    if case.promised_on:
        facts.append(_("promised for %(day)s") % {"day": day_in_text(case.promised_on)})
    elif case.reply_by:
        facts.append(_("due by %(day)s") % {"day": day_in_text(last_day(case.reply_by))})
    if standing.kind is StandingKind.OVERDUE:
        facts.append(headline(standing))
    return facts


def _refund_facts(case: Case) -> list[str]:
    """Of an overdue refund the sum, the method, and the day on which it was due."""
    refund = open_refund_of(case)
    if refund is None:
        return []
    amount = _("amount not known") if refund.outstanding is None else refund_state(refund)
    due = _("refund due by %(day)s") % {"day": day_in_text(refund.due_on)}
    return [fact for fact in (amount, refund_method(refund), due) if fact]


def shown(number: str, *, in_full: bool) -> str:
    """The number as the sheet shows it."""
    return phones.format_number(number) if in_full else masking.mask_number(number)


def call_text(heading: str, opening: str, subjects: Sequence[CallSubject], *, in_full: bool) -> str:
    """The whole sheet as plain text: what is called, what to say, one line for each number."""
    return "\n".join([heading, "", opening, "", *_lines(subjects, in_full=in_full)])


def message_text(
    purpose: CallPurpose, subjects: Sequence[CallSubject], signature: Sequence[str], *, in_full: bool
) -> str:
    """The same as a message to the account manager, in a chat or an email; `signature`: who writes, a line each."""
    total = _total(subjects)
    messages = _MESSAGES | _MESSAGES_WITH_TOTAL if total else _MESSAGES
    opening = messages[purpose](len(subjects)) % {"count": len(subjects), "total": total}
    lines = [_("Hello,"), "", opening, "", *_lines(subjects, in_full=in_full), "", _message_end()]
    return "\n".join([*lines, *(["", *signature] if signature else [])])


def _lines(subjects: Sequence[CallSubject], *, in_full: bool) -> list[str]:
    lines = []
    for place, subject in enumerate(subjects, 1):
        number = shown(subject.case.card.number, in_full=in_full)
        lines.append(f"{place}. {join_names([number, *row_facts(subject), subject.case.reference])}")
    return lines


def _message_end() -> str:
    return join_sentences([_("Please reply with the result for each number."), _("Thank you.")])


def _complaining(count: int) -> str:
    return ngettext(
        "the cancellation of %(count)s number is overdue, and we make a formal complaint about it. Please have it "
        "done, give us a complaint reference and answer within 15 calendar days:",
        "the cancellation of these %(count)s numbers is overdue, and we make a formal complaint about each. Please "
        "have them done, give us a complaint reference for each and answer within 15 calendar days:",
        count,
    )


def _asking_in_writing(count: int) -> str:
    return ngettext(
        "please tell us how far this cancellation has got, and when it will be done (%(count)s number):",
        "please tell us how far these %(count)s cancellations have got, and when each will be done:",
        count,
    )


def _verifying(count: int) -> str:
    return ngettext(
        "please confirm whether this number has been cancelled, and since which date (%(count)s number):",
        "please confirm which of these %(count)s numbers have been cancelled, and each since which date:",
        count,
    )


_MESSAGES = {
    CallPurpose.COMPLAIN: _complaining,
    CallPurpose.ASK: _asking_in_writing,
    CallPurpose.VERIFY: _verifying,
    CallPurpose.REFUND: money_calls.asking_for_refunds_in_writing,
    CallPurpose.ARREARS: money_calls.asking_for_arrears_in_writing,
}
#: With the sum, where that of each number is known.
_MESSAGES_WITH_TOTAL = {
    CallPurpose.REFUND: money_calls.paying_out_in_writing,
    CallPurpose.ARREARS: money_calls.settling_in_writing,
}
