"""Files that phones' programs export. Every message here is synthetic."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats import message_exports
from cases.formats.forwarders.payloads import ForwardedMessage
from cases.formats.message_exports import TooManyMessages, read_message_file
from cases.formats.message_records import MessageFileUnreadable
from tests.moments import at

TEXT = "【中国移动】您的号码138****8000，\n“销户”申请已受理"
ONE = ForwardedMessage("10086", TEXT, at("2026-10-09T10:20"))


def backup(*messages: str) -> str:
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><smses count='9'>{''.join(messages)}</smses>"


SMS = (
    '<sms protocol="0" address="10086" date="1791512400000" type="1" subject="null" '
    'body="【中国移动】您的号码138****8000，&#10;“销户”申请已受理" readable_date="x" />'
)


@pytest.mark.parametrize(
    "data",
    [
        f'from,content,timestamp\n10086,"{TEXT}",1791512400000\n'.encode(),
        f'时间;发件人;短信内容\r\n2026-10-09 10:20:00;10086;"{TEXT}"\r\n\r\n'.encode("gb18030"),
        f'号码\t内容\t日期\n10086\t"{TEXT}"\t2026/10/9 10:20\n'.replace("/9", "/09").encode("utf-8-sig"),
        f'序号,号码,电话,内容,时间\n1,,10086,"{TEXT}",2026-10-09 10:20\n'.encode("utf-16"),
        json.dumps([{"sender": "10086", "text": TEXT, "received_at": "2026-10-09T10:20:00+08:00"}]).encode(),
        json.dumps({"messages": [{"from": "10086", "content": TEXT, "timestamp": 1791512400000}]}).encode("gb18030"),
        backup(SMS, SMS.replace('type="1"', 'type="2"')).encode(),
    ],
)
def test_each_kind_of_file_says_the_same(data: bytes) -> None:
    (row,) = read_message_file(data).rows
    assert (row.number, row.message, row.error) == (1, ONE, None)


def test_a_wrong_row_is_told_and_the_others_are_taken() -> None:
    rows = read_message_file(
        f'from,content,time\n10086,,2026-10-09\n10086,您好,\n,您好,2026-10-09\n10086,"{TEXT}",1791512400'.encode()
    ).rows
    assert [(row.number, row.error and row.error.code) for row in rows] == [
        (1, "no_text"),
        (2, "no_moment"),
        (3, "no_sender"),
        (4, None),
    ]
    assert read_message_file(b'[5, {"from": "1"}]').rows[0].error is not None


def test_what_an_old_version_wrote_for_an_emoji_is_one() -> None:
    (row,) = read_message_file(backup(SMS.replace("“销户”", "&#55357;&#56832;")).encode()).rows
    assert row.message
    assert "😀" in row.message.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"hello",
        b"a,b,c\n1,2,3",
        b"from,content,time\n",
        b"[]",
        b"[",
        b"{}",
        b'{"messages": 5}',
        b"[" * 100_000,
        b"<smses></smses>",
        b"<smses>",
        b"<html><sms address='10086' body='x' date='1791512400000'/></html>",
        b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><smses><sms address="1" body="&b;" date="1"/></smses>',
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ],
)
def test_what_is_none_of_them_is_refused(data: bytes) -> None:
    with pytest.raises(MessageFileUnreadable):
        read_message_file(data)


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_exports, "MAX_MESSAGES", 2)
    with pytest.raises(TooManyMessages):
        read_message_file(json.dumps([{}] * 3).encode())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"from,content,time\n{text}".encode()))
)
def test_whatever_the_file_is(data: bytes) -> None:
    try:
        for row in read_message_file(data).rows:
            assert (row.message is None) != (row.error is None)
    except MessageFileUnreadable:
        pass
