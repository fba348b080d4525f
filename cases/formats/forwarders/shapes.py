"""The shapes in which programs send a message, each made into one flat set of fields.

Read from the programs' sources: capcom6/android-sms-gateway (WebHookEventDTO, SmsEventPayload), NdoleStudio/httpsms
(CloudEvents), and what pppscn/SmsForwarder sends to the robots of 企业微信, 钉钉 and 飞书, to Bark, Gotify, PushPlus
and Server酱 (its WeworkRobotUtils and so on), for whoever gives it our address as such a robot's. Any other object is
flat already: a template, or an iOS Shortcut, whose fields have the names that a person chose.
"""

import re
from collections.abc import Iterator, Mapping

from cases.formats.forwarders.body import load_json
from cases.formats.forwarders.refusals import PayloadUnreadable, TextEncrypted

#: What the parts of a message are called, in small letters; of several that hold something the first counts.
SENDER_NAMES = (
    *("from", "sender", "sender id", "address", "phone", "number", "phonenumber"),
    *("发件人", "发送方", "发送者", "发信人", "来源", "号码", "手机号", "手机号码", "电话", "对方号码"),
    *("contact", "sender name", "联系人"),
)
# SmsForwarder's own formatted text is `content` too; a template that names the raw one goes before it.
TEXT_NAMES = (
    *("org_content", "text", "content", "message", "body", "msg", "desp", "sms"),
    *("内容", "短信内容", "正文", "原文", "信息内容", "短信"),
)
MOMENT_NAMES = (
    *("received_at", "receivedstamp", "receivedat", "timestamp", "sentstamp", "receive_time"),
    *("message date", "time", "date", "时间", "接收时间", "收到时间", "日期", "短信时间"),
)
TITLE_NAMES = ("title", "subject", "标题")
RECEIVER_NAMES = ("recipient", "receiver", "to", "owner", "card_slot", "sim", "接收号码", "本机号码", "卡槽")

_RECEIVED, _MMS_DOWNLOADED = "sms:received", "mms:downloaded"
_HTTPSMS_RECEIVED = "message.phone.received"
_SENDER_FIELD = re.compile(r"\*\*(?:来源|发件人|号码|From)\*\*\s*(.{1,40})", re.DOTALL)


def is_other_event(fields: Mapping[str, object]) -> bool:
    """Whether a gateway reports something else than an SMS that its phone received: sent, delivered, a ping."""
    if isinstance(fields.get("payload"), Mapping) and isinstance(fields.get("event"), str):
        if fields["event"] == _MMS_DOWNLOADED:
            return not _mapping(fields, "payload").get("body")
        return fields["event"] != _RECEIVED
    return "specversion" in fields and fields.get("type") != _HTTPSMS_RECEIVED


def flatten(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of one message, by the names above in small letters. Raises TextEncrypted, PayloadUnreadable."""
    if isinstance(fields.get("payload"), Mapping) and isinstance(fields.get("event"), str):
        return _gateway_fields(_mapping(fields, "payload"))
    if "specversion" in fields:
        return _httpsms_fields(_mapping(fields, "data"))
    if isinstance(fields.get("msgtype"), str):
        return _robot_fields(fields)
    if isinstance(fields.get("msg_type"), str):
        return _feishu_fields(fields)
    flat = {str(name).strip().lower(): value for name, value in reversed(list(fields.items()))}
    if "token" in flat and "content" in flat:
        flat.pop("timestamp", None)  # PushPlus: until when the message is to be kept
    return flat


def _gateway_fields(payload: Mapping[str, object]) -> dict[str, object]:
    return {
        "from": payload.get("sender") or payload.get("phoneNumber"),
        "content": payload.get("message") or payload.get("body"),
        "received_at": payload.get("receivedAt"),
        "recipient": payload.get("recipient"),
    }


def _httpsms_fields(data: Mapping[str, object]) -> dict[str, object]:
    if data.get("encrypted") is True:
        raise TextEncrypted
    return {
        "from": data.get("contact"),
        "content": data.get("content"),
        "received_at": data.get("timestamp"),
        "owner": data.get("owner"),
    }


def _robot_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """企业微信 has `content` in the object that its type names, 钉钉 in a text `content` and in Markdown `text`."""
    message = _mapping(fields, str(fields["msgtype"]))
    return {"content": message.get("content") or message.get("text"), "title": message.get("title")}


def _feishu_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """飞书: a text, a post of lines in one of several languages, or a card."""
    moment = {name: fields[name] for name in ("timestamp", "sign") if name in fields}
    if fields["msg_type"] == "interactive":
        return moment | _card_fields(_mapping(fields, "card"))
    content = _mapping(fields, "content")
    if fields["msg_type"] != "post":
        return moment | {"content": content.get("text")}
    post = _mapping(content, "post") or content
    version = next((value for value in post.values() if isinstance(value, Mapping)), post)
    lines = version.get("content")
    texts = [
        "".join(str(part.get("text", "")) for part in line if isinstance(part, Mapping))
        for line in (lines if isinstance(lines, list) else [])
        if isinstance(line, list)
    ]
    return moment | {"content": "\n".join(texts), "title": version.get("title")}


def _card_fields(card: Mapping[str, object]) -> dict[str, object]:
    """SmsForwarder's card: a field with the sender, and a text."""
    texts = [text for text in _card_texts(card.get("elements")) if not text.startswith("[SmsForwarder](")]
    sender = next((match[1] for text in texts if (match := _SENDER_FIELD.fullmatch(text.strip()))), None)
    message = "\n".join(text for text in texts if not re.match(r"\*\*[^*]{1,10}\*\*\s*\n", text))
    title = _mapping(_mapping(card, "header"), "title").get("content")
    return {"from": sender, "content": message, "title": title}


def _card_texts(elements: object, depth: int = 0) -> Iterator[str]:
    """The texts of a card's elements in their order."""
    for element in elements if isinstance(elements, list) and depth < 5 else []:
        if not isinstance(element, Mapping):
            continue
        yield from _card_texts(element.get("fields"), depth + 1)
        text = element.get("text", element)
        content = text.get("content") if isinstance(text, Mapping) else None
        if isinstance(content, str):
            yield content
        yield from _card_texts(element.get("elements"), depth + 1)


def _mapping(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A field that is an object, or an object as JSON in a text; an empty one for anything else."""
    value = fields.get(name)
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = load_json(value)
        except PayloadUnreadable:
            return {}
    return value if isinstance(value, Mapping) else {}
