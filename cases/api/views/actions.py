"""Every verb of a case as an endpoint: its schema, its verb, and the case as it stands then."""

from typing import Any

from django.http import HttpResponse

from cases import operations as ops
from cases.api import lookups
from cases.api.auth import require_right
from cases.api.instance import api
from cases.api.request import ApiRequest
from cases.api.responses import perform_action
from cases.api.schemas import actions
from cases.api.schemas.cases import CaseOut
from cases.domain.roles import Right
from cases.operations import MANAGER_ACTIONS, Action

#: What each verb is called in the contract, and what it is sent; receipts are files and have an endpoint of their own.
CASE_ACTIONS: dict[Action, tuple[str, type[actions.ActionIn]]] = {
    Action.SUBMIT: ("Submit", actions.SubmitIn),
    Action.REPLY: ("Record a reply", actions.ReplyIn),
    Action.FOLLOW_UP: ("Record a follow-up", actions.FollowUpIn),
    Action.VERIFY: ("Record a check of the number", actions.VerifyIn),
    Action.CONFIRM: ("Confirm as cancelled", actions.ConfirmIn),
    Action.COMPLAIN: ("Record a complaint", actions.ComplainIn),
    Action.COMPLAINT_ANSWER: ("Record the answer to a complaint", actions.ComplaintAnswerIn),
    Action.APPEAL: ("Record an appeal", actions.AppealIn),
    Action.APPEAL_DECISION: ("Record whether an appeal is taken up", actions.AppealDecisionIn),
    Action.APPEAL_ANSWER: ("Record the answer to an appeal", actions.AppealAnswerIn),
    Action.SNOOZE: ("Keep quiet until a day", actions.SnoozeIn),
    Action.HAND_OVER: ("Hand over", actions.HandOverIn),
    Action.CORRECT: ("Correct the moment of submission", actions.CorrectIn),
    Action.WITHDRAW: ("Withdraw", actions.WithdrawIn),
    Action.REOPEN: ("Open again", actions.ReopenIn),
    Action.CHECKLIST: ("Tick the checklist", actions.ChecklistIn),
    Action.CHARGE: ("Note a charge", actions.ChargeIn),
    Action.BILL: ("Record a look at the bill", actions.BillIn),
    Action.KEEP: ("Keep, or not", actions.KeepIn),
    Action.ERASE: ("Erase", actions.EraseIn),
}


def _register_endpoint(action: Action, summary: str, schema: type[actions.ActionIn]) -> None:
    def endpoint(request: ApiRequest, reference: str, data: Any) -> CaseOut:
        case = lookups.get_case(request, reference)
        if action in MANAGER_ACTIONS:
            require_right(request, Right.MANAGE)
        return perform_action(request, case, data.verb(request), if_match_required=schema.requires_if_match)

    endpoint.__name__ = action.value.replace("-", "_")
    endpoint.__doc__ = schema.__doc__
    endpoint.__annotations__["data"] = schema
    api.post(
        f"cases/{{slug:reference}}/{action.value}",
        response=CaseOut,
        tags=["verbs"],
        summary=summary,
        openapi_extra={"x-etag": True, "x-if-match": schema.requires_if_match},
    )(endpoint)


for _action, (_summary, _schema) in CASE_ACTIONS.items():
    _register_endpoint(_action, _summary, _schema)


@api.post(
    "cases/{slug:reference}/charges/{int:pk}/refund",
    response=CaseOut,
    tags=["verbs"],
    summary="Note a refund",
    openapi_extra={"x-etag": True, "x-if-match": False},
)
def refund(request: ApiRequest, response: HttpResponse, reference: str, pk: int, data: actions.RefundIn) -> CaseOut:
    """A charge came back on a day."""
    case = lookups.get_case(request, reference)
    charge = lookups.get_or_404(case.charges.all(), pk=pk)
    return perform_action(request, case, ops.RecordRefund(charge.pk, data.on, data.words), if_match_required=False)
