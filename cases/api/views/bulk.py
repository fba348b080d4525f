"""Bulk actions: logging several cancellations, one verb on several cases. Refusals are listed with the reason."""

from typing import Annotated, Any

from pydantic import Field, create_model

from cases import operations as ops
from cases import selectors
from cases.api.instance import api
from cases.api.problem_details import ApiError, NotFound
from cases.api.request import ApiRequest
from cases.api.schemas import actions
from cases.api.schemas.cases import NewCaseIn
from cases.api.schemas.common import CaseRefusalOut, RefusalProblemOut, serialize_problem
from cases.api.schemas.fields import SchemaIn, SchemaOut, bounded_text
from cases.api.uploads import read_receipt_form, receipt_form_schema
from cases.domain.errors import CaseError, gettext_noop
from cases.models import Carrier, Case
from cases.operations import BULK_ACTIONS, ActionSpec, Verb
from cases.operations.actions import Bulk
from cases.operations.open_cases import open_cases
from cases.operations.receipts import store_receipts
from cases.selectors.filters import BULK_LIMIT

TAGS = ["bulk actions"]
References = Annotated[
    list[Annotated[str, bounded_text(20)]], Field(min_length=1, max_length=BULK_LIMIT, examples=[["XK-7QF2M4ZP"]])
]


class InvalidReferences(ApiError):
    status = 422
    code = "wrong_references"
    message = gettext_noop("Send 1 to %(most)s case references.")
    field = "references"


class BulkResultOut(SchemaOut):
    done: list[str] = Field(description="References of the cases it was done for.")
    refused: list[CaseRefusalOut]


def perform_on_many(request: ApiRequest, verb: Verb, references: list[str]) -> BulkResultOut:
    """Does it, in chunks that commit one by one. A reference that is none of the team's is refused by name."""
    cases = list(selectors.cases_of(request.team).filter(reference__in=references))
    outcome = ops.perform(verb, cases, by=request.user, now=request.now, submit_token=request.submit_token)
    team_references = {case.reference for case in cases}
    unknown_references = [reference for reference in dict.fromkeys(references) if reference not in team_references]
    return BulkResultOut(
        done=[case.reference for case in outcome.done],
        refused=[
            *(
                CaseRefusalOut(reference=case.reference, problem=serialize_problem(error))
                for case, error in outcome.refused
            ),
            *(
                CaseRefusalOut(reference=reference, problem=serialize_problem(NotFound()))
                for reference in unknown_references
            ),
        ],
    )


def _register_endpoint(spec: ActionSpec, bulk: Bulk, schema: type[actions.ActionIn]) -> None:
    def endpoint(request: ApiRequest, data: Any) -> BulkResultOut:
        return perform_on_many(request, data.act.verb(request), data.references)

    body_schema = create_model(
        f"Many{schema.__name__}",
        __base__=SchemaIn,
        references=(References, ...),
        act=(schema, ...),
        __doc__=schema.__doc__,
    )
    endpoint.__name__ = f"bulk_{spec.key.name.lower()}"
    endpoint.__doc__ = f"{schema.__doc__} Each case is updated, or listed with the reason."
    endpoint.__annotations__["data"] = body_schema
    extra = {"x-404": spec.needs_members}
    path = f"bulk/{spec.key.value}"
    api.post(path, response=BulkResultOut, tags=TAGS, summary=bulk.summary, openapi_extra=extra)(endpoint)


for _spec in BULK_ACTIONS:
    if _spec.bulk and _spec.key in actions.SCHEMAS:
        _register_endpoint(_spec, _spec.bulk, actions.SCHEMAS[_spec.key])


@api.post(
    "bulk/receipts",
    response=BulkResultOut,
    tags=TAGS,
    summary="Upload receipts to several cases",
    openapi_extra=receipt_form_schema(references=True),
)
def bulk_receipts(request: ApiRequest) -> BulkResultOut:
    """Each file is stored once and added to the record of every case."""
    request.error_fields = {"uploads": "files"}
    form, files = read_receipt_form(request)
    references = request.POST.get("references", "").split()[: BULK_LIMIT + 1]
    if not references or len(references) > BULK_LIMIT:
        raise InvalidReferences(most=BULK_LIMIT)
    stored = store_receipts(request.team.pk, files, kind=form.kind.value, now=request.now, text=form.text)
    return perform_on_many(request, ops.AttachReceipts(stored, form.words), references)


class NewCasesIn(SchemaIn):
    """Cancellations to log, in this order."""

    items: Annotated[list[NewCaseIn], Field(min_length=1, max_length=BULK_LIMIT)]


class NewCaseResultOut(SchemaOut):
    """The result for one of them."""

    index: int = Field(description="Its position in the request, from 0.")
    reference: str | None = Field(description="The case; null if it was refused.")
    problem: RefusalProblemOut | None


class NewCaseResultsOut(SchemaOut):
    items: list[NewCaseResultOut]


@api.post("bulk/cases", response=NewCaseResultsOut, tags=TAGS, summary="Log several cancellations")
def log_many(request: ApiRequest, data: NewCasesIn) -> NewCaseResultsOut:
    """Each is logged, or listed with the reason; a refusal does not affect the others."""
    carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
    workers = {user.pk: user for user in selectors.assignable_users(request.team)}
    results: dict[int, Case | CaseError] = {
        index: NotFound()
        for index, item in enumerate(data.items)
        if item.carrier not in carriers or (item.handler and item.handler not in workers)
    }
    valid_indexes = [index for index in range(len(data.items)) if index not in results]
    new_cases = [
        item.new_case(carriers[item.carrier], workers[item.handler] if item.handler else request.user)
        for item in (data.items[index] for index in valid_indexes)
    ]
    outcomes = open_cases(request.team, new_cases, by=request.user, now=request.now, submit_token=request.submit_token)
    results |= dict(zip(valid_indexes, outcomes, strict=True))
    return NewCaseResultsOut(items=[_serialize_result(index, results[index]) for index in range(len(data.items))])


def _serialize_result(index: int, outcome: Case | CaseError) -> NewCaseResultOut:
    if isinstance(outcome, CaseError):
        problem = serialize_problem(outcome, {"happened_at": "submitted_at"})
        return NewCaseResultOut(index=index, reference=None, problem=problem)
    return NewCaseResultOut(index=index, reference=outcome.reference, problem=None)
