"""The last act over many cases undone as a whole, each case that has moved on named."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cases import operations as ops
from cases import tasks
from cases.domain.corrections import MovedOn, NothingToUndo, UndoTooLate
from cases.models import CardImport, Carrier, Case, Team, User
from cases.operations import act_undo
from cases.operations.act_undo import ActUndone, can_undo_act, undo_act
from cases.operations.batches import BatchReply, NewBatch, record_batch_reply, submit_batch
from cases.operations.engine.act_tokens import import_token
from tests.helpers import CaseDriver, at

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NUMBERS = ["13800138001", "13800138002", "13800138003"]
TOKEN = UUID("11111111-1111-4111-8111-111111111111")


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Receipts go into the test's own folder."""


def undo(by: User, now: str, token: UUID = TOKEN) -> ActUndone:
    return undo_act(token, by=by, now=at(now), words="误操作")


def statuses(*drivers: CaseDriver) -> list[str]:
    return [driver.status for driver in drivers]


@pytest.fixture
def several(new_driver: Callable[..., CaseDriver]) -> list[CaseDriver]:
    return [new_driver(number, submitted="2026-09-30T15:00") for number in NUMBERS]


def test_a_bulk_action_is_undone_but_where_a_case_has_moved_on(
    several: list[CaseDriver], manager: User, agent: User
) -> None:
    cases = [driver.case for driver in several]
    returned = ops.Returned(at("2026-10-09T09:00"), reason="papers")
    ops.perform(returned, cases, by=manager, now=at("2026-10-09T09:05"), submit_token=TOKEN)
    several[1].do(ops.Submit(at("2026-10-09T09:07")), "2026-10-09T09:08", by=agent)
    outcome = undo(manager, "2026-10-09T09:15")
    assert [case.pk for case in outcome.undone] == [cases[0].pk, cases[2].pk]
    ((left, error),) = outcome.left
    assert (left.pk, type(error), error.params["entry"], str(error.params["what"])) == (
        cases[1].pk,
        MovedOn,
        4,
        "resubmitted",
    )
    assert statuses(*several) == ["submitted", "submitted", "submitted"]
    assert [driver.reply_by for driver in several] == ["2026-10-14 00:00", several[1].reply_by, "2026-10-14 00:00"]
    assert several[0].kinds == ["logged", "submitted", "returned", "voided"]


def test_only_for_ten_minutes_only_once_and_only_ones_own(
    several: list[CaseDriver], manager: User, agent: User
) -> None:
    verb = ops.FollowUp(at("2026-10-09T09:00"))
    ops.perform(verb, [d.case for d in several], by=manager, now=at("2026-10-09T09:05"), submit_token=TOKEN)
    assert can_undo_act(TOKEN, manager, at("2026-10-09T09:15"))
    assert not can_undo_act(TOKEN, manager, at("2026-10-09T09:16"))
    assert not can_undo_act(TOKEN, agent, at("2026-10-09T09:06"))
    assert not can_undo_act(uuid4(), manager, at("2026-10-09T09:06"))
    with pytest.raises(UndoTooLate):
        undo(manager, "2026-10-09T09:16")
    with pytest.raises(NothingToUndo):
        undo(agent, "2026-10-09T09:06")
    assert len(undo(manager, "2026-10-09T09:10").undone) == 3
    with pytest.raises(NothingToUndo):
        undo(manager, "2026-10-09T09:11")


def test_a_batch_is_undone_with_its_receipts_and_its_new_cases_are_withdrawn(
    team: Team, mobile: Carrier, manager: User, new_driver: Callable[..., CaseDriver]
) -> None:
    draft = new_driver(NUMBERS[0], now="2026-09-30T15:00")
    new_batch = NewBatch(
        mobile,
        NUMBERS,
        channel="letter",
        reason="cost",
        submitted_at=at("2026-09-30T16:00"),
        files=[("letter.pdf", PDF)],
    )
    submit_batch(team, new_batch, by=manager, now=at("2026-09-30T16:05"), submit_token=TOKEN)
    assert draft.kinds == ["logged", "submitted", "receipt"]
    outcome = undo(manager, "2026-09-30T16:10")
    assert [case.pk for case in outcome.undone] == [draft.case.pk]
    assert len(outcome.withdrawn) == 2
    assert outcome.left == []
    assert draft.kinds == ["logged", "submitted", "receipt", "voided", "voided"]
    assert (draft.status, draft.fresh().batch_id, draft.reply_by) == ("draft", None, None)
    others = Case.objects.exclude(pk=draft.case.pk)
    assert {case.status for case in others} == {"withdrawn"}


def test_the_reply_to_a_batch_is_undone(team: Team, mobile: Carrier, manager: User) -> None:
    new_batch = NewBatch(mobile, NUMBERS, channel="letter", reason="cost", submitted_at=at("2026-09-30T16:00"))
    batch = submit_batch(team, new_batch, by=manager, now=at("2026-09-30T16:05")).batch
    reply = BatchReply(at("2026-10-09T09:00"), done=NUMBERS[:1], others={NUMBERS[1]: "缺材料"}, others_kind="returned")
    record_batch_reply(batch, reply, by=manager, now=at("2026-10-09T09:05"), submit_token=TOKEN)
    outcome = undo(manager, "2026-10-09T09:06")
    assert len(outcome.undone) == 2
    assert {case.status for case in Case.objects.all()} == {"submitted"}
    assert {case.reported_done_at for case in Case.objects.all()} == {None}


def test_an_import_withdraws_the_cases_that_it_opened(bring: Callable[..., CardImport], manager: User) -> None:
    imported = bring("13800138001,中国移动,,,2026-09-28 10:00,,", "13800138002,中国移动,,,2026-09-28 10:00,,")
    case = Case.objects.order_by("pk").last()
    assert case is not None
    moment = case.entries.get(sequence=1).recorded_at
    CaseDriver(case, manager).do(ops.FollowUp(moment), moment)
    outcome = undo_act(import_token(imported.pk), by=imported.made_by, now=moment, words="误导入")
    assert (len(outcome.withdrawn), [left.pk for left, _ in outcome.left]) == (1, [case.pk])


def test_a_large_act_is_undone_by_parts(
    several: list[CaseDriver], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    verb = ops.FollowUp(at("2026-10-09T09:00"))
    ops.perform(verb, [d.case for d in several], by=manager, now=at("2026-10-09T09:05"), submit_token=TOKEN)
    monkeypatch.setattr(act_undo, "CHUNK", 1)
    monkeypatch.setattr(tasks, "IMPORT_SECONDS", -1)
    queued: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks.queue, "enqueue", lambda *call: queued.append(call))
    arguments = (str(TOKEN), manager.pk, "2026-10-09T09:06:00+08:00", "误操作")
    tasks.undo_act(*arguments)
    assert queued == [("cases.tasks.undo_act", *arguments)]
    assert sorted(driver.kinds[-1] for driver in several) == ["follow_up", "follow_up", "voided"]
    monkeypatch.setattr(tasks, "IMPORT_SECONDS", 60)
    tasks.undo_act(*arguments)
    assert {driver.kinds[-1] for driver in several} == {"voided"}
