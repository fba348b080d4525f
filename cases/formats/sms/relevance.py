"""Which messages are a team's business: a carrier's, one that names a card or a request, one about a cancellation.

Checked before anything is stored. What is named here is looked for in every writing: to take a message for one about a
card that it does not name costs somebody a look, to miss it loses the message. What a message says of which card is
read by `reader`, which is as strict as this is not.
"""

import re
from collections.abc import Iterator, Sequence

from cases.domain.message_disposition import plain_reference
from cases.formats.sms.carriers import CARRIER_PROFILES, is_bulk_sender, origin_of
from cases.formats.sms.extract import find_references
from cases.formats.sms.normalize import normalize_text
from cases.formats.sms.numbers import find_numbers
from cases.formats.sms.types import CarrierIdentifiers

#: References shorter than this are numbers like any other, unless a label says what they are.
MIN_REFERENCE_LENGTH = 5
_MAX_REFERENCES = 1000
#: Groups of digits or letters that may be one number, or one reference, written apart.
_MAX_GROUPS = 11
_MAX_REFERENCE_GROUPS = 6

_NUMERAL_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九幺]{4,}")
_DIGIT_CHAIN = re.compile(r"[0-9]+(?:[ ,.()/_-]{1,2}[0-9]+)*")
_FULL_NUMBER = re.compile(r"(?:00)?(?:86)?(1[0-9]{10}|14[0-9]{11}|1064[0-9]{9})")
#: Digits left out in ways that nobody foresaw: 138____8000, 138...8000, 138某某8000.
_MASKED = re.compile(r"(?<![0-9])(1[0-9]{2,6})([*xX_#?~]{2,9}|[.]{3,9}|-{3,9}|某{1,4})([0-9]{2,8})(?![0-9])")
_AFTER_MASK = re.compile(r"(?<![0-9A-Za-z*])[*xX#]{1,9}([0-9]{4})(?![0-9元])")
_TAIL_AFTER_LABEL = re.compile(
    r"(?:尾号|尾数|[尾末后][四4][位码]|末尾|结尾|尾|号码|手机|号卡|卡号?|机主|"
    r"number|ending|ends|last (?:four|4)(?: digits)?)"
    r"[^0-9,。;!?]{0,8}(?<![-./:*])([0-9]{4})(?![0-9年月日元%:.-])",
    re.IGNORECASE,
)
_TAIL_BEFORE_LABEL = re.compile(
    r"(?<![-0-9./:*A-Za-z])([0-9]{4})[)\]”\"]?(?:结尾|尾号|的?(?:手机|电话)?(?:号码|号卡|卡)|的号|[这那][个张]?(?:号|卡))"
)
_NO_PHONE = re.compile(r"银行|储蓄|信用|借记|身份证|证件|账户|ICCID|工单|订单|社保|医保")

_RUN_CHAIN = re.compile(r"[A-Za-z0-9]+(?:[ ._/#:-]{1,2}[A-Za-z0-9]+)*")
#: A case's own reference ("XK-…", see `new_reference`), which may be all letters.
_OWN_REFERENCE = re.compile(r"XK[2-9A-Z]{8}")
#: What may stand before a reference as a part of it: 京受20261123.
_PREFIX = re.compile(r"[\u4e00-\u9fff]{1,4}$")

_CANCELLATION = re.compile(
    r"[销消]户|[销消][号卡]|注销|(?<![营促畅直经代包展供分推零返核])销(?![售量路毁])|拆(?![封装迁包盒开穿弹])|退网|离网|退[号卡]|"
    r"服务终止|终止服务|复机|(?:号码?|[那这]个)[^,。;!?]{0,6}(?:没了|停了|没有了)|"
    r"\b(?:cancel|terminat|deactivat|disconnect|closure)|clos(?:e|ed|ing) (?:the |your )?(?:number|line|account)",
    re.IGNORECASE,
)
#: What carriers write about a request without a word of what was asked for; templates that nothing was put into.
_REQUEST = re.compile(
    r"(?:业务|申请|诉求|反映|请求|来电|问题|受理单|单子|资料|材料)[^。;!?]{0,16}(?:处理|受理|审核|核实|归档|办[理结好妥完]|完成|完结|流转|派发|退回)|"
    r"(?:处理|受理|审核|核实|归档|办[理结好妥完])[^。;!?]{0,10}(?:业务|申请|诉求|请求)|工单|审核|稽核|会办|派单|竣工|办结|号码已|已停用|"
    r"[{](?:[A-Za-z_]+)[}]|XX月XX日|(?:短信|消息)[^。;!?]{0,8}(?:有误|作废|忽略)|无法识别|状态[:为]|"
    r"正在(?:核实|处理|审核|受理|核查)|完成处理|"
    r"\b(?:request|application|ticket|preliminary|under review)\b",
    re.IGNORECASE,
)
_CARRIER_LINE = re.compile(r"100[0-9]{2}")
_CARRIER_NAME = re.compile(r"通信|移动|联通|电信|广电|互联|mobile|telecom|unicom|broadnet", re.IGNORECASE)
_CARRIER_SIGNATURE = re.compile(
    r"[【\[][^【】\[\]]{0,20}(?:通信|移动|联通|电信|广电|互联|mobile|telecom|unicom|broadnet)[^【】\[\]]{0,12}[】\]]",
    re.IGNORECASE,
)
#: In brackets before a text that somebody passes on: nobody's signature.
_PASSED_ON = re.compile(r"^\s*[\[【](?:转发?|转自|OCR|FWD?|截图|短信|系统消息|语音)[^\]】]{0,10}[\]】]", re.IGNORECASE)
_PERSONAL_NUMBER = re.compile(r"1[3-9][0-9]{9}")
#: What else is closed or cancelled, by others than carriers.
_OTHER_OBJECT = re.compile(
    r"银行|储蓄|信用卡|借记|证券|基金|支付宝|微信|[账帐][户号]|会员|公司|企业|执照|商标|驾驶|订单|航班|酒店|预订|快递|APP|小程序|"
    r"order|booking|flight|account|subscription|member",
    re.IGNORECASE,
)


def mentioned_numbers(text: str) -> frozenset[str]:
    """The mobile numbers that a text may name, each in full, masked, or as its last four digits."""
    plain = normalize_text(text).plain
    strict = {form.digits for form in find_numbers(plain)}
    plain = _NUMERALS.sub(lambda run: run.group().translate(_NUMERAL_DIGITS), plain)
    return frozenset(strict.union(_numbers_in_groups(plain), _masked_numbers(plain), _last_fours(plain)))


def mentioned_references(text: str) -> frozenset[str]:
    """What may be a reference number in a text, as `plain_reference` gives it, whatever label stands before it."""
    plain = normalize_text(text).plain
    references = {plain_reference(value) for value, _ in find_references(plain)}
    for reference in _references_in_runs(plain):
        if len(references) >= _MAX_REFERENCES:
            break
        references.add(reference)
    return frozenset(references)


def may_speak_of_request(text: str) -> bool:
    """Whether words of a cancellation or of a request stand in a text, whatever it says and whatever was asked for.

    More than the reader takes for one: what a carrier writes so is not set aside.
    """
    plain = normalize_text(text).plain
    return _CANCELLATION.search(plain) is not None or _REQUEST.search(plain) is not None


def is_relevant(sender: str, text: str, carriers: Sequence[CarrierIdentifiers]) -> bool:
    """Whether a message may be a carrier's, or is about the cancellation of a number all the same, as an agent's chat.

    A carrier that is not on record counts, by its line (100…) or its name. What others sign, and what is about their
    accounts and orders, does not.
    """
    normalized = normalize_text(text)
    if is_from_carrier(sender, text, carriers) or _CARRIER_LINE.fullmatch(normalize_sender(sender)):
        return True
    signatures = normalized.plain[:40] + "\n" + normalized.plain[-40:]
    is_named = _CARRIER_NAME.search(normalize_text(sender[:60]).plain) or _CARRIER_SIGNATURE.search(signatures)
    if is_named and _PERSONAL_NUMBER.fullmatch(normalize_sender(sender)) is None:
        return True
    is_foreign = origin_of("", normalize_text(_PASSED_ON.sub("", text[:2000])), carriers).is_foreign
    return not is_foreign and any(
        not _OTHER_OBJECT.search(normalized.plain, max(0, match.start() - 10), match.end() + 4)
        for match in _CANCELLATION.finditer(normalized.plain)
    )


def is_handed_in(sender: str, carriers: Sequence[CarrierIdentifiers]) -> bool:
    """Whether a person wrote a message down or copied it from a chat: no sender, or a name that is no carrier's."""
    name = normalize_text(sender[:60]).plain
    own_names = {normalize_text(own).plain for carrier in carriers for own in carrier.signatures}
    own_names |= {normalize_text(own).plain for profile in CARRIER_PROFILES.values() for own in profile.names}
    is_number = any(char.isdigit() for char in name[:3])
    return not is_number and name.removesuffix("客服") not in own_names and name not in own_names


def normalize_sender(sender: str) -> str:
    """A sender without country code, spaces and hyphens, by which the same one is known again."""
    normalized = re.sub(r"[ ()-]", "", normalize_text(sender).plain).casefold()
    return re.sub(r"^(?:\+86|0086|86(?=1[0-9]{4}))(?=[0-9])", "", normalized)


def is_from_carrier(sender: str, text: str, carriers: Sequence[CarrierIdentifiers]) -> bool:
    """Whether a carrier sent this, as far as sender and signature say; either can be forged.

    It came from a line of the carrier's, or under its name; one for bulk messages (106…) needs a carrier's signature.
    """
    if is_bulk_sender(sender):
        return origin_of("", normalize_text(text), carriers).carrier is not None
    return origin_of(normalize_sender(sender), normalize_text(""), carriers).carrier is not None


def _numbers_in_groups(plain: str) -> Iterator[str]:
    for chain in _DIGIT_CHAIN.finditer(plain):
        groups = re.findall(r"[0-9]+", chain.group())
        for first in range(len(groups)):
            digits = ""
            for group in groups[first : first + _MAX_GROUPS]:
                digits += group
                if len(digits) > 17:
                    break
                if full := _FULL_NUMBER.fullmatch(digits):
                    yield full.group(1)


def _masked_numbers(plain: str) -> Iterator[str]:
    for match in _MASKED.finditer(plain):
        head, mask, tail = match.groups()
        yield head + "*" * len(mask) + tail
        yield head[:3] + "****" + tail
    for match in _AFTER_MASK.finditer(plain):
        yield match.group(1)


def _last_fours(plain: str) -> Iterator[str]:
    for pattern in (_TAIL_AFTER_LABEL, _TAIL_BEFORE_LABEL):
        for match in pattern.finditer(plain):
            if not _NO_PHONE.search(plain, max(0, match.start() - 8), match.end() + 8):
                yield match.group(1)


def _references_in_runs(plain: str) -> Iterator[str]:
    for chain in _RUN_CHAIN.finditer(plain):
        runs = list(re.finditer(r"[A-Za-z0-9]+", chain.group()))
        for place in range(len(runs)):
            prefix = _PREFIX.search(plain[max(0, chain.start() - 4) : chain.start()]) if place == 0 else None
            value = ""
            for run in runs[place : place + _MAX_REFERENCE_GROUPS]:
                value += run.group().upper()
                if len(value) > 60:
                    break
                if sum(char.isdigit() for char in value) < 3 and not _OWN_REFERENCE.fullmatch(value):
                    continue
                if len(value) >= MIN_REFERENCE_LENGTH:
                    yield value
                if prefix:
                    letters = prefix.group()
                    yield from (letters[-size:] + value for size in range(1, len(letters) + 1))
