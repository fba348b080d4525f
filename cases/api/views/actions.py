"""Every verb of a case as an endpoint: its schema, its verb, and the case as it is afterwards."""

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
from cases.operations import ACTIONS, ActionSpec


def _register_endpoint(spec: ActionSpec, schema: type[actions.ActionIn]) -> None:
    def endpoint(request: ApiRequest, reference: str, data: Any) -> CaseOut:
        case = lookups.get_case(request, reference)
        require_right(request, spec.right)
        return perform_action(request, case, data.verb(request), if_match_required=spec.verb.guarded)

    endpoint.__name__ = spec.key.name.lower()
    endpoint.__doc__ = schema.__doc__
    endpoint.__annotations__["data"] = schema
    api.post(
        f"cases/{{slug:reference}}/{spec.key.value}",
        response=CaseOut,
        tags=["case actions"],
        summary=spec.summary,
        openapi_extra={"x-etag": True, "x-if-match": spec.verb.guarded},
    )(endpoint)


for _action, _schema in actions.SCHEMAS.items():
    _register_endpoint(ACTIONS[_action], _schema)


@api.post(
    "cases/{slug:reference}/charges/{int:pk}/refund",
    response=CaseOut,
    tags=["case actions"],
    summary="Record a refund",
    openapi_extra={"x-etag": True, "x-if-match": False},
)
def refund(request: ApiRequest, response: HttpResponse, reference: str, pk: int, data: actions.RefundIn) -> CaseOut:
    """The carrier refunded a charge, or nobody goes on claiming it."""
    case = lookups.get_case(request, reference)
    charge = lookups.get_or_404(case.charges.all(), pk=pk)
    verb = ops.RecordRefund(charge.pk, data.on, data.words, written_off=data.written_off)
    return perform_action(request, case, verb, if_match_required=False)
