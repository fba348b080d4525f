"""Carriers' messages: handed in, put on a case, recorded with its version, set aside."""

from typing import Any

import pytest

from cases.models import CarrierMessage, Team
from tests.api.conftest import Program
from tests.helpers import at
from tests.web import scenarios

#: Synthetic.
TEXT = "【中国移动】您的号码13800000005的销户申请已受理，受理单号SL9001。"


@pytest.fixture
def message(team: Team) -> CarrierMessage:
    return CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text=TEXT, received_at=at("2026-10-15T10:00"), digest="0" * 64,
        stored_at=at("2026-10-15T10:00"), state="unmatched", meaning="done", reading={"reference": "SL9001"},
    )  # fmt: skip


def test_one_is_handed_in(program: Program, new_driver: scenarios.Make) -> None:
    scenarios.overdue(new_driver)
    sent = {"sender": "10086", "text": TEXT, "received_at": "2026-10-16T09:00:00+08:00"}
    assert program.post("messages", sent, 202) == {"outcome": "kept"}
    assert program.post("messages", sent, 202) == {"outcome": "repeated"}
    code = {**sent, "text": "【中国移动】您的验证码是 482913，请勿告诉他人。"}
    assert program.post("messages", code, 202) == {"outcome": "codes"}
    ahead = program.post("messages", {**sent, "received_at": "2026-10-16T10:02:01+08:00"}, 422)
    assert ahead["errors"][0]["field"] == "received_at"
    program.post("messages", {**sent, "case": "XK-22222222"}, 404)
    assert CarrierMessage.objects.count() == 1


def test_from_the_inbox_to_the_timeline(program: Program, new_driver: scenarios.Make, message: CarrierMessage) -> None:
    driver = scenarios.overdue(new_driver)
    (listed,) = program.get("messages")["items"]
    assert listed["text"] == TEXT.replace("13800000005", "138****0005")
    assert listed["proposed"] == {
        "kind": "reported_done", "promised_on": None, "effective_on": None, "reason": "", "reference": "SL9001",
    }  # fmt: skip
    address = f"messages/{message.pk}"
    assert program.get(f"{address}?numbers=full")["text"] == TEXT
    record: dict[str, Any] = {"kind": "reported_done", "reference": "SL9001"}
    assert program.post(f"{address}/record", record, 409, If_Match="*")["code"] == "no_case_yet"
    assert program.post(f"{address}/case", {"case": driver.case.reference})["state"] == "proposed"
    assert program.post(f"{address}/record", record, 428)["code"] == "if_match_missing"
    program.post(f"{address}/record", {"kind": "promised"}, 422, If_Match="*")
    program.get(f"cases/{driver.case.reference}")
    answer = program.post(f"{address}/record", record, If_Match=program.etag)
    assert (answer["standing"]["kind"], answer["carrier_reference"]) == ("to_verify", "SL9001")
    assert program.get(address)["state"] == "recorded"
    assert program.post(f"{address}/set-aside", {}, 409)["code"] == "message_handled"


def test_a_pending_cancellation_is_recorded_as_one(
    program: Program, new_driver: scenarios.Make, message: CarrierMessage
) -> None:
    driver = scenarios.overdue(new_driver)
    CarrierMessage.objects.update(meaning="precancelled", reading={"promised": "2026-11-20"})
    (listed,) = program.get("messages")["items"]
    assert (listed["proposed"]["kind"], listed["proposed"]["effective_on"]) == ("takes_effect", "2026-11-20")
    address = f"messages/{message.pk}"
    program.post(f"{address}/case", {"case": driver.case.reference})
    refused = program.post(f"{address}/record", {"kind": "takes_effect"}, 422, If_Match="*")
    assert refused["errors"][0]["field"] == "effective_on"
    record = {"kind": "takes_effect", "effective_on": "2026-11-20"}
    answer = program.post(f"{address}/record", record, If_Match="*")
    assert (answer["takes_effect_on"], answer["standing"]["step"]) == ("2026-11-20", "wait_effect")


def test_set_aside(program: Program, message: CarrierMessage) -> None:
    assert program.post(f"messages/{message.pk}/set-aside")["state"] == "set_aside"
    assert program.get("messages")["items"] == []
    assert [one["id"] for one in program.get("messages?state=set_aside")["items"]] == [message.pk]
    assert [one["id"] for one in program.get("messages?state=all")["items"]] == [message.pk]
