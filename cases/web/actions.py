"""The forms of the registered actions, and the buttons that a case's page shows for them."""

from collections.abc import Collection, Mapping
from typing import Any

from cases import operations as ops
from cases.domain.case_standing import Step
from cases.models import Case, User
from cases.operations import ACTIONS, Action
from cases.web.forms.case_actions import SnoozeForm, VerbForm, inputs_form
from cases.web.forms.charges import BillForm
from cases.web.forms.replies import FollowUpForm, ReplyForm
from cases.web.forms.submit import SubmitForm
from cases.web.forms.verification import ConfirmForm, VerifyForm

#: What needs more than the inputs of its entry in the registry.
_CUSTOM_FORMS: dict[Action, type[VerbForm]] = {
    Action.SUBMIT: SubmitForm,
    Action.REPLY: ReplyForm,
    Action.FOLLOW_UP: FollowUpForm,
    Action.VERIFY: VerifyForm,
    Action.CONFIRM: ConfirmForm,
    Action.BILL: BillForm,
    Action.SNOOZE: SnoozeForm,
}
#: The form of every action that has a page, in the order in which they are offered.
FORMS: dict[Action, type[VerbForm]] = {
    action: _CUSTOM_FORMS.get(action) or inputs_form(spec) for action, spec in ACTIONS.items() if spec.has_page
}
#: Those that stand beside the refund that they are about.
REFUND_ACTIONS = (Action.EXPECT_REFUND, Action.RECEIVE_REFUND, Action.PROMISE_REFUND, Action.WRITE_OFF_REFUND)
Buttons = list[tuple[str, Any]]


def action_buttons(step: Step, allowed: Collection[Action]) -> tuple[Buttons, Buttons]:
    """The allowed actions with their titles: the buttons beside the next step, and the rest, which is in the menu."""
    first = [action for action in ops.first_actions(step) if action in allowed]
    more = [action for action in FORMS if action in allowed and action not in first]
    return titled(first), titled(more)


def titled(actions: Collection[Action]) -> Buttons:
    """Actions with their titles."""
    return [(action.value, ACTIONS[action].title) for action in actions]


def form_for(
    action: Action,
    data: Any,
    case: Case,
    members: list[User],
    query: Mapping[str, str],
    proposed: Mapping[str, Any] | None = None,
) -> VerbForm:
    """The form of an action; a link may choose an answer beforehand (?kind=promised), an SMS propose values."""
    form_class = FORMS[action]
    if data is not None:
        return form_class(data, case=case, members=members)
    initial = {name: query[name] for name in ("kind", "way", "finding", "words") if name in query}
    return form_class(case=case, members=members, initial={**initial, **(proposed or {})})
