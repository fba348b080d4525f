"""What makes a message one that must not be believed as it stands, whatever it says."""

import re
from calendar import monthrange

#: Places that a template leaves open: ${name}, {0}, %s, XXX.
_TEMPLATE = re.compile(
    r"\$\{|\{[^{}\s]{0,12}\}|%[sd](?![A-Za-z])|(?<![0-9A-Za-z])[Xx*]{2,}(?:客户|先生|用户|女士|[年月日])|[Xx]{5,}(?![0-9Xx])|"
    r"YYYY|MM月|[Xx]年[Xx]月|\[(?:姓名|号码|日期)\]"
)
_DAY = re.compile(
    r"(?:(?P<y>20[0-9]{2})[年/-])?(?P<mo>[0-9]{1,2})(?:月|(?<=[0-9]{4}[-/][0-9]{2})[-/])(?P<d>[0-9]{1,2})[日号]"
)
_FULL_DAY = re.compile(r"(?<![0-9])(?P<y>20[0-9]{2})[-/.](?P<mo>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?![0-9])")
#: The writer takes it back, or says that another message was wrong.
_RETRACTION = re.compile(
    r"误发|错发|贴错|贴错别|发岔|发错|更正[:,]|看错|查错|看串|看岔|串行|记错|不算数|那句不算|请无视|上次查错|系统回滚|"
    r"(?:上条|前条|前一条|昨日|此前)(?:短信|信息)?(?:发送)?(?:有误|作废)|请勿当真|【测试】|"
    r"disregard|sent in error|wrong row|ignore what i wrote|by mistake",
    re.IGNORECASE,
)
#: The writer only heard of it, or does not believe it.
_HEARSAY = re.compile(
    r"听(?:说|闻|人|别人|[^,。;!?]{1,8}[讲说])|据说|传闻|好像|似乎|大概|说不定|可能已|可能是|可能[。,!]|应该(?:已经|也|是|差不多|就是|算)|"
    r"真的?还是假|真的假的|是真的吗|真的吗|是假的|算不算|算(?:是)?销了没|到底(?:算|销|办|拆|退|是|信|听|谁|怎)|"
    r"[听信]谁|谁信|你信吗|信不信|不信|别被骗|存疑|骗子|诈骗短信|搞不清|说不清楚|没听清|没听懂|没听明白|听不清|忘了哪|都?懵|没凭没据|"
    r"哪个真|哪个的字|对不上|不晓得真|待核|scam|not trust|would not trust|no idea|could not tell|should be fine|"
    r"[怎什][么]意思|鬼发的|有没有人知道|也不知道|谁知道|谁去打|吐槽|哈哈|骗你|愚人节|P的图|又[讲说]|又显示|转给[甲乙]|打架|说不准|也说不好|either|almost|貼錯|贴错|串了|看花|搞混|打五折|玩笑|开玩笑",
    re.IGNORECASE,
)
#: The card is used as before, although it is said to be cancelled.
_STILL_WORKS = re.compile(
    r"还能(?:上网|打|用|接|通|发)|还(?:是)?通(?:的|着)|打得通|打通了|响铃|有人接|还有人接|还在(?:用|网)|(?:正常|好好[地的]|仍|还说)在(?:用|网)|"
    r"在用状态|状态正常|账单短信|欠费短信|拿着这号|还没消|rings when|it rings|still (?:works|lists|billed)",
    re.IGNORECASE,
)
#: Marks of a message that somebody passes on.
_PASSED_ON = re.compile(
    r"转发|转自|^转|[,。!(]转[:到给]|截图|收到|你看|給你看|给你看|Fw:|Fwd|FW:|[「“>]|^\"|说", re.IGNORECASE
)


def is_passed_on(plain: str) -> bool:
    """Whether somebody passes on what another wrote."""
    return _PASSED_ON.search(plain) is not None


def has_open_places(plain: str) -> bool:
    """Whether it is a template that nobody filled in."""
    return _TEMPLATE.search(plain) is not None


def names_impossible_day(plain: str) -> bool:
    """Whether it names a day that no calendar has, like 30 February."""
    for pattern in (_DAY, _FULL_DAY):
        for match in pattern.finditer(plain):
            year, month, day = int(match["y"] or 2028), int(match["mo"]), int(match["d"])
            if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
                return True
    return False


def is_taken_back(plain: str) -> bool:
    """Whether the writer takes something back."""
    return _RETRACTION.search(plain) is not None


def is_hearsay(plain: str) -> bool:
    """Whether the writer only heard it, asks whether it is so, or does not believe it."""
    return _HEARSAY.search(plain) is not None


def still_works(plain: str) -> bool:
    """Whether it says that the card is in use."""
    return _STILL_WORKS.search(plain) is not None


#: What somebody had written before, quoted below an answer.
_QUOTED = re.compile(r"(?:,>|,?-{3,} ?Original|,-{3} ?[0-9]|On [0-9]{1,2} [A-Z][a-z]{2}[^,]{0,40}wrote:)")
_LEAST_ANSWER = 25


def quoted_span(plain: str) -> tuple[int, int] | None:
    """Where an earlier message is quoted below an answer to it; what is passed on with hardly a word is no such one."""
    match = _QUOTED.search(plain, _LEAST_ANSWER)
    return (match.start(), len(plain)) if match else None


#: '(1/2)' at the start or the end: a part of a longer message.
_PART = re.compile(r"^[(\[]?[1-9]/[1-9][)\]]|[(\[][1-9]/[1-9][)\]]$|^[1-9]/[1-9](?![0-9月日号.])")
#: It breaks off: nothing ends so.
_BROKEN_OFF = re.compile(r"(?:…|\.\.\.|[,、:(【「“]|您的|将于|因为?|至|请|并|为|于|和|及|的号码)$")


def is_incomplete(plain: str) -> bool:
    """Whether it is a part of a longer message, or breaks off."""
    return _PART.search(plain) is not None or _BROKEN_OFF.search(plain) is not None


def names_cancellation(plain: str) -> bool:
    """Whether the words for a cancellation stand in it; for a text that is not read any further."""
    return re.search(r"销户|注销|销号|销卡|拆机|退网|离网|预销|cancel|terminat", plain, re.IGNORECASE) is not None


#: '号码…绑定的宽带': the broadband hangs on the number and is what is meant.
_BOUND_SERVICE = re.compile(
    r"[0-9*]{4}[^,。;0-9]{0,8}(?:的|下|绑定|关联|捆绑|办理|加装)[^,。;]{0,4}(?:宽带|固话|光纤|IPTV|电视)", re.IGNORECASE
)


def names_bound_service(plain: str) -> bool:
    """Whether it is about a service that is said to hang on a number."""
    return _BOUND_SERVICE.search(plain) is not None
