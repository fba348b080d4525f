"""Whether a message carries a code or password that nobody else may see: such a message is never stored."""

import re

from cases.formats.sms.normalize import normalize_text

#: What such a secret is called.
SECRET_NAMES = (
    "验证码|校验码|动态密码|动态码|动态口令|短信口令|短信密码|短信码|随机码|随机密码|确认码|授权码|鉴权码|"
    "一次性密码|安全码|提取码|密码|登录密码|服务密码|初始密码|临时密码|口令|"
    "PUK码?|PIN码|verification code|security code|OTP"
)
_NAME = f"(?:{SECRET_NAMES})"
#: The lines of the carriers and of the authorities are no codes.
_LINES = r"(?!(?:100[0-9]{2}|1008[0-9]{2,3}|12[0-9]{3}|95[0-9]{3}|110)(?![0-9]))"
_DIGITS = rf"{_LINES}(?:[0-9](?:[ -]?[0-9]){{3,7}}|[〇零一二三四五六七八九]{{4,8}})(?![0-9年月日元号])"
_MIXED = r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{4,8}(?![A-Za-z0-9])"
_VALUE = rf"(?:[A-Za-z]{{1,2}}[ -]?)?(?:{_DIGITS}|{_MIXED})"
_BETWEEN = r"[^0-9A-Za-z〇零一二三四五六七八九,。;!?通]{0,10}"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NAME},?{_BETWEEN}(?<![0-9]){_VALUE}",
        rf"{_NAME} (?:is|:)? ?{_VALUE}",
        # '583920(销户验证码)', '583920是您的验证码'
        rf"(?<![0-9A-Za-z*-]){_VALUE}[)\]】”\"]?(?:是|为|\(|\[|【|,|。|-)[^0-9。;!?]{{0,14}}{_NAME}",
        rf"(?<![0-9A-Za-z*-]){_DIGITS} is your ",
        # No value seen: cut off, or written in a way that nobody thought of. How long it is good for tells.
        rf"{_NAME}[^。;!?]{{0,24}}?[0-9一二三五十]{{1,3}} ?(?:分钟|秒|小时|min)(?:之?内)?(?:有效|输入|使用|完成)",
        rf"{_NAME}[^。;!?]{{0,16}}有效(?:期|时间)",
    )
)


def contains_code(text: str) -> bool:
    """Whether the text carries a verification code or a password.

    A warning not to tell anybody one's codes, which carriers append to other messages, carries none.
    """
    return find_code_name(normalize_text(text).plain) is not None


def find_code_name(plain: str) -> tuple[int, int] | None:
    """Where in a plain text the secret's name stands; None when there is no secret."""
    for pattern in _PATTERNS:
        if match := pattern.search(plain):
            name = re.search(_NAME, match.group(), re.IGNORECASE)
            span = name.span() if name else (0, len(match.group()))
            return match.start() + span[0], match.start() + span[1]
    return None
