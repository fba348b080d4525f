"""The parts of one long SMS, as gateways mark them: '(1/2)', '（2/2）', '[1/3]', '1/2 …' at the start or the end."""

import re
from dataclasses import dataclass

_MAX_PARTS = 9
_OPEN, _CLOSE = r"[(（\[［【〔<]", r"[)）\]］】〕>]"
_COUNTER = (
    r"(?:第\s{0,2})?(?P<index>[1-9])\s{0,2}(?:[条頁页])?\s{0,2}(?:[/／]|of)\s{0,2}(?:共\s{0,2})?"
    r"(?P<total>[2-9])(?:\s{0,2}[条頁页])?"
)
_IN_BRACKETS = rf"{_OPEN}\s{{0,2}}{_COUNTER}\s{{0,2}}{_CLOSE}"
_SIGNATURE = r"(?:[【\[][^【】\[\]/／]{1,30}[】\]]\s{0,2})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\s{{0,4}}(?P<before>{_SIGNATURE}?){_IN_BRACKETS}[ \t:：]{{0,2}}",
        rf"{_IN_BRACKETS}(?P<after>\s{{0,2}}{_SIGNATURE}?)\s{{0,4}}\Z",
        rf"\s{{0,4}}(?P<before>{_SIGNATURE}?){_COUNTER}(?:[ \t\n:：,，、]\s{{0,2}}|(?=[^\s0-9/／日号月前点.\-年%分]))",
        rf"(?<![0-9/／.])\s{_COUNTER}(?P<after>)\s{{0,4}}\Z",
    )
)


@dataclass(frozen=True)
class SmsPart:
    """Part `index` of `total`, from 1; `body` is its text without the counter, most of it text[start:end]."""

    index: int
    total: int
    body: str
    start: int
    end: int


def parse_part(text: str) -> SmsPart | None:
    """The part that a text is by its counter; None when it has none, and so is whole or was never counted."""
    for pattern in _PATTERNS:
        at_end = pattern.pattern.endswith(r"\Z")
        tail_start = max(0, len(text) - 60)
        match = pattern.search(text, tail_start) if at_end else pattern.match(text)
        if match is None or int(match["index"]) > int(match["total"]):
            continue
        start, end = (0, match.start()) if at_end else (match.end(), len(text))
        body = text[start:end] + match["after"] if at_end else match["before"] + text[start:end]
        return SmsPart(int(match["index"]), int(match["total"]), body, start, end)
    return None
