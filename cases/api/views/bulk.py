"""In bulk: many cases logged, one verb over many cases; each is done, or named with why not."""

from contextlib import suppress
from typing import Annotated, Any

from pydantic import Field, create_model

from cases import operations as ops
from cases import selectors
from cases.api.auth import ApiRequest
from cases.api.idempotency import click
from cases.api.instance import api
from cases.api.problem_details import ApiError, NothingHere, renamed
from cases.api.schemas import actions
from cases.api.schemas.fields import Asked, Told, text
from cases.api.views.batches import CaseRefusal, WhyNot, why
from cases.api.views.cases import CaseAsked
from cases.api.views.receipts import form_of, handed_in
from cases.domain.errors import CaseError, gettext_noop
from cases.models import Carrier, Case, User
from cases.operations import Action, Verb, open_cases
from cases.operations.verification import store_all
from cases.selectors.filters import MOST_AT_ONCE

TAGS = ["bulk"]
References = Annotated[
    list[Annotated[str, text(20)]], Field(min_length=1, max_length=MOST_AT_ONCE, examples=[["XK-7QF2M4ZP"]])
]
#: What can be done with many cases at once, as on the pages.
ACTS: dict[Action, tuple[str, type[actions.ActAsked]]] = {
    Action.FOLLOW_UP: ("Record a follow-up on many cases", actions.FollowUpAsked),
    Action.REPLY: ("Record a reply on many cases", actions.ReplyAsked),
    Action.VERIFY: ("Record a check of many numbers", actions.VerifyAsked),
    Action.HAND_OVER: ("Hand over many cases", actions.HandOverAsked),
    Action.SNOOZE: ("Keep many cases quiet", actions.SnoozeAsked),
    Action.WITHDRAW: ("Withdraw many cases", actions.WithdrawAsked),
}


class WrongReferences(ApiError):
    status = 422
    code = "wrong_references"
    message = gettext_noop("Send 1 to %(most)s references of cases.")
    field = "references"


class Done(Told):
    done: list[str] = Field(description="References of the cases that it was done with.")
    refused: list[CaseRefusal]


def perform(request: ApiRequest, verb: Verb, references: list[str]) -> Done:
    """Does it, in chunks that commit one by one. A reference that is none of the team's is refused by name."""
    cases = list(selectors.cases_of(request.team).filter(reference__in=references))
    outcome = ops.perform(verb, cases, by=request.user, now=request.now, click=click(request))
    known = {case.reference for case in cases}
    strangers = [reference for reference in dict.fromkeys(references) if reference not in known]
    return Done(
        done=[case.reference for case in outcome.done],
        refused=[
            *(CaseRefusal(reference=case.reference, problem=why(error)) for case, error in outcome.refused),
            *(CaseRefusal(reference=reference, problem=why(NothingHere())) for reference in strangers),
        ],
    )


def _register(action: Action, summary: str, asked: type[actions.ActAsked]) -> None:
    def endpoint(request: ApiRequest, data: Any) -> Done:
        return perform(request, data.act.verb(request), data.references)

    sent = create_model(
        f"Many{asked.__name__}", __base__=Asked, references=(References, ...), act=(asked, ...), __doc__=asked.__doc__
    )
    endpoint.__name__ = f"bulk_{action.value.replace('-', '_')}"
    endpoint.__doc__ = f"{asked.__doc__} Each case is done, or named with why not."
    endpoint.__annotations__["data"] = sent
    names_others = action is Action.HAND_OVER
    extra = {"x-names-others": names_others}
    api.post(f"bulk/{action.value}", response=Done, tags=TAGS, summary=summary, openapi_extra=extra)(endpoint)


for _action, (_summary, _asked) in ACTS.items():
    _register(_action, _summary, _asked)


@api.post(
    "bulk/receipts",
    response=Done,
    tags=TAGS,
    summary="Hand in receipts for many cases",
    openapi_extra=form_of(references=True),
)
def bulk_receipts(request: ApiRequest) -> Done:
    """Stored once, on the record of every case."""
    with renamed(uploads="files"):
        asked, files = handed_in(request)
    references = request.POST.get("references", "").split()[: MOST_AT_ONCE + 1]
    if not references or len(references) > MOST_AT_ONCE:
        raise WrongReferences(most=MOST_AT_ONCE)
    with renamed(uploads="files"):
        stored = store_all(request.team.pk, files, kind=asked.kind.value, now=request.now, text=asked.text)
    return perform(request, ops.AttachReceipts(stored, asked.words), references)


class ManyCasesAsked(Asked):
    """Requests to log, in their order."""

    items: Annotated[list[CaseAsked], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Logged(Told):
    """What became of one of them."""

    index: int = Field(description="Its place in what was sent, from 0.")
    reference: str | None = Field(description="The case; null where it was refused.")
    problem: WhyNot | None


class ManyLogged(Told):
    items: list[Logged]


@api.post("bulk/cases", response=ManyLogged, tags=TAGS, summary="Log many cases")
def log_many(request: ApiRequest, data: ManyCasesAsked) -> ManyLogged:
    """Each is logged, or named with why not; the others go on."""
    carriers = {carrier.slug: carrier for carrier in Carrier.objects.all()}
    workers = {user.pk: user for user in selectors.workers_of(request.team)}
    told: dict[int, Case | CaseError] = {
        at: NothingHere()
        for at, item in enumerate(data.items)
        if item.carrier not in carriers or (item.handler and item.handler not in workers)
    }
    good = [at for at in range(len(data.items)) if at not in told]
    requests = [_request(request, data.items[at], carriers, workers) for at in good]
    logged = open_cases.log_many(request.team, requests, by=request.user, now=request.now, click=click(request))
    told |= dict(zip(good, logged, strict=True))
    return ManyLogged(items=[_told(at, told[at]) for at in range(len(data.items))])


def _request(
    request: ApiRequest, item: CaseAsked, carriers: dict[str, Carrier], workers: dict[int, User]
) -> open_cases.Request:
    return open_cases.Request(
        item.number,
        carriers[item.carrier],
        item.reason.value,
        item.channel.value,
        facts=item.facts(),
        handler=workers[item.handler] if item.handler else request.user,
        words=item.words,
        ready=tuple(item.ready),
        submitted_at=item.submitted_at,
        reference=item.reference,
    )


def _told(at: int, logged: Case | CaseError) -> Logged:
    if isinstance(logged, CaseError):
        with suppress(CaseError), renamed(happened_at="submitted_at"):
            raise logged
        return Logged(index=at, reference=None, problem=why(logged))
    return Logged(index=at, reference=logged.reference, problem=None)
