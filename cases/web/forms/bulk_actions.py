"""One act for many cases: which act, which cases, and what the act asks."""

from typing import Any

from django import forms

from cases.domain.status import STATUSES_WITH_CARRIER
from cases.models import Case, User
from cases.operations import BULK_ACTIONS, Action, Verb
from cases.selectors.filters import BULK_LIMIT
from cases.web.actions import FORMS, titled
from cases.web.forms.balance import BalanceForm
from cases.web.forms.receipts import ReceiptForm

#: What can be done with many cases at once, in the order in which it is offered.
BULK_BUTTONS = titled([spec.key for spec in BULK_ACTIONS])


def bulk_action_form(action: Action, data: Any, files: Any, cases: list[Case], members: list[User]) -> Any:
    """The form of an act over these cases, laid out for one that the carrier has, where there is one."""
    if action is Action.RECEIPTS:
        return ReceiptForm(data, files)
    example = next((case for case in cases if case.state in STATUSES_WITH_CARRIER), cases[0])
    form = FORMS[action](data, case=example, members=members)
    if isinstance(form, BalanceForm):
        form.leave_out_balance()
    form.part = ""  # type: ignore[misc]  # what one card's page lays out is about that card
    return form


def verb_of(form: Any) -> Verb:
    verb: Verb = form.verb()
    return verb


class CaseSelectionForm(forms.Form):
    """Which cases: their references, one after the other."""

    references = forms.CharField(widget=forms.HiddenInput, max_length=14 * BULK_LIMIT)
