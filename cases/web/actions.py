"""What the page of a case calls each action, which form it asks, and which comes first at which step."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.case_standing import Step
from cases.models import Case, User
from cases.operations import Action
from cases.web.forms import case_actions, charges, replies, retention
from cases.web.forms.submit import SubmitForm

TITLES: dict[Action, Any] = {
    Action.SUBMIT: _("I have submitted it"),
    Action.REPLY: _("Record a reply"),
    Action.FOLLOW_UP: _("Record a follow-up"),
    Action.VERIFY: _("Check the number"),
    Action.CONFIRM: _("Confirm as cancelled"),
    Action.COMPLAIN: pgettext_lazy("action", "Complaint lodged"),
    Action.COMPLAINT_ANSWER: pgettext_lazy("action", "Complaint answered"),
    Action.APPEAL: pgettext_lazy("action", "Appeal lodged"),
    Action.APPEAL_DECISION: _("Appeal taken up or refused"),
    Action.APPEAL_ANSWER: pgettext_lazy("action", "Appeal answered"),
    Action.SNOOZE: _("Keep quiet until …"),
    Action.HAND_OVER: _("Hand over"),
    Action.CORRECT: _("Correct the moment of submission"),
    Action.WITHDRAW: _("Withdraw"),
    Action.REOPEN: _("Open again"),
    Action.CHARGE: _("Note a charge"),
    Action.BILL: pgettext_lazy("action", "Bill checked"),
    Action.KEEP: _("Keep it, or not"),
    Action.ERASE: _("Erase it now"),
}
_FORMS: dict[Action, type[case_actions.VerbForm]] = {
    Action.SUBMIT: SubmitForm,
    Action.REPLY: replies.ReplyForm,
    Action.FOLLOW_UP: replies.FollowUpForm,
    Action.VERIFY: case_actions.VerifyForm,
    Action.CONFIRM: case_actions.ConfirmForm,
    Action.COMPLAIN: case_actions.ComplainForm,
    Action.COMPLAINT_ANSWER: case_actions.ComplaintAnswerForm,
    Action.APPEAL: case_actions.AppealForm,
    Action.APPEAL_DECISION: case_actions.AppealDecisionForm,
    Action.APPEAL_ANSWER: case_actions.AppealAnswerForm,
    Action.SNOOZE: case_actions.SnoozeForm,
    Action.HAND_OVER: case_actions.HandOverForm,
    Action.CORRECT: case_actions.CorrectForm,
    Action.WITHDRAW: case_actions.WithdrawForm,
    Action.REOPEN: case_actions.ReopenForm,
    Action.CHARGE: charges.ChargeForm,
    Action.BILL: charges.BillForm,
    Action.KEEP: retention.KeepCaseForm,
    Action.ERASE: retention.EraseForm,
}
_TALK = [Action.FOLLOW_UP, Action.REPLY]
#: What stands as a button beside the next step; the rest is in the menu.
FIRST: dict[Step, list[Action]] = {
    Step.SUBMIT: [Action.SUBMIT],
    Step.WAIT: [Action.REPLY, Action.FOLLOW_UP],
    Step.ASK_REGISTERED: _TALK,
    Step.FIRST_CALL: _TALK,
    Step.CHASE: _TALK,
    Step.HOLD_TO_PROMISE: _TALK,
    Step.COMPLAIN: [Action.COMPLAIN, *_TALK],
    Step.WAIT_COMPLAINT: [Action.COMPLAINT_ANSWER, Action.REPLY],
    Step.APPEAL: [Action.APPEAL, Action.COMPLAINT_ANSWER],
    Step.WAIT_APPEAL: [Action.APPEAL_DECISION, Action.APPEAL_ANSWER],
    Step.VERIFY: [Action.VERIFY, Action.CONFIRM],
    Step.RESUBMIT: [Action.SUBMIT, Action.FOLLOW_UP],
    Step.CHECK_BILL: [Action.BILL, Action.REOPEN],
    Step.NOTHING: [],
    Step.READ_MESSAGE: _TALK,
}


def form_for(
    action: Action, data: Any, case: Case, members: list[User], query: Mapping[str, str]
) -> case_actions.VerbForm:
    """The form of an action; a link may choose an answer beforehand (?kind=promised)."""
    form_class = _FORMS[action]
    if data is not None:
        return form_class(data, case=case, members=members)
    initial = {name: query[name] for name in ("kind", "way", "finding", "words") if name in query}
    return form_class(case=case, members=members, initial=initial)
