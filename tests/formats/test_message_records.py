"""What each program's export looks like, by its source or by what others who read it wrote. All messages are synthetic.

sms-ie: ImportExportMessages.kt at cca5cd3; SmsForwarder: SmsInfo.kt and HttpServerUtils.kt at 32300b2; iMazing and
豌豆荚: rows that readers of their files have in their tests.
"""

import io
import json
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.formats import message_records
from cases.formats.message_exports import MessageFile, read_message_file
from cases.formats.message_records import MessageFileTooLarge, MessageFileUnreadable
from tests.moments import at

TEXT = "【中国移动】您的号码138****8000销户申请已受理，受理单号SL4711。"
AT = at("2026-11-22T10:00")  # 1795312800


def read(data: bytes) -> list[tuple[str, str, str]]:
    """Sender, text and the moment or the error of each row."""
    return [
        (row.message.sender, row.message.text, f"{row.message.received_at:%Y-%m-%dT%H:%M}")
        if row.message
        else ("", "", row.error.code if row.error else "")
        for row in read_message_file(data).rows
    ]


def zipped(*members: tuple[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


SMS = {
    **{"_id": "4", "thread_id": "2", "address": "10086", "date": "1795312800000", "date_sent": "1795312799000"},
    **{"protocol": "0", "read": "1", "status": "-1", "type": "1", "body": TEXT, "locked": "0", "sub_id": "1"},
    **{"error_code": "0", "creator": "com.android.mms", "seen": "1", "__display_name": "中国移动"},
}
MMS = {
    **{"_id": "9", "date": "1795312800", "msg_box": "1", "m_type": "132", "sub": "账单", "sub_id": "1"},
    "__sender_address": {"address": "10086", "type": "137", "charset": "106"},
    "__recipient_addresses": [{"address": "13900139000", "type": "151"}],
    "__parts": [
        {"_id": "1", "ct": "application/smil", "text": ""},
        {"_id": "2", "ct": "text/plain", "text": TEXT},
        {"_id": "3", "ct": "image/jpeg", "_data": "/data/a.jpg"},
    ],
}
SENT = SMS | {"type": "2", "address": "10086", "body": "QXXH"}
NDJSON = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in (SMS, SENT, MMS)).encode()
ROW = ("10086", TEXT, "2026-11-22T02:00")


def test_sms_ie_before_version_2() -> None:
    old = {name.removeprefix("__"): value for name, value in MMS.items()}
    file = read_message_file(json.dumps([SMS, SENT, SMS | {"type": "6"}, old]).encode())
    assert file.sent == 2
    assert [(row.number, row.message and row.message.received_at) for row in file.rows] == [(1, AT), (4, AT)]
    assert {row.message.text for row in file.rows if row.message} == {TEXT}


def test_sms_ie_from_version_2() -> None:
    picture = ("data/a.jpg", b"\xff\xd8\xff")
    for data in (
        NDJSON,
        NDJSON.replace(b"\n", b"\r\n"),
        zipped(("messages.ndjson", NDJSON), picture),
        zipped(("messages.ndjson", NDJSON), picture, compression=ZIP_STORED),
        zipped(("messages-2026-11-22/messages.ndjson", NDJSON)),
    ):
        assert read(data) == [ROW, ROW]
        assert read_message_file(data).sent == 1
    assert read(json.dumps(SMS).encode()) == [ROW]  # one line
    assert read(NDJSON + b"{broken\n") == [ROW, ROW, ("", "", "no_sender")]
    without_text = json.dumps(MMS | {"__parts": None}).encode()
    assert read(NDJSON + without_text) == [ROW, ROW, ("", "", "no_text")]


def test_a_zip_with_another_file() -> None:
    csv = f"from,content,time\n10086,{TEXT},1795312800\n".encode()
    assert read(zipped(("短信/sms.CSV", csv), ("读我.pdf", b"x"))) == [ROW]


def test_the_query_of_sms_forwarder() -> None:
    received = {"name": "中国移动", "number": "10086", "content": TEXT, "date": 1795312800000, "type": 1}
    rows = [received | {"sim_id": 0, "sub_id": 1}, received | {"type": 2, "content": "QXXH"}]
    answer = {"timestamp": 1795312900000, "code": 200, "msg": "success", "data": rows, "sign": "a%3D"}
    assert read(json.dumps(answer).encode()) == [ROW]
    assert read_message_file(json.dumps(answer).encode()).sent == 1


IMAZING = (
    "Chat Session,Message Date,Delivered Date,Read Date,Edited Date,Deleted Date,Service,Type,Sender ID,Sender Name,"
    "Status,Replying to,Subject,Text,Reactions,Attachment,Attachment type\n"
)


def test_imazing() -> None:
    file = (
        f"\ufeff{IMAZING}10086,2026-11-22 10:00:00,,,,,SMS,Incoming,10086,中国移动,Read,,,{TEXT},,,\n"
        "10086,2026-11-22 10:01:00,,,,,SMS,Outgoing,,,Sent,,,QXXH,,,\n"
        f"+86 10086,2026/11/22 10:00,,,,,SMS,Incoming,+8610086,,,,,{TEXT},,,\n"
    ).encode()
    assert read(file) == [ROW, ("+8610086", TEXT, "2026-11-22T02:00")]
    assert read_message_file(file).sent == 1


@pytest.mark.parametrize(
    "line",
    [
        f"sms,deliver,\t10086,中国移动,,2026.11.22 10:00,20,{TEXT}",
        f"sms,deliver,\t10086,中国移动,,2026.11.22 10: 0,20,{TEXT}",
        f'sms,deliver,"10086","","","2026.11.22 10:00","","{TEXT}"',
        f"sms,deliver,\t10086,,,2026.11.22 10:00:00,{TEXT}",
        f"sms,deliver,\t10086,中国移动,2026.11.22 10:00:00,{TEXT}",
    ],
)
def test_nokia_and_others_without_a_header(line: str) -> None:
    sent = "sms,submit,中国移动,\t10086,,2026.11.22 10: 1,4,QXXH"
    for data in (f"{line}\r\n{sent}\r\n".encode("utf-8-sig"), f"{sent}\n{line}\n".encode("gb18030")):
        assert read(data) == [ROW]
        assert read_message_file(data).sent == 1


def test_a_text_with_commas_and_without_quotation_marks() -> None:
    assert read(b"sms,deliver,10086,,,2026.11.22 10:00,20,Hello, 13800138000, done\n") == [
        ("10086", "Hello, 13800138000, done", "2026-11-22T02:00")
    ]
    assert read(b"sms,deliver,10086,,,2026.11.22 10:00,Hello\nsms,deliver,broken\n")[1] == ("", "", "no_sender")


@pytest.mark.parametrize("sent", ["发送", "已发送", "发件箱", "草稿", "2", "Sent", "outgoing"])
def test_rows_that_the_phone_sent_are_counted(sent: str) -> None:
    data = f"号码,内容,时间,类型\n10086,QXXH,2026-11-22 10:01,{sent}\n10086,{TEXT},2026-11-22 10:00,接收\n".encode()
    file = read_message_file(data)
    assert (file.sent, [row.number for row in file.rows]) == (1, [2])
    only_sent = f"号码,内容,时间,类型\n10086,QXXH,2026-11-22 10:01,{sent}\n".encode()
    assert read_message_file(only_sent) == MessageFile([], 1)


@pytest.mark.parametrize(
    "moment",
    [
        *("2026/11/22 10:00", "2026年11月22日 10:00", "11/22/2026 10:00 AM", "22/11/2026 10:00", "2026.11.22 10:00:00"),
        *("2026/11/22 上午10:00", "1795312800000"),
    ],
)
def test_dates_of_rows(moment: str) -> None:
    assert read(f"号码,内容,时间\n10086,{TEXT},{moment}\n".encode()) == [ROW]


def test_dates_of_one_file_are_written_in_one_way() -> None:
    rows = f"number,text,date\n10086,{TEXT},05/10/2026 10:00\n10086,{TEXT},%s/2026 10:00\n"
    assert [row[2] for row in read((rows % "22/11").encode())] == ["2026-10-05T02:00", "2026-11-22T02:00"]
    assert [row[2] for row in read((rows % "11/22").encode())] == ["2026-05-10T02:00", "2026-11-22T02:00"]


def test_day_and_time_in_two_columns() -> None:
    assert read(f"号码,日期,时间,内容\n10086,2026-11-22,10:00,{TEXT}\n".encode()) == [ROW]
    assert read(f"number,date,time,text\n10086,2026/11/22,10:00:00,{TEXT}\n".encode()) == [ROW]


def test_a_moment_that_cannot_be_read_is_refused_by_row() -> None:
    assert read(f"号码,内容,时间\n10086,{TEXT},昨天\n10086,{TEXT},\n".encode()) == [("", "", "no_moment")] * 2


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_records, "MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(MessageFileTooLarge):
        read_message_file(zipped(("messages.ndjson", b"{}\n" * 400_000)))
    assert read(zipped(("messages.ndjson", NDJSON), ("data/a.jpg", b"\0" * 5_000_000))) == [ROW, ROW]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        zipped(),
        zipped(("a.jpg", b"x")),
        zipped(("a.csv", b"x"), ("b.csv", b"x")),
        zipped(("messages.ndjson", NDJSON), compression=ZIP_BZIP2),
        zipped(("messages.ndjson", b"\xff\xfe\xfd")),
        zipped(("messages.ndjson", NDJSON))[:-40],
        zipped(("messages.ndjson", NDJSON), compression=ZIP_STORED).replace(b"SL4711", b"SL4712", 1),
        b"{broken\n{broken\n",
    ],
)
def test_what_is_none_of_them_is_refused(data: bytes) -> None:
    with pytest.raises(MessageFileUnreadable):
        read_message_file(data)


START = zipped(("messages.ndjson", NDJSON))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: f"sms,deliver,{text}".encode("utf-8", "replace")),
        st.text(max_size=200).map(lambda text: f'{{"a":1}}\n{{{text}'.encode("utf-8", "replace")),
        st.tuples(st.integers(0, len(START) - 1), st.binary(min_size=1, max_size=4)).map(
            lambda change: START[: change[0]] + change[1] + START[change[0] + len(change[1]) :]
        ),
    )
)
def test_whatever_the_file_is(data: bytes) -> None:
    try:
        for row in read_message_file(data).rows:
            assert (row.message is None) != (row.error is None)
    except (MessageFileUnreadable, MessageFileTooLarge):
        pass
