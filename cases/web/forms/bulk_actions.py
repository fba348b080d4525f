"""One act for many cases: which act, which cases, and what the act asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import Case, User
from cases.operations import Action, Verb
from cases.selectors.filters import BULK_LIMIT
from cases.web.actions import TITLES
from cases.web.forms.case_actions import HandOverForm, SnoozeForm, VerbForm, VerifyForm, WithdrawForm
from cases.web.forms.receipts import ReceiptForm
from cases.web.forms.replies import FollowUpForm, ReplyForm

_FORMS: dict[Action, type[VerbForm]] = {
    Action.FOLLOW_UP: FollowUpForm,
    Action.REPLY: ReplyForm,
    Action.VERIFY: VerifyForm,
    Action.HAND_OVER: HandOverForm,
    Action.SNOOZE: SnoozeForm,
    Action.WITHDRAW: WithdrawForm,
}
#: What can be done with many cases at once, in the order in which it is offered.
BULK_ACTIONS: list[tuple[str, Any]] = [
    *((action.value, TITLES[action]) for action in _FORMS),
    (Action.RECEIPTS.value, _("Add a receipt")),
]


def bulk_action_form(action: str, data: Any, files: Any, cases: list[Case], members: list[User]) -> Any:
    """The form of an act over these cases, laid out for one that the carrier has, where there is one."""
    if action == Action.RECEIPTS:
        return ReceiptForm(data, files)
    example = next((case for case in cases if case.state in STATUSES_WITH_CARRIER), cases[0])
    form = _FORMS[Action(action)](data, case=example, members=members)
    form.part = ""  # type: ignore[misc]  # what one card's page lays out is about that card
    return form


def verb_of(form: Any) -> Verb:
    verb: Verb = form.verb()
    return verb


class CaseSelectionForm(forms.Form):
    """Which cases: their references, one after the other."""

    references = forms.CharField(widget=forms.HiddenInput, max_length=14 * BULK_LIMIT)
