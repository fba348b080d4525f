"""How each carrier's messages are recognized. One table for each carrier; the words that all use are in `vocabulary`.

The lists here go beyond the carrier's record, which an administrator edits (its name, its senders): names that it signs
with, and hosts that its links lead to.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cases.formats.sms.normalize import NormalizedText, normalize_text
from cases.formats.sms.types import CarrierIdentifiers


@dataclass(frozen=True)
class CarrierProfile:
    """What is particular to one carrier."""

    #: Names it signs with; a short one counts at the start of a signature, or after the name of a place.
    names: tuple[str, ...] = ()
    short: str = ""
    #: Lines it sends from besides those of its record.
    senders: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


CARRIER_PROFILES: dict[str, CarrierProfile] = {
    "china-mobile": CarrierProfile(
        names=("中国移动", "全球通", "动感地带", "神州行", "和生活", "CMCC", "ChinaMobile"),
        short="移动",
        senders=("10086", "10080", "12580", "10085", "10658"),
        hosts=("10086.cn", "chinamobile.com", "cmcc.cn"),
    ),
    "china-unicom": CarrierProfile(
        names=("中国联通", "联通客服", "沃家", "ChinaUnicom"),
        short="联通",
        senders=("10010", "10015", "10016", "10018", "116114"),
        hosts=("10010.com", "10010.cn", "chinaunicom.com", "wo.cn", "wo.com.cn"),
    ),
    "china-telecom": CarrierProfile(
        names=("中国电信", "天翼", "电信客服", "ChinaTelecom"),
        short="电信",
        senders=("10000", "10001", "118114", "10659"),
        hosts=("189.cn", "10000.cn", "chinatelecom.cn", "ct10000.com"),
    ),
    "china-broadnet": CarrierProfile(
        names=("中国广电", "广电5G", "广电慧家", "广电客服", "ChinaBroadnet"),
        short="广电",
        senders=("10099", "96655"),
        hosts=("10099.com.cn", "cbn.cn", "chinabroadnet.com.cn"),
    ),
}
#: Who else signs as a carrier: the virtual operators, and names of which nobody knows whose they are.
_TELECOM = re.compile(
    r"移动|联通|电信|广电|通信|远特|蜗牛|迪信通|苏宁互联|海航|分享|京东|阿里|小米|铁通|互联|电讯|号码|客服|营业厅|telecom|mobile|unicom|broadnet",
    re.IGNORECASE,
)
_NO_CARRIER = re.compile(r"银行|支付|易购|账号|邮箱|有线|网络|打车|快递|商城|彩云|医院|学校|物业")
#: What stands in brackets and is no signature: what kind of text it is, or its number.
_TITLE = re.compile(
    r"[0-9]{3}|系统|消息|通知|提醒|提示|转发|回复|识别|语音|截图|图|OCR|订单|待办|进度|工单|受理|注销|销户|拆机|退网|待补|auto",
    re.IGNORECASE,
)
#: A host that looks like a carrier's and is none.
LOOKALIKE = re.compile(r"10086|10010|10000|10099|189|unicom|chinamobile|telecom|cmcc")
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
_PERSONAL_NUMBER = re.compile(r"(?:00)?(?:86)?1[3-9][0-9]{9}")


@dataclass(frozen=True)
class Origin:
    """Whose message it is, and whether sender and signature agree in that."""

    carrier: str | None
    is_contradictory: bool
    #: The signatures, as places in the plain text.
    signatures: tuple[tuple[int, int], ...]
    #: Signed by somebody who is no carrier.
    is_foreign: bool
    #: Sent from a person's number.
    is_personal: bool
    #: Sent from a line that is no carrier's and no person's, and not signed by a carrier.
    is_unknown_line: bool


def origin_of(sender: str, text: NormalizedText, carriers: Sequence[CarrierIdentifiers]) -> Origin:
    """The carrier that a message comes from, by its sender and by what stands in 【…】 at its start and end."""
    signatures = list(_find_signatures(text.plain))
    signed_slugs = {slug for name, _ in signatures if (slug := _carrier_by_signature(name, carriers))}
    sender_slug, is_no_carrier = _carrier_by_sender(sender, carriers)
    slugs = signed_slugs | ({sender_slug} if sender_slug else set())
    contradicts = len(slugs) > 1 or is_no_carrier
    return Origin(
        carrier=slugs.pop() if len(slugs) == 1 and not is_no_carrier else None,
        is_contradictory=contradicts,
        signatures=tuple(span for _, span in signatures),
        is_foreign=any(_NO_CARRIER.search(name) for name, _ in signatures)
        or (
            bool(signatures)
            and not signed_slugs
            and sender_slug is None
            and not any(_TELECOM.search(name) or _TITLE.search(name) for name, _ in signatures)
        ),
        is_personal=is_no_carrier,
        is_unknown_line=sender.strip().isdigit()
        and not (sender_slug or is_no_carrier or signed_slugs)
        and not any(_TELECOM.search(name) for name, _ in signatures),
    )


def _find_signatures(plain: str) -> Iterable[tuple[str, tuple[int, int]]]:
    """The signatures one after another at the start, and those at the end; what else stands in 【…】 is text."""
    matches = list(_SIGNATURE.finditer(plain))
    start, end = 0, len(plain)
    leading: list[re.Match[str]] = []
    for match in matches:
        if plain[start : match.start()].strip(_EDGES + "【["):
            break
        leading.append(match)
        start = match.end()
    trailing: list[re.Match[str]] = []
    for match in reversed(matches[len(leading) :]):
        if plain[match.end() : end].strip(_EDGES + "】]"):
            break
        trailing.append(match)
        end = match.start()
    return [(match["name"], match.span()) for match in leading + trailing]


@lru_cache(maxsize=1024)
def _plain_name(name: str) -> str:
    return normalize_text(name).plain.lower()


def _carrier_by_signature(name: str, carriers: Sequence[CarrierIdentifiers]) -> str | None:
    """The carrier of that name: the longest fits, so that 小米移动 is not 移动."""
    matches: list[tuple[int, str]] = []
    for carrier in carriers:
        profile = CARRIER_PROFILES.get(carrier.slug, CarrierProfile())
        for signature in {*carrier.signatures, *profile.names}:
            if signature and _plain_name(signature) in name.lower():
                matches.append((len(signature), carrier.slug))
        if profile.short and re.match(_PLACE + profile.short, name):
            matches.append((len(profile.short), carrier.slug))
    return max(matches)[1] if matches else None


def _carrier_by_sender(sender: str, carriers: Sequence[CarrierIdentifiers]) -> tuple[str | None, bool]:
    """The carrier whose line it is, and whether the sender is a person or from abroad: no carrier sends so."""
    name = normalize_text(sender[:60]).plain.strip()
    digits = name.replace(" ", "").replace("-", "")
    is_abroad = digits.startswith("+") and not digits.startswith("+86")
    digits = digits.removeprefix("+86").removeprefix("0086")
    if not digits.isdigit():
        return (_carrier_by_signature(name, carriers) if name else None), is_abroad
    for carrier in carriers:
        for line in {*carrier.senders, *CARRIER_PROFILES.get(carrier.slug, CarrierProfile()).senders}:
            if line and (digits == line or (digits.startswith(line) and not _PERSONAL_NUMBER.fullmatch(digits))):
                return carrier.slug, False
    return None, is_abroad or _PERSONAL_NUMBER.fullmatch(digits) is not None


def is_carrier_host(host: str) -> bool:
    """Whether an address is a carrier's."""
    return any(
        host == own_host or host.endswith("." + own_host)
        for profile in CARRIER_PROFILES.values()
        for own_host in profile.hosts
    )


def is_bulk_sender(sender: str) -> bool:
    """Whether a sender is one of the lines for bulk messages (106…)."""
    return _BULK.fullmatch(normalize_text(sender[:60]).plain.replace(" ", "").removeprefix("+86")) is not None


def carrier_identifiers(slug: str, name: str, senders: Iterable[str], *lines: str) -> CarrierIdentifiers:
    """The marks of a carrier as its record has them: its name, its senders, its hotlines."""
    return CarrierIdentifiers(slug, tuple(dict.fromkeys([*senders, *(line for line in lines if line)])), (name,))
