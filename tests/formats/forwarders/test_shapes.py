"""What each program sends, byte for byte by its public source (docs/forwarding.md). Every message here is synthetic.

Gson, with which SmsForwarder makes JSON, escapes what HTML escapes; StringEscapeUtils, which the gateway app uses, what
is not ASCII.
"""

import json

import pytest

from cases.formats.forwarders.body import parse_fields
from cases.formats.forwarders.payloads import ForwardedMessage, parse_message
from cases.formats.forwarders.refusals import SenderMissing, TextEncrypted, TextMissing
from cases.formats.forwarders.shapes import is_other_event
from tests.moments import at

TEXT = "【中国移动】您的号码138****8000销户申请已受理，\n“受理单号”SL4711。"
RAW = TEXT.replace("\n", "\\n")
AT = at("2026-11-29T21:20")
FRAME = "SIM1_中国移动_13900139000\\nSubId：1\\n2026-11-29 21:20:11\\n前台的手机"


def read(body: str, content_type: str = "application/json; charset=utf-8") -> ForwardedMessage:
    fields = parse_fields(body.encode(), content_type)
    assert not is_other_event(fields)
    return parse_message(fields)


GATEWAY = (
    '{"deviceId":"ffffffffceb0b1db0000018e937c815b","event":"sms:received","id":"Ey6ECgOkVVFjz3CL48B8C","payload":'
    f'{{"message":"{RAW}","receivedAt":"2026-11-29T21:20:00.000+08:00","messageId":"abc123","phoneNumber":"10086",'
    '"recipient":"+8613900139000","sender":"10086","simNumber":1},"webhookId":"LreFUt-Z3sSq0JufY9uWB"}'
)
HTTPSMS = (
    '{"specversion":"1.0","id":"b4b4f0f2-8a2f-4e0c-8a3b-5d1f3f3f3f3f","source":"/v1/messages/receive",'
    '"type":"message.phone.received","datacontenttype":"application/json","time":"2026-11-29T13:20:01.123456789Z",'
    '"data":{"message_id":"32343a19-da5e-4b1b-a767-3298a73703cb","user_id":"WB7DRDWrJZRGbYrv2CKGkqbzvqdC",'
    f'"owner":"+8613900139000","encrypted":false,"contact":"10086","timestamp":"2026-11-29T13:20:00Z","content":"{RAW}",'
    '"sim":"SIM1","attachments":[]}}'
)


def test_the_gateway_of_capcom6() -> None:
    assert read(GATEWAY) == ForwardedMessage("10086", TEXT, AT, "13900139000")
    assert read(GATEWAY.replace('"recipient":"+8613900139000",', "")) == ForwardedMessage("10086", TEXT, AT)
    before_sender = GATEWAY.replace('"sender":"10086",', "")  # versions that had `phoneNumber` alone
    assert read(before_sender) == ForwardedMessage("10086", TEXT, AT, "13900139000")
    mms = GATEWAY.replace("sms:received", "mms:downloaded").replace('"message"', '"body"')
    assert read(mms) == ForwardedMessage("10086", TEXT, AT, "13900139000")


def test_httpsms() -> None:
    assert read(HTTPSMS) == ForwardedMessage("10086", TEXT, AT, "13900139000")
    with pytest.raises(TextEncrypted):
        read(HTTPSMS.replace('"encrypted":false', '"encrypted":true'))


@pytest.mark.parametrize(
    "body",
    [
        *(GATEWAY.replace("sms:received", event) for event in ("sms:sent", "sms:delivered", "sms:failed")),
        *(GATEWAY.replace("sms:received", event) for event in ("mms:received", "mms:downloaded", "sms:data-received")),
        '{"deviceId":"a","event":"system:ping","id":"b","payload":{"health":{"status":"pass"}},"webhookId":"c"}',
        '{"deviceId":"a","event":"app:started","id":"b","payload":{"simCards":[]},"webhookId":"c"}',
        HTTPSMS.replace("message.phone.received", "message.phone.sent"),
        HTTPSMS.replace("message.phone.received", "message.call.missed"),
        '{"specversion":"1.0","id":"a","source":"b","type":"phone.heartbeat.offline","data":{"owner":"+8613900139000"}}',
    ],
)
def test_what_is_no_sms_that_a_phone_received(body: str) -> None:
    assert is_other_event(parse_fields(body.encode()))


SIGNED_FORM = (
    "from=10086&content=10086%0A%E3%80%90%E4%B8%AD%E5%9B%BD%E7%A7%BB%E5%8A%A8%E3%80%91%E6%82%A8%E5%A5%BD%0ASIM1_%E4%B8"
    "%BB%E5%8D%A1%0ASubId%EF%BC%9A1%0A2026-11-29%2021%3A20%3A11%0Ami%209&timestamp=1795958400000&sign=abc%252B%253D"
)


def test_sms_forwarder() -> None:
    assert read(SIGNED_FORM, "application/x-www-form-urlencoded") == ForwardedMessage("10086", "【中国移动】您好", AT)
    json_body = f'{{"from":"中国移动(10086)","content":"10086\\n{RAW}\\n{FRAME}","timestamp":"1795958400000"}}'
    assert read(json_body) == ForwardedMessage("10086", TEXT, AT, "13900139000")
    template = f'{{"a":"[device_mark]","sender":"10086","text":"{RAW}","title":"SIM2_+8613900139000","received_at":'
    assert read(f'{template}"2026-11-29 21:20:00"}}') == ForwardedMessage("10086", TEXT, AT, "13900139000")
    text = f"10086\n{RAW}\\u0026\\u003c\n{FRAME}"
    assert read(text, "text/plain") == ForwardedMessage("10086", f"{TEXT}&<", None, "13900139000")
    form = f"from=10086&content={RAW}&timestamp=1795958400000&sign=a%2Bb%3D"
    assert read(form, "text/plain") == ForwardedMessage("10086", TEXT, AT)


def test_the_gateway_app() -> None:
    escaped = json.dumps(TEXT).replace("/", "\\/")
    body = f'{{\n  "from":"10086",\n  "text":{escaped},\n  "sentStamp":1795958340000,\n'
    assert read(f'{body}  "receivedStamp":1795958400000,\n  "sim":"sim1"\n}}') == ForwardedMessage("10086", TEXT, AT)
    assert read(f'{body}  "receivedStamp":"1795958400000","sim":"sim1",}}') == ForwardedMessage("10086", TEXT, AT)
    telegram = '{"text":"sms from 10086 with text: \\"' + RAW + '\\" sent at 1795958400000"}'
    assert read(telegram) == ForwardedMessage("10086", TEXT, AT)


POST = (
    '{"msg_type":"post","content":{"post":{"zh_cn":{"title":"10086","content":[[{"tag":"text","text":"%s"}],[%s]]}}}}'
)
CARD = (
    '{"timestamp":1795958400,"sign":"Q2FyZA==","msg_type":"interactive","card":{"config":{"wide_screen_mode":true},'
    '"elements":[{"fields":[{"is_short":true,"text":{"content":"**时间**\\n2026-11-29 21:20:11","tag":"lark_md"}},'
    '{"is_short":true,"text":{"content":"**来源**\\n10086","tag":"lark_md"}}],"tag":"div"},{"tag":"div","text":'
    f'{{"content":"10086\\n{RAW}\\n{FRAME}","tag":"lark_md"}}}},{{"tag":"hr"}},{{"elements":[{{"content":'
    '"[SmsForwarder](SmsForwarder)","tag":"lark_md"}],"tag":"note"}],"header":{"template":"turquoise","title":'
    '{"content":"10086","tag":"plain_text"}}}}'
)


@pytest.mark.parametrize(
    "body",
    [
        # 企业微信
        f'{{"msgtype":"text","text":{{"content":"10086\\n{RAW}\\n{FRAME}","mentioned_list":["@all"]}}}}',
        f'{{"msgtype":"markdown","markdown":{{"content":"10086\\n{RAW}\\n{FRAME}"}}}}',
        # 钉钉
        f'{{"msgtype":"text","at":{{"isAtAll":false}},"text":{{"content":"10086\\n{RAW}\\n{FRAME} @13800138001"}}}}',
        f'{{"msgtype":"markdown","at":{{}},"markdown":{{"title":"10086","text":"{RAW}\\n{FRAME}"}}}}',
        # 飞书
        f'{{"timestamp":1795958400,"sign":"Kg==","msg_type":"text","content":{{"text":"10086\\n{RAW}\\n{FRAME}"}}}}',
        POST % (RAW.partition("\\n")[0], '{"tag":"text","text":"“受理单号”"},{"tag":"text","text":"SL4711。"}'),
        CARD,
        CARD.replace('"**来源**\\n10086"', '"**来源**\\n中国移动(10086)"'),
        # Bark, PushPlus, MacroDroid and Tasker
        f'{{"title":"10086","body":"10086\\n{RAW}\\n{FRAME}","isArchive":1,"group":"sms"}}',
        f'{{"title":"中国移动(10086)","body":"{RAW}","isArchive":1}}',
        f'{{"token":"a1","content":"10086\\n{RAW}\\n{FRAME}","title":"10086","template":"txt","timestamp":1795962000000}}',
        f'{{"number":"10086","message":"{RAW}"}}',
        f'{{"name":"中国移动","number":"10086","content":"{RAW}","date":1795958400000,"type":1,"sim_id":0}}',
    ],
)
def test_what_goes_to_robots(body: str) -> None:
    message = read(body)
    assert (message.sender, message.text) == ("10086", TEXT)
    assert message.received_at in (None, AT)  # 飞书 alone tells a moment
    assert message.receiver in ("", "13900139000")


def test_forms_that_go_to_robots() -> None:
    for form in (
        "title=10086&message=%s&priority=5",
        "title=10086&desp=10086%%0A%s",
        "title=%%E7%%9F%%AD&desp=10086%%0A%s",
    ):
        message = read(
            form % "%E3%80%90%E4%B8%AD%E5%9B%BD%E7%A7%BB%E5%8A%A8%E3%80%91ok", "application/x-www-form-urlencoded"
        )
        assert (message.sender, message.text) == ("10086", "【中国移动】ok")


def test_a_robot_s_message_that_names_no_sender() -> None:
    robot = '{{"msgtype":"text","text":{{"content":"{}"}}}}'
    assert read(robot.format("【中国移动】您好")).sender == ""
    assert read('{"title":"新短信","body":"【中国移动】您好"}').sender == ""
    assert read('{"title":"中国移动","body":"您好"}').sender == "中国移动"
    with pytest.raises(SenderMissing):
        read(robot.format("您好"))
    for empty in (
        '{"msgtype":"text","text":{"content":""}}',
        '{"msgtype":"image","image":{"md5":"a"}}',
        POST % ("", ""),
    ):
        with pytest.raises((SenderMissing, TextMissing)):
            read(empty)


@pytest.mark.parametrize(
    ("body", "moment"),
    [
        ('"sender":"10086","text":"您好","received_at":"2026年11月29日 21:20"', AT),
        ('"sender":"10086","text":"您好","received_at":"2026年11月29日 下午9:20"', AT),
        ('"sender":"10086","text":"您好","received_at":"Nov 29, 2026 at 9:20\u202fPM"', AT),
        ('"Sender":"10086","Message":"您好","Date":"29 Nov 2026 at 21:20"', AT),
        ('"发件人":"10086","内容":"您好","时间":"2026/11/29 下午9:20"', AT),
        ('"短信":"您好","号码":"10086","日期":"2026年11月29日 上午12:30"', at("2026-11-29T00:30")),
        ('"sender":"","contact":"10086","content":"您好","timestamp":"2026-11-29T13:20:00Z"', AT),
    ],
)
def test_shortcuts_of_ios(body: str, moment: object) -> None:
    message = read(f"{{{body}}}")
    assert (message.sender, message.text, message.received_at) == ("10086", "您好", moment)
