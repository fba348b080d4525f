"""The parts of one long SMS, put together by sender and time. Every text is synthetic."""

from collections.abc import Sequence
from typing import Any

import pytest

from cases.formats.sms.types import Sms
from cases.inbox import long_sms
from cases.inbox.ingest import Incoming, MessageOrigin, ingest
from cases.inbox.process import process_stored
from cases.models import CarrierMessage, Forwarder, Team, User
from cases.models.choices import MessageSource
from tests.helpers import CaseDriver, at, run_concurrently

pytestmark = pytest.mark.django_db

FIRST = "(1/2)【中国移动】尊敬的客户,您的号码13800138000的销户申请"
SECOND = "(2/2)已受理,受理单号:YD20261009001。"
WHOLE = "【中国移动】尊敬的客户,您的号码13800138000的销户申请已受理,受理单号:YD20261009001。"


def take(team: Team, *texts: str, when: str = "2026-10-09T10:20", sender: str = "10086", **origin: Any) -> list[str]:
    incoming = [Incoming(Sms(sender, text, at(when))) for text in texts]
    where = MessageOrigin(MessageSource.FORWARDER, **origin)
    return [it.value for it in ingest(team, incoming, where, at(when), on_stored=lambda: None)]


def rows() -> list[tuple[str, str]]:
    return list(CarrierMessage.objects.order_by("pk").values_list("state", "text"))


@pytest.mark.parametrize("texts", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "the second first"])
def test_they_are_read_as_one(team: Team, submitted: CaseDriver, texts: Sequence[str]) -> None:
    assert take(team, *texts) == ["kept", "kept"]
    assert process_stored(at("2026-10-09T10:21")) == {"recorded": 1}
    first = CarrierMessage.objects.get(state="recorded")
    part = CarrierMessage.objects.get(state="part")
    assert (first.text, part.part_of, list(first.parts.all())) == (WHOLE, first, [part])
    assert submitted.fresh().carrier_reference == "YD20261009001"
    assert submitted.last_content["words"] == WHOLE
    assert submitted.chain_flaw is None
    assert process_stored(at("2026-10-09T12:00")) == {}


def test_the_first_waits_for_the_second(team: Team, submitted: CaseDriver) -> None:
    take(team, FIRST)
    assert process_stored(at("2026-10-09T10:29")) == {}
    take(team, SECOND, when="2026-10-09T10:29")
    assert process_stored(at("2026-10-09T10:30")) == {"recorded": 1}


def test_the_rest_that_never_comes_leaves_a_proposal(team: Team, submitted: CaseDriver) -> None:
    take(team, "(1/2)【中国移动】您的号码13800138000的销户申请已受理,")
    assert process_stored(at("2026-10-09T10:29")) == {}
    assert process_stored(at("2026-10-09T10:30")) == {"proposed": 1}
    assert submitted.kinds == ["logged", "submitted"]
    # What comes afterwards is read for itself, and what was read stays.
    take(team, "(2/2)请留意后续通知。", when="2026-10-09T10:31")
    assert process_stored(at("2026-10-09T10:50")) == {"unmatched": 1}
    assert [state for state, _ in rows()] == ["proposed", "unmatched"]


def test_a_part_of_a_code_is_not_dropped_while_its_rest_may_name_the_card(team: Team, submitted: CaseDriver) -> None:
    assert take(team, "(1/2)【中国移动】您的验证码604112,", "(2/2)用于注销13800138000。") == ["kept", "kept"]
    assert process_stored(at("2026-10-09T10:21")) == {"proposed": 1}
    assert CarrierMessage.objects.get(state="proposed").text == "【中国移动】您的验证码■■■■■■,用于注销13800138000。"
    assert not CarrierMessage.objects.filter(text__contains="604112").exists()


def test_together_a_code_for_no_open_case_goes_with_all_its_parts(team: Team, submitted: CaseDriver) -> None:
    phone = Forwarder.objects.create(team=team, kind="json", name="Pixel", digest="d", encrypted="s")
    take(team, "(1/2)【中国移动】您的验证码604112,", "(2/2)用于登录。", forwarder=phone)
    assert process_stored(at("2026-10-09T10:21")) == {"forgotten": 1}
    assert rows() == []
    phone.refresh_from_db()
    assert phone.codes == 1


def test_a_stranger_s_parts_go_when_together_they_concern_nobody(team: Team, submitted: CaseDriver) -> None:
    take(team, "(1/2)妈,晚上回家", "(2/2)吃饭", sender="13900139000")
    assert process_stored(at("2026-10-09T10:21")) == {"forgotten": 1}
    assert rows() == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("(1/2)【中国移动】13800138000您的验证码为", "(2/2)604112,请勿泄露。"),
        ("(1/2)【中国移动】13800138000您的验证", "(2/2)码604112,请勿泄露。"),
        ("(1/2)【中国移动】13800138000正在销户,604112", "(2/2)是您的验证码,请勿泄露。"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_code_cut_off_from_its_name_is_never_written(
    team: Team, submitted: CaseDriver, first: str, second: str, order: int
) -> None:
    for text in [first, second][::order]:
        take(team, text)
        assert not CarrierMessage.objects.filter(text__contains="604112").exists()
    assert process_stored(at("2026-10-09T10:21")) == {"proposed": 1}
    whole = CarrierMessage.objects.get(state="proposed").text
    assert whole == (first[5:] + second[5:]).replace("604112", "■■■■■■")


def test_a_number_cut_in_two_is_whole_again(team: Team, submitted: CaseDriver) -> None:
    take(team, "(1/2)【中国移动】您的号码1380013")
    take(team, "(2/2)8000的销户申请已受理。")
    assert process_stored(at("2026-10-09T10:21")) == {"recorded": 1}


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "10010"},
        {"when": "2026-10-09T10:31"},
        {"phone": True},
        {"text": "(2/3)已受理,受理单号:YD20261009001。"},
    ],
    ids=["another sender", "too late", "another phone", "another count"],
)
def test_parts_of_others_stay_apart(team: Team, submitted: CaseDriver, other: dict[str, Any]) -> None:
    phone = Forwarder.objects.create(team=team, kind="json", name="Pixel", digest="d", encrypted="s")
    take(team, FIRST)
    origin = {"forwarder": phone} if other.get("phone") else {}
    when, sender = other.get("when", "2026-10-09T10:21"), other.get("sender", "10086")
    take(team, other.get("text", SECOND), when=when, sender=sender, **origin)
    process_stored(at("2026-10-09T10:45"))
    assert not CarrierMessage.objects.filter(state="part").exists()
    assert submitted.kinds == ["logged", "submitted"]


def test_another_team_s_parts_stay_apart(team: Team, submitted: CaseDriver, other_team: Team) -> None:
    take(team, FIRST)
    take(other_team, SECOND)
    assert process_stored(at("2026-10-09T10:21")) == {}


def test_two_that_are_mixed_are_left_to_a_person(team: Team, submitted: CaseDriver) -> None:
    take(team, FIRST, "(1/2)【中国移动】您的号码13900139000的销户申请")
    take(team, SECOND, "(2/2)已退回。")
    process_stored(at("2026-10-09T10:31"))
    assert submitted.kinds == ["logged", "submitted"]
    assert not CarrierMessage.objects.filter(state="part").exists()


def test_the_same_part_sent_twice_does_not_matter(team: Team, submitted: CaseDriver) -> None:
    take(team, FIRST)
    take(team, FIRST, when="2026-10-09T10:26")
    take(team, SECOND, when="2026-10-09T10:26")
    assert process_stored(at("2026-10-09T10:27")) == {"recorded": 1}
    assert sorted(state for state, _ in rows()) == ["part", "part", "recorded"]


def test_erased_with_its_whole(team: Team, submitted: CaseDriver, manager: User) -> None:
    take(team, FIRST, SECOND)
    take(team, "【中国移动】您的号码13900139000已销户。")
    process_stored(at("2026-10-09T10:21"))
    CarrierMessage.objects.filter(case__in=[submitted.case]).delete()
    assert [text for _, text in rows()] == ["【中国移动】您的号码13900139000已销户。"]


class TestKilled:
    """Joining may end anywhere and is done again."""

    def test_nothing_is_half_joined(self, team: Team, submitted: CaseDriver, monkeypatch: pytest.MonkeyPatch) -> None:
        take(team, FIRST, SECOND)
        save, saved = CarrierMessage.save, []

        def dies(self: CarrierMessage, *args: Any, **kwargs: Any) -> None:
            save(self, *args, **kwargs)
            saved.append(self.pk)
            if len(saved) == 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(CarrierMessage, "save", dies)
        with pytest.raises(KeyboardInterrupt):
            process_stored(at("2026-10-09T10:21"))
        monkeypatch.setattr(CarrierMessage, "save", save)
        assert rows() == [("new", FIRST), ("new", SECOND)]
        assert process_stored(at("2026-10-09T10:21")) == {"recorded": 1}

    def test_killed_when_joined_it_is_read_later(self, team: Team, submitted: CaseDriver) -> None:
        take(team, FIRST, SECOND)
        pk = CarrierMessage.objects.order_by("pk").values_list("pk", flat=True)[0]
        assert long_sms.ready_message(pk, at("2026-10-09T10:21")) == pk
        assert rows() == [("new", WHOLE), ("part", SECOND)]
        assert process_stored(at("2026-10-09T10:21")) == {"recorded": 1}


@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_join_once(team: Team, submitted: CaseDriver) -> None:
    for minute in range(4):
        number = f"YD2026100900{minute}"
        first, second = FIRST.replace("(1/2)", f"(1/2)〔{minute}〕"), SECOND.replace("YD20261009001", number)
        take(team, first, second, when=f"2026-10-09T{10 + minute}:20")
    outcomes = run_concurrently(*[lambda: process_stored(at("2026-10-09T15:00"))] * 3)
    left = process_stored(at("2026-10-09T15:00"))
    done = [*outcomes, left]
    assert sum(sum(its.values()) for its in done) == 4
    assert CarrierMessage.objects.filter(state="part").count() == 4
    assert CarrierMessage.objects.filter(state="new").count() == 0
    assert submitted.kinds.count("acknowledged") == 1  # the others name another reference than the first
    assert submitted.chain_flaw is None
