"""By what each carrier's messages are known. One table for each carrier; the words that all use are in `words`.

The lists here go beyond the carrier's record, which an administrator edits (its name, its senders): names that it signs
with, hosts that its links lead to, and its own words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cases.formats.sms.normalize import Text, plain_text
from cases.formats.sms.types import CarrierMarks


@dataclass(frozen=True)
class House:
    """What is particular to one carrier."""

    #: Names it signs with; a short one counts at the start of a signature, or after the name of a place.
    names: tuple[str, ...] = ()
    short: str = ""
    #: Lines it sends from besides those of its record.
    senders: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    #: Its own words, by the classes of `words.COMMON`.
    words: dict[str, str] = field(default_factory=dict)


HOUSES: dict[str, House] = {
    "china-mobile": House(
        names=("中国移动", "全球通", "动感地带", "神州行", "和生活", "CMCC", "ChinaMobile"),
        short="移动",
        senders=("10086", "10080", "12580", "10085", "10658"),
        hosts=("10086.cn", "chinamobile.com", "cmcc.cn"),
        words={"pre": "预销户 预销号 预注销", "cancel": "立即销户 号码注销"},
    ),
    "china-unicom": House(
        names=("中国联通", "联通客服", "沃家", "ChinaUnicom"),
        short="联通",
        senders=("10010", "10015", "10016", "10018", "116114"),
        hosts=("10010.com", "10010.cn", "chinaunicom.com", "wo.cn", "wo.com.cn"),
        words={"pre": "预约销户 预约离网 预离网", "cancel": "离网"},
    ),
    "china-telecom": House(
        names=("中国电信", "天翼", "电信客服", "ChinaTelecom"),
        short="电信",
        senders=("10000", "10001", "118114", "10659"),
        hosts=("189.cn", "10000.cn", "chinatelecom.cn", "ct10000.com"),
        words={"pre": "预约拆机 预拆机 预拆", "cancel": "拆机 拆除 拆装"},
    ),
    "china-broadnet": House(
        names=("中国广电", "广电5G", "广电慧家", "广电客服", "ChinaBroadnet"),
        short="广电",
        senders=("10099", "96655"),
        hosts=("10099.com.cn", "cbn.cn", "chinabroadnet.com.cn"),
        words={"pre": "预退网", "cancel": "退网"},
    ),
}
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|"
    "广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|深圳|广州|成都|武汉|杭州|"
    "南京|苏州|西安|郑州|长沙|青岛|大连|宁波|厦门|济南|合肥|福州|东莞|佛山|沈阳|哈尔滨|长春|昆明|"
    "南宁|贵阳|太原|石家庄|南昌|无锡|温州|泉州"
)
_PLACE = rf"(?:(?:{_PLACES})[省市]?)?"
_SIGNATURE = re.compile(r"[【\[〔](?P<name>[^【】\[\]〔〕]{1,30})[】\]〕]")
_EDGES = ".。,!;~-"
#: Senders of bulk messages, which carriers use beside their own lines.
_BULK = re.compile(r"106[0-9]{5,17}|1069[0-9]+|1065[0-9]+")
_PERSON = re.compile(r"(?:00)?(?:86)?1[3-9][0-9]{9}")


@dataclass(frozen=True)
class Origin:
    """Whose message it is, and whether sender and signature agree in that."""

    carrier: str | None
    contradicts: bool
    #: The signatures, as places in the plain text.
    signatures: tuple[tuple[int, int], ...]
    #: Signed by somebody who is no carrier.
    foreign: bool


def origin_of(sender: str, text: Text, carriers: Sequence[CarrierMarks]) -> Origin:
    """The carrier that a message comes from, by its sender and by what stands in 【…】 at its start and end."""
    signed = list(_signatures(text.plain))
    by_name = {slug for name, _ in signed if (slug := _named(name, carriers))}
    by_line, stranger = _by_line(sender, carriers)
    slugs = by_name | ({by_line} if by_line else set())
    contradicts = len(slugs) > 1 or stranger
    return Origin(
        carrier=slugs.pop() if len(slugs) == 1 and not stranger else None,
        contradicts=contradicts,
        signatures=tuple(span for _, span in signed),
        foreign=bool(signed) and not by_name and by_line is None,
    )


def _signatures(plain: str) -> Iterable[tuple[str, tuple[int, int]]]:
    """The signatures one after another at the start, and those at the end; what else stands in 【…】 is text."""
    found = list(_SIGNATURE.finditer(plain))
    start, end = 0, len(plain)
    leading: list[re.Match[str]] = []
    for match in found:
        if plain[start : match.start()].strip(_EDGES + "【["):
            break
        leading.append(match)
        start = match.end()
    trailing: list[re.Match[str]] = []
    for match in reversed(found[len(leading) :]):
        if plain[match.end() : end].strip(_EDGES + "】]"):
            break
        trailing.append(match)
        end = match.start()
    return [(match["name"], match.span()) for match in leading + trailing]


def _named(name: str, carriers: Sequence[CarrierMarks]) -> str | None:
    """The carrier of that name: the longest fits, so that 小米移动 is not 移动."""
    fits: list[tuple[int, str]] = []
    for marks in carriers:
        house = HOUSES.get(marks.slug, House())
        for known in {*marks.signatures, *house.names}:
            if known and plain_text(known).plain.lower() in name.lower():
                fits.append((len(known), marks.slug))
        if house.short and re.match(_PLACE + house.short, name):
            fits.append((len(house.short), marks.slug))
    return max(fits)[1] if fits else None


def _by_line(sender: str, carriers: Sequence[CarrierMarks]) -> tuple[str | None, bool]:
    """The carrier whose line it is, and whether the sender is a person or from abroad: no carrier sends so."""
    name = plain_text(sender[:60]).plain.strip()
    digits = name.replace(" ", "").replace("-", "")
    is_abroad = digits.startswith("+") and not digits.startswith("+86")
    digits = digits.removeprefix("+86").removeprefix("0086")
    if not digits.isdigit():
        return (_named(name, carriers) if name else None), is_abroad
    for marks in carriers:
        for line in {*marks.senders, *HOUSES.get(marks.slug, House()).senders}:
            if line and (digits == line or (digits.startswith(line) and not _PERSON.fullmatch(digits))):
                return marks.slug, False
    return None, is_abroad or _PERSON.fullmatch(digits) is not None


def is_own_host(host: str) -> bool:
    """Whether an address is a carrier's."""
    return any(host == own or host.endswith("." + own) for house in HOUSES.values() for own in house.hosts)


def is_bulk(sender: str) -> bool:
    """Whether a sender is one of the lines for bulk messages (106…)."""
    return _BULK.fullmatch(plain_text(sender[:60]).plain.replace(" ", "").removeprefix("+86")) is not None


def marks(slug: str, name: str, senders: Iterable[str], *lines: str) -> CarrierMarks:
    """The marks of a carrier as its record has them: its name, its senders, its hotlines."""
    return CarrierMarks(slug, tuple(dict.fromkeys([*senders, *(line for line in lines if line)])), (name,))
