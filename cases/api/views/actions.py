"""Every verb of a case as an endpoint: its schema, its verb, and the case as it stands then."""

from typing import Any

from django.http import HttpResponse

from cases import operations as ops
from cases.api import lookups
from cases.api.auth import ApiRequest, check
from cases.api.conditional import seen
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.schemas import actions
from cases.api.schemas.cases import CaseTold
from cases.api.views.cases import tell_case
from cases.domain.roles import Right
from cases.models import Case
from cases.operations import FOR_MANAGERS, Action, Verb

#: What each verb is called in the contract, and what it is sent; receipts are files and have an endpoint of their own.
ACTS: dict[Action, tuple[str, type[actions.ActAsked]]] = {
    Action.SUBMIT: ("Submit", actions.SubmitAsked),
    Action.REPLY: ("Record a reply", actions.ReplyAsked),
    Action.FOLLOW_UP: ("Record a follow-up", actions.FollowUpAsked),
    Action.VERIFY: ("Record a check of the number", actions.VerifyAsked),
    Action.CONFIRM: ("Confirm as cancelled", actions.ConfirmAsked),
    Action.COMPLAIN: ("Record a complaint", actions.ComplainAsked),
    Action.COMPLAINT_ANSWER: ("Record the answer to a complaint", actions.ComplaintAnswerAsked),
    Action.APPEAL: ("Record an appeal", actions.AppealAsked),
    Action.APPEAL_DECISION: ("Record whether an appeal is taken up", actions.AppealDecisionAsked),
    Action.APPEAL_ANSWER: ("Record the answer to an appeal", actions.AppealAnswerAsked),
    Action.SNOOZE: ("Keep quiet until a day", actions.SnoozeAsked),
    Action.HAND_OVER: ("Hand over", actions.HandOverAsked),
    Action.CORRECT: ("Correct the moment of submission", actions.CorrectAsked),
    Action.WITHDRAW: ("Withdraw", actions.WithdrawAsked),
    Action.REOPEN: ("Open again", actions.ReopenAsked),
    Action.CHECKLIST: ("Tick the checklist", actions.ChecklistAsked),
    Action.CHARGE: ("Note a charge", actions.ChargeAsked),
    Action.BILL: ("Record a look at the bill", actions.BillAsked),
    Action.KEEP: ("Keep, or not", actions.KeepAsked),
    Action.ERASE: ("Erase", actions.EraseAsked),
}


def act(request: ApiRequest, case: Case, verb: Verb, *, guarded: bool) -> CaseTold:
    """Does it, or raises what stands in the way; the case as it stands then."""
    version = seen(request, case, guarded=guarded)
    ops.perform_one(verb, case, by=request.user, now=request.now, click=click(request), seen=version)
    return tell_case(request, lookups.get_case(request, case.reference))


def _register(action: Action, summary: str, asked: type[actions.ActAsked]) -> None:
    def endpoint(request: ApiRequest, reference: str, data: Any) -> CaseTold:
        case = lookups.get_case(request, reference)
        if action in FOR_MANAGERS:
            check(request, Right.MANAGE)
        return act(request, case, data.verb(request), guarded=asked.guarded)

    endpoint.__name__ = action.value.replace("-", "_")
    endpoint.__doc__ = asked.__doc__
    endpoint.__annotations__["data"] = asked
    api.post(
        f"cases/{{slug:reference}}/{action.value}",
        response=CaseTold,
        tags=["verbs"],
        summary=summary,
        openapi_extra={"x-etag": True, "x-guard": asked.guarded},
    )(endpoint)


for _action, (_summary, _asked) in ACTS.items():
    _register(_action, _summary, _asked)


@api.post(
    "cases/{slug:reference}/charges/{int:pk}/refund",
    response=CaseTold,
    tags=["verbs"],
    summary="Note a refund",
    openapi_extra={"x-etag": True, "x-guard": False},
)
def refund(request: ApiRequest, response: HttpResponse, reference: str, pk: int, data: actions.RefundAsked) -> CaseTold:
    """A charge came back on a day."""
    case = lookups.get_case(request, reference)
    charge = lookups.one(case.charges.all(), pk=pk)
    return act(request, case, ops.NoteRefund(charge.pk, data.on, data.words), guarded=False)
