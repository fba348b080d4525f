"""What several endpoints do to respond: a case with its ETag, an action performed, the URL of what was created."""

from django.http import HttpResponse
from django.urls import reverse

from cases import operations as ops
from cases.api import lookups
from cases.api.conditional import expected_version, set_etag_source
from cases.api.request import ApiRequest
from cases.api.schemas.cases import CaseOut, serialize_case
from cases.models import Case
from cases.operations import Verb


def set_location(response: HttpResponse, name: str, **params: object) -> None:
    """Sets the Location header to the URL of an endpoint, by its function's name and path parameters."""
    response["Location"] = reverse(f"api:{name}", kwargs=params)


def serialize_case_with_etag(request: ApiRequest, case: Case, *, full: bool = False) -> CaseOut:
    """The case, with the actions that this token may do; the response gets its ETag."""
    set_etag_source(request, case)
    return serialize_case(case, request.now, role=lookups.acting_role(request), full=full)


def perform_action(request: ApiRequest, case: Case, verb: Verb, *, if_match_required: bool) -> CaseOut:
    """Performs `verb` on the case and returns the case after it. Raises what the verb raises, PreconditionRequired and
    ChangedMeanwhile."""
    version = expected_version(request, case, if_match_required=if_match_required)
    ops.perform_one(
        verb, case, by=request.user, now=request.now, submit_token=request.submit_token, expected_version=version
    )
    return serialize_case_with_etag(request, lookups.get_case(request, case.reference))
