"""A message within the text that a program makes of it: who sent it, at which number it arrived, and its own words.

SmsForwarder writes, where no template is set (MsgInfo.kt): the sender, the message, the SIM ('SIM1_' and what the user
calls it), 'SubId：' and a number, the time, the phone; one a line. Users arrange these as they like, put '来自：'
before the sender, or have it as '中国移动(10086)'.
"""

import re
import unicodedata
from dataclasses import dataclass

from cases.domain import phones
from cases.domain.errors import NumberRefused

_DIGITS = r"\+?\d[\d -]{1,22}\d"
_NAME_WITH_NUMBER = re.compile(rf"[^()\d]{{0,30}}\(({_DIGITS})\)")
_NUMBER_WITH_NAME = re.compile(rf"({_DIGITS}) ?\([^()]{{1,30}}\)")
#: Lines that send SMS: services, bulk messages, companies, telephones. A code or a date alone in its line is none.
_SENDING_NUMBER = re.compile(
    r"(?:\+?86|0086)?"
    r"(?:1[0-2]\d(?:\d{2})?|100\d{2,8}|106\d{5,17}|11[68]114|9[56]\d{3}|95\d{6}|1[3-9]\d{9}|400\d{7}|0\d{9,11})"
    r"|\+\d{8,15}"
)
_SENDER_LABEL = re.compile(
    r"(?:短信)?(?:来自|来源号码|来源|发件人|发送方|发送者|发信人|from|sender|sms from) ?: ?", re.IGNORECASE
)
_TEXT_LABEL = re.compile(r"(?:短信内容|内容|短信|正文|content|text|message|msg) ?[:：]\s*", re.IGNORECASE)
#: The template that the README of android_income_sms_gateway_webhook gives for Telegram.
_ONE_LINE = re.compile(
    r'sms from (?P<sender>.{1,40}?) with text: "(?P<text>.*)" sent at (?P<moment>\d{9,13})', re.DOTALL
)

_SIM_LINE = re.compile(r"(?:卡槽(?:信息)? ?[:：] ?)?SIM[ -]?\d(?:[_:：].{0,60})?", re.IGNORECASE)
_SIM_ID_LINE = re.compile(r"(?:SubId|卡槽主键|UID) ?[:：] ?-?\d{1,6}", re.IGNORECASE)
_TIME_LINE = re.compile(r"\d{4}[-/.]\d{2}[-/.]\d{2} \d{2}:\d{2}:\d{2}")
_LABELLED_LINE = re.compile(
    r"(?:(?:接收|收到|当前|转发|发送)?时间|设备(?:名称)?|卡槽(?:信息)?|app版本|电量|time|device) ?[:：] ?.{1,40}",
    re.IGNORECASE,
)
#: The phone's name, which the user gives it: a word or some, and no sentence.
_DEVICE_LINE = re.compile(r"[^。，！？；、,!?;【】\[\]{}<>]{1,40}")
#: Beyond so many the lines are the message's own.
_MAX_HEAD_LINES, _MAX_FRAME_LINES = 4, 6
#: Whom a robot was told to call: no numbers of the message.
_MENTIONS = re.compile(r"<at [^<>]{0,80}>[^<>]{0,40}</at> ?|(?: @1\d{10})+$")
_EMPHASIS = " \t\r*#>_`"


@dataclass(frozen=True)
class Unwrapped:
    """A message out of a program's text; `sender`, `receiver` and `moment` are empty where the text has none."""

    text: str
    sender: str = ""
    receiver: str = ""
    moment: str = ""


def clean_sender(text: str) -> str:
    """A sender as its number where there is one: '中国移动(10086)' and '10086 (中国移动)' are 10086."""
    sender = " ".join(text.split())
    plain = unicodedata.normalize("NFKC", sender)
    match = _NAME_WITH_NUMBER.fullmatch(plain) or _NUMBER_WITH_NAME.fullmatch(plain)
    return match[1] if match else sender


def sender_in(line: str) -> str:
    """The sender that a line is, or names behind a label; empty for any other line."""
    plain = unicodedata.normalize("NFKC", line).strip(_EMPHASIS)
    label = _SENDER_LABEL.match(plain)
    named = clean_sender(plain[label.end() :].strip(_EMPHASIS) if label else plain)
    if _SENDING_NUMBER.fullmatch(re.sub("[ -]", "", named)):
        return named
    return named if label and 0 < len(named) <= 20 and not re.search("[。,;!?]", named) else ""


def national_number(text: str) -> str:
    """The Chinese mobile number in what a program says of the phone or its SIM, as national digits; else empty."""
    for number in re.findall(r"(?<![\d+])(?:\+?86|0086)?[ -]?1\d{2}[ -]?\d{4}[ -]?\d{4}(?!\d)", text[:80]):
        try:
            return phones.parse(number)
        except NumberRefused:
            continue
    return ""


def unwrap(text: str, sender: str = "") -> Unwrapped:
    """The raw message out of a program's own text around it.

    `sender` is what the program says beside the text, empty where it says nothing. The lines of the SIM, of time and
    phone are cut off at both ends, since the SIM's number would be taken for the one that the message is about; so is
    the sender's line where it stands first. Any other text stays as it is.
    """
    if match := _ONE_LINE.fullmatch(text.strip()):
        return Unwrapped(match["text"], clean_sender(match["sender"]), moment=match["moment"])
    lines = _MENTIONS.sub("", text).split("\n")
    head_size = _head_size([line.strip() for line in lines], sender)
    body_end = _frame_start([line.strip() for line in lines], head_size)
    body = lines[head_size:body_end]
    if not any(line.strip() for line in body):
        return Unwrapped(text)
    if head_size and (label := _TEXT_LABEL.match(body[0])):
        body[0] = body[0][label.end() :]
    around = lines[:head_size] + lines[body_end:]
    named = next((found for line in lines[:head_size] if (found := sender_in(line))), "")
    receiver = next((number for line in around if (number := _sim_number(line.strip()))), "")
    return Unwrapped("\n".join(body).strip("\r\n") if around else "\n".join(body), named, receiver)


def _sim_number(line: str) -> str:
    return national_number(line) if _SIM_LINE.fullmatch(line) else ""


def _head_size(lines: list[str], sender: str) -> int:
    """How many lines before the message say who sent it, to which SIM and when; 0 where none names a sender or SIM."""
    size = certain_size = 0
    for line in lines[:_MAX_HEAD_LINES]:
        if _is_of_sim(line) or (line and _is_sender_line(line, sender)):
            size = certain_size = size + 1
        elif _is_of_frame(line):
            size += 1
        else:
            return size if certain_size else 0
    return certain_size


def _is_sender_line(line: str, sender: str) -> bool:
    """The line of this sender; where none is known, of any."""
    named = sender_in(line)
    return line == sender or (named == sender if sender else bool(named))


def _frame_start(lines: list[str], head_size: int) -> int:
    """Where the lines of SIM, time and phone behind the message start; the number of lines where there are none.

    One of them must be the SIM's, or the sender stands before the message and the time behind it. The phone's name may
    be anything short, so it counts only as the last line behind another of these.
    """
    for start in range(max(head_size, len(lines) - _MAX_FRAME_LINES), len(lines)):
        frame = lines[start:]
        if not _is_of_frame(frame[0]):
            continue
        rest = [line for line in frame[1:] if line and not _is_of_frame(line)]
        is_device = rest == frame[-1:] and _DEVICE_LINE.fullmatch(frame[-1])
        is_certain = any(map(_is_of_sim, frame)) or (head_size and any(map(_TIME_LINE.fullmatch, frame)))
        if is_certain and (not rest or is_device):
            return start
    return len(lines)


def _is_of_sim(line: str) -> bool:
    """A line that no message has: of the SIM, or its id."""
    return bool(_SIM_LINE.fullmatch(line) or _SIM_ID_LINE.fullmatch(line))


def _is_of_frame(line: str) -> bool:
    return _is_of_sim(line) or bool(_TIME_LINE.fullmatch(line) or _LABELLED_LINE.fullmatch(line))
