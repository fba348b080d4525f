"""Corrections of a case's timeline: undo, void, amend and move an entry."""

from django.utils.translation import gettext as _

from cases.api import lookups
from cases.api.auth import require_right
from cases.api.conditional import expected_version
from cases.api.idempotency import submit_token_of
from cases.api.instance import api
from cases.api.request import ApiRequest
from cases.api.responses import perform_action, serialize_case_with_etag
from cases.api.schemas.cases import CaseOut
from cases.api.schemas.common import CaseRefusalOut, serialize_problem
from cases.api.schemas.corrections import AmendEntryIn, MoveEntryIn, UndoActIn, UndoActOut, VoidEntryIn
from cases.domain.roles import Right
from cases.operations.act_undo import undo_act
from cases.operations.corrections import UndoEntry
from cases.operations.moved_entries import EntryMove, move_entry

TAGS = ["timeline corrections"]


@api.post(
    "cases/{slug:reference}/entries/{int:sequence}/undo",
    response=CaseOut,
    tags=TAGS,
    summary="Undo an entry",
    openapi_extra={"x-etag": True, "x-if-match": False},
)
def undo_entry(request: ApiRequest, reference: str, sequence: int) -> CaseOut:
    """Possible for ten minutes after it was recorded, for whoever recorded it."""
    case = lookups.get_case(request, reference)
    return perform_action(request, case, UndoEntry(sequence), if_match_required=False)


@api.post(
    "cases/{slug:reference}/entries/{int:sequence}/void",
    response=CaseOut,
    tags=TAGS,
    summary="Void an entry",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def void_entry(request: ApiRequest, reference: str, sequence: int, data: VoidEntryIn) -> CaseOut:
    """For case workers their own entries of today, for managers any. 409 names an entry that rests on this one."""
    case = lookups.get_case(request, reference)
    return perform_action(request, case, data.verb(sequence), if_match_required=True)


@api.post(
    "cases/{slug:reference}/entries/{int:sequence}/amend",
    response=CaseOut,
    tags=TAGS,
    summary="Correct an entry",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def amend_entry(request: ApiRequest, reference: str, sequence: int, data: AmendEntryIn) -> CaseOut:
    """The timeline keeps the entry as it was, and what was corrected; deadlines follow."""
    case = lookups.get_case(request, reference)
    return perform_action(request, case, data.verb(sequence), if_match_required=True)


@api.post(
    "cases/{slug:reference}/entries/{int:sequence}/move",
    response=CaseOut,
    tags=TAGS,
    summary="Move an entry to another case",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def move_entry_to_case(request: ApiRequest, reference: str, sequence: int, data: MoveEntryIn) -> CaseOut:
    """It is voided here and recorded there, with its receipts and its SMS. Returns the other case."""
    case, target = lookups.get_case(request, reference), lookups.get_case(request, data.case)
    require_right(request, Right.WORK)
    version = expected_version(request, case, if_match_required=True)
    move_entry(
        case,
        EntryMove(sequence, target, data.words),
        by=request.user,
        now=request.now,
        submit_token=request.submit_token,
        expected_version=version,
    )
    return serialize_case_with_etag(request, lookups.get_case(request, target.reference))


@api.post("bulk/undo", response=UndoActOut, tags=["bulk actions"], summary="Undo a request over several cases")
def bulk_undo(request: ApiRequest, data: UndoActIn) -> UndoActOut:
    """Possible for ten minutes. A case on which something else was recorded since is left as it is, and listed."""
    token = submit_token_of(request, data.idempotency_key)
    outcome = undo_act(token, by=request.user, now=request.now, words=_("Logged by mistake"))
    return UndoActOut(
        undone=[case.reference for case in outcome.undone],
        withdrawn=[case.reference for case in outcome.withdrawn],
        left=[
            CaseRefusalOut(reference=case.reference, problem=serialize_problem(error)) for case, error in outcome.left
        ],
    )
