"""What the classifier sees of a message: short runs of characters, with everything that is only of this message gone.

A number, a link, a sum and a reference become one sign each, a day one of three (still to come, past, impossible), the
words for ending a number one, the names of carriers one; places go. So no digits are learned, and what is learned of
one carrier holds for all. A few dozen English words become the Chinese that carriers use; other English stays as words.
Shares nothing with the rules but the plain text: two readers that make the same mistakes would be one.
"""

import re
from datetime import date
from itertools import pairwise
from typing import Final

from cases.domain.business_days import local
from cases.formats.sms.normalize import normalize_text
from cases.formats.sms.types import Sms

#: Changes with what `features` returns for a message: weights trained on other features are refused.
FEATURES_VERSION: Final = 1

_LONGEST_RUN = 3
_PHONE = re.compile(r"(?<![0-9a-z])(?:\+?86[ -]?)?(1[0-9*x]{2}[ -]?[0-9*x]{4}[ -]?[0-9*x]{4})(?![0-9*])")
_LINK = re.compile(r"https?://[^\s,。;)】]+|(?:[a-z0-9-]+\.)+(?:com|cn|net|org|cc|top|xyz)[/a-z0-9._-]*")
_COMPACT_DAY = re.compile(r"(?<![0-9*a-z-])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9-])")
_DAY = re.compile(r"(?:(20[0-9]{2})[年/.-])?(?<![0-9])([0-9]{1,2})[月/.-]([0-9]{1,2})(?:[日号]|(?![0-9.]))")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH_DAY = re.compile(
    rf"(?<![0-9a-z])(?:([0-9]{{1,2}})(?:st|nd|rd|th)? {_MONTH}|{_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]))"
    r"(?:,? ?(20[0-9]{2}))?"
)
#: Days further off than this, in a text that names no year, are those of the year before or after.
_NEAR_DAYS = 220
_TO_COME, _PAST, _IMPOSSIBLE, _CARD = "Ⓕ", "Ⓑ", "Ⓘ", "Ⓟ"
_SIGNS = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?", "Ⓣ"),
        (r"[0-9]+(?:[.,][0-9]+)*(?=元)|(?:rmb|cny|¥) ?[0-9]+(?:[.,][0-9]+)*", "Ⓐ"),
        (r"(?<![a-z])[a-z]{0,6}-?[0-9][0-9a-z-]{8,}", "Ⓡ"),
        (r"10086|10010|10000|10099|10015|10080|12300", "Ⓗ"),
        (r"[0-9]{5,}", "Ⓝ"),
        (r"[0-9]{4}", "④"),
        (r"[0-9]+", "①"),
        (
            r"(?:河北|山西|内蒙古|黑龙江|辽宁|吉林|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州)省?",
            "",
        ),
        (
            r"(?:云南|西藏|陕西|甘肃|青海|宁夏|新疆|北京|天津|上海|重庆|深圳|广州|杭州|南京|成都|武汉|苏州|宁波|温州)市?",
            "",
        ),
        (r"销户|注销|拆机|退网|离网|销号|销卡|消户|拆除|销机|终止服务", "Ⓧ"),
        (r"中国(?:移动|联通|电信|广电)|(?:移动|联通|电信|广电)(?:公司|客服)?", "Ⓒ"),
        (r"远特|小米移动|阿里通信|蜗牛移动|迪信通|京东通信|分享通信|海航通信|苏宁互联|苏宁|蜗牛|阿里|海航", "Ⓒ"),
    )
)

#: Chinese as carriers write it, and the English (one word, or joined by _) that stands for it.
_ENGLISH = {
    "预销户": "precancel precancelled pre-cancel pre-cancellation precancellation pre-cancelled",
    "注销": "cancel cancels canceled cancelled canceling cancelling cancellation cancelation terminate terminates "
    "terminated terminating termination close closes closed closing closure deactivate deactivated deactivation "
    "disconnect disconnected disconnection deregister deregistered deregistration dismantle dismantled log_out",
    "审核中": "under_review being_reviewed reviewing in_review being_checked being_verified being_handled checking "
    "being_processed being_examined in_progress in_process pending examination examining verifying working_on",
    "已受理": "registered received accepted logged submitted recorded acknowledged forwarded lodged handed_in taken",
    "申请": "request requests application applications apply order orders",
    "无法": "cannot can_not could_not can't couldn't unable not_possible impossible",
    "未": "not no never without isn't wasn't hasn't haven't didn't",
    "退回失败": "refused rejected denied declined returned failed fails fail unsuccessful lapsed",
    "成功": "successful successfully success",
    "已完成": "complete completed finished done effective gone off",
    "将": "will_be is_going_to_be shall_be scheduled going_to",
    "内": "within in_at_most",
    "前": "before by until latest at_the_latest",
    "个工作日": "working_day working_days business_day business_days",
    "天": "day days",
    "个月": "month months",
    "小时": "hour hours",
    "请提供": "bring send upload provide submit supply supplement hand_over must_come must_visit show",
    "证件材料": "document documents paper papers original passport id_card id licence license photo photos copy scan "
    "letter_of_authorisation letter_of_authorization",
    "请": "please kindly must has_to have_to need needs needed",
    "欠费": "arrears outstanding unpaid owed debt overdue settle",
    "合约": "contract",
    "恢复": "restore restored revoke revoked resume reactivate undo get_back recover",
    "停机": "suspended suspension",
    "保留期": "retention reservation cooling-off cooling_off grace",
    "回收": "recycle recycled",
    "验证码": "verification_code code otp pin passcode",
    "密码": "password",
    "赠送优惠": "offer free gift win promotion discount gb",
    "退订回t": "unsubscribe reply_t",
    "账单": "bill invoice",
    "余额": "balance refund",
    "审核通过": "approved approval passed",
    "工单号": "ticket ref reference",
    "号码": "number line mobile",
    "宽带": "broadband wlan wifi iptv roaming internet",
    "中国移动": "china_mobile",
    "联通": "china_unicom unicom",
    "电信": "china_telecom telecom",
    "您的": "your",
    "您": "you",
    "尊敬的客户": "dear_customer dear_user",
    "可能": "maybe perhaps supposedly heard rumour rumor scam",
}
_CHINESE_BY_ENGLISH = {
    english.replace("_", " "): chinese for chinese, words in _ENGLISH.items() for english in words.split()
}
_LONGEST_FIRST = sorted(map(re.escape, _CHINESE_BY_ENGLISH), key=lambda word: -len(word))
_ENGLISH_WORD = re.compile(rf"(?<![a-z])(?:{'|'.join(_LONGEST_FIRST)})(?![a-z])")
_HAS_ENGLISH = re.compile(r"[a-z]{3}")
_WORD = re.compile(r"[a-z]+")
_SHORT_WORD = 2
_GAP_BETWEEN_WORDS = re.compile(r"(?<=ⓦ) | (?=ⓦ)")

_CARRIER_LINES = ("10086", "10010", "10000", "10099", "10001", "10015", "10080")


def features(sms: Sms) -> set[str]:
    """The runs of up to three characters of a message's plain text, and a few counts: each once, in no order.

    Linear in the first 2,000 characters; the day of receipt (in Beijing) tells which days are still to come.
    """
    text = normalize_text(sms.text).plain.lower()
    if _HAS_ENGLISH.search(text):
        text = _ENGLISH_WORD.sub(lambda match: _CHINESE_BY_ENGLISH[match.group()], text)
    cards = {match.group(1).replace(" ", "").replace("-", "") for match in _PHONE.finditer(text)}
    text = _signs_for_days(_PHONE.sub(_CARD, _LINK.sub("Ⓤ", text)), local(sms.received_at).date())
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    signs = {
        f"S:{_sender_class(sms.sender)}",
        f"#P{min(len(cards), 3)}",
        f"#F{min(text.count(_TO_COME), 2)}",
        f"#B{min(text.count(_PAST), 2)}",
        f"#L{min(len(text) // 25, 6)}",
    }
    words = _WORD.findall(text)
    signs.update(f"W:{word}" for word in words)
    signs.update(f"W:{first} {second}" for first, second in pairwise(words))
    text = _WORD.sub(lambda match: match.group() if len(match.group()) <= _SHORT_WORD else "ⓦ", text)
    text = f"^{_GAP_BETWEEN_WORDS.sub('', text)}$"
    for length in range(1, _LONGEST_RUN + 1):
        signs.update(text[start : start + length] for start in range(len(text) - length + 1))
    return signs


def _signs_for_days(text: str, today: date) -> str:
    def compact(match: re.Match[str]) -> str:
        return _sign(match[1], int(match[2]), int(match[3]), today)

    def english(match: re.Match[str]) -> str:
        month = _MONTHS.index(match[2] or match[3]) + 1
        return _sign(match[5], month, int(match[1] or match[4]), today)

    def plain(match: re.Match[str]) -> str:
        return _sign(match[1], int(match[2]), int(match[3]), today)

    return _DAY.sub(plain, _ENGLISH_DAY.sub(english, _COMPACT_DAY.sub(compact, text)))


def _sign(year: str | None, month: int, day: int, today: date) -> str:
    """The sign of a day: to come, past (today is), or one that no calendar has."""
    try:
        named = date(int(year) if year else today.year, month, day)
    except ValueError:
        return _IMPOSSIBLE
    days = (named - today).days
    if not year and abs(days) > _NEAR_DAYS:
        days = -days
    return _TO_COME if days > 0 else _PAST


def _sender_class(sender: str) -> str:
    name = normalize_text(sender[:60]).plain.replace(" ", "").replace("-", "").removeprefix("+86")
    if not name:
        return "note"
    if not name.isdigit():
        return "name"
    if name.startswith(_CARRIER_LINES):
        return "carrier"
    if name.startswith("106"):
        return "bulk"
    return "mobile" if len(name) == 11 and name.startswith("1") else "number"
