"""Marks, spaces and figures as the rules of style have them; labels that are no questions, days that say which."""

import re
from collections.abc import Iterable

import pytest

from tests.wording import texts
from tests.wording.test_glossary import check, in_chinese
from tests.wording.texts import Text

HAN = r"[\u4e00-\u9fff]"
DAYS = r"(?:\b(?:\d+|one|two|three|four|five|seven|fifteen|thirty)|%\(\w+\)s) days?\b"
#: Values that are figures; of others, such as names, nobody knows whether they begin with one.
FIGURES = (
    "cards|cases|confirmed|count|counted|counter|days|entry|first|hours|last|limit|months|most|number|of|percent|reply|"
    "reply_days|review|row|rows|seconds|size|total|weeks|window|year"
)

CHINESE = {
    rf"{HAN}[”）》〕]?\s*[,;:!?()]|[,;:!?()]\s*[“（《〔]?{HAN}|{HAN}\.(?![a-z])": "full-width marks next to Chinese",
    r" [，。：；？！（）“”《》、]|[，。：；？！（）”《》、] ": "no space beside a full-width mark",
    r"[\"']|\.\.\.|(?<!…)…(?!…)": "“” and ……",
    r"[（(]周.[)）]|[（(][^（）()]*24:00": "10月13日 周二 24:00, without brackets",
    r"(日|号|天|%\((day|due|by|until|deadline|promised|reply_by)\)s) ?(24:00|24 时)? ?[之以]?前(?!一天|后)": "最晚",
    r"第[一二三四五六七八九十]+个工作日|[二三四五六七八九十]+ ?(小时|个工作日|个自然日|天|日内)": "Arabic figures",
    r"予以(?!受理)|其间|凭此|进行.{0,4}操作|(?<!尤)其(?!他|中|实|余|次)": "plain words: 这、执行",
    r"(?<!应)该(?=运营商|团队|邮箱|列|地址|省|号码|成员|工作日|案件|承诺|申请|日|期限|网页|卡)": "这、这家、本",
    r"^确定": "a button says what it does",
}
SPACES = {
    rf"{HAN}[A-Za-z]|(?<![)%])[A-Za-z]{HAN}": "a space between Chinese and Latin letters",
    rf"(?![年月]){HAN}\d|\d(?![年月日]){HAN}": "a space between Chinese and figures, but not within a date",
    rf"{HAN}%\((?:{FIGURES})\)s|%\((?:{FIGURES})\)s{HAN}": "a space between Chinese and a figure",
}
ENGLISH = {
    r"[\"']|\.\.\.| …": "curly quotation marks and apostrophes; … joined to the word before",
    r"(?i)e-mail|Shanghai": "email, Beijing time",
    DAYS: "working days or calendar days",
    r"(?i)o’clock|\d [ap]m\b": "24 hours",
    r"(?i)click here": "what the link does",
}

#: Taken out before looking, with the reason.
ALLOWED = {
    r"Server酱": "a name",
    r"!AbCdEfGh:example.com|部门:销售部|AAEabcDEF…|/getUpdates：“chat” 里 “id” 后面": "what is typed, or stands there",
    r"^Y?年?n月j日( D)?$": "the format of dates",
    r"路\d+号": "an address",
    r"【…】|xiaoka_…": "the place of a signature; a token, shortened",
    r"%\(days\)s(?=内确认)": "is “11 个工作日”",
    r"at least 90 days|30 days before|(7|seven) days|^(30|90) days$": "months in round numbers; Xiaoka's own periods",
    r"%\(name\)s %\(days\)s days?": "how long a holiday is",
    r"often only two days": "as carriers write, who do not say which",
}
#: Headings and prompts that are questions: common questions of the guide, and the way to another page.
QUESTIONS = {
    "Is it really cancelled? Which branch? Why was it refused?",
    "Is it really cancelled?",
    "Which branch?",
    "The carrier refused: why, and what next?",
    "Can I get the number back?",
    "No account yet?",
    "Already have an account?",
}

_ALLOWED = re.compile("|".join(f"(?:{pattern})" for pattern in ALLOWED))


def without_allowed(searched: Iterable[Text]) -> list[Text]:
    return [Text(text.place, _ALLOWED.sub("◆", text.words)) for text in searched]


def chinese_pages() -> list[Text]:
    return without_allowed([*texts.catalogue_with_names("zh"), *in_chinese(texts.fixed_texts(), texts.data())])


@pytest.mark.parametrize(("wrong", "instead"), [*CHINESE.items(), *SPACES.items()])
def test_chinese_pages(wrong: str, instead: str) -> None:
    check(re.compile(wrong), chinese_pages(), instead)


@pytest.mark.parametrize(("wrong", "instead"), [*CHINESE.items(), *SPACES.items()])
def test_chinese_documents(wrong: str, instead: str) -> None:
    check(re.compile(wrong), without_allowed(in_chinese(texts.documents())), instead)


def test_letters_have_no_spaces() -> None:
    """Formal letters are set without; and their marks are full-width."""
    check(re.compile(rf"[\u4e00-\u9fff◇] [\w◇]|\w [\u4e00-\u9fff◇]|{HAN}[,;:!?()]"), texts.letters(), "no space")


@pytest.mark.parametrize(("wrong", "instead"), ENGLISH.items())
def test_english_pages(wrong: str, instead: str) -> None:
    check(re.compile(wrong), without_allowed(texts.catalogue_with_names("en")), instead)


def test_labels_are_no_questions() -> None:
    asked = {text.words for text in texts.catalogue("en") if re.fullmatch(r"[^.]*\?", text.words)}
    assert asked - QUESTIONS == set()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (CHINESE, "导入:号卡"),
        (CHINESE, "正在导入..."),
        (CHINESE, "请在 10月13日前答复"),
        (CHINESE, "该案件已结案"),
        (SPACES, "共3 个工作日"),
        (SPACES, "导出XLSX"),
        (ENGLISH, "Saving ..."),
        (ENGLISH, "The carrier's answer"),
        (ENGLISH, "It has 15 days to answer."),
    ],
)
def test_a_fault_is_found(rules: dict[str, str], words: str) -> None:
    searched = without_allowed([Text("planted", words)])
    assert any(re.search(wrong, text.words) for wrong in rules for text in searched)
