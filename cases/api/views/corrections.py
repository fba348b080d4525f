"""Corrections of a case's timeline: undo, void, amend and move an entry."""

from cases.api import lookups
from cases.api.auth import require_right
from cases.api.conditional import expected_version
from cases.api.instance import api
from cases.api.request import ApiRequest
from cases.api.responses import perform_action, serialize_case_with_etag
from cases.api.schemas.cases import CaseOut
from cases.api.schemas.corrections import AmendEntryIn, MoveEntryIn, VoidEntryIn
from cases.domain.roles import Right
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
