"""What to say on the telephone (话术): for the next step of a case, and as the guide gives it to everybody."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.domain import masking
from cases.domain.business_days import local
from cases.domain.case_standing import Standing, Step
from cases.domain.deadlines import last_day
from cases.models import Case
from cases.wording import format_day

_SCRIPTS = {
    Step.SUBMIT: gettext_noop(
        "“I want to cancel the number %(number)s. Please check first whether anything stands against it: arrears, a "
        "contract, a bundle. Then register the request, and tell me its reference number and by which day it will be "
        "done.”"
    ),
    Step.ASK_REGISTERED: gettext_noop(
        "“On %(submitted)s I asked for the cancellation of %(number)s. I have had no confirmation. Is the request "
        "registered, and under which reference number?”"
    ),
    Step.FIRST_CALL: gettext_noop(
        "“On %(submitted)s I asked for the cancellation of %(number)s, reference %(reference)s. How far is it?”"
    ),
    Step.CHASE: gettext_noop(
        "“On %(submitted)s I asked for the cancellation of %(number)s, reference %(reference)s. The answer was due "
        "on %(due)s. Why is there none, who is responsible, and on which day will it be done? Your staff number, "
        "please.”"
    ),
    Step.HOLD_TO_PROMISE: gettext_noop(
        "“Your colleague promised that %(number)s, reference %(reference)s, would be cancelled by %(promised)s. It "
        "is not. On which day will it be, and who answers for it? Your staff number, please.”"
    ),
    Step.COMPLAIN: gettext_noop(
        "“I lodge a formal complaint: the cancellation of %(number)s, asked for on %(submitted)s, reference "
        "%(reference)s, has had no answer. Please give me the complaint's number and answer it within 15 days.”"
    ),
    Step.VERIFY: gettext_noop("“Please tell me whether %(number)s is cancelled, and since which day.”"),
}
#: When each is said; in the order of the guide.
_SITUATIONS = {
    Step.SUBMIT: gettext_noop("Asking for the cancellation"),
    Step.ASK_REGISTERED: gettext_noop("No confirmation after 24 hours: asking for the reference number"),
    Step.FIRST_CALL: gettext_noop("After three working days: how far is it?"),
    Step.CHASE: gettext_noop("The deadline has passed: chasing"),
    Step.HOLD_TO_PROMISE: gettext_noop("A promise was broken"),
    Step.COMPLAIN: gettext_noop("Lodging a complaint"),
    Step.VERIFY: gettext_noop("They say it is done: making sure"),
}


def call_script(standing: Standing, case: Case, *, full_number: bool = False) -> str:
    """The script of the call that the next step requires; empty when it requires none."""
    if standing.step not in _SCRIPTS:
        return ""
    return _(_SCRIPTS[standing.step]) % {
        "number": case.card.number if full_number else masking.mask_number(case.card.number),
        "submitted": format_day(local(case.submitted_at).date()) if case.submitted_at else "",
        "due": format_day(last_day(case.reply_by)) if case.reply_by else "",
        "promised": format_day(case.promised_on) if case.promised_on else "",
        "reference": case.carrier_reference or _("not known"),
    }


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
        "reference": _("[the reference]"),
    }
    return [
        ScriptExample(step.value, _(situation), _(_SCRIPTS[step]) % blanks) for step, situation in _SITUATIONS.items()
    ]
