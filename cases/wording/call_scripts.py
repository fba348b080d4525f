"""What to say on the telephone (话术): for the next step of a case, and as the guide gives it to everybody."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.domain import masking
from cases.domain.business_days import local
from cases.domain.case_standing import Standing, Step
from cases.domain.deadlines import last_day
from cases.models import Case
from cases.models.choices import RequestChannel, ReturnReason
from cases.wording import close_up, day_in_text, format_yuan
from cases.wording.cases import is_promise_ahead

_SCRIPTS = {
    Step.SUBMIT: gettext_noop(
        "“Hello, I’d like to cancel the number %(number)s. Please check whether anything prevents it, such as an "
        "unpaid bill, a contract or a bundle. Then accept the request and tell me the reference number and the "
        "date it will be done.”"
    ),
    Step.ASK_REGISTERED: gettext_noop(
        "“Hello, I asked to cancel %(number)s on %(submitted)s and have had no confirmation. Has the request "
        "been accepted, and what is the reference number?”"
    ),
    Step.FIRST_CALL: gettext_noop(
        "“Hello, I asked to cancel %(number)s on %(submitted)s, reference %(reference)s. How far has it got?”"
    ),
    Step.CHASE: gettext_noop(
        "“Hello, I asked to cancel %(number)s on %(submitted)s, reference %(reference)s. A reply was due by "
        "%(due)s and I have had none. Why is that, who is responsible, and when will it be done? May I have your "
        "staff number?”"
    ),
    Step.HOLD_TO_PROMISE: gettext_noop(
        "“Hello, your colleague promised that %(number)s, reference %(reference)s, would be cancelled by "
        "%(promised)s. It has not been. When will it be done, and who is responsible? May I have your staff "
        "number?”"
    ),
    Step.COMPLAIN: gettext_noop(
        "“Hello, I want to make a formal complaint. I asked to cancel %(number)s on %(submitted)s, reference "
        "%(reference)s, and it has still not been done. Please give me a complaint reference and answer within "
        "15 days.”"
    ),
    Step.VERIFY: gettext_noop(
        "“Hello, please tell me whether %(number)s has been cancelled, and since which date. May I have your "
        "staff number?”"
    ),
    Step.ASK_REFUND: gettext_noop(
        "“Hello, the number %(number)s has been cancelled, and its balance was to be refunded by %(refund_due)s. It "
        "has not arrived. How much is it, when will it be paid, and who is responsible? May I have your staff number?”"
    ),
}
#: The same while the carrier has given no reference number: nobody reads out "reference: none".
_SCRIPTS_WITHOUT_REFERENCE = {
    Step.FIRST_CALL: gettext_noop("“Hello, I asked to cancel %(number)s on %(submitted)s. How far has it got?”"),
    Step.CHASE: gettext_noop(
        "“Hello, I asked to cancel %(number)s on %(submitted)s. A reply was due by %(due)s and I have had none. Why "
        "is that, who is responsible, and when will it be done? May I have your staff number?”"
    ),
    Step.HOLD_TO_PROMISE: gettext_noop(
        "“Hello, your colleague promised that %(number)s would be cancelled by %(promised)s. It has not been. When "
        "will it be done, and who is responsible? May I have your staff number?”"
    ),
    Step.COMPLAIN: gettext_noop(
        "“Hello, I want to make a formal complaint. I asked to cancel %(number)s on %(submitted)s, and it has still "
        "not been done. Please give me a complaint reference and answer within 15 days.”"
    ),
}
#: Where the promised day is too far away, so that its time is over before the day has come.
_SCRIPT_FOR_AN_EARLIER_DAY = gettext_noop(
    "“Hello, I asked to cancel %(number)s on %(submitted)s. Your colleague promised it for %(promised)s, which is too "
    "far away. Please do it earlier: by which date can it be done, and who is responsible? May I have your staff "
    "number?”"
)
#: Of a request that came back, by the reason: what is asked before anything is done about it.
_SCRIPTS_OF_RETURNS: dict[str, str] = {
    ReturnReason.ARREARS: gettext_noop(
        "“Hello, my request to cancel %(number)s was returned because of an unpaid bill. How much is due up to the "
        "cancellation date, what is it for, and how can I pay it? Once it is paid, do I have to submit again?”"
    ),
    ReturnReason.CONTRACT: gettext_noop(
        "“Hello, my request to cancel %(number)s was returned because of a contract or bundle. Which one is it, how "
        "long does it run, and what does it cost to end it? Where can I read the clause?”"
    ),
    ReturnReason.PAPERS: gettext_noop(
        "“Hello, my request to cancel %(number)s was returned because documents are missing. Which ones exactly, "
        "originals or copies, and where and by when can I hand them in?”"
    ),
    ReturnReason.SPECIAL: gettext_noop(
        "“Hello, my request to cancel %(number)s was returned because it is a premium number or linked to other SIMs. "
        "Which agreement or which numbers stand in the way, and how can I end or separate them?”"
    ),
    ReturnReason.HOME: gettext_noop(
        "“Hello, my request to cancel %(number)s was returned, and I was told to go to the home branch. Why can it not "
        "be cancelled here? Please accept it, or give me the refusal in writing.”"
    ),
    ReturnReason.OTHER: gettext_noop(
        "“Hello, my request to cancel %(number)s was returned. What exactly is missing, and what do I have to do?”"
    ),
}
#: With the sum that the carrier named.
_SCRIPT_OF_A_KNOWN_SUM = gettext_noop(
    "“Hello, my request to cancel %(number)s was returned because %(owed)s are unpaid. Is that all that is due up to "
    "the cancellation date, what is it for, and how can I pay it? Once it is paid, do I have to submit again?”"
)
#: When each is said; in the order of the guide.
_SITUATIONS = {
    Step.SUBMIT: gettext_noop("Applying for cancellation"),
    Step.ASK_REGISTERED: gettext_noop("No confirmation after 24 hours: asking for the reference number"),
    Step.FIRST_CALL: gettext_noop("After three working days: asking about progress"),
    Step.CHASE: gettext_noop("Deadline passed: chasing"),
    Step.HOLD_TO_PROMISE: gettext_noop("Promise not kept"),
    Step.COMPLAIN: gettext_noop("Making a formal complaint"),
    Step.VERIFY: gettext_noop("Carrier says it is done: verifying"),
    Step.ASK_REFUND: gettext_noop("Refund overdue: asking for it"),
}


def call_script(standing: Standing, case: Case, *, full_number: bool = False, owed: Decimal | None = None) -> str:
    """The script of the call that the next step requires; empty when it requires none.

    `owed` (yuan): what the carrier wants paid before it goes on with a returned request.
    """
    script = _script_of(standing.step, case)
    if standing.step is Step.RESUBMIT and owed is not None:
        script = _SCRIPT_OF_A_KNOWN_SUM
    return script and _(script) % {
        "number": case.card.number if full_number else masking.mask_number(case.card.number),
        "submitted": day_in_text(local(case.submitted_at).date()) if case.submitted_at else "",
        "due": day_in_text(last_day(case.reply_by)) if case.reply_by else "",
        "promised": day_in_text(case.promised_on) if case.promised_on else "",
        "refund_due": day_in_text(case.refund_due_on) if case.refund_due_on else "",
        "reference": case.carrier_reference,
        "owed": "" if owed is None else format_yuan(owed),
    }


def _script_of(step: Step, case: Case) -> str:
    """The msgid of the script; empty where nobody is called."""
    if step is Step.SUBMIT and case.channel != RequestChannel.HOTLINE:
        return ""
    if step is Step.RESUBMIT:
        return _SCRIPTS_OF_RETURNS[case.return_reason or ReturnReason.OTHER]
    if step is Step.HOLD_TO_PROMISE and is_promise_ahead(case):
        return _SCRIPT_FOR_AN_EARLIER_DAY
    scripts = _SCRIPTS if case.carrier_reference else _SCRIPTS | _SCRIPTS_WITHOUT_REFERENCE
    return scripts.get(step, "")


@dataclass(frozen=True)
class ScriptExample:
    """A script with blanks; `anchor` names it in the page's address."""

    anchor: str
    situation: str
    words: str


def script_examples() -> list[ScriptExample]:
    """Every script, with blanks for what is a case's own."""
    blanks = {
        "number": _("[the number]"),
        "submitted": _("[the day]"),
        "due": _("[the last day]"),
        "promised": _("[the promised day]"),
        "refund_due": _("[the last day]"),
        "reference": _("[the reference number]"),
    }
    return [
        ScriptExample(step.value, _(situation), close_up(_(_SCRIPTS[step]) % blanks))
        for step, situation in _SITUATIONS.items()
    ]
