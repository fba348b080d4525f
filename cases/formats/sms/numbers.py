"""Which numbers stand in a message, and which of them is the card's.

The number in the body is the card, not the telephone that received the message (facts.md, 'Carrier SMS'); but a body
also names lines to call and numbers to which a balance goes.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_DIGIT_GROUPS = re.compile(r"(?<![A-Za-z0-9*.])[0-9]++(?:[ -][0-9]++)*+(?![A-Za-z*]|\.[0-9]|元)")
_FULL = re.compile(r"(?:00)?(?:86)?(1[3-9][0-9]{9}|14[0-9]{11})")
_MASKED = re.compile(
    r"(?<![A-Za-z0-9*.-])(?:\+?86[ -]?)?(1[0-9]{0,6}[ -]?[*xX]{2,9}[ -]?[0-9]{2,8}|[*]{3,9}[0-9]{4})(?![A-Za-z0-9*])"
)
_LAST_FOUR = re.compile(
    r"(?:尾号|尾数|末四位|后四位|末4位|后4位|末尾)(?:号码|数字)?(?:为|是)?[:(\[“\"]?[*xX]{0,9}([0-9]{4})(?![0-9])"
)
#: What stands before a last-four that is not a telephone number's.
_NO_PHONE = re.compile(r"(?:银行|储蓄|信用|借记|身份证|证件|账户|卡号|ICCID|工单|订单|单子|单号|卡)[^,。;]{0,4}$")
_NO_PHONE_AFTER = re.compile(r"^[)\]”\"]?的?[^,。;]{0,4}(?:储蓄卡|信用卡|借记卡|银行卡|账户|证件)")
#: Before a number that is not the card: whom to call, where the money goes, who brought the papers.
_NOT_THE_CARD = re.compile(
    r"(?:(?:转|退|划|充|存|结转|转移|转存|返还|退还|迁移|合并)(?:至|入|到|往|给)[^,。;!?0-9]{0,10}|"
    r"(?:联[系络](?:电话|号码|手机|人|方式)|新号码?)[^,。;!?0-9]{0,6}|"
    r"(?:致电|拨打|联系|咨询|垂询|回拨|热线|客户经理|经办人|代办人|受理人|办理人|发送至|短信至|发至|新办)"
    r"(?:(?!号码|您的|办理|为|处理|核实|沟通|跟进|关于|销户|注销|拆机)[^,。;!?0-9]){0,8})$"
)
#: '两个号码', '3张卡'.
_SEVERAL_CARDS = re.compile(
    r"(?<!第)(?:[2-9]|[1-9][0-9]|[两二三四五六七八九十多几])[个张](?:手机|移动)?(?:号码?|卡|副卡)"
)


@dataclass(frozen=True)
class NumberMention:
    """A number as a message gives it, and where: full digits, masked, or the last four."""

    digits: str
    start: int
    end: int
    is_card: bool

    @property
    def is_full(self) -> bool:
        return self.digits.isdigit() and len(self.digits) >= 11


def find_numbers(plain: str, references: Iterable[tuple[int, int]] = ()) -> list[NumberMention]:
    """Every form of a mobile number in a plain text, in order, apart from what stands in references' places."""
    excluded = list(references)
    mentions: list[NumberMention] = []

    def add(digits: str, start: int, end: int) -> None:
        if not any(start < last and first < end for first, last in excluded):
            mentions.append(
                NumberMention(digits, start, end, _NOT_THE_CARD.search(plain[max(0, start - 24) : start]) is None)
            )

    for chain in _DIGIT_GROUPS.finditer(plain):
        for digits, start, end in _full_numbers(chain.group(), chain.start()):
            add(digits, start, end)
    for match in _MASKED.finditer(plain):
        add(match.group(1), match.start(1), match.end(1))
    for last in _LAST_FOUR.finditer(plain):
        before, after = plain[max(0, last.start() - 8) : last.start()], plain[last.end() : last.end() + 12]
        if not _NO_PHONE.search(before) and not _NO_PHONE_AFTER.search(after):
            add(last.group(1), last.start(1), last.end(1))
    return sorted(mentions, key=lambda mention: mention.start)


def _full_numbers(chain: str, at: int) -> list[tuple[str, int, int]]:
    """The whole numbers in digits with single spaces or hyphens between them: groups, or all of it together."""
    groups = [(group.group(), group.start()) for group in re.finditer(r"[0-9]+", chain)]
    whole = [
        (full.group(1), at + start + full.start(1), at + start + len(group))
        for group, start in groups
        if (full := _FULL.fullmatch(group))
    ]
    if whole or len(groups) == 1:
        return whole
    match = _FULL.fullmatch("".join(group for group, _ in groups))
    return [(match.group(1), at, at + len(chain))] if match else []


def single_card(mentions: list[NumberMention]) -> NumberMention | None:
    """The one card that the forms speak of: None when there is none or more than one."""
    cards = _distinct([mention for mention in mentions if mention.is_card])
    return cards[0] if len(cards) == 1 else None


def mentions_several_cards(plain: str, mentions: list[NumberMention]) -> bool:
    """Whether a message speaks of more than one card."""
    return (
        len(_distinct([mention for mention in mentions if mention.is_card])) > 1
        or _SEVERAL_CARDS.search(plain) is not None
    )


def _distinct(mentions: list[NumberMention]) -> list[NumberMention]:
    """The forms that cannot be the same number, the most telling of each."""
    distinct: list[NumberMention] = []
    for mention in sorted(
        mentions, key=lambda mention: (not mention.is_full, -sum(char.isdigit() for char in mention.digits))
    ):
        if not any(_may_be_same(mention.digits, other.digits) for other in distinct):
            distinct.append(mention)
    return distinct


def _may_be_same(form: str, fuller: str) -> bool:
    if fuller.isdigit() and len(fuller) >= 11:
        return form == fuller or _matches(_normalize(form), fuller)
    one, other = _normalize(form), _normalize(fuller)
    tails = one.rpartition("*")[2], other.rpartition("*")[2]
    heads = one.partition("*")[0] if "*" in one else "", other.partition("*")[0] if "*" in other else ""
    return (tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])) and (
        heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])
    )


def _normalize(form: str) -> str:
    text = unicodedata.normalize("NFKC", form[:60])
    text = "".join("*" if char in "xX•●×∗✱○" else char for char in text)
    return "".join(char for char in text if (char.isascii() and char.isdigit()) or char == "*")


def _matches(form: str, number: str) -> bool:
    if "*" not in form:
        return len(form) == 4 and number.endswith(form)
    if len(form) == len(number):
        return all(char in ("*", digit) for char, digit in zip(form, number, strict=True)) and form[-1] != "*"
    # With more or fewer masks than digits only the usual 138****8000 and ****8000: a form that was cut fits nothing.
    head, tail = form.partition("*")[0], form.rpartition("*")[2]
    return (
        len(head) in (0, 3)
        and len(tail) == 4
        and number.startswith(head)
        and number.endswith(tail)
        and set(form[len(head) : -4]) == {"*"}
    )


def matching_numbers(form: str, numbers: Iterable[str]) -> list[str]:
    """Those of the numbers (national digits) that a form fits: in full, masked ('138****8000'), or the last four.

    All that fit, in the given order; more than one means that the form does not tell which.
    """
    normalized = _normalize(form)
    full = _FULL.fullmatch(normalized)
    if full:
        return [number for number in numbers if number == full.group(1)]
    return [number for number in numbers if _matches(normalized, number)]
