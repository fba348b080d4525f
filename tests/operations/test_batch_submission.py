"""Many requests by one act: one batch, one receipt on the disk, one deadline; the answer as a list of numbers."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cases import operations as ops
from cases.domain.errors import InTheFuture
from cases.models import Batch, Card, Carrier, Case, Receipt, Team, User
from cases.operations import open_cases
from cases.operations.batches import (
    BatchReply,
    BatchResult,
    NewBatch,
    NothingToSubmit,
    record_batch_reply,
    submit_batch,
)
from cases.operations.erasure import Erase
from cases.operations.integrity import first_chain_flaw
from tests.helpers import at, local_str, new_case

SUBMITTED_AT = at("2026-09-30T16:00")
SUBMITTED = at("2026-09-30T15:00")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NUMBERS = ["13800138001", "13800138002", "13800138003"]


def submit(team: Team, carrier: Carrier, by: User, numbers: list[str], **more: Any) -> BatchResult:
    given = {"channel": "letter", "reason": "cost", "submitted_at": SUBMITTED, "reference": "函 2026-7"} | more
    submit_token = given.pop("submit_token", None)
    return submit_batch(team, NewBatch(carrier, numbers, **given), by=by, now=SUBMITTED_AT, submit_token=submit_token)


def error_name(error: Exception) -> str:
    return type(error).__name__


def test_one_act_for_many(team: Team, mobile: Carrier, manager: User, receipts_folder: Path) -> None:
    done = submit(team, mobile, manager, NUMBERS, files=[("letter.pdf", PDF)], words="第一批")
    assert (len(done.cases), done.refused) == (3, [])
    for case in Case.objects.all():
        assert (case.status, case.batch, case.carrier_reference, case.handler) == (
            "submitted", done.batch, "函 2026-7", manager,
        )  # fmt: skip
        assert local_str(case.reply_by) == "2026-10-14 00:00"
        assert [entry.kind for entry in case.entries.order_by("sequence")] == ["logged", "submitted", "receipt"]
        assert first_chain_flaw(case) is None
    assert Card.objects.count() == 3
    assert {receipt.read() for receipt in Receipt.objects.all()} == {PDF}
    assert len([path for path in receipts_folder.rglob("*") if path.is_file()]) == 1


def test_what_stands_in_the_way_is_named_and_the_rest_goes_on(
    team: Team, mobile: Carrier, unicom: Carrier, manager: User
) -> None:
    running = new_case(team, mobile, manager, number=NUMBERS[0], submitted="2026-09-30T15:00")
    draft = new_case(team, mobile, manager, number=NUMBERS[1])
    Card.objects.create(team=team, number="18600000001", carrier=unicom)
    done = submit(team, mobile, manager, [*NUMBERS, "18600000001", NUMBERS[2]])
    assert sorted((number, error_name(error)) for number, error in done.refused) == [
        ("13800138001", "OpenCaseExists"),
        ("18600000001", "OtherCarrier"),
    ]
    assert {case.card.number for case in done.cases} == {"13800138002", "13800138003"}
    draft.refresh_from_db()
    running.refresh_from_db()
    assert (draft.status, draft.batch, running.batch) == ("submitted", done.batch, None)


def test_where_nothing_can_be_handed_in_nothing_is_recorded(team: Team, mobile: Carrier, manager: User) -> None:
    new_case(team, mobile, manager, number=NUMBERS[0], submitted="2026-09-30T15:00")
    with pytest.raises(NothingToSubmit):
        submit(team, mobile, manager, [NUMBERS[0]])
    with pytest.raises(InTheFuture):
        submit(team, mobile, manager, NUMBERS, submitted_at=at("2026-09-30T17:00"))
    assert (Batch.objects.count(), Case.objects.count(), Card.objects.count()) == (0, 1, 1)


def test_the_same_click_twice_is_one_batch(team: Team, mobile: Carrier, manager: User) -> None:
    click = UUID(int=7)
    first = submit(team, mobile, manager, NUMBERS, submit_token=click)
    again = submit(team, mobile, manager, NUMBERS, submit_token=click)
    assert (again.batch, len(again.cases)) == (first.batch, 3)
    assert (Batch.objects.count(), Case.objects.count()) == (1, 3)


def test_numbers_of_another_team_are_nobodys_here(
    team: Team, other_team: Team, mobile: Carrier, manager: User, stranger: User
) -> None:
    theirs = new_case(other_team, mobile, stranger, number=NUMBERS[0], submitted="2026-09-30T15:00")
    done = submit(team, mobile, manager, NUMBERS[:1])
    assert done.cases[0].pk != theirs.pk
    theirs.refresh_from_db()
    assert theirs.batch is None


def test_the_answer_says_done_for_some_and_why_not_for_others(team: Team, mobile: Carrier, manager: User) -> None:
    batch = submit(team, mobile, manager, NUMBERS).batch
    answer = BatchReply(
        at("2026-10-09T10:00"),
        done=[NUMBERS[0], "13900139000"],
        others={NUMBERS[1]: "欠费 12 元"},
        others_kind="returned",
    )
    became = record_batch_reply(batch, answer, by=manager, now=at("2026-10-09T11:00"), submit_token=UUID(int=9))
    assert ([c.card.number for c in became.done], [c.card.number for c in became.others]) == (NUMBERS[:1], NUMBERS[1:2])
    assert (became.unknown_numbers, became.left, became.refused) == (["13900139000"], 1, [])
    first, second, third = Case.objects.order_by("card__number")
    assert local_str(first.reported_done_at) == "2026-10-09 10:00"
    assert (second.status, second.return_reason) == ("returned", "other")
    assert second.entries.latest("sequence").content.body["words"] == "欠费 12 元"
    assert (third.status, third.entry_count) == ("submitted", 2)
    again = record_batch_reply(batch, answer, by=manager, now=at("2026-10-09T11:05"), submit_token=UUID(int=9))
    assert again.refused == []
    assert [case.entry_count for case in Case.objects.order_by("card__number")] == [3, 3, 2]


def test_one_check_of_the_numbers_confirms_a_selection(team: Team, mobile: Carrier, manager: User) -> None:
    done = submit(team, mobile, manager, NUMBERS)
    verify = ops.Verify(at("2026-10-09T12:00"), method="hotline", finding="cancelled", confirm=True)
    ops.perform(verify, done.cases[:2], by=manager, now=at("2026-10-09T12:00"))
    assert sorted(case.status for case in Case.objects.all()) == ["confirmed", "confirmed", "submitted"]


def test_with_the_last_of_its_cases_its_words_are_erased(
    team: Team, mobile: Carrier, manager: User, receipts_folder: Path
) -> None:
    done = submit(team, mobile, manager, NUMBERS[:2], words="第一批")
    ops.perform(ops.Withdraw("x"), done.cases, by=manager, now=SUBMITTED_AT)
    for case, words in zip(done.cases, ("第一批", ""), strict=True):
        ops.perform_one(Erase(), case, by=manager, now=SUBMITTED_AT)
        done.batch.refresh_from_db()
        assert done.batch.words == words


def test_somebody_quicker_takes_one_number_and_not_the_batch(
    team: Team, mobile: Carrier, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = open_cases.open_cases

    def beaten(*arguments: Any, **more: Any) -> Any:
        new_case(team, mobile, manager, number=NUMBERS[1], submitted="2026-09-30T15:00")
        return plain(*arguments, **more)

    monkeypatch.setattr("cases.operations.batches.open_cases", beaten)
    done = submit(team, mobile, manager, NUMBERS)
    assert [case.card.number for case in done.cases] == [NUMBERS[0], NUMBERS[2]]
    assert [(number, error_name(error)) for number, error in done.refused] == [(NUMBERS[1], "OpenCaseExists")]
