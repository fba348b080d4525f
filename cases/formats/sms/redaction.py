"""A message without what tells whose it is, for a reader outside: placeholders stand for it.

Numbers, names, references, sums, links and e-mail addresses are replaced; days stay, as what is said often depends on
them. In doubt something is replaced: a meaning that is lost costs less than a number that leaves. `redact` looks at its
own result once more and gives nothing where four digits in a row are left that are no day.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

#: Of a longer text only the beginning is looked at and sent.
MAX_CHARACTERS = 2000
#: Digits that are no day and stand together: as many as could be the tail of a number.
_MIN_DIGITS = 4

#: The surnames that most people in China have (public lists of the census of 2020), and those of two characters.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏傅方"
    "邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤温庞殷章葛管甘尤尚牛鲁倪俞柯欧聂左詹翟"
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮葉蘇呂盧鐘陸賈傅鄒邱龍黎賀顧龔萬錢嚴湯龐"
)
_DOUBLE_SURNAMES = "欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|皇甫|尉迟|东方|慕容|令狐|夏侯|公孙|长孙|端木|百里|南宫"
#: What does not stand within a given name, and ends one.
_NO_NAME = "已的您于在为是需请办申来号名身和与将被向到从成今昨本人后前未不可有无同"
_GIVEN = rf"(?:(?![{_NO_NAME}])[\u4e00-\u9fff*]){{1,2}}"
_FULL_NAME = rf"(?:(?:{_DOUBLE_SURNAMES}|[{_SURNAMES}*]){_GIVEN})"
_TITLES = "先生|女士|小姐|太太|同志|师傅|老师|经理|主管|專員|专员"
#: Whose name comes next.
_ROLES = (
    "机主|機主|户主|戶主|联系人|聯繫人|聯絡人|姓名|户名|戶名|用户名|申请人|申請人|经办人|經辦人|办理人|使用人|持卡人|委托人|代办人|"
    "收件人|收款人|承办人|处理人|负责人|客服代表|客户经理|坐席"
)

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LINK = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![\w@.-])(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])(?:[/?][!-~]*)?",
    re.ASCII,
)
_YEAR = r"(?:19|20)\d\d"
_MONTH, _DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
#: A day, and what a moment may add; with nothing beside it that would make it a part of something longer.
_DATE = re.compile(
    rf"(?<![A-Za-z0-9*_/.-])(?:{_YEAR}年(?:{_MONTH}月(?:{_DAY}[日号])?|底|初|内)?|{_YEAR}(?P<s>[-/.]){_MONTH}(?P=s){_DAY}(?:T\d\d:\d\d(?::\d\d)?)?"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![A-Za-z0-9*_-]|[/.]\d)"
)
_MARKED_NAME = rf"(?:(?![{_NO_NAME}])[\u4e00-\u9fff*]){{2,4}}|[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){{0,2}}"
_ROLE_NAME = re.compile(
    rf"(?P<before>{_ROLES})(?:(?P<mark>\s*[:为是(\s]\s*)(?P<marked>{_MARKED_NAME})"
    rf"|(?P<plain>{_FULL_NAME}|(?!于)[{_SURNAMES}](?=[{_NO_NAME}]|\W|$)))"
)
#: '尊敬的张三,您好'.
_ADDRESSED = re.compile(
    rf"(?P<before>尊敬的|亲爱的|親愛的|客户|客戶|用户|用戶)(?P<name>{_FULL_NAME})(?=[您你,:!。;\s]|$)"
)
_LATIN_NAME = re.compile(
    r"(?P<before>\b(?:Mr|Mrs|Ms|Miss|Mister|Madam|Dr)\b\.?\s+|\b(?:Dear|Hi|Hello)\s+)"
    r"(?!(?:Customer|User|Subscriber|Valued|Sir|Madam|Client|Member|All|Team)\b)"
    r"(?P<name>[A-Z][A-Za-z'-]*(?: [A-Z][A-Za-z'-]*){0,2})"
)
_TITLED = re.compile(rf"(?P<run>[\u4e00-\u9fff*]{{1,4}})(?=(?:{_TITLES}))")
_AMOUNT = re.compile(
    r"(?:[¥¥$]|人民币|RMB|CNY)\s*-?\d[\d,]*(?:\.\d+)?\s*(?:元|块)?|-?\d[\d,]*(?:\.\d+)?\s*(?:万)?(?:元|块|角|yuan\b|RMB\b|CNY\b)"
    r"|[零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+(?:点[零一二三四五六七八九]+)?(?:元|块)"
)
#: An identifier that a label introduces, however short.
_LABELLED = re.compile(
    r"(?P<before>(?:工号|员工号|坐席号|尾号|末[四4]位|后[四4]位|编号|单号|受理号|流水号?|工单号?|批次号?|回执号?|凭证号?|验证码|校验码|口令|密码|授权码"
    r"|\b(?:ref(?:erence)?|ticket|case|order|code|PIN|password|passcode|agent)(?:\s*(?:no\.?|number|id))?)"
    r"\s*(?:为|是|[:#()(]|is)?\s*)(?P<value>(?!(?:19|20)\d\d年)(?=[A-Za-z*_-]{0,12}\d)[A-Za-z0-9*][A-Za-z0-9*_/-]*)",
    re.IGNORECASE,
)
#: A token with a digit in it, and digits in groups.
_TOKEN = re.compile(r"[A-Za-z0-9*_]+(?:[-/.#·•][A-Za-z0-9*_]+)*", re.ASCII)
_GROUPS = re.compile(r"\+?\d[\d*]*(?:[\s.·•,()_-]{1,2}[\d*]+)+")
_SPELT = re.compile(rf"[\d零〇○幺一二两三四五六七八九壹贰叁肆伍陆柒捌玖]{{{_MIN_DIGITS},}}")
_PLACEHOLDER = re.compile(r"\[(?:NUMBER|NAME|REFERENCE|AMOUNT|LINK|EMAIL)_\d{1,3}\]")
#: What stands for a part while the others are looked for: of a plane that no text uses, so no pattern fits it.
_FIRST_MARK = 0xF0000


@dataclass
class _Parts:
    """What was taken out of a text, by the mark that stands for it: a part to come back, or the kind of one hidden."""

    kept: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def keep(self, text: str) -> str:
        """A mark for a part that comes back as it is."""
        mark = self._next_mark()
        self.kept[mark] = text
        return mark

    def hide(self, kind: str) -> str:
        """A mark for a part in whose place a placeholder of this kind will stand."""
        mark = self._next_mark()
        self.hidden[mark] = kind
        return mark

    def _next_mark(self) -> str:
        return chr(_FIRST_MARK + len(self.kept) + len(self.hidden))

    def restore(self, text: str) -> str:
        """The text with parts and placeholders in place of the marks; those of a kind are numbered as they stand."""
        counts: Counter[str] = Counter()
        pieces = []
        for char in text:
            kind = self.hidden.get(char)
            if kind:
                counts[kind] += 1
                pieces.append(f"[{kind}_{counts[kind]}]")
            else:
                pieces.append(self.kept.get(char, char))
        return "".join(pieces)


def redact(text: str, *, names: Iterable[str] = (), references: Iterable[str] = ()) -> str | None:
    """The text with placeholders ('[NUMBER_1]'); None where something is left that may not leave.

    `names` and `references` are known from elsewhere (the holder of the card, the case) and replaced wherever they
    stand. Full-width digits and letters come out as plain ones.
    """
    plain = _plain(text[:MAX_CHARACTERS])
    parts = _Parts()
    for known, kind in ((references, "REFERENCE"), (names, "NAME")):
        for value in sorted({_plain(value).strip() for value in known}, key=len, reverse=True):
            if len(value) > 1:
                plain = re.sub(re.escape(value), lambda _match, kind=kind: parts.hide(kind), plain, flags=re.IGNORECASE)  # type: ignore[misc]
    for pattern, replacement in _steps(parts):
        plain = pattern.sub(replacement, plain)
    result = parts.restore(plain)
    return None if has_digits_left(result) else result


def _plain(text: str) -> str:
    """Compatibility forms undone, without invisible characters, every digit an ASCII one."""
    characters = []
    for char in unicodedata.normalize("NFKC", text):
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            characters.append(str(digit))
        elif unicodedata.category(char) not in ("Cf", "Mn", "Me", "Co", "Cn", "Cs") and (
            char in "\n\t" or unicodedata.category(char) != "Cc"
        ):
            characters.append(char)
    return "".join(characters)


def _steps(parts: _Parts) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
    """What is looked for, in this order: the first that fits a part takes it."""

    def hide(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda match: parts.hide(kind)

    def behind_label(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda match: f"{match['before']}{parts.hide(kind)}"

    def of_role(match: re.Match[str]) -> str:
        return f"{match['before']}{match['mark'] or ''}{parts.hide('NAME')}"

    def token(match: re.Match[str]) -> str:
        count = sum(char.isdigit() for char in match[0])
        if count < _MIN_DIGITS and not ("*" in match[0] and count):
            return match[0]
        return parts.hide("NUMBER" if match[0].isdigit() or "*" in match[0] else "REFERENCE")

    def groups(match: re.Match[str]) -> str:
        return parts.hide("NUMBER") if sum(char.isdigit() for char in match[0]) >= _MIN_DIGITS else match[0]

    return [
        (_EMAIL, hide("EMAIL")),
        (_LINK, hide("LINK")),
        (_LABELLED, behind_label("REFERENCE")),
        (_AMOUNT, hide("AMOUNT")),
        (_DATE, lambda match: parts.keep(match[0])),
        (_GROUPS, groups),
        (_TOKEN, token),
        (_SPELT, hide("NUMBER")),
        (_ROLE_NAME, of_role),
        (_ADDRESSED, behind_label("NAME")),
        (_TITLED, lambda match: _without_name(match["run"], parts)),
        (_LATIN_NAME, behind_label("NAME")),
    ]


def _without_name(run: str, parts: _Parts) -> str:
    """What stands before a title, without the name at its end: the longest that begins with a surname, otherwise its
    last character."""
    for length in range(min(4, len(run)), 0, -1):
        name = run[-length:]
        is_double = length > 1 and re.match(_DOUBLE_SURNAMES, name)
        if is_double or (length < 4 and (name[0] in _SURNAMES or name[0] == "*")):
            return run[:-length] + parts.hide("NAME")
    if run[-1] in _NO_NAME:  # '尊敬的先生'
        return run
    return run[:-1] + parts.hide("NAME")


def has_digits_left(text: str) -> bool:
    """Whether digits of a number, reference or sum are left in a redacted text: four together, days apart."""
    rest = _DATE.sub(" ", _PLACEHOLDER.sub("~", text))
    return re.search(rf"\d{{{_MIN_DIGITS},}}", rest) is not None
