"""Entries undone, voided, amended and moved by programs; it is Friday 2026-10-16 at 10:00."""

from collections.abc import Callable

from cases import operations as ops
from cases.models import Team, User
from tests.api.conftest import Made, Program
from tests.helpers import CaseDriver, at, on


def entries(program: Program, driver: CaseDriver) -> list[dict[str, object]]:
    return list(program.get(f"cases/{driver.case.reference}/timeline")["items"])


def promise(driver: CaseDriver, moment: str = "2026-10-16T09:55", **options: User) -> str:
    """Records a promise as entry 3; returns the address of that entry."""
    driver.do(ops.Promised(at(moment), promised_on=on("2026-10-20"), words="20日前"), moment, **options)
    return f"cases/{driver.case.reference}/entries/3"


def etag(program: Program, driver: CaseDriver) -> str:
    program.get(f"cases/{driver.case.reference}")
    return program.etag


def test_an_entry_is_undone(program: Program, submitted: CaseDriver) -> None:
    address = promise(submitted)
    case = program.post(f"{address}/undo")
    assert (case["status"], case["reply_by"]) == ("submitted", "2026-10-14T00:00:00+08:00")
    assert program.post(f"{address}/undo", expect=409)["code"] == "already_voided"
    assert program.post(f"cases/{submitted.case.reference}/entries/9/undo", expect=404)["code"] == "no_such_entry"


def test_undoing_is_for_whoever_did_it_and_for_ten_minutes(
    program: Program, submitted: CaseDriver, new_driver: Callable[..., CaseDriver], agent: User
) -> None:
    late = new_driver("13900139000", submitted="2026-09-30T15:00")
    assert program.post(f"{promise(submitted, by=agent)}/undo", expect=403)["code"] == "undone_by_others"
    assert program.post(f"{promise(late, '2026-10-16T09:49')}/undo", expect=409)["code"] == "undo_too_late"


def test_an_entry_is_voided_and_stays_on_the_timeline(program: Program, submitted: CaseDriver) -> None:
    address = promise(submitted, "2026-10-12T09:00")
    program.post(f"{address}/void", {"words": "听错"}, expect=428)
    case = program.post(f"{address}/void", {"words": "听错"}, If_Match=etag(program, submitted))
    assert case["promised_on"] is None
    old, correction = entries(program, submitted)[2:]
    assert (old["kind"], old["words"], old["voided_by"], old["amended_by"]) == ("promised", "20日前", 4, [])
    assert (correction["kind"], correction["title"], correction["words"]) == (
        "voided", "Voided entry 3 (Carrier promised a date)", "听错",
    )  # fmt: skip
    assert correction["content"]["corrects"] == 3  # type: ignore[index]
    assert program.get(f"cases/{submitted.case.reference}/timeline?limit=3")["items"][2]["voided_by"] == 4


def test_an_agent_voids_their_own_of_today(program_of: Made, submitted: CaseDriver, agent: User, team: Team) -> None:
    program = program_of(agent, team)
    address = promise(submitted, "2026-10-15T09:00", by=agent)
    refused = program.post(f"{address}/void", {"words": "听错"}, expect=403, If_Match="*")
    assert refused["code"] == "correction_needs_manager"


def test_what_stands_in_the_way_is_named(program: Program, submitted: CaseDriver) -> None:
    submitted.do(ops.Returned(at("2026-10-12T09:00"), reason="papers"), "2026-10-12T09:00")
    submitted.do(ops.Submit(at("2026-10-13T09:00")), "2026-10-13T09:00")
    address = f"cases/{submitted.case.reference}/entries/3"
    refused = program.post(f"{address}/void", {"words": "记错"}, expect=409, If_Match="*")
    assert refused["code"] == "entry_in_the_way"
    assert refused["detail"] == ("Entry 4 (Submitted again, recorded on 13 Oct) rests on this one. Void entry 4 first.")


def test_parts_of_an_entry_are_corrected(program: Program, submitted: CaseDriver) -> None:
    address = promise(submitted)
    sent = {"promised_on": "2026-10-21", "happened_at": "2026-10-16T09:30:00+08:00", "words": "听错"}
    case = program.post(f"{address}/amend", sent, If_Match="*")
    assert (case["promised_on"], case["reply_by"]) == ("2026-10-21", "2026-10-22T00:00:00+08:00")
    old, correction = entries(program, submitted)[2:]
    assert (old["amended_by"], old["voided_by"]) == ([4], None)
    assert correction["content"]["changes"] == {  # type: ignore[index]
        "at": "2026-10-16T09:30:00+08:00", "promised_on": "2026-10-21",
    }  # fmt: skip
    for wrong, status, code in (
        ({"promised_on": "2026-10-01"}, 422, "promise_in_the_past"),
        ({"reason": "papers"}, 409, "nothing_amendable"),
        ({"happened_at": "2026-10-16T09:59:00+08:00"}, 422, "after_recording"),
        ({}, 409, "nothing_amended"),
    ):
        assert program.post(f"{address}/amend", {**wrong, "words": "x"}, expect=status, If_Match="*")["code"] == code
    first = f"cases/{submitted.case.reference}/entries/1/amend"
    assert (
        program.post(first, {"reason": "papers", "words": "x"}, expect=409, If_Match="*")["code"] == "nothing_amendable"
    )
    assert program.post(first, {"reason": "harassment", "words": "x"}, If_Match="*")["reason"] == "harassment"


def test_a_reply_is_moved(program: Program, submitted: CaseDriver, new_driver: Callable[..., CaseDriver]) -> None:
    right = new_driver("13900139000", submitted="2026-09-30T15:00")
    address = promise(submitted)
    sent = {"case": right.case.reference, "words": "拿错卡"}
    moved = program.post(f"{address}/move", sent, If_Match=etag(program, submitted), Idempotency_Key="k-1")
    assert (moved["reference"], moved["promised_on"]) == (right.case.reference, "2026-10-20")
    again = program.post(f"{address}/move", sent, If_Match="*", Idempotency_Key="k-1")
    assert again == moved
    assert entries(program, submitted)[-1]["title"] == (
        f"Moved entry 3 (Carrier promised a date) to {right.case.reference}"
    )
    assert right.kinds == ["logged", "submitted", "promised"]
    assert program.post(f"{address}/move", {"case": "XK-AAAAAAAA"}, expect=404, If_Match="*")


def test_a_bulk_request_is_undone_by_its_key(program: Program, new_driver: Callable[..., CaseDriver]) -> None:
    drivers = [new_driver(number, submitted="2026-09-30T15:00") for number in ("13900139001", "13900139002")]
    references = [driver.case.reference for driver in drivers]
    body = {"references": references, "act": {"way": "call", "words": "打不通"}}
    program.post("bulk/follow-up", body, Idempotency_Key="calls")
    drivers[1].do(ops.Acknowledged(at("2026-10-16T10:00")), "2026-10-16T10:00")
    undone = program.post("bulk/undo", {"idempotency_key": "calls"})
    assert (undone["undone"], undone["withdrawn"]) == ([references[0]], [])
    assert [(one["reference"], one["problem"]["code"]) for one in undone["left"]] == [(references[1], "moved_on")]
    assert [driver.kinds[-1] for driver in drivers] == ["voided", "acknowledged"]
    assert program.post("bulk/undo", {"idempotency_key": "others"}, expect=409)["code"] == "nothing_to_undo"
