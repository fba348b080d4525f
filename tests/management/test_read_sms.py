"""``manage.py read_sms``: a list in, a list out, nothing stored; what is wrong is named. Synthetic texts."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cases.models import Carrier

DONE = {
    "sender": "10086",
    "text": "【中国移动】您的号码138****8000已成功销户，余额1,035.6元，工单号YD-2026。",
    "received_at": "2026-10-09T10:20:00+08:00",
}
PROMISED = {"sender": "10010", "text": "【中国联通】您的号码18600001111销户预计1月5日前办结。"}
KEYS = {"meaning", "number", "reference", "promised", "amount", "words", "would", "refund"}


def read_sms(content: Any, tmp_path: Path, *args: str) -> str:
    file = tmp_path / "messages.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    out = io.StringIO()
    call_command("read_sms", str(file), *args, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_each_message_is_read_in_order_and_nothing_is_stored(tmp_path: Path) -> None:
    messages = [
        DONE,
        PROMISED | {"received_at": "2026-12-28 09:00"},
        PROMISED | {"received_at": 1798419600000},
        PROMISED | {"received_at": "2026-12-28T01:00:00Z"},
        {"sender": "", "text": "", "received_at": "2026-12-28"},
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        got = json.loads(read_sms(messages, tmp_path, "--json"))
    assert got[0] == {
        "meaning": "done",
        "number": "138****8000",
        "reference": "YD-2026",
        "promised": None,
        "amount": "1035.60",
        "words": ["已成功销户"],
        "would": "propose",
        "refund": None,
    }
    assert [(one["meaning"], one["promised"]) for one in got[1:4]] == [("promised", "2027-01-05")] * 3
    assert got[4] == dict.fromkeys(KEYS) | {"meaning": "ambiguous", "words": [], "would": "ask"}
    assert all(query["sql"].lstrip("(").startswith("SELECT") for query in queries.captured_queries)


@pytest.mark.django_db
def test_a_refund_is_beside_the_rest(tmp_path: Path) -> None:
    texts = ("余额36.5元将于3个工作日内退至尾号6217的银行卡。", "余额36.5元已原路退回。", "余额36.5元。")
    messages = [DONE | {"text": f"【中国移动】您的号码138****8000已成功销户，{text}"} for text in texts]
    expected, received, none = (one["refund"] for one in json.loads(read_sms(messages, tmp_path, "--json")))
    assert expected == {
        "kind": "expected",
        "amount": "36.50",
        "way": "bank_card",
        "due_on": "2026-10-13",  # 10 October is worked, the 11th is a Sunday
        "account_ending": "6217",
    }
    assert received == {
        "kind": "received",
        "amount": "36.50",
        "way": "original",
        "due_on": None,
        "account_ending": None,
    }
    assert none is None


@pytest.mark.django_db
def test_the_carriers_are_those_of_the_records(tmp_path: Path) -> None:
    message = {"sender": "955", "text": "您的申请已受理。", "received_at": "2026-10-09T10:20:00"}
    assert json.loads(read_sms([message], tmp_path, "--json"))[0]["meaning"] == "unrelated"
    Carrier.objects.create(slug="new", name="新通信", name_en="New", hotline="955", sms_senders=[])
    assert json.loads(read_sms([message], tmp_path, "--json"))[0]["meaning"] == "ambiguous"


@pytest.mark.django_db
def test_standard_input_and_a_table_for_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + json.dumps([DONE]).encode())))
    out = io.StringIO()
    call_command("read_sms", "-", stdout=out)
    assert all(part in out.getvalue() for part in ("138****8000", "YD-2026", "1035.60", "已成功销户", "10086"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "JSON"),
        ("{}", "list"),
        ("[1]", "0"),
        ([DONE, {"sender": "10086", "received_at": 1}], "1"),
        ([DONE, DONE | {"sender": 10086}], "1"),
        ([DONE, DONE, DONE | {"received_at": "yesterday"}], "2"),
        ([DONE | {"received_at": None}], "0"),
        ([DONE | {"received_at": True}], "0"),
        ([DONE | {"received_at": 1e300}], "0"),
        ([DONE | {"received_at": "0001-01-01T00:00:00+08:00"}], "0"),
        ("[" * 100_000, "JSON"),
    ],
)
@pytest.mark.django_db
def test_what_is_no_list_of_messages_is_refused_in_words(content: Any, says: str, tmp_path: Path) -> None:
    with override("en"), pytest.raises(CommandError, match=says):
        read_sms(content, tmp_path, "--json")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.json"):
        call_command("read_sms", str(tmp_path / "missing.json"))


def test_without_a_database_the_carriers_that_it_starts_with_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError

    monkeypatch.setattr("cases.selectors.carrier_marks", gone)
    assert json.loads(read_sms([DONE], tmp_path, "--json"))[0]["meaning"] == "done"


@pytest.mark.parametrize(
    ("sender", "text", "would"),
    [
        ("10086", "【中国移动】您的号码13800138000已销户。", "propose"),
        ("10086", "【中国移动】您的号码13800138000上月消费18.00元。", "ask"),
        ("10086", "【中国移动】尊敬的用户，您上月消费18.00元。", "set_aside"),
        ("10086", "【中国移动】销户前先看看：专属优惠流量包9元起，回复TD退订。", "ask"),
        ("10086", "【中国移动】您的登录码为604112。", "drop"),
        ("10086", "【中国移动】您正在注销13800138000，验证码604112。", "ask"),
        ("13900139000", "妈，晚上回家吃饭", "drop"),
        ("客户经理小王", "哥，那个号已经帮你销户了", "propose"),
        ("10086", "(2/2)请留意后续通知。", "ask"),
    ],
)
@pytest.mark.django_db
def test_what_would_be_done(sender: str, text: str, would: str, tmp_path: Path) -> None:
    message = {"sender": sender, "text": text, "received_at": "2026-10-09T10:20:00"}
    carriers = [("china-mobile", "中国移动", "10086")]
    for slug, name, hotline in carriers:
        Carrier.objects.get_or_create(slug=slug, defaults={"name": name, "name_en": name, "hotline": hotline})
    (got,) = json.loads(read_sms([message], tmp_path, "--json"))
    assert set(got) == KEYS
    if would == "propose":
        assert got["would"] in ("propose", "ask")  # as the readers are sure of it
    else:
        assert got["would"] == would
