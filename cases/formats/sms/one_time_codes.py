"""Whether a message carries a verification code or password that nobody else may see, and where.

Such a message is never stored; where it concerns an open case its codes are blacked out first, and the rest is kept.
"""

import re
from collections.abc import Collection, Iterator

from cases.domain.message_disposition import plain_reference
from cases.formats.sms.normalize import MAX_CHARACTERS, normalize_text
from cases.formats.sms.numbers import find_numbers

#: Stands for each character of a code that was blacked out.
BLACK = "■"
#: What such a secret is called, in Chinese, whatever the code is for, and in English.
SECRET_NAMES = (
    "(?:短信|动态|随机|手机|登[录陆]|支付|交易|服务|查询|初始|临时|一次性|重置|新|操作){0,2}"
    "(?:(?:验[证正]|校验|认证|核验|核实|识别|查验|检验|确认|授权|鉴权|激活|登[录陆]|安全|动态|随机|短信|提取|注销|销户|解锁|解绑|一次性)"
    "(?:码|代码|号(?![码段])|密码|口令|密令|数字|字符)|密码|口令|密令|动态码)|"
    "(?<![编号邮条扫代短尾维形串数乱密惠换荐请四末误因态])码(?=是|为|来了|如下|[:=] ?[0-9A-Z]|[0-9])|"
    r"(?<![A-Za-z])(?:PUK ?[0-9]?码?|PIN ?[0-9]?码?|OTP|pass ?(?:word|code))(?![A-Za-z])|"
    r"(?:verification|security|authentication|authori[sz]ation|access|log-?in|confirmation|activation|one[- ]time|"
    r"unlock|your|the) ?(?:code|number(?= ?(?:is|:) ?[0-9]{4,8}\b)|pin|pass ?word|pass ?code)|"
    r"(?<![A-Za-z])(?<!promo )(?<!area )(?<!zip )(?<!post )(?<!postal )(?<!country )(?<!error )(?<!status )"
    r"(?<!reason )(?<!reference )(?<!discount )(?<!product )(?<!service )(?<!QR )(?<!bar )(?<!short )(?<!city )"
    r"(?<!order )(?<!case )(?<!branch )codes?(?![A-Za-z])(?! of)"
)
_NAME = f"(?:{SECRET_NAMES})"
#: Beside a value in a bracket or before a colon these alone say what the value is: '881254(注销验证)'.
_ACT = "(?:验[证正]|校验|核验|认证|登[录陆]|鉴权|激活)"
_NUMERALS = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_CIRCLED = str.maketrans("⓪①②③④⑤⑥⑦⑧⑨❶❷❸❹❺❻❼❽❾", "0123456789123456789")

#: In place of what is no code: card numbers, labelled references, days, sums. Values never contain it.
_TAKEN = "\x01"
_DIGITS = r"[0-9](?:[ ,.·-]?[0-9]){3,7}(?![0-9A-Za-z])"
_NUMERAL_RUN = f"[{_NUMERALS}](?:[、 -]?[{_NUMERALS}]){{3,7}}(?![{_NUMERALS}])"
_MIXED = (
    r"(?=[A-Za-z-]*[0-9])(?=[0-9-]*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){3,9}(?![A-Za-z0-9])|"
    r"(?=[A-Z]*[0-9])[A-Z0-9]{2,4} (?=[A-Z]*[0-9])[A-Z0-9]{2,4}(?![A-Za-z0-9])"
)
_VALUE = rf"(?:(?-i:[A-Z]{{1,5}}[ -]?|[a-z]{{1,2}}))?(?:{_DIGITS}|{_NUMERAL_RUN})|{_MIXED}"
#: A password as it is told: what is typed on a keyboard, with a digit or a capital in it.
_TYPED = r"(?=[!-~]{0,15}[0-9A-Z])[!-+\--~]{4,16}(?![!-~])"
_CAPITALS = r"[A-Z]{4,8}(?![A-Za-z0-9])"
_GAP = rf"[^0-9A-Za-z{_NUMERALS}{_TAKEN},。;!?通]"
_LONG_GAP = rf"[^0-9A-Za-z{_NUMERALS}{_TAKEN}。;!?勿询]"
_BETWEEN = rf"{_GAP}{{0,10}}(?:\([A-Za-z ]{{2,20}}\){_GAP}{{0,3}})?(?:{_TAKEN}+{_GAP}{{0,8}})?"
_EDGE = r"(?<![0-9A-Za-z*])"
_IS_SET = r"(?:已?(?:重置|修改|更改|变更|设置?)?(?:为|是|成)|:|=|is )"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NAME},?{_BETWEEN}(?<![0-9])(?P<value>{_VALUE})",
        rf"{_NAME}[)\]\"”]? ?(?:is|are|was|:|=|-)? ?(?:now |set to )?(?P<value>{_VALUE})",
        rf"{_NAME}(?:是|为|:) ?(?P<value>[0-9]{{3}})(?![0-9A-Za-z年月日元.])",
        rf"{_NAME}{_IS_SET}[:(\[\"“]?(?P<value>(?-i:{_TYPED}|{_CAPITALS}))",
        r"(?:口令|密令)(?:是|为|:)(?P<value>[^,。;!?()]{2,12})",
        r"(?P<value>LPA:1\$[!-~]+)",
        # The value stands further on in the same sentence: '验证码用于注销号码…,482913'.
        rf"{_NAME}{_LONG_GAP}{{0,24}}(?:{_TAKEN}+{_LONG_GAP}{{0,12}})?{_EDGE}(?P<value>[0-9]{{6}})(?![0-9])",
        rf"{_NAME}[ A-Za-z,'{_TAKEN}]{{0,40}}[:=] ?(?P<value>{_VALUE})",
        rf"{_NAME}[^0-9。;!?]{{0,40}}:(?P<value>[0-9]{{6}})(?![0-9])",
        # Not named at all: '告知以下6位数字:482913', '数字是 482913', '请朗读数字 5 1 8 3', '请输入:58 20 16'.
        rf"(?<![后末尾前第])[4-8四五六七八] ?位(?:数字?|字符|码)?[^0-9。;!?]{{0,14}}:(?P<value>{_VALUE})",
        rf"(?:数字|字符)(?:是|为|:)(?P<value>{_VALUE})",
        rf"(?:朗读|念|输入|填写?|填入|告知)(?:[^0-9。;!?]{{0,8}}(?:数字|字符)[^0-9。;!?]{{0,6}}|[:\"“]{{1,2}})(?P<value>{_VALUE})",
        rf"{_EDGE}(?P<value>{_VALUE})[^0-9]{{0,30}}(?:前述|上述|以上)(?:字符|数字|码)",
        # '583920(销户验证码)', '583920是您的验证码', '881254(注销验证)', '7402,注销登录用,2分钟'
        rf"{_EDGE}(?P<value>{_VALUE})[)\]】”\"]?(?:是|为|系|\(|\[|【|,|。|:|-|/)[^0-9。;!?勿]{{0,40}}?{_NAME}",
        rf"{_EDGE}(?P<value>{_VALUE})[(\[【][^0-9。;!?)\]】]{{0,8}}{_ACT}[^0-9。;!?)\]】]{{0,4}}[)\]】]",
        rf"{_EDGE}(?P<value>{_VALUE})[,:(][^0-9。;!?]{{0,12}}用[,)]?[^0-9。;!?]{{0,4}}(?:[0-9一二三五十两]{{1,2}}|{_TAKEN}+)(?:分[钟种])?",
        rf"{_EDGE}(?P<value>{_VALUE}) (?:is|as) (?:your|the) ",
        rf"{_ACT}(?:短信)?[:=—–-]{{1,4}}(?P<value>{_VALUE})",
    )
)
#: No value seen: cut off, or written in a way that nobody thought of. How long it is good for tells.
_VALIDITY = re.compile(
    rf"{_NAME}(?!另|将|稍|已发|已?通过)[^。;!?]{{0,24}}?"
    r"(?:[0-9一二三五十]{1,3} ?(?:分[钟种]|秒|小时|min)(?:之?内)?(?:有效|输入|使用|完成)|有效(?:期|时间))",
    re.IGNORECASE,
)
_NAMES = re.compile(_NAME, re.IGNORECASE)
#: What has as many digits as a code and is none.
_NO_CODES = re.compile(
    # The lines of the carriers and of the authorities.
    r"(?<![0-9A-Za-z])(?:100[0-9]{2}|1008[0-9]{2,3}|1065[0-9]+|116114|118114|12[0-9]{3}|95[0-9]{3,4}|96[0-9]{3,4}|110)(?![0-9])|"
    r"(?<![0-9])(?:400|800)[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])|(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}(?![0-9])|"
    # Days, moments, terms.
    r"(?<![0-9])(?:19|20)[0-9]{2} ?[-/.年] ?[0-9]{1,2}(?: ?[-/.月] ?[0-9]{1,2}日?)?(?![0-9])|"
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])|"
    r"(?<![0-9])[0-9]{1,2}月[0-9]{1,2}[日号]?|(?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])|"
    r"(?<![0-9])[4-8]位(?!数字|字符|码|:)|"
    r"(?<![0-9])[0-9]++ ?(?:个|小时|分钟|秒|天|日|个?工作日|年|月|元|GB|MB|M\b|G\b|%|折|[点兆])|"
    # Sums, and what other numbers are called.
    r"[¥$][0-9,.]++|(?<![0-9,])[0-9][0-9,]*+(?:\.[0-9]++)?元|"
    r"(?:工号|编码|邮编|邮政编码|员工号?|坐席|座席|受理员|客服代表|客户经理|柜台?|窗口|(?<![验校核认])(?:受理|工单|订单|业务|流水|登记|申请|服务|投诉|回执|"
    r"交易|催单|处理|批次|凭证|单据|序列|合同|发票|户|账)(?:单|流水|序列)*(?:编号|单号|号码?|编码)|单号|编号|流水号?|工单|回执|"
    r"\b(?:ref(?:erence)?|ticket|order|case|request|receipt|zip|postal|area|tracking)(?: ?(?:no|number|id|code))?\.?)"
    r"(?:为|是|is)?[ :#(\[【\"“]{0,2}(?:No\.?:?)?[A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*|"
    r"(?:回复|发送|编辑短信|拨打?|致电|按)[“\"]?[A-Za-z0-9#*]{1,8}[”\"]?",
    re.IGNORECASE,
)
#: Beyond this many characters nothing is a message any more, and nothing is looked at.
_MAX_LENGTH = 40_000
#: What in a message with a code may be the code, where it is not known which.
_CANDIDATE = re.compile(rf"(?<![0-9A-Za-z*{BLACK}])(?:{_VALUE})", re.IGNORECASE)


def contains_code(text: str) -> bool:
    """Whether the text carries a verification code or a password.

    A warning not to tell anybody one's codes, which carriers append to other messages, carries none.
    """
    return any(find_code_name(normalize_text(part).plain) for _, part in _windows(text))


def find_code_name(plain: str) -> tuple[int, int] | None:
    """Where in a plain text the secret's name stands; None when there is no secret."""
    blanked = _blank_no_codes(plain)
    matches = (pattern.search(blanked) for pattern in _PATTERNS)
    match = next((match for match in matches if match), None) or _VALIDITY.search(plain)
    if match is None:
        return None
    name = _NAMES.search(match.group())
    start, end = name.span() if name else (0, len(match.group()))
    return match.start() + start, match.start() + end


def blacken_codes(text: str, keep: Collection[str] = ()) -> str:
    """The text with a BLACK for each character of its codes; as it is where it carries none.

    Where it is in doubt which group is the code, each that may be one is blacked out. Card numbers, labelled
    references, days, sums and lines to call stay, and so do `keep`: references that are known (in any writing).
    """
    known = {plain_reference(reference) for reference in keep}
    black: set[int] = set()
    for start, part in _windows(text):
        normalized = normalize_text(part)
        if not find_code_name(normalized.plain):
            continue
        for first, last in _code_spans(normalized.plain, known):
            for place in range(first, last):
                if normalized.plain[place].isalnum() or normalized.plain[place] not in " ,.·-、":
                    black.add(start + normalized.origin[place])
    return "".join(BLACK if place in black else char for place, char in enumerate(text))


def is_blackened(text: str) -> bool:
    """Whether a code was blacked out in a text."""
    return re.search(rf"{BLACK}(?:.?{BLACK}){{3}}", text, re.DOTALL) is not None


def had_code(text: str) -> bool:
    """Whether what was blacked out in a text was a code by what stands around it, and not only in doubt."""
    return is_blackened(text) and contains_code(text.replace(BLACK, "8"))


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that are looked at whole, each with its place; they overlap by more than a code takes."""
    step = MAX_CHARACTERS - 200
    for start in range(0, min(max(len(text) - 200, 1), _MAX_LENGTH), step):
        yield start, text[start : start + MAX_CHARACTERS].translate(_CIRCLED)


def _blank_no_codes(plain: str) -> str:
    """The text, of the same length, with card numbers and whatever else is no code blanked."""
    spans = [(mention.start, mention.end) for mention in find_numbers(plain)]
    spans += [match.span() for match in _NO_CODES.finditer(plain)]
    letters = list(plain)
    for start, end in spans:
        letters[start:end] = _TAKEN * (end - start)
    return "".join(letters)


def _code_spans(plain: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the codes of a text with one stand: beside their names, and all else that may be one."""
    blanked = _blank_no_codes(plain)
    for pattern in _PATTERNS:
        for match in pattern.finditer(blanked):
            if plain_reference(match["value"]) not in known:
                yield match.span("value")
    names = [match.span() for match in _NAMES.finditer(plain)]
    for match in _CANDIDATE.finditer(blanked):
        start, end = match.span()
        is_other = any(start < last and first < end for first, last in names)
        if not is_other and not _is_known(plain, start, end, known):
            yield start, end


def _is_known(plain: str, start: int, end: int, known: Collection[str]) -> bool:
    """Whether the whole word around a place is one of the references that are known."""
    word = re.compile(r"[A-Za-z0-9_-]*")
    first = start
    while first > 0 and re.match(r"[A-Za-z0-9_-]", plain[first - 1]):
        first -= 1
    match = word.match(plain, first)
    return bool(match and plain_reference(match.group()) in known) or plain_reference(plain[start:end]) in known
