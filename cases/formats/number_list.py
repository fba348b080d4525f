"""A list of numbers as people paste it: one in each row, or with commas between, alone or with words beside them."""

import re
import unicodedata
from dataclasses import dataclass, field

from cases.domain import phones
from cases.domain.errors import NumberRefused

#: Numbers in one list.
MOST = 2000
#: A row's own number before the telephone number: it says nothing.
_COUNTED = re.compile(r"\s*\d{1,4}[.、):]?\s*")
_MARKS = " ,;、|\t:-"
_BETWEEN = re.compile(r"[,，;；、|\t]+")
# What looks like a number within a line: digits with spaces and hyphens between them, a country's code before.
_NUMBER = re.compile(r"(?:\+?86|0086)?[ \-]?1\d{2}(?:[ \-]?\d){8,10}(?!\d)")


@dataclass
class NumberList:
    """The numbers in their order, each once, with the words that stood beside it; and what is no number."""

    words: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        return list(self.words)


def read_numbers(text: str) -> NumberList:
    """What a pasted list holds. Of a row with one number, the rest of the row are its words; pieces without a number,
    in a list without words, are told as wrong. A number that stands there twice counts once."""
    found = NumberList()
    for line in unicodedata.normalize("NFKC", text).splitlines():
        matches = list(_NUMBER.finditer(line))
        if len(matches) == 1:
            _add(found, matches[0][0], _rest(line, matches[0]))
        else:
            for piece in _BETWEEN.split(line):
                for part in _numbers_in(piece):
                    _add(found, part, "")
    return found


def _numbers_in(piece: str) -> list[str]:
    inside = [match[0] for match in _NUMBER.finditer(piece)]
    return inside or ([piece.strip()] if piece.strip() else [])


def _rest(line: str, match: "re.Match[str]") -> str:
    before = "" if _COUNTED.fullmatch(line[: match.start()]) else line[: match.start()].strip(_MARKS)
    return f"{before} {line[match.end() :].strip(_MARKS)}".strip()


def _add(found: NumberList, typed: str, words: str) -> None:
    try:
        number = phones.parse(typed)
    except NumberRefused:
        if any(character.isdigit() for character in typed):
            found.wrong.append(typed[:40])
        return
    found.words.setdefault(number, words[:300])
